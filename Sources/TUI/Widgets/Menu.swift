internal import Core

/// A numbered choice in a box.
enum Menu {
  static func draw(_ menu: ReasonMenu, in screen: inout Screen, _ rect: CellRect) {
    let title = "\(menu.target.name) \(menu.verdict.words), because"
    screen.box(rect, title: title)
    for (index, reason) in menu.reasons.enumerated() where index < rect.height - 2 {
      screen.put("\(index + 1)", rect.row + 1 + index, rect.column + 2, .strong)
      screen.put(reason, rect.row + 1 + index, rect.column + 4, .normal, limit: rect.width - 6)
    }
  }
}
