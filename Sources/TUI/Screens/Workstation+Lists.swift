internal import Core

/// Order, columns and saved views of the worklist, and the reading of a large library.
extension Workstation {
  static func openMenu(_ kind: ListMenu.Kind, _ state: inout AppState) {
    var menu = ListMenu(kind: kind)
    let items = menu.items(state.worklist)
    switch kind {
    case .sort: menu.selected = items.firstIndex(of: .order(state.worklist.order.key)) ?? 0
    case .columns: break
    case .views:
      menu.selected = state.worklist.views.last.flatMap { items.firstIndex(of: .view($0)) } ?? 0
    }
    state.popup = .list(menu)
  }

  /// Presses a key in a list: 1 to 9 choose the line with that number.
  static func press(
    _ key: KeyPress, _ command: Command?, inList menu: ListMenu, _ state: inout AppState
  ) -> [Effect] {
    guard command == nil, let number = key.number else { return run(command, inList: menu, &state) }
    guard menu.items(state.worklist).indices.contains(number - 1) else { return [] }
    var menu = menu
    menu.selected = number - 1
    state.popup = .list(menu)
    return run(.confirm, inList: menu, &state)
  }

  static func run(
    _ command: Command?, inList menu: ListMenu, _ state: inout AppState
  ) -> [Effect] {
    let items = menu.items(state.worklist)
    let item = items.indices.contains(menu.selected) ? items[menu.selected] : nil
    switch command {
    case .back: state.popup = nil
    case .confirm:
      if let item { return choose(item, &state) }
    case .addLine where menu.kind == .views:
      state.popup = .prompt(
        TextPrompt(
          purpose: .viewName, title: "save this view as", text: state.worklist.views.last ?? ""))
    case .deleteLine:
      guard case .view(let name)? = item, isToDelete(name, "view", &state) else { return [] }
      state.say(.note, "view \(name): deleting ...")
      return [.changeViews(.delete(name))]
    default:
      let page = ListMenuScreen.rows(menu, state)
      guard let line = moved(command, from: menu.selected, count: items.count, page: page) else {
        return []
      }
      var menu = menu
      menu.selected = line
      state.popup = .list(menu)
    }
    return []
  }

  private static func choose(_ item: ListMenu.Item, _ state: inout AppState) -> [Effect] {
    switch item {
    case .order(let key):
      state.popup = nil
      sort(by: key, &state)
    case .column(let column):
      if let index = state.worklist.columns.firstIndex(of: column) {
        state.worklist.columns.remove(at: index)
      } else {
        state.worklist.columns.append(column)
      }
    case .noView:
      state.popup = nil
      state.worklist.show(WorklistView(name: "", order: state.worklist.firstOrder))
      settleLists(&state)
      return [.changeViews(.choose(nil))]
    case .view(let name):
      state.popup = nil
      guard let view = state.worklist.views.views.first(where: { $0.name == name }) else {
        return []
      }
      state.worklist.show(view)
      settleLists(&state)
      return [.changeViews(.choose(name))]
    }
    settleLists(&state)
    return []
  }

  /// Sorts by a key; by the one in use the other way round.
  static func sort(by key: WorklistOrder.Key, _ state: inout AppState) {
    var order = WorklistOrder(key, isReversed: key == .column(.score))
    if key == state.worklist.order.key { order.isReversed = !state.worklist.order.isReversed }
    state.worklist.order = order
    let hidden = "the same order\(order.isReversed ? " backwards" : "")"
    state.say(.note, state.worklist.words(of: order) ?? hidden)
  }

  /// Keeps the view as it stands under a name.
  static func saveView(_ name: String, _ state: inout AppState) -> [Effect] {
    if let problem = WorklistView.problem(ofName: name) {
      state.say(.refused, "not saved: \(problem)")
      return []
    }
    state.say(.note, "view \(name): saving ...")
    return [.changeViews(.keep(state.worklist.view(named: name)))]
  }

  /// Takes the saved views in; at the start the one chosen last is shown.
  static func take(
    _ result: Result<WorklistViews, WorkerFailure>, after change: ViewChange?,
    _ state: inout AppState
  ) {
    switch (result, change) {
    case (.failure(let failure), .choose?):
      // The list is shown as wanted; only the memory of it fails.
      state.say(.refused, "not remembered for the next time: \(failure.words)")
    case (.failure(let failure), let change):
      let what = change == nil ? "your views cannot be read" : "the views were NOT SAVED"
      state.say(.error, "\(what): \(failure.words)")
    case (.success(let views), let change):
      state.worklist.views = views
      switch change {
      case nil:
        guard let view = views.lastView else { return }
        state.worklist.show(view)
      case .keep(let view): state.say(.done, "view \(view.name) saved")
      case .delete(let name):
        state.say(.done, "view \(name) deleted")
        if case .list(var menu) = state.popup {
          menu.selected = min(menu.selected, max(menu.items(state.worklist).count - 1, 0))
          state.popup = .list(menu)
        }
      case .choose(let name): state.say(.note, name.map { "view \($0)" } ?? "all studies")
      }
      settleLists(&state)
    }
  }

  /// Takes in how far the reading of the library is.
  static func take(_ reading: WorklistReading, _ state: inout AppState) {
    switch reading {
    case .looked(let done, let all):
      state.worklist.reading = "looked at \(done) of \(all) folders"
      return
    case .listed(let entries):
      state.worklist.entries = entries
      state.worklist.isLoaded = true
      state.worklist.reading = "read 0 of \(entries.count) studies"
      state.message = nil
    case .read(let entries, let done, let all):
      state.worklist.take(entries)
      state.worklist.reading = "read \(done) of \(all) studies"
    }
    settleLists(&state)
  }
}
