internal import Core

extension Workstation {
  static func runInWorklist(_ command: Command, _ state: inout AppState) -> [Effect] {
    let rows = WorklistScreen.lines(state.size)
    switch command {
    case .nextLine: move(by: 1, &state)
    case .previousLine: move(by: -1, &state)
    case .nextPage: move(by: max(rows - 1, 1), &state)
    case .previousPage: move(by: -max(rows - 1, 1), &state)
    case .firstLine: move(by: -state.worklist.entries.count, &state)
    case .lastLine: move(by: state.worklist.entries.count, &state)
    case .open:
      guard let subject = state.worklist.selected else {
        state.say(.refused, "no study is selected")
        return []
      }
      return open(subject, &state)
    case .filter:
      let prompt = TextPrompt(
        purpose: .filter(before: state.worklist.filter), title: "filter", text: "")
      state.popup = .prompt(prompt)
    case .sort:
      state.worklist.flaggedFirst.toggle()
      state.say(.note, state.worklist.flaggedFirst ? "flagged first" : "by name")
    case .nextUnread: selectUnread(forward: true, &state)
    case .previousUnread: selectUnread(forward: false, &state)
    case .back:
      if !state.worklist.filter.isEmpty {
        state.worklist.filter = ""
        state.say(.note, "all studies")
      }
    default: break
    }
    settleLists(&state)
    return []
  }

  static func open(_ subject: String, _ state: inout AppState) -> [Effect] {
    state.loading = subject
    state.say(.note, "opening \(state.name(of: subject))")
    return [.loadStudy(subject)]
  }

  private static func move(by step: Int, _ state: inout AppState) {
    let visible = state.worklist.visible
    guard !visible.isEmpty else { return }
    let at = state.worklist.position(in: visible) ?? 0
    state.worklist.selected = visible[min(max(at + step, 0), visible.count - 1)].subject
  }

  /// The next or previous unread study of the list, from a subject.
  static func unread(
    after subject: String?, forward: Bool, in worklist: WorklistScreenState
  ) -> WorklistEntry? {
    let visible = worklist.visible
    let at = visible.firstIndex { $0.subject == subject }
    let candidates =
      forward
      ? Array(visible[((at ?? -1) + 1)...]) : Array(visible[..<(at ?? 0)].reversed())
    return candidates.first { $0.state == .unread }
  }

  private static func selectUnread(forward: Bool, _ state: inout AppState) {
    guard
      let found = unread(after: state.worklist.selected, forward: forward, in: state.worklist)
    else {
      state.say(.refused, forward ? "no unread study further down" : "no unread study further up")
      return
    }
    state.worklist.selected = found.subject
  }

  static func selectLine(at row: Int, _ state: inout AppState) {
    let visible = state.worklist.visible
    let index = state.worklist.top + row - WorklistScreen.firstLine
    guard row >= WorklistScreen.firstLine, visible.indices.contains(index),
      row < WorklistScreen.firstLine + WorklistScreen.lines(state.size)
    else { return }
    state.worklist.selected = visible[index].subject
  }
}
