/// Questions that the same command answers: what would lose edits, end a blinded reading or save a doubt is
/// asked first, and done when the command comes again.
///
/// One rule holds for all of them: only the answer may come next. With any other key, with the mouse, pasted
/// text or another size, and once other words cover the question, it is forgotten and asked anew.
extension Workstation {
  /// Forgets the questions that a key does not answer.
  static func expireQuestions(at key: KeyPress, _ state: inout AppState) {
    if isTypingCommand(key, state) { return }
    state.stopAsking(but: answer(key, state))
  }

  /// Whether a key opens the list of commands or types into it, which may end in the answer.
  private static func isTypingCommand(_ key: KeyPress, _ state: AppState) -> Bool {
    guard state.size.isEnough, state.signing == nil else { return false }
    guard let popup = state.popup else { return answer(key, state) == .palette }
    guard case .prompt(let prompt) = popup, case .command = prompt.purpose else { return false }
    let command = state.keys.command(for: key, in: [.typing])
    return command != .confirm && command != .back
  }

  /// The command that a key runs now; `nil` for a key without one, and where keys are no commands.
  private static func answer(_ key: KeyPress, _ state: AppState) -> Command? {
    guard state.size.isEnough else { return state.keys.command(for: key, in: [.everywhere]) }
    if state.signing != nil { return nil }
    if let popup = state.popup, popup.context == .lists {
      return state.keys.command(for: key, in: [.lists])
    }
    if state.popup == nil, state.opening != nil {
      return state.keys.command(for: key, in: [.study, .everywhere])
    }
    return command(of: key, state)
  }
}

extension AppState {
  /// Which questions are open; quitting, seeing what others signed, the truth of a case, skipped levels, taking
  /// a saved correction back, deleting a view or a macro.
  var openQuestions: [Bool] {
    [
      leftCorrections.isAnnounced, study?.adjudication == .asking, teaching?.confirming != nil,
      study?.correction?.askedSkips != nil, study?.askedTurn != nil, popup?.deletion != nil,
    ]
  }

  /// Forgets every question but the one that a command answers.
  mutating func stopAsking(but answer: Command?) {
    if answer != .quit { leftCorrections.isAnnounced = false }
    if answer != .adjudicate { study?.stopAsking() }
    let showsTruth = answer == .revealTruth || answer == .toggleBlind
    if !showsTruth, teaching?.confirming != nil { teaching?.confirming = nil }
    if answer != .editCommit, study?.correction?.askedSkips != nil {
      study?.correction?.askedSkips = nil
    }
    if let asked = study?.askedTurn, answer != asked.command { study?.askedTurn = nil }
    if answer != .deleteLine { stopAskingToDelete() }
  }
}
