import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Core

@Suite("A presenter's sign of life")
struct PresenterPresenceTests {
  /// A clock that tests move, and the processes that are gone.
  private final class World: Sendable {
    let start = Date().timeIntervalSince1970
    let later = Mutex(0.0)
    let dead = Mutex<Set<Int32>>([])

    func terminal(_ pid: Int32, _ folder: URL, host: String = "srv1") -> PresenterPresence {
      PresenterPresence(
        folder: folder,
        locks: StudyLocks(
          host: host, pid: pid, beat: PresenterPresence.beat, stale: PresenterPresence.stale,
          clock: { self.start + self.later.withLock { $0 } },
          isAlive: { pid in self.dead.withLock { !$0.contains(pid) } }),
        uptime: { self.later.withLock { $0 } })
    }

    func wait(_ seconds: Double) { later.withLock { $0 += seconds } }
  }

  @Test("Followers see who presents, and within 20 s that the signs of life have ended")
  func signs() throws {
    let (folder, world) = (try TemporaryFolder(), World())
    let teacher = world.terminal(1, folder.url)
    let follower = world.terminal(2, folder.url, host: "srv2")
    #expect(follower.sign() == .unknown)
    #expect(try teacher.renew("anna") == nil, "nothing was begun")
    #expect(follower.sign() == .unknown)
    #expect(try teacher.begin("anna", force: false) == .mine(recovered: nil))
    for _ in 0..<20 {
      #expect(follower.sign() == .there("anna"))
      world.wait(3)
      #expect(try teacher.renew("anna") == nil)
    }
    #expect(follower.sign() == .there("anna"))
    world.wait(14)
    #expect(follower.sign() == .there("anna"))
    world.wait(2)
    #expect(follower.sign() == .silent("anna"))
    // Halted only: the next sign is one of life.
    #expect(try teacher.renew("anna") == nil)
    #expect(follower.sign() == .there("anna"))
    // On the presenter's own machine a process that is gone is known at once.
    world.dead.withLock { _ = $0.insert(1) }
    #expect(world.terminal(3, folder.url).sign() == .silent("anna"))
    teacher.end()
    #expect(follower.sign() == .unknown)
    #expect(try teacher.renew("anna") == nil && follower.sign() == .unknown)
  }

  @Test("A file that is no sign of life is none", arguments: ["", "{", "{\"reader\": 3}", "\u{0}"])
  func damaged(_ text: String) throws {
    let (folder, world) = (try TemporaryFolder(), World())
    try folder.write(text, to: ".presenter.lock")
    #expect(world.terminal(2, folder.url).sign() == .unknown)
  }

  @Test("No sign of life comes after the end, also where one is under way then")
  func ended() async throws {
    let (folder, world) = (try TemporaryFolder(), World())
    defer { withExtendedLifetime(folder) {} }
    let teacher = world.terminal(1, folder.url)
    let follower = world.terminal(2, folder.url, host: "srv2")
    for _ in 0..<50 {
      _ = try teacher.begin("anna", force: false)
      #expect(follower.sign() == .there("anna"))
      let renewing = Task.detached {
        for _ in 0..<20 {
          world.wait(3)
          _ = try? teacher.renew("anna")
        }
      }
      teacher.end()
      await renewing.value
      #expect(follower.sign() == .unknown)
    }
  }

  @Test("A sign that is half written is the last one read until it is whole, or as old as that")
  func halfWritten() throws {
    let (folder, world) = (try TemporaryFolder(), World())
    let teacher = world.terminal(1, folder.url)
    let follower = world.terminal(2, folder.url, host: "srv2")
    _ = try teacher.begin("anna", force: false)
    #expect(follower.sign() == .there("anna"))
    try folder.write("{\"reader\":\"an", to: ".presenter.lock")
    world.wait(14)
    #expect(follower.sign() == .there("anna"))
    world.wait(2)
    #expect(follower.sign() == .silent("anna"))
    try FileManager.default.removeItem(at: folder(".presenter.lock"))
    #expect(follower.sign() == .unknown)
  }

  @Test("A showing is seen to be alive by signs that come meanwhile, not by one that was left")
  func seenAlive() throws {
    let (folder, world) = (try TemporaryFolder(), World())
    let teacher = world.terminal(1, folder.url)
    let follower = world.terminal(2, folder.url, host: "srv2")
    #expect(teacher.showing == nil)
    _ = try teacher.begin("anna", force: false)
    let showing = try #require(teacher.showing)
    #expect(!follower.isSeenAlive(showing))
    world.wait(3)
    #expect(!follower.isSeenAlive(showing), "it may have been left by a killed program")
    _ = try teacher.renew("anna")
    #expect(follower.isSeenAlive(showing) && !follower.isSeenAlive("another"))
    world.wait(16)
    #expect(!follower.isSeenAlive(showing))
    teacher.end()
    #expect(!follower.isSeenAlive(showing) && teacher.showing == nil)
  }

  @Test("Who is replaced learns it at once, though no sign of life is due yet")
  func replacedAtOnce() throws {
    let (folder, world) = (try TemporaryFolder(), World())
    let (anna, sup) = (world.terminal(1, folder.url), world.terminal(2, folder.url))
    _ = try anna.begin("anna", force: false)
    #expect(try anna.renew("anna") == nil)
    _ = try sup.begin("sup", force: true)
    #expect(try anna.renew("anna")?.reader == "sup")
    #expect(try anna.renew("anna")?.reader == "sup" && sup.renew("sup") == nil)
    #expect(world.terminal(3, folder.url).sign() == .there("sup"))
    #expect(anna.showing != sup.showing)
  }

  @Test("What marks a showing is its program's own, whatever is in the file by then")
  func ownShowing() throws {
    let (folder, world) = (try TemporaryFolder(), World())
    let (anna, sup) = (world.terminal(1, folder.url), world.terminal(2, folder.url))
    _ = try anna.begin("anna", force: false)
    let showing = try #require(anna.showing)
    #expect(StudyLocks.owner(at: folder(".presenter.lock"))?.session == showing)
    _ = try sup.begin("sup", force: true)
    // Within a beat the own sign is not written again: the file is the successor's.
    _ = try anna.begin("anna", force: false)
    #expect(anna.showing == showing && sup.showing != showing)
    #expect(try anna.renew("anna")?.reader == "sup")
    sup.end()
    let eva = world.terminal(3, folder.url)
    _ = try eva.begin("eva", force: false)
    try folder.write("{", to: ".presenter.lock")
    _ = try eva.begin("eva", force: false)
    #expect(eva.showing != nil)
  }

  @Test("A second presenter is told who presents; taken over, the first one learns it")
  func two() throws {
    let (folder, world) = (try TemporaryFolder(), World())
    let (anna, sup) = (world.terminal(1, folder.url), world.terminal(2, folder.url))
    _ = try anna.begin("anna", force: false)
    #expect(try sup.begin("sup", force: false).owner?.words == "anna at srv1 (process 1)")
    #expect(try sup.renew("sup") == nil && anna.renew("anna") == nil)
    guard case .mine(let former?) = try sup.begin("sup", force: true) else {
      Issue.record("the session was not taken over")
      return
    }
    #expect(former.reader == "anna")
    world.wait(3)
    #expect(try anna.renew("anna")?.reader == "sup")
    anna.end()
    #expect(world.terminal(3, folder.url).sign() == .there("sup"))
    // Who is dead needs no force.
    world.dead.withLock { _ = $0.insert(2) }
    guard case .mine(let dead?) = try anna.begin("anna", force: false) else {
      Issue.record("a dead presenter was not replaced")
      return
    }
    #expect(dead.reader == "sup")
  }
}
