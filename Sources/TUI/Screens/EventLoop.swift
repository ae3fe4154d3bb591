internal import Core

/// Waits for events, applies them, and shows the result.
final class EventLoop {
  private let driver: any TerminalDriver
  private let worker: any EffectRunner
  private var state: AppState
  private var status: Int32 = 0
  /// The acts that could not be written and the edits that were not saved, in words.
  var unsaved: [String] { state.unsaved.map(\.words) + state.unsavedEdits }
  /// Whether corrections among them are kept until their study is opened again.
  var keepsCorrections: Bool {
    !state.keeping.kept.isEmpty && state.keeping.failures.isEmpty
  }
  /// The work beside the workstation.
  var background: BackgroundControl?
  /// The picture wanted last.
  private var requested: SliceView?
  private var requestedBeside: [BesideView] = []
  /// What the worker was asked for last and has not answered: its answer takes the place of what is wanted
  /// again meanwhile, which is then asked for anew.
  private var asked: SliceView?
  private var askedBeside: [BesideChoice: BesideView] = [:]
  /// The subjects on the screen whose states were asked for last.
  private var requestedLines: [String] = []
  /// Whether something has changed since the last screen.
  private var isDirty = true
  /// Events that came while the screen was not up to date.
  private var pending: [TerminalEvent] = []
  /// Whether the first of them must see the picture it judges.
  private var needsFreshPicture = false
  /// Whether it has waited for that already.
  private var isHeld = false
  /// When pictures moved last, and how long they must rest before they are drawn in full.
  private var motion: PictureMotion
  /// Pictures shown in full, which the terminal may still have.
  private var inFull = PicturesInFull()
  /// For how long nothing may be typed after a prompt was refused before keys are taken again.
  private let quiet: Duration
  /// When a prompt was refused, or what was typed ahead for it was dropped last.
  private var quietSince = ContinuousClock.now

  /// Events taken in before a screen is drawn: typing fast draws less, not later.
  private static let drainLimit = 200
  /// Milliseconds to wait for a picture before the screen is shown without it.
  private static let pictureWait = 15
  /// The same before a key that states something.
  private static let verdictWait = 400

  init(
    driver: any TerminalDriver, worker: any EffectRunner, state: AppState,
    motion: PictureMotion = PictureMotion(), quiet: Duration = .milliseconds(500)
  ) {
    self.motion = motion
    self.quiet = quiet
    self.driver = driver
    self.worker = worker
    self.state = state
  }

  /// Runs until the end; the exit status.
  func run() -> Int32 {
    carryOut(Workstation.start(&state))
    do {
      try show()
      while !state.isDone {
        let rest = isDraft ? motion.restLeft(at: motion.now()) : nil
        if let event = next(milliseconds: quietLeft ?? rest) {
          if drops(event) {
            drain()
          } else if isDraft, !isHeld, isVerdict(event) {
            hold(event)
          } else {
            isHeld = false
            apply(event)
            drain()
          }
        } else {
          // Nothing was typed for a moment: what comes now has seen the refusal.
          state.refusedPrompt = nil
        }
        if !state.isDone { try show() }
      }
    } catch {
      // As where a signal said it: followers are told.
      apply(.hangup)
    }
    worker.finishWrites()
    while let message = driver.mailbox.take() { apply(.message(message)) }
    return status
  }

  private func next(milliseconds: Int?) -> TerminalEvent? {
    pending.isEmpty ? driver.nextEvent(milliseconds: milliseconds) : pending.removeFirst()
  }

  /// Takes in what else has come, up to a key that must see what it judges.
  private func drain() {
    for _ in 0..<Self.drainLimit {
      guard !state.isDone, let event = next(milliseconds: 0) else { return }
      if drops(event) { continue }
      if isVerdict(event) { return hold(event) }
      apply(event)
    }
  }

  /// Milliseconds for which the input must stay quiet before keys are taken again; `nil` where all are.
  private var quietLeft: Int? {
    guard let refused = state.refusedPrompt else { return nil }
    let left = refused.rest(of: quiet) - (ContinuousClock.now - quietSince)
    return max(Int((left / .milliseconds(1)).rounded(.up)), 0)
  }

  /// Drops what was typed before its reader could see that a prompt was refused: whether it was.
  private func drops(_ event: TerminalEvent) -> Bool {
    guard state.refusedPrompt != nil else { return false }
    switch event {
    case .key, .paste: break
    case .mouse, .resized, .message, .terminate, .hangup: return false
    }
    isHeld = false
    quietSince = .now
    isDirty = true
    Workstation.dropTypedAhead(1, &state)
    return true
  }

  /// A key that states something waits for the picture that it judges.
  private func hold(_ event: TerminalEvent) {
    pending.insert(event, at: 0)
    needsFreshPicture = true
    isHeld = true
  }

  private func isVerdict(_ event: TerminalEvent) -> Bool {
    // While another study is being opened nothing is judged: the key must not outlive that. And any key
    // stops a macro at once.
    guard case .key(let key) = event, state.view == .study, state.opening == nil,
      state.editorAwaited == nil, state.macros.playing == nil
    else { return false }
    return Workstation.command(of: key, state)?.isVerdict ?? false
  }

  private func apply(_ event: TerminalEvent) {
    if !Workstation.isIdle(event, state) { isDirty = true }
    switch event {
    case .hangup: status = TerminalError.gone.exitStatus
    case .terminate(let own): status = own
    case .resized:
      state.size = driver.size
      state.capabilities = driver.capabilities
    // What was drawn with the mouse is shown in full as soon as the button is up.
    case .mouse(let act) where act.kind == .release && state.study?.correction?.stroke != nil:
      motion.stop()
    default: break
    }
    if case .message(.reply(let reply)) = event { note(reply) }
    let refused = state.refusedPrompt
    carryOut(Workstation.update(&state, event))
    if state.refusedPrompt != refused { quietSince = .now }
  }

  /// Notes a picture that has come.
  private func note(_ reply: WorkerReply) {
    switch reply.value {
    case .picture(let view, _) where view == asked: asked = nil
    case .besidePicture(let view, _) where view == askedBeside[view.choice]:
      askedBeside[view.choice] = nil
    default: break
    }
  }

  private func carryOut(_ effects: [Effect]) {
    for effect in effects {
      switch effect {
      case .redraw: driver.forgetScreen()
      case .pauseBackground: background?.pause()
      case .resumeBackground: background?.resume()
      default: break
      }
      worker.run(effect)
    }
  }

  /// Shows the screen, and what a macro did that waited for being seen.
  private func show() throws {
    repeat { try showOnce() } while !state.isDone && playsOn()
  }

  /// Notes which picture is on the terminal now; whether a macro has waited for it and went on.
  private func playsOn() -> Bool {
    guard state.view == .study, let study = state.study else { return false }
    let drawn = StudyLayout(state).drawn(study, state.capabilities)?.view
    guard drawn != study.presented else { return false }
    state.study?.presented = drawn
    // Who has pressed something meanwhile takes over first.
    guard state.macros.playing != nil, pending.isEmpty else { return false }
    isDirty = true
    carryOut(Workstation.playOn(&state))
    return true
  }

  /// Asks for the picture now wanted, waits a moment for it, and shows the screen.
  private func showOnce() throws {
    requestPictures()
    requestLines()
    let clock = ContinuousClock()
    let wait = needsFreshPicture ? Self.verdictWait : Self.pictureWait
    let end = clock.now + .milliseconds(wait)
    while isPictureMissing, clock.now < end {
      guard let event = driver.nextEvent(milliseconds: Self.pictureWait) else { continue }
      if case .message = event {
        apply(event)
        // A macro may have gone on and want another one.
        requestPictures()
      } else {
        pending.append(event)
        if !needsFreshPicture { break }
      }
    }
    needsFreshPicture = false
    if isDirty {
      let isAtRest = !isDraft && !isPictureMissing && pending.isEmpty
      try driver.present(Renderer.render(state), isAtRest: isAtRest)
      isDirty = false
      if state.view == .study, let shown = state.study?.shown {
        inFull.note(shown.view, shown.picture)
      }
    }
  }

  private var isPictureMissing: Bool {
    guard state.view == .study, let study = state.study else { return false }
    return requested.map { study.shown?.view != $0 } ?? false
      || requestedBeside.contains { study.beside.shown[$0.choice]?.view != $0 }
  }

  /// Asks for the pictures now wanted, as drafts while the reader moves through them.
  private func requestPictures() {
    guard state.view == .study, let study = state.study else {
      wantNothing()
      return
    }
    let layout = StudyLayout(state)
    let view = layout.view(study, state.capabilities)
    let beside = layout.besideViews(study, state.capabilities)
    guard view != nil || !beside.isEmpty else {
      wantNothing()
      return
    }
    // What a macro states waits for the picture in full: drafts would only hold it up.
    if needsFreshPicture || state.macros.playing != nil { motion.stop() }
    motion.draftsFirst = DraftPolicy.draftsFirst(driver.link)
    let isMoving = motion.isMoving(to: view, beside: beside.map(\.view), at: motion.now())
    let sizes = ([view?.canvas].compactMap { $0 } + beside.map(\.view.canvas)).map(\.size)
    // All drafts of a screen together are to be short: each has the share of its pixels.
    let all = sizes.map { $0.width * $0.height }.reduce(0, +)
    func share(_ canvas: PictureCanvas) -> Int? {
      let own = canvas.size.width * canvas.size.height
      return isMoving ? PictureDraft.mostBytes * own / max(all, 1) : nil
    }
    request(view, study, draftBytes: view.flatMap { share($0.canvas) })
    request(beside, study) { share($0.canvas) }
  }

  /// No picture is on the screen.
  private func wantNothing() {
    (requested, requestedBeside) = (nil, [])
    (asked, askedBeside) = (nil, [:])
  }

  /// Asks for the sagittal picture.
  /// - Parameter draftBytes: Bytes of a draft at most; `nil` for the picture in full.
  private func request(_ view: SliceView?, _ study: StudyScreenState, draftBytes: Int?) {
    guard let view, let picture = study.picture else {
      (requested, asked) = (nil, nil)
      return
    }
    // What is shown in full stays; what the terminal has in full takes fewer bytes than a draft.
    let isThere =
      study.shown?.view == view || inFull.picture(of: view).map(driver.keeps) ?? false
    let wanted = isThere ? view : draftBytes.flatMap(view.draft(within:)) ?? view
    requested = wanted
    if study.shown?.view == wanted || asked == wanted { return }
    asked = wanted
    worker.run(.draw(wanted, PictureSource(picture)))
  }

  /// Asks for the pictures beside it.
  private func request(
    _ views: [(view: BesideView, source: BesideSource)], _ study: StudyScreenState,
    draftBytes: (BesideView) -> Int?
  ) {
    requestedBeside = views.map { full, _ in
      let isThere = study.beside.shown[full.choice]?.view == full
      return isThere ? full : draftBytes(full).flatMap(full.draft(within:)) ?? full
    }
    let choices = requestedBeside.map(\.choice)
    askedBeside = askedBeside.filter { choices.contains($0.key) }
    for (wanted, source) in zip(requestedBeside, views.map(\.source))
    where study.beside.shown[wanted.choice]?.view != wanted
      && askedBeside[wanted.choice] != wanted
    {
      askedBeside[wanted.choice] = wanted
      worker.run(.drawBeside(wanted, source))
    }
  }

  /// Asks for the states of the lines on the screen before those of all others.
  private func requestLines() {
    guard state.view == .worklist, state.worklist.reading != nil else { return }
    let missing = state.worklist.missing(
      rows: WorklistScreen.lines(state.worklist, state.size))
    if !missing.isEmpty, missing != requestedLines { worker.readFirst(missing) }
    requestedLines = missing
  }

  /// Whether a picture asked for last is a draft.
  private var isDraft: Bool {
    requested?.isDraft ?? false || requestedBeside.contains(where: \.isDraft)
  }
}
