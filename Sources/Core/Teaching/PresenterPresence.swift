internal import Foundation
internal import Synchronization

/// Whether the presenter of a teaching session is there, as far as others can tell.
public enum PresenterSign: Equatable, Sendable {
  /// Nobody has left a sign of life, or none that can be read.
  case unknown
  /// Signs of life keep coming, from this reader.
  case there(String)
  /// They have ended without the presenter's leaving, the reader's.
  case silent(String)

  /// Whether the presenter has stopped without leaving.
  public var isSilent: Bool {
    if case .silent = self { return true }
    return false
  }
}

/// The sign of life of a session's presenter: a lock as studies have, in the session's folder, renewed every
/// 2 s.
///
/// Who presents holds it, so that no other does unasked. Followers only look at it: they take no sign for
/// 15 s of their own clock, or a process of their machine that is gone, for a presenter who is no more.
final class PresenterPresence: Sendable {
  /// Seconds between signs of life.
  static let beat = 2.0
  /// Seconds without one after which nobody presents.
  static let stale = 15.0

  private struct Seen: Sendable {
    var heartbeat: Double
    var session: String
    var since: Double
  }

  private let url: URL
  private let locks: StudyLocks
  private let uptime: @Sendable () -> Double
  private let seen = Mutex<Seen?>(nil)
  private let hasBegun = Mutex(false)

  /// The sign of life in a session's folder; nothing is written yet.
  ///
  /// - Parameter uptime: seconds of a clock that nobody sets.
  init(
    folder: URL,
    locks: StudyLocks = StudyLocks(
      beat: PresenterPresence.beat, stale: PresenterPresence.stale),
    uptime: @escaping @Sendable () -> Double = { ProcessInfo.processInfo.systemUptime }
  ) {
    url = folder.appendingPathComponent(".presenter.lock")
    (self.locks, self.uptime) = (locks, uptime)
  }

  /// Begins to present, unless another does; `force` takes it from him.
  ///
  /// - Throws: `LibraryError`.
  func begin(_ reader: String, force: Bool) throws -> StudyHold {
    let hold = try locks.hold(url, reader: reader, force: force)
    if hold.owner == nil { hasBegun.withLock { $0 = true } }
    return hold
  }

  /// Renews the sign of life where one was begun; who has taken the session over, else `nil`.
  ///
  /// - Throws: `LibraryError`.
  func renew(_ reader: String) throws -> StudyOwner? {
    // Held all the while: a sign under way when the presenter leaves would come after the end.
    return try hasBegun.withLock { hasBegun in
      guard hasBegun else { return nil }
      return try locks.hold(url, reader: reader).owner
    }
  }

  /// Ends the sign of life; that of who has taken over stays.
  func end() {
    hasBegun.withLock { hasBegun in
      hasBegun = false
      locks.leave()
    }
  }

  /// What a follower sees of it.
  func sign() -> PresenterSign {
    guard let owner = StudyLocks.owner(at: url) else { return .unknown }
    let now = uptime()
    let quiet = seen.withLock { seen -> Double in
      if let known = seen, known.heartbeat == owner.heartbeat, known.session == owner.session {
        return now - known.since
      }
      seen = Seen(heartbeat: owner.heartbeat, session: owner.session, since: now)
      return 0
    }
    let reader = owner.reader
    return locks.isGone(owner) || quiet > Self.stale ? .silent(reader) : .there(reader)
  }
}
