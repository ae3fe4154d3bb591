internal import Core

/// A numbered choice in a box.
enum Menu {
  /// The digit that chooses a line of a list; empty for lines further down, which have none.
  static func number(ofLine index: Int) -> String { index < 9 ? "\(index + 1)" : "" }

  static func draw(_ menu: ReasonMenu, in screen: inout Screen, _ rect: CellRect) {
    draw(
      "\(menu.target.name) \(menu.verdict.words), because", menu.reasons, in: &screen, rect)
  }

  /// - Parameter numbers: what chooses each line, where that is not its place.
  static func draw(
    _ title: String, _ items: [String], numbers: [String]? = nil, in screen: inout Screen,
    _ rect: CellRect
  ) {
    screen.box(rect, title: title)
    let numbers = numbers ?? items.indices.map(number(ofLine:))
    for (index, item) in items.enumerated() where index < rect.height - 2 {
      screen.put(numbers[index], rect.row + 1 + index, rect.column + 2, .strong)
      screen.put(item, rect.row + 1 + index, rect.column + 4, .normal, limit: rect.width - 6)
    }
  }
}
