internal import Foundation
internal import Imaging
internal import Synchronization

/// The lock of the one study that a session has open, per study and reader.
///
/// The lock is a small JSON file (`StudyOwner`) beside the reader's journal. It is only looked at and
/// changed under flock, and its owner renews it every 20 s. Who finds it 90 s old, or its process gone on
/// this machine, takes it over. Readers have journals and locks of their own, so none waits for another.
final class StudyLocks: Sendable {
  /// Seconds between signs of life.
  static let beat = 20.0
  /// Seconds without one after which a lock is nobody's.
  static let stale = 90.0

  private struct Held: Sendable {
    var url: URL
    var beat: Double
  }

  /// The same for this session's locks: those of other things than studies may beat faster.
  private let beat: Double
  private let stale: Double
  private let held = Mutex<Held?>(nil)
  /// The study that this session has open, also where another holds it.
  private let opened = Mutex<URL?>(nil)
  private let host: String
  private let pid: Int32
  /// What tells this session's locks from those of all others.
  let session: String
  private let clock: @Sendable () -> Double
  private let isAlive: @Sendable (Int32) -> Bool

  /// A session's locks.
  ///
  /// - Parameters:
  ///   - beat: seconds between signs of life.
  ///   - stale: seconds without one after which a lock is nobody's.
  ///   - clock: seconds since 1970.
  ///   - isAlive: whether a process of this machine runs.
  init(
    host: String = StudyLocks.hostName, pid: Int32 = getpid(),
    beat: Double = StudyLocks.beat, stale: Double = StudyLocks.stale,
    clock: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 },
    isAlive: @escaping @Sendable (Int32) -> Bool = { kill($0, 0) == 0 || errno != ESRCH }
  ) {
    (self.host, self.pid, self.clock, self.isAlive) = (host, pid, clock, isAlive)
    (self.beat, self.stale) = (beat, stale)
    session = String(UInt64.random(in: .min ... .max), radix: 36)
  }

  /// Takes or renews a study's lock; another study's that this session held is given back.
  ///
  /// - Parameter force: whether it is taken from another session that has it.
  /// - Throws: `LibraryError.cannotWrite` where no lock can be written, `LibraryError.busy`.
  func hold(_ url: URL, reader: String, force: Bool = false) throws -> StudyHold {
    opened.withLock { $0 = url }
    let now = clock()
    return try held.withLock { held in
      if let other = held, other.url != url {
        free(other.url)
        held = nil
      }
      // A clock that was set back makes no sign of life wait until it has caught up.
      if let held, (0..<beat).contains(now - held.beat) { return .mine(recovered: nil) }
      let owner = StudyOwner(
        reader: reader, host: host, pid: pid, session: session, heartbeat: now)
      let hold = try take(url, for: owner, force: force)
      held = hold.owner == nil ? Held(url: url, beat: now) : nil
      return hold
    }
  }

  /// Who holds a study that this session has open: another session has taken it over where this one was
  /// halted for too long. `nil` where it is this session's, or it has another one open.
  ///
  /// - Throws: as ``hold(_:reader:)``.
  func loss(of url: URL, reader: String) throws -> StudyOwner? {
    guard opened.withLock({ $0 }) == url else { return nil }
    return try hold(url, reader: reader).owner
  }

  /// Gives back what is held.
  func leave() {
    opened.withLock { $0 = nil }
    held.withLock { held in
      if let url = held?.url { free(url) }
      held = nil
    }
  }

  /// Who left the sign of life in a lock file, which is only looked at; `nil` where there is none, or it
  /// cannot be read.
  static func owner(at url: URL) -> StudyOwner? {
    guard let bytes = try? FileBytes.read(url, limit: 4096) else { return nil }
    return try? JSONDecoder().decode(StudyOwner.self, from: Data(bytes))
  }

  /// Whether an owner's process was one of this machine and runs no more.
  func isGone(_ owner: StudyOwner) -> Bool { owner.host == host && !isAlive(owner.pid) }

  private func take(_ url: URL, for owner: StudyOwner, force: Bool) throws -> StudyHold {
    try SharedFolder.make(url.deletingLastPathComponent())
    return try StudyLockFile.locked(url, creating: true) { file in
      let hold: StudyHold
      switch try file.read() {
      case .empty: hold = .mine(recovered: nil)
      case .owner(let found) where found.session == session: hold = .mine(recovered: nil)
      case .owner(let found):
        // Both clocks must say so: that of the other machine may be wrong, or that of the disk.
        let age = owner.heartbeat - max(found.heartbeat, try file.changed())
        hold =
          isGone(found) || age > stale || force ? .mine(recovered: found) : .elsewhere(found)
      case .unreadable:
        let unknown = StudyOwner(
          reader: owner.reader, host: "?", pid: 0, session: "", heartbeat: try file.changed())
        let isStale = owner.heartbeat - unknown.heartbeat > stale
        hold = isStale || force ? .mine(recovered: unknown) : .elsewhere(unknown)
      }
      if hold.owner == nil { try file.write(owner) }
      return hold
    } ?? .free
  }

  /// Removes a lock that is still this session's; one that cannot be removed grows stale.
  private func free(_ url: URL) {
    _ = try? StudyLockFile.locked(url, creating: false) { file in
      if case .owner(let owner) = try file.read(), owner.session == session { unlink(url.path) }
    }
  }

  /// The name of this machine.
  static var hostName: String {
    var bytes = [CChar](repeating: 0, count: 256)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return "localhost" }
    let name = String(
      decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return name.isEmpty ? "localhost" : name
  }
}

/// A lock file while it is open and locked.
private struct StudyLockFile {
  enum Contents {
    case empty
    case owner(StudyOwner)
    case unreadable
  }

  let descriptor: Int32
  let path: String

  /// Opens a lock file and does something while nobody else looks at it; `nil` where there is none and
  /// none shall be made.
  static func locked<Value>(
    _ url: URL, creating: Bool, _ body: (StudyLockFile) throws -> Value
  ) throws -> Value? {
    for _ in 0..<200 {
      let flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (creating ? O_CREAT : 0)
      let descriptor = open(url.path, flags, 0o660)
      guard descriptor >= 0 else {
        if errno == ENOENT, !creating { return nil }
        throw LibraryError.cannotWrite(url.path, String(cString: strerror(errno)))
      }
      defer { _ = close(descriptor) }
      let file = StudyLockFile(descriptor: descriptor, path: url.path)
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0, try file.isInPlace() {
        return try body(file)
      }
      usleep(10_000)
    }
    throw LibraryError.busy(url.path, "another session is looking at this lock")
  }

  /// Whether the open file still has its name, and is a plain one.
  private func isInPlace() throws -> Bool {
    var (open, named) = (stat(), stat())
    guard fstat(descriptor, &open) == 0, open.st_mode & S_IFMT == S_IFREG else {
      throw LibraryError.cannotWrite(path, "it is no plain file")
    }
    return lstat(path, &named) == 0 && open.st_ino == named.st_ino && open.st_dev == named.st_dev
  }

  func read() throws -> Contents {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count >= 0 else { throw failure() }
    if count == 0 { return .empty }
    guard let owner = try? JSONDecoder().decode(StudyOwner.self, from: Data(bytes.prefix(count)))
    else { return .unreadable }
    return .owner(owner)
  }

  /// When it was last written, in seconds since 1970.
  func changed() throws -> Double {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
  }

  func write(_ owner: StudyOwner) throws {
    _ = fchmod(descriptor, 0o660)
    let bytes = Array(try JSONEncoder().encode(owner)) + [0x0A]
    guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count,
      ftruncate(descriptor, off_t(bytes.count)) == 0
    else { throw failure() }
  }

  private func failure() -> LibraryError {
    .cannotWrite(path, String(cString: strerror(errno)))
  }
}
