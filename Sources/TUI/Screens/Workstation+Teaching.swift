internal import Core

/// What the keys do on the cases of a teaching session.
extension Workstation {
  /// What a command does in a teaching session; `nil` where it does what it does on any study.
  static func runInTeaching(_ command: Command, _ state: inout AppState) -> [Effect]? {
    guard let teaching = state.teaching, let study = state.study else { return nil }
    switch command {
    case .revealTruth, .toggleBlind: return revealTruth(study, teaching, &state)
    case .nextCase, .nextUnread: return go(1, teaching, &state)
    case .previousCase, .previousUnread: return go(-1, teaching, &state)
    case .showScores: return countAnswers(teaching, &state)
    case .toPresenter: return backToPresenter(teaching, &state)
    case .leavePresenter: return leavePresenter(teaching, &state)
    case .signMode, .signOff, .reopen, .flag, .showReport, .adjudicate:
      state.say(.refused, "a teaching session has no place for it: nothing was saved")
      return []
    default: break
    }
    guard command.altersStudy || command.action == .comment else { return nil }
    if let refusal = refusal(study, teaching, command) {
      state.say(.refused, refusal)
      return []
    }
    return nil
  }

  /// Why an answer is not taken now.
  private static func refusal(
    _ study: StudyScreenState, _ teaching: TeachingState, _ command: Command
  ) -> String? {
    if teaching.role == .replay { return "a replay: nothing is stated" }
    if let action = command.action, let words = study.access.refusal(of: action) { return words }
    if command.action == .comment || turnsComment(command, study) { return nil }
    if !study.isBlind || study.review.isRevealed {
      return study.isBlind
        ? "you have seen the truth before: answers stand as they were given"
        : "the truth is shown: answers stand as they were given"
    }
    if teaching.settling > 0 {
      return "the presenter went to \(study.target.name): nothing was saved, press again"
    }
    return nil
  }

  /// Whether undo or redo would take back or restore a comment: it is no answer.
  static func turnsComment(_ command: Command, _ study: StudyScreenState) -> Bool {
    switch command {
    case .undo: study.review.nextUndo?.action == .comment
    case .redo: study.review.nextRedo?.action == .comment
    default: false
    }
  }

  // MARK: Truth

  /// What shows the AI's result where it is hidden, and the truth of a case: "b shows it".
  static func wayToAI(_ study: StudyScreenState, _ state: AppState) -> String {
    guard let teaching = state.teaching else {
      return "\(state.keys.name(.toggleBlind)) shows it"
    }
    if teaching.role == .replay, let refusal = replayRefusal(study, teaching, state.keys) {
      return refusal
    }
    let reveal = "\(state.keys.name(.revealTruth)) shows it"
    guard teaching.role == .follower, teaching.keepsTruth(of: study) else { return reveal }
    return "\(state.keys.name(.leavePresenter)) stops following, then \(reveal)"
  }

  private static func revealTruth(
    _ study: StudyScreenState, _ teaching: TeachingState, _ state: inout AppState
  ) -> [Effect] {
    if teaching.role == .replay {
      revealInReplay(study, teaching, &state)
      return []
    }
    guard study.isBlind else {
      state.say(.note, study.loaded.truth == nil ? "nothing is known of this case" : "it is shown")
      return []
    }
    if isSaving(study, &state) { return [] }
    let subject = study.study.subject
    if study.isNotedOnReveal, !teaching.keepsTruth(of: study), teaching.confirming != subject {
      state.teaching?.confirming = subject
      state.say(.refused, notedWords(study, teaching, state.keys))
      return []
    }
    if teaching.isPresenting { state.teaching?.shownCases.insert(subject) }
    if study.review.isRevealed {
      state.study?.isBlind = false
      state.say(.note, "the truth is shown")
      return []
    }
    if teaching.keepsTruth(of: study) {
      state.say(.refused, "the presenter keeps the truth hidden: \(wayToAI(study, state))")
      return []
    }
    let left = study.rows.filter { study.standing($0) == nil }.map(\.name)
    // A guest has no answers that could end.
    if study.access.role == .guest {
      state.study?.isBlind = false
      state.say(.note, "the truth is shown")
      return []
    }
    if teaching.role != .presenter, !left.isEmpty, teaching.confirming != subject {
      state.teaching?.confirming = subject
      let key = state.keys.name(.revealTruth)
      state.say(
        .refused,
        "\(key) again shows the truth and ends your answers: "
          + "\(left.joined(separator: ", ")) not answered")
      return []
    }
    state.teaching?.confirming = nil
    return write(ReviewDraft(action: .reveal), &state)
  }

  /// What is said before a reveal that the reader's own journal of the study will note.
  private static func notedWords(
    _ study: StudyScreenState, _ teaching: TeachingState, _ keys: KeyMap
  ) -> String {
    let isLearning = teaching.role != .presenter
    let left = study.rows.filter { study.standing($0) == nil }.map(\.name)
    let open =
      isLearning && !left.isEmpty ? "; \(left.joined(separator: ", ")) not answered" : ""
    let again = keys.name(.revealTruth) + " again"
    // The consequence stands first: a narrow screen cuts the rest.
    return "\(again): you then sign the study only as supervisor or adjudicator; "
      + "it shows what readers signed" + (isLearning ? ", ends your answers" : "")
      + ", and your journal of the study notes it" + open
  }

  // MARK: Cases and acts

  private static func go(
    _ step: Int, _ teaching: TeachingState, _ state: inout AppState
  ) -> [Effect] {
    if teaching.role == .replay {
      showAct(teaching.step + step, &state)
      return []
    }
    guard let here = state.study.flatMap({ Int($0.study.subject) }) else { return [] }
    let next = here + step
    if next < 1 {
      state.say(.note, "first case")
      return []
    }
    if next > teaching.count {
      state.say(.note, lastCaseWords(teaching, state))
      return []
    }
    state.teaching?.confirming = nil
    return open("\(next)", &state)
  }

  /// "this was the last case; 2 not answered, 1 begun; M scores": of a presenter's own answers nothing is
  /// said, for the room may see the screen.
  private static func lastCaseWords(_ teaching: TeachingState, _ state: AppState) -> String {
    var left: [String] = []
    if teaching.role != .presenter, state.study?.access.role != .guest {
      let states = state.worklist.entries.map(\.state)
      for (kind, words) in [(StudyState.unread, "not answered"), (.reading, "begun")] {
        let count = states.count { $0 == kind }
        if count > 0 { left.append("\(count) \(words)") }
      }
    }
    let scores = "\(state.keys.name(.showScores)) scores"
    let clauses = ["this was the last case", left.joined(separator: ", "), scores]
    return clauses.filter { !$0.isEmpty }.joined(separator: "; ")
  }

  /// A case has come to the screen: a replay begins, and a follower sees what the presenter shows.
  static func settleCase(_ state: inout AppState) -> [Effect] {
    guard let teaching = state.teaching, let study = state.study else { return [] }
    switch teaching.role {
    case .replay:
      state.teaching?.acts = study.loaded.journal.records
      showAct(0, &state)
      return []
    case .follower:
      settleEntry(&state)
      // The case has changed under the learner's hands, though its segment may be the same.
      if teaching.brings(study.study.subject) {
        state.teaching?.settling = TeachingState.settlingLooks
      }
      return follow(&state)
    case .presenter:
      settleEntry(&state)
      return settleTakenOver(&state)
    case .learner:
      settleEntry(&state)
      return []
    }
  }

  // MARK: Scores

  private static func countAnswers(
    _ teaching: TeachingState, _ state: inout AppState
  ) -> [Effect] {
    if teaching.role == .replay {
      state.say(.refused, "a replay has no scores")
      return []
    }
    state.teaching?.isScoring = true
    state.say(.note, "counting the answers")
    return [.loadScores]
  }

  /// Shows the scores unless something else lies over the screen by now.
  static func showScores(_ result: Result<[String], WorkerFailure>, _ state: inout AppState) {
    guard state.teaching?.isScoring == true else { return }
    state.teaching?.isScoring = false
    switch result {
    case .success(let lines):
      guard state.popup == nil else { return }
      state.message = nil
      state.popup = .report(ReportText(lines: lines.map(DisplayText.clean)))
    case .failure(let failure): state.say(.error, failure.words)
    }
  }
}
