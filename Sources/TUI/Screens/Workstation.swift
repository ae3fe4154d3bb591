internal import Core

/// The behaviour of the workstation: what an event does to the state, and what it asks of workers.
enum Workstation {
  /// What to do at the start.
  static func start(_ state: inout AppState) -> [Effect] {
    state.say(.note, "reading the library")
    return [.loadViews, .loadMacros, .loadHanging, .loadWorklist]
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
    makeRoomForLists(&state)
    return effects + playOn(&state) + askForCompanion(&state) + askForMeasures(&state)
      + present(&state)
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
    state.preparingReport = nil
    if wasForSigning(key, &state) { return [] }
    if let subject = state.opening { return pressWhileOpening(subject, key, &state) }
    if key == KeyPress(.escape), let awaited = state.study?.awaitedCorrection {
      state.study?.awaitedCorrection = nil
      state.say(.note, "the \(awaited.words) are not corrected")
      return []
    }
    guard let command = state.keys.command(for: key, in: state.contexts) else {
      if state.study?.isSignMode == true {
        state.study?.isSignMode = false
        state.say(.note, "neither signed nor opened again")
        // What follows in the same burst was typed for prompts that do not come.
        noteRefusedPrompt(&state, isBurst: true)
      } else if key == .control("c") {
        let isList = state.view == .worklist
        let quit = state.keys.name(.quit, in: .worklist)
        let back = state.keys.name(.back, in: .study)
        let quitHere = state.keys.name(.quit, in: .everywhere)
        state.say(
          .note, isList ? "\(quit) quits" : "\(back) goes back to the worklist, \(quitHere) quits")
      }
      return []
    }
    state.message = nil
    return run(command, &state)
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
      state.say(.note, "\(state.name(of: subject)) is not opened")
      return [.cancelLoading] + readShownAgain(&state)
    } else if command == .quit {
      quit(&state)
    } else if command == .palette {
      openPalette(&state)
    } else if let command, command.needsOpenStudy || key == nil {
      let name = key?.name ?? command.word
      state.say(.refused, "opening \(state.name(of: subject)), not yet open: \(name) ignored")
    } else if command != nil, let key, state.typedAhead.count < typedAheadLimit {
      state.typedAhead.append(key)
    }
    return []
  }

  /// Keys kept while a study is being opened.
  private static let typedAheadLimit = 100

  /// Presses the keys that waited for the study; those after one that opens another wait again.
  private static func pressTypedAhead(_ state: inout AppState) -> [Effect] {
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
    guard state.size.isEnough, state.popup == nil else { return [] }
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
    state.worklist.settle(rows: WorklistScreen.lines(state.size))
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

  // MARK: Messages

  private static func receive(_ message: AppMessage, _ state: inout AppState) -> [Effect] {
    switch message {
    case .worklist(let entries):
      state.worklist.entries = entries
      state.worklist.isLoaded = true
      state.worklist.isUnreadable = false
      settleLists(&state)
      return reloadIfDetected(&state)
    case .entry(let entry):
      state.worklist.update(entry)
      settleLists(&state)
      return reloadIfDetected(&state)
    case .reading(let reading):
      take(reading, &state)
      return []
    case .background(let progress):
      take(progress, &state)
      return []
    case .problem(let words):
      state.say(.error, words)
      return []
    case .tick:
      sayLoading(&state)
      return renewAccess(state) + lookForOtherSessions(&state)
    case .follow: return lookAtPresenter(&state)
    case .reply(let reply): return receive(reply.value, &state)
    }
  }

  /// Says for how long a study has been read that a slow disk gives slowly, and what leaves it; what was
  /// refused meanwhile stays to be read.
  private static func sayLoading(_ state: inout AppState) {
    guard let subject = state.opening else { return }
    state.loadingSeconds += Int(ReviewApp.tickSeconds)
    guard state.message.map({ $0.kind == .note }) ?? true else { return }
    state.say(
      .note,
      "opening \(state.name(of: subject)), \(state.loadingSeconds) s so far; Esc stays here")
  }

  /// The study on the screen is read again where that was ended or put off for one that is not opened.
  private static func readShownAgain(_ state: inout AppState) -> [Effect] {
    guard state.view == .study, let shown = state.study?.study.subject else { return [] }
    let outdated = reloadOutdated(&state)
    let effects = outdated.isEmpty ? reloadIfDetected(&state) : outdated
    if !effects.isEmpty, let message = state.message, message.kind == .error {
      // It comes at once, and unasked: why the other was not opened stays to be read.
      let words = [message.text, state.noteAfterLoading?.words].compactMap(\.self)
      state.noteAfterLoading = NoteAfterLoading(
        subject: shown, words: words.joined(separator: "; "), kind: .error)
    }
    return effects
  }

  /// The study on the screen was opened before it was detected: read it again.
  private static func reloadIfDetected(_ state: inout AppState) -> [Effect] {
    guard state.view == .study, let study = state.study, study.study.detection == nil,
      state.loading == nil, study.correction == nil,
      let entry = state.worklist.entries.first(where: { $0.subject == study.study.subject })
    else { return [] }
    switch entry.state {
    case .unread, .reading, .read, .signed, .reopened: break
    case .problem(let reason):
      // What cannot be assessed has a detection that says why; what failed has none, and is not read
      // again and again.
      if study.problem == reason { return [] }
      state.study?.problem = reason
    case .waiting, .detecting: return []
    }
    state.loading = entry.subject
    return [.loadStudy(entry.subject)]
  }

  private static func receive(
    _ reply: WorkerReply.Value, _ state: inout AppState
  ) -> [Effect] {
    switch reply {
    case .worklist(.success(let entries)):
      state.worklist.take(entries)
      state.worklist.isLoaded = true
      state.worklist.isUnreadable = false
      state.worklist.reading = nil
      state.message = nil
      sayObstacle(&state)
      settleLists(&state)
    case .worklist(.failure(let failure)):
      state.worklist.isLoaded = true
      state.worklist.isUnreadable = true
      state.worklist.reading = nil
      state.say(.error, "the library cannot be read: \(failure.words)")
    case .study(let subject, .success(let loaded)):
      let isShown = show(loaded, of: subject, &state)
      let held = isShown ? settleCase(&state) + hang(&state) : holdShown(state)
      return held + (state.loading == nil ? pressTypedAhead(&state) : [])
    case .study(let subject, .failure(let failure)):
      guard state.loading == subject else { return [] }
      state.loading = nil
      state.typedAhead = []
      state.say(.error, "\(state.name(of: subject)) cannot be opened: \(failure.words)")
      // One that cannot be read again is not tried again and again.
      let isShown = subject == state.study?.study.subject
      let held = holdShown(state)
      return held + (isShown ? [] : readShownAgain(&state))
    case .written(let token, let result, let journal):
      let isCorrection = state.inFlight[token]?.draft.correction != nil
      let subject = state.inFlight[token]?.subject
      acknowledge(token, result, journal, &state)
      settleRecording(token, result, &state)
      settlePlaying(token, result, &state)
      let kept = settleSigning(token, isSigned: (try? result.get()) != nil, &state)
      if isCorrection, let subject { return endCorrection(result, of: subject, &state) }
      // A signature shows what others signed; opening again hides it; who adjudicates asks for it.
      if case .success(let record) = result,
        [ReviewAction.signOff, .reopen, .compare].contains(record.action)
      {
        return kept + settleAdjudication(&state) + renewAccess(state)
      }
      return kept
    case .journal(let subject, let result): take(result, of: subject, &state)
    case .pin(let request, let isSet): return askForPIN(request, isSet, &state)
    case .picture(let request, let picture):
      // A picture of a former reading may have the map of a former detection.
      if state.study?.study.subject == request.subject, state.study?.reading == request.reading {
        state.study?.shown = (request, picture)
      }
    case .report(let subject, let result): show(result, of: subject, &state)
    case .signal(let place, let subject, let result): tell(result, at: place, of: subject, &state)
    case .measured(let order, let result): take(result, for: order, &state)
    case .access(let subject, let result):
      take(result, of: subject, &state)
      return settleAdjudication(&state)
    case .agreement(let readers, let figures): take(figures, of: readers, &state)
    case .besideChoices(let subject, let result): return take(result, of: subject, &state)
    case .beside(let choice, let subject, let result):
      take(result, for: choice, of: subject, &state)
    case .besidePicture(let view, let picture): take(picture, for: view, &state)
    case .presented(let result): settlePresented(result, &state)
    case .presentedView(let result): return take(result, &state)
    case .scores(let result): showScores(result, &state)
    case .correction(let target, let subject, let result):
      take(result, target, of: subject, &state)
    case .detected(let subject, let result): return takeDetected(result, of: subject, &state)
    case .views(let result, let change): take(result, after: change, &state)
    case .macros(let result, let change): take(result, after: change, &state)
    case .hanging(let result, let isKept): take(result, isKept: isKept, &state)
    }
    return []
  }

  /// Shows a study that was loaded, unless the reader has gone on: whether it is shown.
  private static func show(
    _ loaded: LoadedStudy, of subject: String, _ state: inout AppState
  ) -> Bool {
    guard state.loading == subject else { return false }
    state.loading = nil
    let hidesAgain = state.teaching?.hidesAgain(subject) ?? false
    var fresh = StudyScreenState(
      loaded, startsBlind: state.startsBlind, hidesAgain: hidesAgain)
    var isReadAgain = false
    var news = ""
    if state.view == .study, let old = state.study, old.study.subject == subject {
      isReadAgain = true
      fresh = StudyScreenState(loaded, startsBlind: old.isBlind, hidesAgain: hidesAgain)
      fresh.wasShown = fresh.wasShown || old.wasShown
      // Read again after detection: the reader's place stays; before the first result they had none.
      if old.isSuperseded { news = changeOfCalls(old, fresh) + "; the former result is kept" }
      if old.study.detection != nil, fresh.rows.contains(old.target) { fresh.select(old.target) }
      fresh.slice = min(old.slice, max(loaded.study.pictures.count - 1, 0))
      fresh.window = old.window
      (fresh.overlayKind, fresh.showsOverlay) = (old.overlayKind, old.showsOverlay)
      fresh.crosshair = old.crosshair
      fresh.beside = old.beside
      fresh.adjudication = old.adjudication
      (fresh.isHung, fresh.wishes) = (old.isHung, old.wishes)
      (fresh.pane, fresh.enlarged, fresh.setAside) = (old.pane, old.enlarged, old.setAside)
    } else if let old = state.study, (old.enlarged ?? old.setAside) == .picture,
      fresh.absence(of: .picture, state.capabilities) == nil
    {
      // A study that comes to the screen shows its picture, whatever had the screen before it.
      fresh.enlarged = .picture
    }
    fresh.startsBlind = state.startsBlind
    fresh.isPresented = state.teaching?.isPresenting ?? false
    state.readings += 1
    fresh.reading = state.readings
    state.message = nil
    if loaded.study.detection == nil {
      fresh.problem = problem(of: subject, in: state.worklist)
      state.say(.note, "\(fresh.undetectedWords): no AI result to show")
    }
    sayHold(loaded.access.hold, &state)
    sayObstacle(&state)
    if let note = state.noteAfterLoading, note.subject == subject {
      state.say(note.kind, note.words + news)
    }
    state.noteAfterLoading = nil
    if let torn = loaded.journal.tornLine { state.say(.error, torn) }
    keepCorrection(&state)
    state.study = fresh
    state.view = .study
    state.worklist.selected = subject
    if isReadAgain { endMacros(&state) }
    settleLists(&state)
    return true
  }

  /// ": C4-5 flagged before, not now": what a new result says otherwise; empty where it says the same, or
  /// either is hidden.
  private static func changeOfCalls(_ old: StudyScreenState, _ fresh: StudyScreenState) -> String {
    guard let before = old.detection, let after = fresh.detection else { return "" }
    let words = CallChange(from: before, to: after).words
    return words.isEmpty ? "" : ": \(words)"
  }

  /// What a reader must know before the first verdict: that it cannot be saved.
  private static func sayObstacle(_ state: inout AppState) {
    if let obstacle = state.obstacle { state.say(.error, obstacle) }
  }

  /// Why a study has no detection, if the worklist says that none will come.
  private static func problem(of subject: String, in worklist: WorklistScreenState) -> String? {
    let entry = worklist.entries.first { $0.subject == subject }
    if case .problem(let reason)? = entry?.state { return reason }
    return entry?.notAssessed
  }
}
