import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Core

@Suite("Wrong PINs")
struct PINTriesTests {
  /// A library's folder, and a clock that tests move.
  private final class World: Sendable {
    let folder: TemporaryFolder
    let now = Mutex(1_800_000_000.0)
    /// How many PINs were looked at.
    let made = Mutex(0)

    init() throws { folder = try TemporaryFolder() }

    var file: URL { folder("derivatives/cordscope/readers/anna.tries.json") }
    var isThere: Bool { FileManager.default.fileExists(atPath: file.path) }

    /// A try in a session of its own, as after a restart.
    func attempt(_ accepted: Bool, reader: String = "anna") -> PINError? {
      do {
        try session.check(reader: reader) { accepted }
        return nil
      } catch { return error as? PINError }
    }

    /// What a new session says before it asks for a PIN.
    func locked(reader: String = "anna") -> PINError? {
      do {
        try session.checkLock(reader: reader)
        return nil
      } catch { return error as? PINError }
    }

    func wait(_ seconds: Double) { now.withLock { $0 += seconds } }

    var session: PINTries { PINTries(library: folder.url) { self.now.withLock { $0 } } }
  }

  @Test("Three wrong PINs cost the next session its pause, too; the right PIN clears the count")
  func restarts() throws {
    let world = try World()
    #expect(world.locked() == nil)
    #expect(!FileManager.default.fileExists(atPath: world.folder("derivatives").path))
    #expect(world.attempt(false) == .wrong(left: 2))
    #expect(try LibraryFixture.mode(world.file) == 0o600)
    #expect(world.locked() == nil)
    #expect(world.attempt(false) == .wrong(left: 1))
    #expect(world.attempt(false) == .waits(seconds: 30))
    world.wait(12.5)
    #expect(world.locked() == .waits(seconds: 18))
    #expect(world.attempt(true) == .waits(seconds: 18), "even the right one waits")
    #expect(world.locked(reader: "bert") == nil && world.attempt(true, reader: "bert") == nil)
    world.wait(17.5)
    #expect(world.locked() == nil)
    #expect(world.attempt(false) == .wrong(left: 2))
    #expect(world.attempt(true) == nil)
    #expect(!world.isThere)
    #expect(world.attempt(false) == .wrong(left: 2))
  }

  @Test("A clock that was set back, by however much, makes nobody wait longer than one pause")
  func clocks() throws {
    for back in [-20.0, -3600, -1_000_000_000, -1_799_999_990] {
      let world = try World()
      for _ in 0..<3 { _ = world.attempt(false) }
      world.wait(back)
      #expect(world.locked() == .waits(seconds: 30), "\(back)")
      world.wait(10)
      #expect(world.locked() == .waits(seconds: 20), "\(back)")
      #expect(world.attempt(true) == .waits(seconds: 20), "\(back)")
      world.wait(20)
      #expect(world.locked() == nil && world.attempt(true) == nil, "\(back)")
    }
    // The same where the first to look is a try.
    let world = try World()
    for _ in 0..<3 { _ = world.attempt(false) }
    world.wait(-3600)
    #expect(world.attempt(true) == .waits(seconds: 30))
    world.wait(29)
    #expect(world.attempt(true) == .waits(seconds: 1))
    world.wait(1)
    #expect(world.attempt(true) == nil)
  }

  @Test("A damaged count costs one pause; one that others may write to is named")
  func damaged() throws {
    for text in [
      "", "{", "[]", "{\"wrong\": -1, \"until\": 0}", "{\"wrong\": 4, \"until\": 0}",
      "{\"wrong\": 1}", "{\"wrong\": \"1\", \"until\": 0}", "{\"wrong\": 3, \"until\": 1e999}",
      "{\"wrong\": 3, \"until\": 1e300}",
    ] {
      let world = try World()
      _ = world.attempt(false)
      try Data(text.utf8).write(to: world.file)
      #expect(chmod(world.file.path, 0o600) == 0)
      #expect(world.locked() == .waits(seconds: 30), "\(text)")
      world.wait(30)
      #expect(world.locked() == nil && world.attempt(false) == .wrong(left: 2), "\(text)")
      #expect(world.attempt(true) == nil && !world.isThere)
    }
    let world = try World()
    _ = world.attempt(false)
    #expect(chmod(world.file.path, 0o622) == 0)
    let error = #expect(throws: (any Error).self) {
      try world.session.check(reader: "anna") {
        Issue.record("a PIN was tried")
        return true
      }
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("anna.tries.json"))
    let locked = #expect(throws: (any Error).self) {
      try world.session.checkLock(reader: "anna")
    }
    #expect("\(locked.map { "\($0)" } ?? "")".contains("may be written by others"))
  }

  @Test("What is no guess is not counted")
  func noGuess() throws {
    let world = try World()
    _ = world.attempt(false)
    for _ in 0..<5 {
      #expect(throws: PINError.notSet) {
        try world.session.check(reader: "anna") { throw PINError.notSet }
      }
    }
    #expect(world.attempt(false) == .wrong(left: 1))
  }

  @Test("Tries at once count each, whatever session makes them")
  func atOnce() async throws {
    let world = try World()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<12 {
        group.addTask {
          _ = try? world.session.check(reader: "anna") {
            world.made.withLock { $0 += 1 }
            return false
          }
        }
      }
    }
    #expect(world.made.withLock { $0 } == 3)
    #expect(world.locked() == .waits(seconds: 30))
  }

  @Test("A library opened anew refuses to ask for the PIN, and to sign")
  func library() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    try library.setPIN(PIN("2468"), reader: "anna")
    let tries = PINTries(library: folder.url)
    for _ in 0..<3 { #expect(throws: PINError.self) { try tries.check(reader: "anna") { false } } }
    let open = try StudyLibrary(opening: folder.url)
    let growing = try GrowingLibrary(opening: folder.url)
    let asks: [() throws -> Bool] = [
      { try open.hasPIN(reader: "anna") }, { try growing.hasPIN(reader: "anna") },
    ]
    for ask in asks {
      let error = #expect(throws: PINError.self) { _ = try ask() }
      guard case .waits(let seconds)? = error else {
        Issue.record("the pause is not kept")
        continue
      }
      #expect(1...30 ~= seconds)
    }
    #expect(try open.hasPIN(reader: "bert") == false)
  }
}
