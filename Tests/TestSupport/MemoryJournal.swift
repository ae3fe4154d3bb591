public import Core
internal import Synchronization

/// A journal's disk in memory that notes every call in order, and can fail or write piecemeal.
public final class MemoryJournal: JournalStorage {
  /// What the journal may be made to do wrong.
  public struct Faults: Sendable {
    /// At most this many bytes are taken by one write.
    public var bytesPerWrite = Int.max
    /// `sync` throws.
    public var syncFails = false
    /// Writing throws after this many bytes in total.
    public var spaceLeft = Int.max
    /// The file is deleted when it is synced.
    public var vanishesInSync = false
    /// Called while the file is being locked.
    public var whileLocking: (@Sendable () -> Void)?
    /// The file may not be written.
    public var isReadOnly = false

    /// No faults.
    public init() {}
  }

  private struct Disk: Sendable {
    var bytes: [UInt8]?
    var torn: [[UInt8]] = []
    var calls: [String] = []
    var lost: [String: [UInt8]] = [:]
    var identity: UInt64 = 1
    var faults = Faults()
  }

  private let disk: Mutex<Disk>
  /// The name in messages.
  public let name = "memory.jsonl"

  /// Makes a disk with a journal's bytes, or without a journal.
  public init(_ bytes: [UInt8]? = nil) { disk = Mutex(Disk(bytes: bytes)) }

  /// The journal's bytes.
  public var bytes: [UInt8] { disk.withLock { $0.bytes ?? [] } }
  /// Puts another file in the journal's place, or none, as another program would.
  public func replace(_ bytes: [UInt8]?) {
    disk.withLock {
      $0.bytes = bytes
      $0.identity += 1
    }
  }
  /// The lines kept of journals that were deleted or replaced, by name.
  public var lost: [String: [UInt8]] { disk.withLock { $0.lost } }
  /// The torn lines kept.
  public var torn: [[UInt8]] { disk.withLock { $0.torn } }
  /// The calls made so far, in order.
  public var calls: [String] { disk.withLock { $0.calls } }
  /// Notes an event among the calls.
  public func note(_ event: String) { disk.withLock { $0.calls.append(event) } }
  /// What goes wrong from now on.
  public var faults: Faults {
    get { disk.withLock { $0.faults } }
    set { disk.withLock { $0.faults = newValue } }
  }

  /// Notes the call and opens the bytes.
  public func open(creating: Bool) throws -> (any JournalFile)? {
    let exists = disk.withLock { disk in
      disk.calls.append("open")
      if disk.bytes == nil, creating { disk.bytes = [] }
      return disk.bytes != nil
    }
    return exists ? File(self) : nil
  }

  /// What tells the file from those that had its name before.
  public func identity() throws -> [UInt64]? {
    disk.withLock { $0.bytes == nil ? nil : [$0.identity] }
  }

  /// Keeps the lines.
  public func keepLost(_ bytes: [UInt8], mark: String) throws -> String {
    disk.withLock { $0.lost["memory.jsonl.lost-\(mark)"] = bytes }
    return "memory.jsonl.lost-\(mark)"
  }

  /// Notes the call and keeps the bytes.
  public func keepTorn(_ bytes: [UInt8]) throws -> String {
    disk.withLock {
      $0.calls.append("keepTorn")
      $0.torn.append(bytes)
    }
    return "memory.jsonl.torn"
  }

  /// Notes the call.
  public func syncFolder() throws { note("syncFolder") }

  /// An open file of the disk.
  private final class File: JournalFile {
    let journal: MemoryJournal
    let identity: UInt64
    init(_ journal: MemoryJournal) {
      self.journal = journal
      identity = journal.disk.withLock { $0.identity }
    }

    var isWritable: Bool { !journal.faults.isReadOnly }
    func lock() throws {
      journal.note("lock")
      journal.faults.whileLocking?()
    }
    func status() throws -> JournalFileStatus {
      JournalFileStatus(size: journal.bytes.count, identity: [identity])
    }
    func read(from offset: Int) throws -> [UInt8] { Array(journal.bytes.dropFirst(offset)) }
    func write(_ bytes: ArraySlice<UInt8>) throws -> Int {
      try journal.disk.withLock { disk in
        disk.calls.append("write")
        let taken = min(bytes.count, disk.faults.bytesPerWrite, disk.faults.spaceLeft)
        guard taken > 0 else {
          throw JournalError.system(file: "memory.jsonl", operation: "write", why: "disk full")
        }
        disk.faults.spaceLeft -= taken
        disk.bytes = (disk.bytes ?? []) + bytes.prefix(taken)
        return taken
      }
    }
    func truncate(to size: Int) throws {
      journal.disk.withLock {
        $0.calls.append("truncate")
        guard let bytes = $0.bytes, $0.identity == identity else { return }
        $0.bytes = Array(bytes.prefix(size))
      }
    }
    func sync() throws {
      journal.note("sync")
      if journal.faults.vanishesInSync { journal.replace(nil) }
      if journal.faults.syncFails {
        throw JournalError.system(file: "memory.jsonl", operation: "sync", why: "I/O error")
      }
    }
    func close() { journal.note("close") }
  }
}
