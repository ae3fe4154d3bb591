internal import Core
internal import Dispatch
internal import Synchronization

/// Carries out effects and posts the answers.
protocol EffectRunner {
  /// Starts an effect.
  func run(_ effect: Effect)
  /// Returns when nothing is left to be written.
  func finishWrites()
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
  private let cache = PictureCache()

  init(source: any ReviewSource, reader: String, mailbox: Mailbox) {
    self.source = source
    self.reader = reader
    self.mailbox = mailbox
  }

  func run(_ effect: Effect) {
    let (source, reader, mailbox, cache) = (source, reader, mailbox, cache)
    switch effect {
    case .redraw: break
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
    case .loadStudy, .readJournal, .write, .lookForPIN, .sign, .loadReport,
      .measureSignal, .readAccess, .leaveStudy, .loadViews, .changeViews:
      files.async {
        SignalStack.ensure()
        if let answer = Self.answer(effect, source, reader) {
          mailbox.post(.reply(WorkerReply(value: answer)))
        }
      }
    }
  }

  func finishWrites() { files.sync { source.leave() } }

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
          let study = try source.loadStudy(subject)
          let journal = try source.journal(subject, reader: reader)
          // The hold comes last: what cannot be shown is not held.
          let access = try source.access(to: subject, reader: reader)
          return LoadedStudy(study: study, journal: journal, access: access)
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
      return .written(token, result, try? source.journal(subject, reader: reader))
    case .loadReport(let subject):
      return .report(
        subject, attempt { SheetText.lines(try source.sheet(subject, reader: reader)) })
    case .measureSignal(let place, let subject):
      return .signal(
        place, subject, attempt { try source.signal(at: place, subject: subject, reader: reader) })
    case .readAccess(let subject, let known):
      let access = attempt { try source.access(to: subject, reader: reader) }
      return access == .success(known) ? nil : .access(subject, access)
    case .leaveStudy:
      source.leave()
      return nil
    case .loadViews:
      return .views(attempt { try source.worklistViews(reader: reader) }, change: nil)
    case .changeViews(let change):
      return .views(
        attempt { try source.changeWorklistViews(reader: reader) { change.apply(to: &$0) } },
        change: change)
    case .draw, .redraw: return nil
    }
  }

  private static func attempt<Value>(_ work: () throws -> Value) -> Result<Value, WorkerFailure> {
    do { return .success(try work()) } catch { return .failure(WorkerFailure(error)) }
  }
}

/// The pictures drawn last, so that scrolling back costs nothing.
final class PictureCache: Sendable {
  private struct Contents {
    var wanted: SliceView?
    var pictures: [SliceView: ScreenPicture] = [:]
    /// Oldest first.
    var order: [SliceView] = []
  }

  private let capacity: Int
  private let contents = Mutex(Contents())

  /// Makes a cache for so many pictures.
  init(capacity: Int = 24) { self.capacity = capacity }

  /// Notes which picture is wanted now.
  func want(_ view: SliceView) { contents.withLock { $0.wanted = view } }

  /// Whether a picture is still the one wanted.
  func isWanted(_ view: SliceView) -> Bool { contents.withLock { $0.wanted == view } }

  /// The picture of a view, drawn if it is not there.
  func picture(_ view: SliceView, draw: () -> ScreenPicture) -> ScreenPicture {
    if let known = contents.withLock({ $0.pictures[view] }) { return known }
    let picture = draw()
    contents.withLock {
      $0.pictures[view] = picture
      $0.order.append(view)
      if $0.order.count > capacity { $0.pictures[$0.order.removeFirst()] = nil }
    }
    return picture
  }
}
