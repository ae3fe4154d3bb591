import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Core

@Suite("The lock of a study")
struct StudyLocksTests {
  /// A clock that tests move, and the processes that run.
  private final class World: Sendable {
    /// The clock stands still between waits: locks' files are as old as they were written, or younger.
    let start = Date().timeIntervalSince1970
    let later = Mutex(0.0)
    let dead = Mutex<Set<Int32>>([])
    /// What an act that had to wait was answered with.
    let answer = Mutex<String?>(nil)

    func session(_ pid: Int32, host: String = "srv1") -> StudyLocks {
      StudyLocks(
        host: host, pid: pid,
        clock: { self.start + self.later.withLock { $0 } },
        isAlive: { pid in self.dead.withLock { !$0.contains(pid) } })
    }

    func wait(_ seconds: Double) { later.withLock { $0 += seconds } }
  }

  @Test("The second session is told who has the study; given back it is free")
  func two() throws {
    let folder = try TemporaryFolder()
    let world = World()
    let (a, b) = (world.session(1), world.session(2))
    let url = folder("sub/anat/.x_reader-liu.lock")
    #expect(try a.hold(url, reader: "liu") == .mine(recovered: nil))
    let owner = try #require(try b.hold(url, reader: "liu").owner)
    #expect(owner.reader == "liu" && owner.host == "srv1" && owner.pid == 1)
    #expect(owner.words == "liu at srv1 (process 1)")
    #expect(try LibraryFixture.mode(url) == 0o660)
    b.leave()
    #expect(FileManager.default.fileExists(atPath: url.path))
    a.leave()
    #expect(!FileManager.default.fileExists(atPath: url.path))
    #expect(try b.hold(url, reader: "liu") == .mine(recovered: nil))
    // Another study or another reader's lock is another file; a session has one study.
    let next = folder("sub/anat/.x_reader-anna.lock")
    #expect(try a.hold(next, reader: "anna") == .mine(recovered: nil))
    #expect(try b.hold(folder("sub/anat/.y.lock"), reader: "liu") == .mine(recovered: nil))
    #expect(try a.hold(url, reader: "liu") == .mine(recovered: nil))
    #expect(!FileManager.default.fileExists(atPath: next.path))
  }

  @Test("A clock that is set back makes no sign of life wait")
  func clockSetBack() throws {
    let folder = try TemporaryFolder()
    let world = World()
    let url = folder("x.lock")
    let a = world.session(1)
    _ = try a.hold(url, reader: "liu")
    let first = try Data(contentsOf: url)
    world.wait(5)
    _ = try a.hold(url, reader: "liu")
    #expect(try Data(contentsOf: url) == first, "a sign was given before its time")
    world.wait(-3600)
    #expect(try a.hold(url, reader: "liu") == .mine(recovered: nil))
    #expect(try Data(contentsOf: url) != first)
  }

  @Test("A lock without a sign of life for 90 s, or of a process that is gone, is taken over")
  func stale() throws {
    let folder = try TemporaryFolder()
    let world = World()
    let url = folder("x.lock")
    let (a, b) = (world.session(1), world.session(2))
    _ = try a.hold(url, reader: "liu")
    for _ in 0..<10 {
      world.wait(21)
      #expect(try a.hold(url, reader: "liu") == .mine(recovered: nil))
      #expect(try b.hold(url, reader: "liu").owner?.pid == 1)
    }
    world.wait(80)
    #expect(try b.hold(url, reader: "liu").owner?.pid == 1)
    world.wait(11)
    guard case .mine(let lost?) = try b.hold(url, reader: "liu") else {
      Issue.record("a stale lock was not taken over")
      return
    }
    #expect(lost.pid == 1)
    // The session that slept finds itself locked out, and does not remove the other's lock.
    #expect(try a.hold(url, reader: "liu").owner?.pid == 2)
    a.leave()
    #expect(FileManager.default.fileExists(atPath: url.path))

    world.dead.withLock { _ = $0.insert(2) }
    let elsewhere = world.session(3, host: "srv2")
    #expect(try elsewhere.hold(url, reader: "liu").owner?.pid == 2)
    guard case .mine(let dead?) = try world.session(3).hold(url, reader: "liu") else {
      Issue.record("the lock of a dead process was not taken over")
      return
    }
    #expect(dead.pid == 2)
  }

  @Test("A session that was halted for too long writes nothing once another has taken over")
  func halted() throws {
    let folder = try TemporaryFolder()
    let world = World()
    _ = try LibraryFixture.library(["01"], in: folder)
    func session(_ pid: Int32) throws -> StudyLibrary {
      try StudyLibrary(root: folder.url, cache: LibraryCache(locks: world.session(pid)))
    }
    let (halted, next) = (try session(1), try session(2))
    let act = ReviewDraft(action: .comment, comment: "seen")
    func records() throws -> Int { try next.journal("01", reader: "liu").records.count }

    #expect(try halted.access(to: "01", reader: "liu").hold == .mine(recovered: nil))
    _ = try halted.append(act, subject: "01", reader: "liu")
    // Halted, and nobody came: it goes on.
    world.wait(200)
    _ = try halted.append(act, subject: "01", reader: "liu")
    #expect(try next.access(to: "01", reader: "liu").hold.owner?.pid == 1)
    world.wait(80)
    #expect(try next.access(to: "01", reader: "liu").hold.owner?.pid == 1)
    world.wait(11)
    guard case .mine(let lost?) = try next.access(to: "01", reader: "liu").hold else {
      Issue.record("the lock of a halted session was not taken over")
      return
    }
    #expect(lost.pid == 1)
    for _ in 0..<2 {
      let error = #expect(throws: JournalError.self) {
        _ = try halted.append(act, subject: "01", reader: "liu")
      }
      let words = error.map { "\($0)" } ?? ""
      #expect(words.contains("open elsewhere, by liu at srv1 (process 2)"))
    }
    #expect(try records() == 2)
    _ = try next.append(act, subject: "01", reader: "liu")
    #expect(try records() == 3)
    // Another reader's journal has a lock of its own.
    _ = try halted.append(act, subject: "01", reader: "anna")
    // Given back, the study is the first one's again.
    next.leave()
    _ = try halted.append(act, subject: "01", reader: "liu")
    #expect(try records() == 4)
  }

  @Test("Nor does one that is overtaken between the look at its lock and the write")
  func overtakenInAppend() async throws {
    let folder = try TemporaryFolder()
    let world = World()
    _ = try LibraryFixture.library(["01"], in: folder)
    func session(_ pid: Int32) throws -> StudyLibrary {
      try StudyLibrary(root: folder.url, cache: LibraryCache(locks: world.session(pid)))
    }
    let (halted, next) = (try session(1), try session(2))
    let act = ReviewDraft(action: .comment, comment: "seen")
    _ = try halted.access(to: "01", reader: "liu")
    _ = try halted.append(act, subject: "01", reader: "liu")
    let journal = try #require(
      try halted.usableStudy("01").journal(reader: "liu", library: halted.root))
    let hold = try await OwnThread.run { () -> StudyHold in
      // While the journal is locked the act waits with the first look behind it.
      let file = try #require(try PosixJournalStorage(journal).open(creating: false))
      defer { file.close() }
      try file.lock()
      Thread.detachNewThread {
        let late = Result { try halted.append(act, subject: "01", reader: "liu") }
        world.answer.withLock { $0 = "\(late)" }
      }
      Thread.sleep(forTimeInterval: 0.3)
      // The lock's file bears the disk's time: long enough by both.
      world.wait(3600)
      return try next.access(to: "01", reader: "liu").hold
    }
    guard case .mine(_?) = hold else {
      Issue.record("the lock of a halted session was not taken over")
      return
    }
    let words = try await Patience.find { world.answer.withLock { $0 } }
    #expect(words?.contains("open elsewhere, by liu at srv1 (process 2)") == true)
    #expect(try next.journal("01", reader: "liu").records.count == 1)
  }

  @Test("A lock file that cannot be read is somebody's until it is old; a link is refused")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let world = World()
    let url = try folder.write("{\"reader\":", to: "x.lock")
    let unknown = try #require(try world.session(1).hold(url, reader: "liu").owner)
    #expect(unknown.host == "?" && !unknown.isKnown)
    #expect(unknown.words.contains("lock file cannot be read") && !unknown.words.contains("liu"))
    world.wait(3600)
    guard case .mine(_?) = try world.session(1).hold(url, reader: "liu") else {
      Issue.record("an old damaged lock was not taken over")
      return
    }
    try FileManager.default.createSymbolicLink(
      at: folder("link.lock"), withDestinationURL: folder("elsewhere"))
    #expect(throws: LibraryError.self) {
      try world.session(2).hold(folder("link.lock"), reader: "liu")
    }
    #expect(!FileManager.default.fileExists(atPath: folder("elsewhere").path))
  }

  @Test("Of twenty sessions at once one gets the study")
  func race() async throws {
    let folder = try TemporaryFolder()
    let world = World()
    let url = folder("x.lock")
    let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
      for pid in Int32(1)...20 {
        let session = world.session(pid)
        group.addTask { try session.hold(url, reader: "liu").owner == nil }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(winners == 1)
  }
}
