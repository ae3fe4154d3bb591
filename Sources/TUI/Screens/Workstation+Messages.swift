internal import Core

/// Messages and answers of workers: what they change in the state, and the study that they bring.
extension Workstation {
  /// Takes what workers, timers and other sessions say.
  static func receive(_ message: AppMessage, _ state: inout AppState) -> [Effect] {
    switch message {
    case .worklist(let entries):
      state.worklist.entries = entries
      state.worklist.isLoaded = true
      state.worklist.isUnreadable = false
      emptyList(&state)
      settleLists(&state)
      return reloadIfDetected(&state)
    case .entry(let entry):
      state.worklist.update(entry)
      emptyList(&state)
      settleLists(&state)
      let again = takeNewLine(entry, &state)
      return again.isEmpty ? reloadIfDetected(&state) : again
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
      return renewAccess(state) + lookForOtherSessions(&state) + tendPresence(state)
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
    // Of every few seconds no message is kept: they would push those of errors out.
    state.message = StatusMessage(
      kind: .note,
      text: DisplayText.clean(
        "opening \(state.name(of: subject)), \(state.loadingSeconds) s so far; Esc stays here"))
  }

  /// The study on the screen is read again where that was ended or put off for one that is not opened.
  static func readShownAgain(_ state: inout AppState) -> [Effect] {
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
      emptyList(&state)
      state.worklist.isLoaded = true
      // An error of something else that was said meanwhile stays to be read.
      if state.worklist.isUnreadable || state.message?.kind != .error { state.message = nil }
      state.worklist.isUnreadable = false
      state.worklist.reading = nil
      sayObstacle(&state)
      settleLists(&state)
      return goOnPresenting(&state)
    case .worklist(.failure(let failure)):
      state.worklist.isLoaded = true
      state.worklist.isUnreadable = true
      state.worklist.reading = nil
      state.say(.error, "the library cannot be read: \(failure.words)")
    case .study(let subject, .success(let loaded)):
      let isShown = show(loaded, of: subject, &state)
      let held = isShown ? settleCase(&state) + hang(&state) : holdShown(state)
      let typed = state.loading == nil ? pressTypedAhead(&state) : []
      if isShown { sayRefusedEarly(&state) }
      return held + typed
    case .study(let subject, .failure(let failure)):
      guard state.loading == subject else { return [] }
      state.loading = nil
      state.typedAhead = []
      if state.noteAfterLoading?.subject == subject { state.noteAfterLoading = nil }
      state.hasRefusedEarly = false
      state.say(.error, "\(state.name(of: subject)) cannot be opened: \(failure.words)")
      // A case that is presented is asked for again by the next view, or by hand.
      if state.teaching?.brings(subject) == true { state.teaching?.isUnapplied = false }
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
      if case .failure(let failure) = result, failure.isOfLabels, let subject {
        return kept + readLabels(of: subject, &state)
      }
      return kept
    case .journal(let subject, let result): take(result, of: subject, &state)
    case .pin(let request, let isSet): return askForPIN(request, isSet, &state)
    case .picture(let request, let picture):
      // A picture of a former reading may have the map of a former detection.
      if state.study?.study.subject == request.subject, state.study?.reading == request.reading {
        state.study?.shown = (request, picture)
      }
    case .signerName(let name): take(name, &state)
    case .report(let subject, let result): show(result, of: subject, &state)
    case .signal(let place, let subject, let result): tell(result, at: place, of: subject, &state)
    case .measured(let order, let result): take(result, for: order, &state)
    case .access(let subject, let result):
      let again = take(result, of: subject, &state)
      return settleAdjudication(&state) + again
    case .agreement(let readers, let figures): take(figures, of: readers, &state)
    case .besideChoices(let subject, let result): return take(result, of: subject, &state)
    case .beside(let choice, let subject, let result):
      take(result, for: choice, of: subject, &state)
    case .besidePicture(let view, let picture): take(picture, for: view, &state)
    case .presented(let result): settlePresented(result, &state)
    case .presentedView(let result): return take(result, &state)
    case .presence(let result): takePresence(result, &state)
    case .presenterSign(let sign): take(sign, &state)
    case .scores(let result): showScores(result, &state)
    case .correction(let target, let subject, let result):
      return take(result, target, of: subject, &state)
    case .draftKept(let target, let subject, let isRemoval, let result):
      take(result, keptOf: target, subject, isRemoval: isRemoval, &state)
    case .drafts(let subject, let grids, let result):
      return take(result, draftsOf: subject, grids, &state)
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
      (fresh.crosshair, fresh.pointed) = (old.crosshair, old.pointed)
      (fresh.followed, fresh.presentedBeside) = (old.followed, old.presentedBeside)
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
    // What was said of the AI's result is as hidden as that.
    if fresh.isBlind, !isReadAgain { state.messageLog = MessageLog() }
    keepError(before: subject, &state)
    if loaded.study.detection == nil {
      fresh.problem = problem(of: subject, in: state.worklist)
      state.sayUnasked(.note, "\(fresh.undetectedWords): no AI result to show")
    }
    sayHold(loaded.access.hold, &state)
    sayObstacle(&state)
    if let note = state.noteAfterLoading, note.subject == subject {
      sayAfterLoading(note, news, &state)
    }
    state.noteAfterLoading = nil
    if let torn = loaded.journal.tornLine { state.sayUnasked(.error, torn) }
    keepCorrection(&state)
    let before = state.study
    state.study = fresh
    state.view = .study
    state.worklist.selected = subject
    noteOutdated(loaded.study, &state)
    if isReadAgain { endMacros(&state) }
    endAwaited(on: before, &state)
    settleLists(&state)
    return true
  }

  /// Ends what was said before a study came to the screen; an error of the meantime, such as an act that was not
  /// saved, stays to be read, but not what is said of the study anew.
  private static func keepError(before subject: String, _ state: inout AppState) {
    if let hold = state.study?.access.hold { takeBackHold(hold, &state) }
    guard let error = state.message, error.kind == .error else {
      state.message = nil
      return
    }
    if let note = state.noteAfterLoading, note.subject == subject,
      DisplayText.clean(note.words).contains(error.text)
    {
      state.message = nil
    } else if state.messageLog.messages.isEmpty {
      state.messageLog.keep(error)
    }
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
