internal import Core

/// A numbered choice in a box.
enum Menu {
  static func draw(_ menu: ReasonMenu, in screen: inout Screen, _ rect: CellRect) {
    draw(
      "\(menu.target.name) \(menu.verdict.words), because", menu.reasons, in: &screen, rect)
  }

  static func draw(
    _ title: String, _ items: [String], in screen: inout Screen, _ rect: CellRect
  ) {
    screen.box(rect, title: title)
    for (index, item) in items.enumerated() where index < rect.height - 2 {
      screen.put("\(index + 1)", rect.row + 1 + index, rect.column + 2, .strong)
      screen.put(item, rect.row + 1 + index, rect.column + 4, .normal, limit: rect.width - 6)
    }
  }
}
