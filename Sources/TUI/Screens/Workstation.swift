internal import Core

/// The behaviour of the workstation: what an event does to the state, and what it asks of workers.
enum Workstation {
  /// What to do at the start.
  static func start(_ state: inout AppState) -> [Effect] {
    state.say(.note, "reading the library")
    return [.loadViews, .loadMacros, .loadHanging, .loadSignerName, .loadWorklist]
  }

  /// Applies an event; what a presenter then sees is shown to followers.
  static func update(_ state: inout AppState, _ event: TerminalEvent) -> [Effect] {
    let (message, questions) = (state.message, state.openQuestions)
    switch event {
    case .mouse, .paste, .resized: state.stopAsking(but: nil)
    case .key, .message, .terminate, .hangup: break
    }
    let effects = interruptsMacro(event, &state) ? [] : apply(event, &state)
    if case .message = event, state.message != message, state.openQuestions == questions {
      // What was asked is no longer on the screen.
      state.stopAsking(but: nil)
    }
    settleFindings(&state)
    settleBesideNote(&state)
    makeRoomForLists(&state)
    // Before what was asked for: edits that are about to be saved are kept until they are.
    return tendDrafts(event, &state) + effects + playOn(&state) + askForCompanion(&state)
      + askForMeasures(&state) + present(&state)
  }

  private static func apply(_ event: TerminalEvent, _ state: inout AppState) -> [Effect] {
    switch event {
    case .key(let key): return press(key, &state)
    case .paste(let text):
      paste(text, &state)
      return []
    case .mouse(let act): return mouse(act, &state)
    case .resized:
      settleLists(&state)
      return []
    case .message(let message): return receive(message, &state)
    case .terminate, .hangup:
      state.isDone = true
      return []
    }
  }

  // MARK: Keys

  /// Presses a key; where it was to answer or to open a prompt and is refused, that is noted.
  static func press(_ key: KeyPress, _ state: inout AppState) -> [Effect] {
    let asks = asksForWords(key, state)
    // A command says anew what it says; under a prompt the message may be an older one.
    let before = state.popup == nil ? nil : state.message
    let effects = obey(key, &state)
    if asks, state.popup == nil, let message = state.message, message != before,
      message.kind == .refused || message.kind == .error
    {
      noteRefusedPrompt(&state)
    }
    return effects
  }

  private static func obey(_ key: KeyPress, _ state: inout AppState) -> [Effect] {
    expireQuestions(at: key, &state)
    if !state.size.isEnough { return pressWhileTooSmall(key, &state) }
    if let wait = state.signing {
      pressWhileSigning(key, wait, &state)
      return []
    }
    if let popup = state.popup { return press(key, in: popup, &state) }
    for subject in state.reports.keys { state.reports[subject]?.isWaitedFor = false }
    if wasForSigning(key, &state) { return [] }
    if let subject = state.opening { return pressWhileOpening(subject, key, &state) }
    if let target = state.editorAwaited { return pressWhileAwaiting(target, key, &state) }
    let known = state.keys.command(for: key, in: state.contexts) ?? studyCommand(key, state)
    guard let command = known else {
      if state.study?.isSignMode == true {
        state.study?.isSignMode = false
        state.say(.note, "neither signed nor opened again")
        // What follows in the same burst was typed for prompts that do not come.
        noteRefusedPrompt(&state, isBurst: true)
      } else if key == .control("c") {
        state.say(.note, waysOut(state))
      } else if let words = unknownInMode(key, state) {
        state.say(.refused, words)
      }
      return []
    }
    state.message = nil
    return run(command, &state)
  }

  /// The keys that leave what is on the screen, for who asks by Ctrl-C.
  private static func waysOut(_ state: AppState) -> String {
    if state.view == .worklist { return "\(state.keys.name(.quit, in: .worklist)) quits" }
    let quit = "\(state.keys.name(.quit, in: .everywhere)) quits"
    guard state.study?.correction == nil else {
      return "\(state.keys.name(.editLeave, in: .labels)) leaves the editor, \(quit)"
    }
    return "\(state.keys.name(.back, in: .study)) goes back to the worklist, \(quit)"
  }

  /// Most keys wait for the study; what would state something is not kept, for what is not seen is not
  /// judged; Esc stays where one is.
  private static func pressWhileOpening(
    _ subject: String, _ key: KeyPress, _ state: inout AppState
  ) -> [Effect] {
    let cancels = key == KeyPress(.escape) || key == .control("c")
    let command = state.keys.command(for: key, in: [.study, .everywhere])
    return runWhileOpening(subject, cancels ? .back : command, key, &state)
  }

  /// The same for a command; `key` is the one that would have asked for it.
  static func runWhileOpening(
    _ subject: String, _ command: Command?, _ key: KeyPress?, _ state: inout AppState
  ) -> [Effect] {
    if command == .back {
      state.loading = nil
      state.typedAhead = []
      state.hasRefusedEarly = false
      if state.noteAfterLoading?.subject == subject { state.noteAfterLoading = nil }
      state.say(.note, "\(state.name(of: subject)) is not opened")
      return [.cancelLoading] + readShownAgain(&state)
    } else if command == .quit {
      quit(&state)
    } else if command == .palette {
      openPalette(&state)
    } else if let command, command.needsOpenStudy || key == nil {
      let name = key?.name ?? command.word
      state.hasRefusedEarly = true
      state.say(.refused, "opening \(state.name(of: subject)), not yet open: \(name) ignored")
    } else if command != nil, let key, state.typedAhead.count < typedAheadLimit {
      state.typedAhead.append(key)
    }
    return []
  }

  /// Keys kept while a study or an editor is being opened.
  static let typedAheadLimit = 100

  /// Presses the keys that waited for the study; those after one that opens another wait again.
  static func pressTypedAhead(_ state: inout AppState) -> [Effect] {
    let keys = state.typedAhead
    state.typedAhead = []
    guard !keys.isEmpty else { return [] }
    // They came before the list of commands was opened: nothing of them is typed into it.
    let popup = state.popup
    state.popup = nil
    let effects = keys.flatMap { press($0, &state) }
    state.popup = state.popup ?? popup
    return effects
  }

  /// Nothing is drawn, so nothing may be stated; only leaving is possible.
  private static func pressWhileTooSmall(_ key: KeyPress, _ state: inout AppState) -> [Effect] {
    if state.keys.command(for: key, in: [.everywhere]) == .quit { quitWhileTooSmall(&state) }
    return []
  }

  static func run(_ command: Command, _ state: inout AppState) -> [Effect] {
    switch command {
    case .help:
      state.popup = .help(HelpLook())
      return []
    case .quit:
      quit(&state)
      return []
    case .redraw: return [.redraw]
    case .showMessages:
      showMessages(&state)
      return []
    case .pictureSeen:
      guard let pictures = state.capabilities.unconfirmedPictures else {
        state.say(.note, "the pictures of this terminal need no such word")
        return []
      }
      state.capabilities.isPictureSeen = true
      state.say(.note, "\(pictures) are taken as seen until this session ends")
      return []
    case .palette:
      openPalette(&state)
      return []
    case .cancelDetection: return cancelDetection(&state)
    case .resumeDetection: return resumeDetection(&state)
    default: break
    }
    switch state.view {
    case .worklist: return runInWorklist(command, &state)
    case .study: return runRecorded(command, &state)
    }
  }

  private static func mouse(_ act: MouseAct, _ state: inout AppState) -> [Effect] {
    // A button that comes up ends what it drew, whatever lies over the picture by then.
    if act.kind == .release { state.study?.correction?.stroke = nil }
    guard state.size.isEnough else { return [] }
    if let popup = state.popup { return turnWheel(act, in: popup, &state) }
    switch (act.kind, state.view) {
    case (.wheelDown, .worklist): return run(.nextLine, &state)
    case (.wheelUp, .worklist): return run(.previousLine, &state)
    case (.wheelDown, .study), (.wheelUp, .study):
      let isBeside = focusBeside(at: act, &state) != nil
      if act.kind == .wheelDown { return run(isBeside ? .besideNext : .nextSlice, &state) }
      return run(isBeside ? .besidePrevious : .previousSlice, &state)
    case (.press, .worklist):
      if act.button == .left { selectLine(at: act.row, &state) }
    case (.press, .study): selectRow(at: act, &state)
    case (.drag, .study): dragInCorrection(act, &state)
    case (.drag, .worklist), (.release, _): break
    }
    return []
  }

  static func settleLists(_ state: inout AppState) {
    state.worklist.settle(rows: WorklistScreen.lines(state.worklist, state.size))
    if case .help(var look) = state.popup {
      look.scroll = min(look.scroll, HelpScreen.lastScroll(look, state))
      state.popup = .help(look)
    }
    if case .acts(let scroll) = state.popup {
      state.popup = .acts(scroll: min(scroll, ActsScreen.lastScroll(state)))
    }
    if case .report(var report) = state.popup {
      report.scroll = min(report.scroll, ReportScreen.lastScroll(report, state.size))
      state.popup = .report(report)
    }
  }
}
