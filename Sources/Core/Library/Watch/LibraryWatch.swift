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

  /// What happened.
  public enum Event: Sendable {
    /// A source was imported, was there already, or was refused.
    case imported(ImportItem)
    /// A delivery cannot be dealt with now and is tried again.
    case postponed(String)
    /// The same contents were imported before.
    case known(String)
  }

  private var folder: DropFolder
  private let root: URL
  private let settings: Settings
  private var ledger: DeliveryLedger
  /// What was said of deliveries that wait: not again at every look.
  private var said: Set<String> = []
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
    try ImportSite(root).close()
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
  ///   - detect: called with the studies that an import brought, as `detect` names them.
  /// - Returns: how many deliveries could not be imported.
  /// - Throws: `ReadError` when the folder cannot be listed while watching once; otherwise it is waited
  ///   for.
  public mutating func run(
    isCancelled: @escaping () -> Bool, report: (Event) -> Void, detect: ([String]) -> Void
  ) throws -> Int {
    var failures = 0
    var complaint: String?
    while !isCancelled() {
      var waiting = 0
      do {
        let look = try folder.look()
        waiting = look.waiting
        complaint = nil
        for delivery in look.complete where !isCancelled() {
          if try !deal(with: delivery, isCancelled, report, detect) { failures += 1 }
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

  private mutating func postpone(_ why: String, _ report: (Event) -> Void) {
    if said.insert(why).inserted { report(.postponed(why)) }
  }

  /// Imports and detects a delivery unless that was done before.
  ///
  /// - Returns: whether it needed nothing or went well.
  private mutating func deal(
    with delivery: DropFolder.Delivery, _ isCancelled: () -> Bool, _ report: (Event) -> Void,
    _ detect: ([String]) -> Void
  ) throws -> Bool {
    guard !ledger.knows(stamp: delivery.stamp) else { return true }
    let place = delivery.place.path.cleaned
    let contents: String
    do {
      contents = try DeliveryLedger.contents(of: delivery.files, isCancelled: isCancelled)
    } catch is CancellationError { return true } catch {
      postpone("\(place): \(error)", report)
      return false
    }
    if ledger.wasImported(contents: contents) {
      report(.known(place))
      try ledger.enter(stamp: delivery.stamp, contents: contents, .imported)
      return true
    }
    let items: [ImportItem]
    do {
      items = try Importer(library: root).run(delivery.sources, options: settings.options) {
        if !$0.isLibraryAtFault { report(.imported($0)) }
      }
    } catch {
      // The library itself cannot be written: nothing is wrong with the delivery.
      postpone("\(place): \(error)", report)
      return false
    }
    if let item = items.first(where: \.isLibraryAtFault) {
      postpone(item.text, report)
      return false
    }
    let studies = items.compactMap(\.outcome.subject)
    if !studies.isEmpty { detect(studies) }
    // What was cut short in the middle of its detection is taken up again by the next start.
    if isCancelled() { return true }
    let isRefused = items.contains { if case .refused = $0.outcome { true } else { false } }
    try ledger.enter(
      stamp: delivery.stamp, contents: contents, studies.isEmpty ? .refused : .imported)
    return !isRefused
  }
}
