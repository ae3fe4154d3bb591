public import Foundation
internal import Imaging

/// Brings what appears in a drop folder into a library, and detects on it.
///
/// Deliveries are imported once they are complete, each by itself: what is wrong with one is reported
/// and does not stop the others. The drop folder is only read.
public struct LibraryWatch {
  /// How to watch.
  public struct Settings: Sendable {
    /// How long nothing of a delivery may have changed.
    public var quietFor = Duration.seconds(10)
    /// How long to wait between two looks.
    public var pause = Duration.seconds(5)
    /// Look until nothing is waiting any more, then end.
    public var isOnce = false
    /// What each import is told.
    public var options = ImportOptions()

    /// Watches until it is stopped.
    public init() {}
  }

  /// What happened. Nothing in it tells who the patient is: deliveries are called by keyed hashes, which
  /// ``deliveries(in:of:)`` resolves.
  public enum Event: Sendable {
    /// A source was imported, was there already, or was refused.
    case imported(ImportItem)
    /// A delivery cannot be dealt with now and is tried again.
    case postponed(String)
    /// The same contents were imported before.
    case known(String)

    /// Whether something waits for better times.
    public var isPostponed: Bool { if case .postponed = self { true } else { false } }

    /// One line for a log.
    public var line: String {
      switch self {
      case .imported(let item): item.text.replacing("\n ", with: ";")
      case .postponed(let why): "tried again later: \(why)"
      case .known(let delivery): "\(delivery): its contents were imported before"
      }
    }
  }

  /// What a delivery and its parts are called in the log.
  static func names(
    of delivery: DropFolder.Delivery, _ register: PrivateRegister
  ) -> DeliveryNames {
    DeliveryNames(delivery, key: key(of: delivery, register)) { register.hash($0) }
  }

  private static func key(of delivery: DropFolder.Delivery, _ register: PrivateRegister) -> String {
    String(register.hash("delivery\u{1F}" + real(delivery.place)).prefix(8))
  }

  private var folder: DropFolder
  private let root: URL
  private let settings: Settings
  private var ledger: DeliveryLedger
  private let register: PrivateRegister
  /// Hashes of files that were read since the start.
  private var hashes = FileHashes()
  /// What was said of deliveries that wait: not again at every look.
  private var said: Set<String> = []
  /// Deliveries that could not be dealt with, by stamp: when to try again, and how long was waited.
  private var retries: [String: (at: ContinuousClock.Instant, after: Duration)] = [:]
  private let lock: FolderLock

  /// Begins to watch.
  ///
  /// - Throws: `LibraryError.busy` when another program watches for the library, `.cannotImport` when
  ///   one folder lies in the other, `.cannotWrite`, `ReadError`.
  public init(_ folder: URL, into root: URL, settings: Settings = Settings()) throws {
    let (inner, outer) = (Self.real(root), Self.real(folder))
    guard !Self.lies(inner, in: outer), !Self.lies(outer, in: inner) else {
      throw LibraryError.cannotImport(
        folder.path.cleaned, "drop folder and library must not lie in one another")
    }
    self.folder = DropFolder(folder, quietFor: settings.quietFor)
    self.root = root
    self.settings = settings
    // A folder that is not there must not make a library.
    _ = try self.folder.look()
    let site = try ImportSite(root)
    do { register = try PrivateRegister(library: root) } catch {
      site.close()
      throw error
    }
    site.close()
    ledger = try DeliveryLedger(library: root)
    guard let lock = try FolderLock(ifFree: PrivateRegister.folder(library: root)) else {
      throw LibraryError.busy(root.path.cleaned, "another program watches a folder for it")
    }
    self.lock = lock
  }

  /// Gives the library back; to be called once.
  public func close() { lock.release() }

  private static func real(_ url: URL) -> String {
    url.standardizedFileURL.resolvingSymlinksInPath().path
  }

  private static func lies(_ a: String, in b: String) -> Bool { a == b || a.hasPrefix(b + "/") }

  /// Watches until it is stopped, or, where settings say once, until nothing is waiting.
  ///
  /// - Parameters:
  ///   - isCancelled: asked between deliveries and many times a second.
  ///   - report: told what happened.
  ///   - detect: called with the studies that an import brought, as `detect` names them; returns whether
  ///     it went as far as it can, `false` where it is worth another try.
  /// - Returns: how many deliveries could not be dealt with.
  /// - Throws: `ReadError` when the folder cannot be listed while watching once; otherwise it is waited
  ///   for.
  public mutating func run(
    isCancelled: @escaping @Sendable () -> Bool, report: (Event) -> Void,
    detect: ([String]) -> Bool
  ) throws -> Int {
    var failures = 0
    // Those of which a second look may make something yet.
    var failed: Set<String> = []
    var complaint: String?
    while !isCancelled() {
      var waiting = 0
      do {
        let look = try folder.look()
        waiting = look.waiting
        complaint = nil
        for delivery in look.complete where !isCancelled() {
          if try !deal(with: delivery, isCancelled, report, detect) {
            failures += 1
            failed.insert(delivery.stamp)
          }
        }
        for delivery in awaited(look.complete) where !isCancelled() {
          let isDone = try deal(with: delivery, isAgain: true, isCancelled, report, detect)
          if !isDone, failed.insert(delivery.stamp).inserted { failures += 1 }
          if !ledger.isRefused(stamp: delivery.stamp), failed.remove(delivery.stamp) != nil {
            failures -= 1
          }
        }
      } catch {
        if settings.isOnce { throw error }
        // A share that is away for a while is waited for, and said once.
        if complaint != "\(error)" { report(.postponed("\(error)")) }
        complaint = "\(error)"
      }
      if settings.isOnce, waiting == 0 { break }
      Self.wait(
        settings.isOnce ? min(settings.pause, settings.quietFor) : settings.pause, isCancelled)
    }
    return failures
  }

  private static func wait(_ pause: Duration, _ isCancelled: () -> Bool) {
    let end = ContinuousClock.now + pause
    while !isCancelled(), ContinuousClock.now < end {
      let left = (end - ContinuousClock.now) / .seconds(1)
      Thread.sleep(forTimeInterval: min(max(left, 0), 0.05))
    }
  }

  /// The first and the longest time until a delivery that could not be dealt with is tried again.
  private static let patience = (first: Duration.seconds(30), longest: Duration.seconds(900))

  /// Puts a delivery off, each time for twice as long: all of it is read at every try.
  private mutating func postpone(
    _ delivery: DropFolder.Delivery, _ why: String, _ report: (Event) -> Void
  ) {
    if said.insert(why).inserted { report(.postponed(why)) }
    let after = retries[delivery.stamp].map { min($0.after * 2, Self.patience.longest) }
    retries[delivery.stamp] = (
      ContinuousClock.now + (after ?? Self.patience.first), after ?? Self.patience.first
    )
  }

  /// Deliveries that were refused for want of a series to detect on, and whose study the library has now: a
  /// sender may make a folder of each series and send the sagittal T2 last.
  private func awaited(_ deliveries: [DropFolder.Delivery]) -> [DropFolder.Delivery] {
    let waiting = deliveries.filter { !ledger.awaited(stamp: $0.stamp).isEmpty }
    guard !waiting.isEmpty, let contents = try? LibraryContents(root) else { return [] }
    return waiting.filter { ledger.awaited(stamp: $0.stamp).contains { contents.hasStudy($0) } }
  }

  /// Imports and detects a delivery unless that was done before.
  ///
  /// - Parameter isAgain: whether it is dealt with although it was refused before.
  /// - Returns: whether it needed nothing or went well.
  private mutating func deal(
    with delivery: DropFolder.Delivery, isAgain: Bool = false,
    _ isCancelled: @escaping @Sendable () -> Bool, _ report: (Event) -> Void,
    _ detect: ([String]) -> Bool
  ) throws -> Bool {
    guard isAgain || !ledger.knows(stamp: delivery.stamp) else { return true }
    // Not counted again while it waits.
    if let retry = retries[delivery.stamp], retry.at > .now { return true }
    let text = DeliveryText(delivery, in: folder.url, called: Self.names(of: delivery, register))
    let name = text.called.name
    let contents: String
    do {
      contents = try FileBytes.withoutLinks(below: folder.url) {
        try DeliveryLedger.contents(
          of: delivery.files, known: &hashes, isCancelled: isCancelled)
      }
    } catch is CancellationError { return true } catch {
      postpone(delivery, "\(name): \(text.cleaned("\(error)"))", report)
      return false
    }
    if ledger.wasImported(contents: contents) {
      report(.known(name))
      try ledger.enter(
        stamp: delivery.stamp, contents: contents, .imported, ledger.share(contents: contents),
        wasThere: ledger.wasThere(contents: contents))
      return true
    }
    var options = settings.options
    options.isCancelled = isCancelled
    options.followsLinks = false
    options.pseudonymises = true
    let items: [ImportItem]
    var brings = false
    do {
      items = try FileBytes.withoutLinks(below: folder.url) {
        try Importer(library: root).run(delivery.sources, options: options) {
          if !$0.bringsNothing { brings = true }
          if !$0.isLibraryAtFault { report(.imported(Self.anonymous($0, name, text))) }
        }
      }
    } catch is CancellationError {
      if brings { try ledger.note(broughtBy: contents) }
      return true
    } catch {
      // The library itself cannot be written: nothing is wrong with the delivery.
      postpone(delivery, "\(name): \(text.cleaned("\(error)"))", report)
      return false
    }
    // A stop in the middle of the detection, and a kill, must not make it look as if it had been there before.
    if brings { try ledger.note(broughtBy: contents) }
    if let item = items.first(where: \.isLibraryAtFault) {
      postpone(delivery, Self.anonymous(item, name, text).text, report)
      return false
    }
    let studies = items.compactMap(\.outcome.subject)
    let isDetected = studies.isEmpty || detect(studies)
    // What was cut short in the middle of its detection is taken up again by the next start.
    if isCancelled() { return true }
    guard isDetected else {
      postpone(delivery, "\(name): the detection could not be made", report)
      return false
    }
    let isRefused = items.contains { if case .refused = $0.outcome { true } else { false } }
    retries[delivery.stamp] = nil
    var share = SeriesShare(sum: items.map(\.series)).listing(DeliveryLedger.mostReasons)
    share.damaged = share.damaged.map(text.cleaned)
    share.reasons = share.reasons.map(text.cleaned)
    try ledger.enter(
      stamp: delivery.stamp, contents: contents,
      isRefused || studies.isEmpty ? .refused : .imported, share,
      awaited: Set(items.compactMap(\.awaited)).sorted(),
      wasThere: !ledger.hasBrought(contents: contents))
    return !isRefused
  }

  /// An item without what may tell who the patient is.
  private static func anonymous(
    _ item: ImportItem, _ name: String, _ text: DeliveryText
  ) -> ImportItem {
    var result = item
    result.source = name
    if case .refused(let why) = item.outcome { result.outcome = .refused(text.cleaned(why)) }
    if item.outcome == .leftAlone { result.source = "\(name), \(text.cleaned(item.source))" }
    if case .label(let role, _, let isNew) = item.outcome {
      result.outcome = .label(role, of: "an image of it", isNew: isNew)
    }
    result.notes = item.notes.map(text.cleaned)
    return result
  }
}

extension ImportItem {
  /// Whether the library has nothing of the source that it had not before.
  fileprivate var bringsNothing: Bool {
    switch outcome {
    case .alreadyThere(_, let added): added.isEmpty && !addsSeries
    case .label(_, _, let isNew): !isNew
    case .leftAlone, .refused: true
    default: false
    }
  }
}
