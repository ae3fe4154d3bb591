internal import Core
internal import Dispatch

/// Carries out effects and posts the answers.
protocol EffectRunner {
  /// Starts an effect.
  func run(_ effect: Effect)
  /// Says of which studies the states are wanted first, as long as the list is being read.
  func readFirst(_ subjects: [String])
  /// Returns when nothing is left to be written.
  func finishWrites()
}

extension EffectRunner {
  /// Every state is there at once.
  func readFirst(_ subjects: [String]) {}
}

/// Carries effects out away from the UI thread: one queue for files, one for pictures.
final class Worker: EffectRunner {
  private let source: any ReviewSource
  private let reader: String
  private let mailbox: Mailbox
  // Writes and reads of journals in one order: an act written before a study is read is in it.
  private let files = DispatchQueue(label: "cordscope.files", qos: .userInitiated)
  // The list of a large library takes long: studies are opened and acts written meanwhile.
  private let lists = DispatchQueue(label: "cordscope.lists", qos: .userInitiated)
  private let pictures = DispatchQueue(label: "cordscope.pictures", qos: .userInteractive)
  // A series takes seconds to read: no act waits for it.
  private let series = DispatchQueue(label: "cordscope.series", qos: .userInitiated)
  private let cache = PictureCache<SliceView>()
  private let besideCache = PictureCache<BesideView>()
  private let aboveCache = PictureCache<BesideView>()
  private let detections = DispatchQueue(label: "cordscope.detections", qos: .utility)
  // All journals of a library take long: nothing that is being read or written waits for them.
  private let agreements = DispatchQueue(label: "cordscope.agreements", qos: .utility)
  // Signs of life come while files are slow, too: who is busy is there.
  private let presence = DispatchQueue(label: "cordscope.presence", qos: .userInitiated)
  private let orders = WorkerOrders()
  // A study on a slow disk keeps neither acts waiting nor the study that is opened in its place.
  private let studies = DispatchQueue(
    label: "cordscope.studies", qos: .userInitiated, attributes: .concurrent)
  private let loads = WorkerOrders()
  // A study takes seconds to measure: nobody waits for it.
  private let measures = DispatchQueue(label: "cordscope.measures", qos: .utility)
  private let wantedMeasures = Latest<MeasureOrder>()

  init(source: any ReviewSource, reader: String, mailbox: Mailbox) {
    self.source = source
    self.reader = reader
    self.mailbox = mailbox
  }

  func run(_ effect: Effect) {
    let (source, reader, mailbox, cache) = (source, reader, mailbox, cache)
    switch effect {
    // The loop has the terminal and the work beside the workstation.
    case .redraw, .pauseBackground, .resumeBackground: break
    case .detectAgain(let subject):
      let isCancelled = orders.isCancelledLater()
      detections.async {
        SignalStack.ensure()
        let answer = Self.detect(subject, source, reader, isCancelled: isCancelled)
        mailbox.post(.reply(WorkerReply(value: answer)))
        if let entry = Self.entryLeft(answer, source, reader) { mailbox.post(.entry(entry)) }
      }
    case .cancelDetections: orders.cancel()
    case .loadStudy(let subject): load(subject)
    case .cancelLoading: loads.cancel()
    case .draw(let view, let pixels):
      cache.want(view)
      pictures.async {
        SignalStack.ensure()
        // Superseded while it waited: the reader has moved on.
        guard cache.isWanted(view) else { return }
        let picture = cache.picture(view) { view.draw(pixels) }
        mailbox.post(.reply(WorkerReply(value: .picture(view, picture))))
      }
    case .loadWorklist:
      lists.async {
        SignalStack.ensure()
        let entries = Self.attempt {
          try source.worklist(reader: reader) { mailbox.post(.reading($0)) }
        }
        mailbox.post(.reply(WorkerReply(value: .worklist(entries))))
      }
    case .readJournal, .write, .lookForPIN, .sign, .loadReport,
      .measureSignal, .readAccess, .leaveStudy, .present, .readPresented, .loadScores,
      .loadCorrection,
      .correct, .turnCorrection, .keepDraft, .removeDraft, .loadDrafts, .loadViews, .changeViews,
      .loadMacros, .changeMacros, .loadHanging, .keepHanging, .loadSignerName:
      files.async {
        SignalStack.ensure()
        if let answer = Self.answer(effect, source, reader) {
          mailbox.post(.reply(WorkerReply(value: answer)))
        }
      }
    case .renewPresence, .readPresenterSign:
      presence.async {
        SignalStack.ensure()
        if let answer = Self.answer(effect, source, reader) {
          mailbox.post(.reply(WorkerReply(value: answer)))
        }
      }
    case .loadAgreement:
      agreements.async {
        SignalStack.ensure()
        if let answer = Self.answer(effect, source, reader) {
          mailbox.post(.reply(WorkerReply(value: answer)))
        }
      }
    case .listBeside, .loadBeside:
      series.async {
        SignalStack.ensure()
        if let answer = Self.answer(effect, source, reader) {
          mailbox.post(.reply(WorkerReply(value: answer)))
        }
      }
    case .measure(let order):
      let wanted = wantedMeasures
      wanted.want(order)
      measures.async {
        SignalStack.ensure()
        // Superseded while it waited: another study, or another verdict.
        guard wanted.isWanted(order), let answer = Self.answer(effect, source, reader) else {
          return
        }
        mailbox.post(.reply(WorkerReply(value: answer)))
      }
    case .drawBeside(let view, let pixels):
      // Each place has its own: what is wanted in one does not supersede what is wanted in the other.
      let cache = view.isAbove ? aboveCache : besideCache
      cache.want(view)
      pictures.async {
        SignalStack.ensure()
        guard cache.isWanted(view) else { return }
        let picture = cache.picture(view) { view.draw(pixels) }
        mailbox.post(.reply(WorkerReply(value: .besidePicture(view, picture))))
      }
    }
  }

  /// Reads a study beside everything else; then, after the acts that were written before, its journal.
  ///
  /// What is being read for another study is no longer wanted: it ends at its next step, and holds nothing.
  private func load(_ subject: String) {
    let (source, reader, mailbox, files) = (source, reader, mailbox, files)
    loads.cancel()
    let isCancelled = loads.isCancelledLater()
    studies.async {
      SignalStack.ensure()
      guard !isCancelled() else { return }
      let study = Self.attempt { try source.loadStudy(subject, reader: reader) }
      files.async {
        SignalStack.ensure()
        guard !isCancelled() else { return }
        let answer = study.flatMap { study in
          Self.attempt { try Self.opened(study, subject, source, reader) }
        }
        mailbox.post(.reply(WorkerReply(value: .study(subject, answer))))
      }
    }
  }

  func readFirst(_ subjects: [String]) { source.readFirst(subjects) }

  func finishWrites() {
    orders.cancel()
    loads.cancel()
    files.sync { source.leave() }
  }

  /// Detects a study again.
  static func detect(
    _ subject: String, _ source: any ReviewSource, _ reader: String,
    isCancelled: @escaping @Sendable () -> Bool
  ) -> WorkerReply.Value {
    do {
      return .detected(
        subject,
        .success(try source.detectAgain(subject, reader: reader, isCancelled: isCancelled)))
    } catch is CancellationError {
      return .detected(subject, .failure(WorkerFailure(words: "it was stopped")))
    } catch {
      return .detected(subject, .failure(WorkerFailure(error)))
    }
  }

  /// The line of a study that was not detected again: its labels may be others than those of its detection.
  static func entryLeft(
    _ answer: WorkerReply.Value, _ source: any ReviewSource, _ reader: String
  ) -> WorklistEntry? {
    guard case .detected(let subject, .failure) = answer else { return nil }
    return try? source.entry(of: subject, reader: reader)
  }

  /// Carries out an effect on files.
  static func answer(
    _ effect: Effect, _ source: any ReviewSource, _ reader: String
  ) -> WorkerReply.Value? {
    switch effect {
    case .loadWorklist:
      return .worklist(attempt { try source.worklist(reader: reader) })
    case .loadStudy(let subject):
      return .study(
        subject,
        attempt {
          try opened(try source.loadStudy(subject, reader: reader), subject, source, reader)
        })
    case .write(let token, let draft, let subject):
      let result = attempt { try source.append(draft, subject: subject, reader: reader) }
      return .written(token, result, try? source.journal(subject, reader: reader))
    case .readJournal(let subject, let known):
      return .journal(
        subject,
        attempt {
          let contents = try source.journal(subject, reader: reader)
          return contents.records.count == known ? nil : contents
        })
    case .lookForPIN(let request):
      return .pin(request, attempt { try source.hasPIN(reader: reader) })
    case .sign(let token, let draft, let subject, let pin, let isNew):
      let result = attempt {
        if isNew { try source.setPIN(pin, reader: reader) }
        return try source.sign(draft, pin: pin, subject: subject, reader: reader)
      }
      if case .success = result, let name = draft.signature?.name {
        // Where it cannot be kept nothing is lost but the offer at the next signature.
        try? source.keepSignerName(name, reader: reader)
      }
      return .written(token, result, try? source.journal(subject, reader: reader))
    case .loadReport(let subject):
      return .report(
        subject, attempt { SheetText.lines(try source.sheet(subject, reader: reader)) })
    case .measureSignal(let place, let subject):
      return .signal(
        place, subject, attempt { try source.signal(at: place, subject: subject, reader: reader) })
    case .measure(let order):
      return .measured(
        order, attempt { try source.measures(of: order.subject, reader: reader) })
    case .readAccess(let subject, let known):
      let access = attempt { try source.access(to: subject, reader: reader) }
      return access == .success(known) ? nil : .access(subject, access)
    case .leaveStudy:
      source.leave()
      return nil
    case .loadAgreement(let readers):
      return .agreement(readers, figures(of: readers, source, reader))
    case .listBeside(let subject):
      return .besideChoices(subject, attempt { try source.besideChoices(subject) })
    case .loadBeside(let choice, let subject):
      let content = attempt { () throws -> BesideState.Content in
        switch try source.beside(choice, of: subject, reader: reader) {
        case .volume(let volume): .volume(volume)
        case .session(let study, let journal):
          .session(LoadedStudy(study: study, journal: journal))
        }
      }
      return .beside(choice, subject, content)
    case .present(let view):
      guard let room = source.teaching else { return nil }
      return .presented(attempt { try room.present(view, reader: reader) })
    case .readPresented(let known):
      guard let room = source.teaching else { return nil }
      // A stale view is looked at again: its presenter may turn out to be there.
      let seq = known.map { $0.isStale ? $0.seq - 1 : $0.seq } ?? 0
      return .presentedView(
        attempt { () throws -> PresentedView? in
          let view = try room.presented(after: seq)
          return view == known ? nil : view
        })
    case .renewPresence:
      do {
        guard let owner = try source.teaching?.renewPresence(reader: reader) else { return nil }
        return .presence(.success(owner))
      } catch {
        return .presence(.failure(WorkerFailure(error)))
      }
    case .readPresenterSign(let known):
      guard let sign = try? source.teaching?.presenterSign(), sign != known else { return nil }
      return .presenterSign(sign)
    case .loadScores:
      guard let room = source.teaching else { return nil }
      return .scores(attempt { try room.scores(reader: reader).lines })
    case .loadCorrection(let target, let subject, let grids, let isBlind):
      return .correction(
        target, subject,
        attempt {
          try source.correctionBasis(
            target, of: subject, grids: grids, reader: reader, isBlind: isBlind)
        })
    case .correct(let token, let correction, let draft, let subject):
      let result = attempt {
        try source.correct(correction, draft, subject: subject, reader: reader)
      }
      return .written(token, result, try? source.journal(subject, reader: reader))
    case .turnCorrection(let token, let draft, let subject):
      let result = attempt {
        try source.turnCorrection(draft, subject: subject, reader: reader)
      }
      return .written(token, result, try? source.journal(subject, reader: reader))
    case .keepDraft(let draft, let sessions, let subject):
      return .draftKept(
        draft.correction.target, subject, isRemoval: false,
        attempt {
          try source.keepDraft(draft, over: sessions, subject: subject, reader: reader)
        })
    case .removeDraft(let target, let sessions, let subject):
      return .draftKept(
        target, subject, isRemoval: true,
        attempt {
          try source.removeDraft(of: target, from: sessions, subject: subject, reader: reader)
          return nil
        })
    case .loadDrafts(let subject, let grids, let isBlind, let sessions):
      let search = attempt {
        try source.drafts(
          of: subject, grids: grids, isBlind: isBlind, except: sessions, reader: reader)
      }
      return search == .success(DraftSearch()) ? nil : .drafts(subject, grids, search)
    case .loadViews:
      return .views(attempt { try source.worklistViews(reader: reader) }, change: nil)
    case .changeViews(let change):
      return .views(
        attempt { try source.changeWorklistViews(reader: reader) { change.apply(to: &$0) } },
        change: change)
    case .loadMacros:
      return .macros(attempt { try source.macros(reader: reader) }, change: nil)
    case .changeMacros(let change):
      return .macros(
        attempt { try source.changeMacros(change, reader: reader) }, change: change)
    case .loadSignerName:
      return .signerName(attempt { try source.signerName(reader: reader) })
    case .loadHanging:
      return .hanging(attempt { try source.hanging(reader: reader) }, isKept: false)
    case .keepHanging(let hanging):
      return .hanging(attempt { try source.keep(hanging, reader: reader) }, isKept: true)
    case .draw, .drawBeside, .redraw, .detectAgain, .cancelDetections, .cancelLoading,
      .pauseBackground, .resumeBackground:
      return nil
    }
  }

  /// A study that was read, with its journal and what its reader may do there; this session holds it then.
  private static func opened(
    _ study: ReviewStudy, _ subject: String, _ source: any ReviewSource, _ reader: String
  ) throws -> LoadedStudy {
    var journal = try source.journal(subject, reader: reader)
    // The hold comes last: what cannot be shown is not held.
    let access = try source.access(to: subject, reader: reader)
    if case .mine(_?) = access.hold, let now = try? source.journal(subject, reader: reader) {
      // Until the study was taken over its former session could write.
      journal = now
    }
    var loaded = LoadedStudy(study: study, journal: journal, access: access)
    loaded.truth = try source.teaching?.truth(of: subject)
    loaded.reveal = try source.teaching?.reveal(of: subject)
    // Where that cannot be told now the reveal says why.
    loaded.notesReveal =
      (try? source.teaching?.notesReveal(of: subject, reader: reader)) ?? false
    loaded.replay = source.teaching?.replay
    loaded.takeLesion {
      try source.teaching?.lesion(of: subject, on: study.pictures.map(\.grid)) ?? []
    }
    loaded.isMeasured = source.measuresStudies
    // Where nothing can be written a case may still be looked at; its time is not known.
    try? source.teaching?.opened(subject, reader: reader)
    return loaded
  }

  private static func figures(
    of readers: [String], _ source: any ReviewSource, _ reader: String
  ) -> AgreementLook.Figures {
    do {
      return .known(try source.agreement(of: readers, for: reader))
    } catch AgreementError.tooFew(let count) {
      return .tooFew(count)
    } catch {
      return .failed(WorkerFailure(error).words)
    }
  }

  private static func attempt<Value>(_ work: () throws -> Value) -> Result<Value, WorkerFailure> {
    do { return .success(try work()) } catch { return .failure(WorkerFailure(error)) }
  }
}
