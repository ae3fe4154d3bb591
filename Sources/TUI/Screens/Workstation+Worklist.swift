internal import Core

extension Workstation {
  static func runInWorklist(_ command: Command, _ state: inout AppState) -> [Effect] {
    let rows = WorklistScreen.lines(state.worklist, state.size)
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
    case .sort: openMenu(.sort, &state)
    case .reverseSort: sort(by: state.worklist.order.key, &state)
    case .chooseColumns: openMenu(.columns, &state)
    case .chooseView: openMenu(.views, &state)
    case .nextUnread: selectUnread(forward: true, &state)
    case .previousUnread: selectUnread(forward: false, &state)
    case .back:
      let view = state.worklist.views.last
      if view != nil || !state.worklist.filter.isEmpty {
        state.worklist.views.choose(nil)
        state.worklist.filter = ""
        state.say(.note, "all studies")
        settleLists(&state)
        return view == nil ? [] : [.changeViews(.choose(nil))]
      }
    default: break
    }
    settleLists(&state)
    return []
  }

  static func open(_ subject: String, _ state: inout AppState) -> [Effect] {
    // What is being read again is read again later: this comes first.
    if let shown = state.study?.study.subject, state.loading == shown {
      state.study?.isOutdated = true
    }
    state.loading = subject
    state.loadingSeconds = 0
    state.say(.note, "opening \(state.name(of: subject)); Esc stays here")
    return [.loadStudy(subject)]
  }

  private static func move(by step: Int, _ state: inout AppState) {
    let last = state.worklist.count - 1
    guard last >= 0 else { return }
    let place = min(max((state.worklist.position ?? 0) + step, 0), last)
    state.worklist.selected = state.worklist.shown(place..<place + 1).first?.subject
  }

  /// What is said of a study that is gone to as none is unread.
  static let begunWords = "no unread study left: the next one you began"
  static let nothingLeftWords = "no other unread study in the list, nor one begun"

  /// The next or previous unread study of the list, from a subject; where none is left, the next or previous
  /// one that the reader began and did not finish.
  static func unread(
    after subject: String?, forward: Bool, in state: AppState
  ) -> (entry: WorklistEntry, isBegun: Bool)? {
    let worklist = state.worklist
    if let entry = next(after: subject, forward: forward, in: worklist, where: { $0.isUnread }) {
      return (entry, false)
    }
    let isCase = state.teaching != nil
    let begun = next(after: subject, forward: forward, in: worklist) {
      $0.isBegun(asCase: isCase)
    }
    guard let begun else { return nil }
    return (begun, true)
  }

  /// Past one end of the list the search goes on from the other: what is looked for may have moved.
  private static func next(
    after subject: String?, forward: Bool, in worklist: WorklistScreenState,
    where isWanted: (WorklistEntry) -> Bool
  ) -> WorklistEntry? {
    let at = subject.flatMap { worklist.place(of: $0) }
    let above = 0..<(at ?? 0)
    let below = (at.map { $0 + 1 } ?? 0)..<worklist.count
    return forward
      ? worklist.first(at: below, where: isWanted) ?? worklist.first(at: above, where: isWanted)
      : worklist.first(at: above.reversed(), where: isWanted)
        ?? worklist.first(at: below.reversed(), where: isWanted)
  }

  private static func selectUnread(forward: Bool, _ state: inout AppState) {
    guard let found = unread(after: state.worklist.selected, forward: forward, in: state) else {
      state.say(.refused, nothingLeftWords)
      return
    }
    state.worklist.selected = found.entry.subject
    if found.isBegun { state.say(.note, begunWords) }
  }

  static func selectLine(at row: Int, _ state: inout AppState) {
    let index = state.worklist.top + row - WorklistScreen.firstLine
    guard row >= WorklistScreen.firstLine,
      row < WorklistScreen.firstLine + WorklistScreen.lines(state.worklist, state.size),
      let line = state.worklist.shown(index..<index + 1).first
    else { return }
    state.worklist.selected = line.subject
  }
}

extension WorklistEntry {
  /// Whether the reader may begin with it: detected, and nothing stated yet.
  fileprivate var isUnread: Bool { state == .unread && !isBeingRead }

  /// Whether the reader began it and did not finish: stated something and did not sign. A case of a teaching
  /// session is not signed: it is finished when its truth was shown.
  fileprivate func isBegun(asCase isCase: Bool) -> Bool {
    switch state {
    case .reading, .reopened: !isBeingRead
    case .read: !isBeingRead && !isCase
    // What was stated when the labels were others is to be stated again.
    case .signed: !isBeingRead && !relabelled.isEmpty
    case .waiting, .detecting, .unread, .problem: false
    }
  }
}
