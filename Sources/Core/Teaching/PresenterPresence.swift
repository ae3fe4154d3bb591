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
/// Who presents holds it, so that no other does unasked. All others only look at it: they take no sign for
/// 15 s of their own clock, or a process of their machine that is gone, for a presenter who is no more.
final class PresenterPresence: Sendable {
  /// Seconds for which a sign of life is not given anew: less than the 2 s after which one is asked for, or
  /// every other one would be left out.
  static let beat = 1.0
  /// Seconds without one after which nobody presents.
  static let stale = 15.0

  private struct Seen: Sendable {
    var owner: StudyOwner
    /// When it was seen first, on the own clock.
    var since: Double
    /// Whether it is not the first that was seen of its program.
    var isRenewed = false
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
    guard hold.owner == nil else { return hold }
    hasBegun.withLock { $0 = true }
    return hold
  }

  /// What marks the views of this showing, from its beginning to its end; `nil` where none was begun.
  ///
  /// It is not read back from the file, which may be a successor's by then, or half written.
  var showing: String? { hasBegun.withLock { $0 ? locks.session : nil } }

  /// Renews the sign of life where one was begun; who has taken the session over, else `nil`.
  ///
  /// - Throws: `LibraryError`.
  func renew(_ reader: String) throws -> StudyOwner? {
    // Held all the while: a sign under way when the presenter leaves would come after the end.
    return try hasBegun.withLock { hasBegun in
      guard hasBegun else { return nil }
      if let owner = StudyLocks.owner(at: url), owner.session != locks.session {
        // Another has it: that no sign is due yet must not let this one go on.
        locks.leave()
      }
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

  /// What is seen of it by who does not present.
  func sign() -> PresenterSign {
    guard let last = look() else { return .unknown }
    let reader = last.owner.reader
    return isSilent(last) ? .silent(reader) : .there(reader)
  }

  /// Whether the program that marks its views so is seen to run: its sign of life was renewed while this one
  /// looked. What a killed program left behind looks the same in the file, whatever the clocks say.
  func isSeenAlive(_ showing: String) -> Bool {
    guard let last = look() else { return false }
    return last.owner.session == showing && last.isRenewed && !isSilent(last)
  }

  private func isSilent(_ last: Seen) -> Bool {
    locks.isGone(last.owner) || uptime() - last.since > Self.stale
  }

  /// Looks at the sign of life; `nil` where there is none. While one is being written it cannot be read for a
  /// moment: until it can, what was seen last holds.
  private func look() -> Seen? {
    let now = uptime()
    let found = StudyLocks.owner(at: url)
    let isThere = found != nil || FileManager.default.fileExists(atPath: url.path)
    return seen.withLock { seen -> Seen? in
      guard let found else {
        if !isThere { seen = nil }
        return seen
      }
      if let known = seen?.owner, known.session == found.session {
        if known.heartbeat != found.heartbeat {
          seen = Seen(owner: found, since: now, isRenewed: true)
        }
      } else {
        seen = Seen(owner: found, since: now)
      }
      return seen
    }
  }
}
