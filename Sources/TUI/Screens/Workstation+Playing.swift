internal import Core

/// Playing a macro: each step does what its key would do and is refused where the key would be; acts
/// are written one after the other, and verdicts wait for the picture that they judge. A step beyond the first
/// or the last segment moves nothing and ends nothing; what follows it changes nothing that was stated before.
extension Workstation {
  /// Begins to play; the steps follow in `playOn`.
  static func play(_ macro: Macro, _ state: inout AppState) {
    guard let study = state.study, state.view == .study, state.loading == nil else {
      state.say(.refused, "a study is being opened: the macro was not played")
      return
    }
    guard !macro.steps.isEmpty else {
      state.say(.refused, "macro \(macro.name) has no step")
      return
    }
    // What is closed at the last step is closed at the first: nothing is moved for it.
    let closed = macro.steps.compactMap { closedWords($0.asCommand, study, state.keys) }
    if let refusal = closed.first {
      state.say(.refused, "macro \(macro.name) was not played: \(refusal)")
      return
    }
    state.message = nil
    state.macros.last = macro.name
    state.macros.playing = MacroPlay(macro, subject: study.study.subject)
  }

  /// Whether an event ends the macro that is being played: who presses something takes over, and the
  /// key does nothing else, as it was meant for what was on the screen before.
  static func interruptsMacro(_ event: TerminalEvent, _ state: inout AppState) -> Bool {
    guard let play = state.macros.playing else { return false }
    switch event {
    case .key, .paste, .mouse:
      stopMacro(at: play.next + 1, "you pressed something", .refused, &state)
      return true
    case .resized, .message, .terminate, .hangup: return false
    }
  }

  /// Plays as many steps as can be played now; what is waited for comes as a message.
  static func playOn(_ state: inout AppState) -> [Effect] {
    dropLostRecording(&state)
    var effects: [Effect] = []
    while let play = state.macros.playing {
      if let reason = macroObstacle(play, state) {
        stopMacro(at: play.next + 1, reason, .refused, &state)
        break
      }
      guard let study = state.study, !isWaiting(play, study, state) else { break }
      guard play.next < play.macro.steps.count else {
        finishMacro(play, &state)
        break
      }
      effects += perform(play.macro.steps[play.next], play, study, &state)
    }
    return effects
  }

  /// Why nothing can be played on, in words; `nil` where it can.
  private static func macroObstacle(_ play: MacroPlay, _ state: AppState) -> String? {
    guard state.view == .study, state.study?.study.subject == play.subject, state.opening == nil,
      !state.isDone
    else { return "the study was left" }
    if !state.size.isEnough { return "the terminal is too small" }
    return state.popup == nil ? nil : "something lies over the study"
  }

  /// Whether the next step has to wait: for the act before it, for the study being read again, which
  /// ends it, or for the picture on which it is stated.
  private static func isWaiting(
    _ play: MacroPlay, _ study: StudyScreenState, _ state: AppState
  ) -> Bool {
    if state.loading != nil { return true }
    if state.inFlight.values.contains(where: { $0.subject == play.subject }) { return true }
    guard play.next < play.macro.steps.count, play.macro.steps[play.next].isVerdict,
      hiddenPictureWords(study, state) == nil,
      let wanted = StudyLayout(state).view(study, state.capabilities)
    else { return false }
    return study.presented != wanted
  }

  private static func perform(
    _ step: MacroStep, _ play: MacroPlay, _ study: StudyScreenState, _ state: inout AppState
  ) -> [Effect] {
    let target = study.target
    state.message = nil
    if let words = astrayWords(step, play, study) {
      stopMacro(at: play.next + 1, words, .refused, &state)
      return []
    }
    var effects: [Effect] = []
    switch step {
    case .command(let command): effects = run(command, &state)
    case .statement(let statement):
      let wanted = statement.target(on: study)
      if let wanted, wanted != target, study.rows.contains(wanted) {
        // First the row, then what is stated of it: the picture may be another.
        state.study?.select(wanted)
        return []
      }
      effects = express(statement, wanted ?? .study, study, &state)
    }
    if let message = state.message, message.kind == .refused || message.kind == .error {
      stopMacro(at: play.next + 1, message.text, message.kind, &state)
      return effects
    }
    noteHalt(step, play, at: target, &state)
    state.macros.playing?.next += 1
    for case .write(let token, _, _) in effects { state.macros.playing?.token = token }
    return effects
  }

  /// An act of a macro has been written or not.
  static func settlePlaying(
    _ token: Int, _ result: Result<ReviewRecord, WorkerFailure>, _ state: inout AppState
  ) {
    guard let play = state.macros.playing, play.token == token else { return }
    state.macros.playing?.token = nil
    switch result {
    case .success: state.macros.playing?.saved += 1
    case .failure(let failure):
      let message = state.message
      stopMacro(at: play.next, message?.text ?? failure.words, message?.kind ?? .error, &state)
    }
  }

  /// The study shown was read again: "here" may be another row now, so that nothing is played or recorded
  /// on.
  static func endMacros(_ state: inout AppState) {
    let words = "the study was read again"
    if let play = state.macros.playing {
      let before = state.message
      state.message = nil
      stopMacro(at: play.next + 1, words, before?.kind == .error ? .error : .refused, &state)
      if let before, let message = state.message {
        state.say(message.kind, "\(before.text); \(message.text)")
      }
    }
    if state.macros.recording != nil {
      state.macros.recording = nil
      addNote("the recording ended: \(words)", &state)
    }
  }

  private static func stopMacro(
    at step: Int, _ words: String, _ kind: StatusMessage.Kind, _ state: inout AppState
  ) {
    guard let play = state.macros.playing else { return }
    state.macros.playing = nil
    let count = play.macro.steps.count
    state.say(
      kind, "\(play.macro.name) stopped at step \(min(step, count)) of \(count): \(words)")
  }

  private static func finishMacro(_ play: MacroPlay, _ state: inout AppState) {
    state.macros.playing = nil
    let count = play.macro.steps.count
    let acts = play.saved == 0 ? "nothing new to save" : "\(play.saved) acts saved"
    state.sayUnasked(
      .done,
      "\(play.macro.name): \(count) step\(count == 1 ? "" : "s") played, "
        + (play.saved == 1 ? "1 act saved" : acts) + haltWords(play))
  }

  // MARK: Statements

  /// Writes what a step states, where its command's key would.
  private static func express(
    _ statement: MacroStatement, _ target: ReviewTarget, _ study: StudyScreenState,
    _ state: inout AppState
  ) -> [Effect] {
    let command = statement.command
    if let words = closedWords(command, study, state.keys)
      ?? (command.isVerdict ? refusal(study, state, isAxial: command.axccm != nil) : nil)
    {
      state.say(.refused, words)
      return []
    }
    if refusesOutOfView(command, study, &state) { return [] }
    if statement.content.isOfRow, !study.rows.contains(target) {
      state.say(.refused, "the study has segments: \(statement.text) names none of them")
      return []
    }
    let (review, segment) = (study.review, target.segment)
    let draft: ReviewDraft
    let isKnown: Bool
    switch statement.content {
    case .verdict(let verdict, let reason, let comment):
      return stateVerdict(verdict, on: target, reason: reason, comment: comment, &state)
    case .grade(let grade):
      if let words = gradeRefusal(target, study, state.keys, grade: grade) {
        state.say(.refused, words)
        return []
      }
      draft = .grade(grade, on: segment)
      isKnown = review.grade(segment) == grade
    case .axccm(let type):
      if let words = axccmRefusal(study, state) {
        state.say(.refused, words)
        return []
      }
      draft = .axccm(type, on: segment)
      isKnown = review.axccm(segment) == type
    case .confidence(let confidence):
      draft = .confidence(confidence, on: segment)
      isKnown = review.confidence(segment) == confidence
    case .quality(let quality):
      draft = .quality(quality)
      isKnown = review.quality == quality
    case .difficulty(let difficulty):
      draft = .difficulty(difficulty, on: nil)
      isKnown = review.difficulty(nil) == difficulty
    case .comment(let words):
      draft = ReviewDraft(action: .comment, segment: segment, comment: words)
      isKnown = false
    case .flag:
      draft = ReviewDraft(action: .flag)
      isKnown = review.isFlagged
    }
    guard !isKnown else {
      state.say(.note, "\(words(draft, in: study, room: roomForAct(state))): is so already")
      return []
    }
    return write(draft, &state)
  }
}

extension MacroStatement {
  /// The row of the ladder that it is stated of; `nil` for the study as a whole.
  fileprivate func target(on study: StudyScreenState) -> ReviewTarget? {
    switch place {
    case .here: study.target
    case .segment(let segment): .segment(segment)
    case .study: study.rows.contains(.study) && !content.isOfStudy ? .study : nil
    }
  }
}
