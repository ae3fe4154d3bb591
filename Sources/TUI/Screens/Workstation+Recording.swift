internal import Core

/// Recording a macro: the commands that are run on a study, and what is stated there.
extension Workstation {
  /// Why there are no macros here, in words; `nil` where there are.
  static func macroRefusal(_ state: AppState) -> String? {
    if state.teaching != nil { return "a teaching session has no place for macros" }
    return state.macros.problem.map { "your macros cannot be read: \($0)" }
  }

  /// Begins to record, or ends and asks for a name.
  static func toggleRecording(_ study: StudyScreenState, _ state: inout AppState) {
    if let recording = state.macros.recording {
      state.macros.recording = nil
      guard !recording.entries.isEmpty else {
        state.say(.note, "nothing was recorded")
        return
      }
      askForMacroName(recording.entries.map(\.step), &state)
    } else if let refusal = macroRefusal(state) {
      state.say(.refused, refusal)
    } else {
      state.macros.recording = MacroRecording(subject: study.study.subject)
      state.say(
        .note, "recording what you do on this study: \(state.keys.name(.recordMacro)) ends it")
    }
  }

  /// Runs a command on the study, and keeps it while a macro is recorded.
  static func runRecorded(_ command: Command, _ state: inout AppState) -> [Effect] {
    guard state.macros.recording != nil else { return runInStudy(command, &state) }
    if command.leavesStudy {
      state.say(
        .refused, "recording: \(state.keys.name(.recordMacro)) ends it before the study is left")
      return []
    }
    state.message = nil
    state.macros.recording?.token = nil
    let target = state.study?.target
    let effects = runInStudy(command, &state)
    guard command.isSegmentStep, state.study?.target == target else {
      keepStep(command, &state)
      return effects
    }
    // A move beyond the last segment is none: what comes after it would be played of another row.
    addNote("not recorded (\(state.keys.name(command.endOfSegments)) is)", &state)
    return effects
  }

  private static func keepStep(_ command: Command, _ state: inout AppState) {
    guard let recording = state.macros.recording, state.message?.kind != .refused,
      state.message?.kind != .error
    else { return }
    if command.isGrey, let choice = state.focusedBeside,
      state.study?.besidePresets(of: choice) != nil
    {
      addNote("not recorded: the greys of \(choice.title)", &state)
    } else if command.isMacroStep {
      append(MacroRecording.Entry(step: MacroStep(command), token: recording.token), &state)
    } else if !command.needsNoStep {
      let said = state.message.map { ": \($0.text)" } ?? ""
      state.say(state.message?.kind ?? .note, "not recorded\(said)")
    }
  }

  private static func append(_ entry: MacroRecording.Entry, _ state: inout AppState) {
    guard let count = state.macros.recording?.entries.count, count < Macro.mostSteps else {
      addNote("not recorded: a macro has at most \(Macro.mostSteps) steps", &state)
      return
    }
    state.macros.recording?.entries.append(entry)
  }

  /// Keeps what is stated by a prompt, a menu or a cycle; verdicts that a command states by itself are
  /// kept as the command.
  static func keepAct(
    _ draft: ReviewDraft, _ token: Int, of study: StudyScreenState, _ state: inout AppState
  ) {
    guard state.macros.recording != nil else { return }
    if draft.action == .verdict, draft.reason == nil, draft.comment == nil {
      state.macros.recording?.token = token
    } else if let statement = MacroStatement(draft, here: study.target) {
      append(MacroRecording.Entry(step: MacroStep(statement), token: token), &state)
    } else if draft.clears {
      // A macro clears nothing: what is cleared here is not stated by it in the first place.
      let cleared = study.review.history.map(\.record).filter {
        $0.action == draft.action && $0.segment == draft.segment?.name
      }
      state.macros.recording?.entries.removeAll { entry in
        cleared.contains { $0.seq == entry.seq }
      }
    }
  }

  /// An act has been written or not: what is not in the journal, or is taken back, is not in the macro.
  static func settleRecording(
    _ token: Int, _ result: Result<ReviewRecord, WorkerFailure>, _ state: inout AppState
  ) {
    guard var recording = state.macros.recording else { return }
    switch result {
    case .failure: recording.entries.removeAll { $0.token == token }
    case .success(let record):
      for index in recording.entries.indices where recording.entries[index].token == token {
        recording.entries[index].seq = record.seq
      }
      if record.action == .undo {
        recording.entries.removeAll { $0.seq != nil && $0.seq == record.reverts }
      }
    }
    state.macros.recording = recording
    if case .success(let record) = result, record.action == .redo { keepRestored(record, &state) }
  }

  private static func keepRestored(_ redo: ReviewRecord, _ state: inout AppState) {
    guard let study = state.study else { return }
    let records = study.review.history.map(\.record)
    let undo = records.first { $0.seq == redo.reverts }
    guard let act = records.first(where: { $0.seq == undo?.reverts }),
      let statement = MacroStatement(act, here: study.target)
    else { return }
    append(MacroRecording.Entry(step: MacroStep(statement), seq: act.seq), &state)
  }

  /// Another study has come to the screen: what was recorded on the one before is dropped.
  static func dropLostRecording(_ state: inout AppState) {
    guard let recording = state.macros.recording,
      state.view != .study || state.study?.study.subject != recording.subject
    else { return }
    state.macros.recording = nil
    addNote("the recording ended with its study, and is not kept", &state)
  }

  // MARK: Saving

  static func askForMacroName(
    _ steps: [MacroStep], problem: String? = nil, text: String = "", _ state: inout AppState
  ) {
    let what = "name of the macro of \(steps.count) step\(steps.count == 1 ? "" : "s")"
    state.popup = .prompt(
      TextPrompt(
        purpose: .macroName(steps), title: problem.map { "\($0); name" } ?? what, text: text))
  }

  /// Keeps a macro under the name typed, or asks again: what was recorded is not lost for a name.
  static func saveMacro(
    _ steps: [MacroStep], named name: String, _ state: inout AppState
  ) -> [Effect] {
    if let problem = Macro.problem(ofName: name) {
      askForMacroName(steps, problem: problem, text: name, &state)
      return []
    }
    state.say(.note, "macro \(name): saving ...")
    return [.changeMacros(.keep(Macro(name: name, steps: steps)))]
  }

  /// Takes the reader's macros in, read at the start or after a change.
  static func take(
    _ result: Result<MacroBook, WorkerFailure>, after change: MacroChange?, _ state: inout AppState
  ) {
    switch (result, change) {
    case (.success(let book), let change):
      state.macros.take(book, after: change)
      state.macros.problem = nil
      switch change {
      case .keep(let macro)?:
        state.macros.last = macro.name
        let key = state.keys.name(.playMacro)
        state.say(.done, "macro \(macro.name) saved: \(key) plays it")
      case .delete(let name)?:
        state.say(.done, "macro \(name) deleted")
        settleMacroMenu(&state)
      case nil: break
      }
    case (.failure(let failure), nil): state.macros.problem = failure.words
    case (.failure(let failure), .keep(let macro)?):
      // What was recorded can be played until the program ends.
      state.macros.keepUnsaved(macro)
      state.macros.last = macro.name
      // Why comes first: quitting says the rest anew.
      state.say(
        .error, "macro \(macro.name) NOT SAVED: \(failure.words); it stays till you quit")
    case (.failure(let failure), .delete(let name)?):
      state.say(.error, "macro \(name) was not deleted: \(failure.words)")
    }
  }

  /// Adds something to what is said, so that neither is lost.
  static func addNote(_ words: String, _ state: inout AppState) {
    guard let message = state.message else { return state.say(.note, words) }
    state.say(message.kind, "\(message.text); \(words)")
  }
}
