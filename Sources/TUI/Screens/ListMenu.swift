internal import Core

/// A choice of order, columns or views of the worklist.
struct ListMenu: Equatable, Sendable {
  enum Kind: Equatable, Sendable { case sort, columns, views }
  var kind: Kind
  /// The line chosen.
  var selected = 0
  /// Whether to delete it, where that is asked.
  var deletion: DeletionQuestion?

  /// What the lines of a menu stand for.
  enum Item: Equatable {
    case order(WorklistOrder.Key)
    case column(WorklistColumn)
    /// All studies as they are shown at first.
    case noView
    case view(String)
  }

  /// The lines, from the state.
  func items(_ list: WorklistScreenState) -> [Item] {
    let others = list.summary.others.map(WorklistColumn.other)
    switch kind {
    case .sort:
      let columns = [.study] + WorklistColumn.named.filter { $0 != .study } + others
      let keys: [WorklistOrder.Key] = [.flagged, .unread] + columns.map { .column($0) }
      // What is hidden is nothing to sort by.
      return keys.filter { !list.hidesAI || !$0.isOfAI }.map { .order($0) }
    case .columns:
      // What a view of another time shows can be taken away also where the table has lost it.
      let lost = list.columns.filter {
        !WorklistColumn.optional.contains($0) && !others.contains($0)
      }
      return (WorklistColumn.optional + others + lost).map { .column($0) }
    case .views: return [.noView] + list.views.views.map { .view($0.name) }
    }
  }
}

extension ListMenu {
  /// What the last line says of its keys.
  var hints: [KeyHint] {
    let choose = KeyHint(.nextLine, .previousLine, word: "choose")
    let leave = KeyHint(.back, word: "leave")
    switch kind {
    case .sort:
      let sort = KeyHint(.confirm, word: "sort; again: backwards", fixed: "1-9")
      return [choose, sort, leave]
    case .columns:
      let show = KeyHint(.confirm, word: "show or hide", fixed: "1-9", showsLast: true)
      return [choose, show, KeyHint(.back, word: "done")]
    case .views:
      let save = KeyHint(.addLine, word: "save the present one")
      let delete = KeyHint(.deleteLine, word: "delete")
      return [choose, KeyHint(.confirm, word: "show", fixed: "1-9"), save, delete, leave]
    }
  }
}

/// A menu of the worklist over its lines.
enum ListMenuScreen {
  private static func rect(_ menu: ListMenu, _ state: AppState) -> CellRect {
    let most = state.size.rows - WorklistScreen.firstLine - 3
    let height = min(menu.items(state.worklist).count + 2, most)
    return CellRect(
      row: WorklistScreen.firstLine, column: 2, height: height,
      width: min(60, state.size.columns - 4))
  }

  /// Lines shown at once.
  static func rows(_ menu: ListMenu, _ state: AppState) -> Int {
    max(rect(menu, state).height - 2, 1)
  }

  static func draw(_ menu: ListMenu, _ state: AppState, in screen: inout Screen) {
    let rect = rect(menu, state)
    let rows = rows(menu, state)
    let items = menu.items(state.worklist)
    let top = max(menu.selected - rows + 1, 0)
    screen.fill(rect, " ", .normal)
    screen.box(rect, title: title(menu.kind))
    for (offset, item) in items.dropFirst(top).prefix(rows).enumerated() {
      let isSelected = top + offset == menu.selected
      let row = rect.row + 1 + offset
      if isSelected { screen.put("▸", row, rect.column + 1, .strong) }
      screen.putRight(Menu.number(ofLine: top + offset), row, endingAt: rect.column + 5, .dim)
      screen.put(mark(item, state.worklist), row, rect.column + 6, .strong)
      screen.put(
        words(item, state.worklist), row, rect.column + 8, isSelected ? .selected : .normal,
        limit: rect.width - 10)
    }
    if items.count > rows {
      screen.putRight(
        " \(top + 1)-\(min(top + rows, items.count)) of \(items.count) ", rect.rowEnd - 1,
        endingAt: rect.columnEnd - 2, .dim)
    }
  }

  private static func title(_ kind: ListMenu.Kind) -> String {
    switch kind {
    case .sort: "Sort by"
    case .columns: "Columns"
    case .views: "Views"
    }
  }

  /// A sign before what is in use.
  private static func mark(_ item: ListMenu.Item, _ list: WorklistScreenState) -> String {
    switch item {
    case .order(let key): key == list.order.key ? list.order.isReversed ? "-" : "+" : ""
    case .column(let column): list.columns.contains(column) ? "x" : ""
    case .noView: list.views.last == nil ? "x" : ""
    case .view(let name): list.views.last == name ? "x" : ""
    }
  }

  private static func words(_ item: ListMenu.Item, _ list: WorklistScreenState) -> String {
    switch item {
    case .order(.column(let column)): return column.title
    case .order(let key): return WorklistOrder(key).words
    case .column(let column): return column.title
    case .noView:
      let order = list.words(of: list.firstOrder)
      return (["all studies"] + [order].compactMap(\.self)).joined(separator: ", ")
    case .view(let name):
      guard let view = list.views.views.first(where: { $0.name == name }) else { return name }
      let order = list.words(of: view.order)
      let filter = view.filter.isEmpty ? "all" : view.filter
      return "\(name): " + ([filter] + [order].compactMap(\.self)).joined(separator: ", ")
    }
  }
}
