import Core
import Testing

@testable import TUI

@Suite("Screens of teaching: each phase, presenter and follower, replay")
struct TeachingScreensTests {
  /// What no screen of a session may say: whose study a case is.
  private static let names = ["sub-", "mJOA", "spine-clinic", "_T2w"]

  private static func check(
    _ desk: Desk, _ name: String, says words: String, _ size: (Int, Int)
  ) throws {
    for word in names { #expect(!desk.text.contains(word), "\(name): \(word)") }
    try Shot.check(desk.text, name, says: words, size)
  }

  @Test("a learner's phases", arguments: Snapshot.sizes)
  func learner(_ size: (Int, Int)) throws {
    let desk = Desk(FixtureRoom(.learner), columns: size.0, rows: size.1)
    try Self.check(desk, "teaching-start", says: "4 cases", size)
    desk.press("\n")
    try Self.check(desk, "teaching-case", says: "Case 1 of 4", size)
    desk.press("PE")
    try Self.check(desk, "teaching-asked", says: "E again shows the truth and ends your", size)
    desk.press("E")
    try Self.check(desk, "teaching-early", says: "TRUTH", size)
    desk.press("A")
    try Self.check(desk, "teaching-stands", says: "answers stand as they were given", size)
    desk.press("cseen late")
    try Self.check(desk, "teaching-comment", says: "seen late", size)
    desk.press("\n:signz")
    try Self.check(desk, "teaching-palette", says: "no command fits \"signz\"", size)
    desk.send(.key(KeyPress(.escape)))
    desk.press("Z")
    try Self.check(desk, "teaching-no-place", says: "a teaching session has no place for it", size)
    desk.press("?")
    try Self.check(desk, "teaching-help", says: "╭─ Keys", size)
  }

  @Test(
    "a truth that others signed is asked for again, and said to be noted",
    arguments: Snapshot.sizes)
  func noted(_ size: (Int, Int)) throws {
    let room = FixtureRoom(.learner).ofReadings()
    let desk = Desk(room, columns: size.0, rows: size.1)
    desk.press("\nPE")
    try Self.check(desk, "teaching-noted", says: "E again: you then sign the study only", size)
    #expect(room.library.records("1").map(\.action) == [.verdict])
    // Another key is no answer.
    desk.press("]E")
    #expect(room.library.records("1").map(\.action) == [.verdict])
    desk.press("E")
    #expect(room.library.records("1").map(\.action) == [.verdict, .reveal])
    #expect(desk.text.contains("TRUTH") && desk.text.contains("your journal of the study notes it"))
  }

  @Test("a presenter is asked before the room is shown what others signed; a guest signs nothing")
  func notedPresenting() {
    let room = FixtureRoom(.presenter).ofReadings()
    let desk = Desk(room, columns: 120, rows: 40)
    desk.press("\nE")
    #expect(room.library.records("1").isEmpty && !desk.text.contains("TRUTH"))
    #expect(desk.text.contains("E again: you then sign the study only"))
    desk.press("E")
    #expect(room.library.records("1").map(\.action) == [.reveal] && desk.text.contains("TRUTH"))
    let guest = Desk(FixtureRoom(.learner).ofReadings().of(.guest), columns: 120, rows: 40)
    guest.press("\nE")
    #expect(guest.text.contains("TRUTH"))
  }

  @Test("a presenter, and who follows", arguments: Snapshot.sizes)
  func followers(_ size: (Int, Int)) throws {
    let session = FixtureRoom.Session()
    let teacher = Desk(
      FixtureRoom(.presenter, session: session), columns: size.0, rows: size.1)
    let desk = Desk(FixtureRoom(.follower, session: session), columns: size.0, rows: size.1)
    desk.press("\nz")
    try Self.check(desk, "follower-alone", says: "nobody presents", size)
    teacher.press("\n]jX")
    try Self.check(teacher, "presenter", says: "presenting", size)
    desk.look()
    try Self.check(desk, "follower", says: "following", size)
    desk.press("P")
    try Self.check(desk, "follower-settling", says: "the presenter went to", size)
    teacher.press("XE")
    try Self.check(teacher, "presenter-truth", says: "TRUTH", size)
    desk.look(TeachingState.settlingLooks)
    try Self.check(desk, "follower-truth", says: "TRUTH", size)
    teacher.press("Q")
    desk.look()
    try Self.check(desk, "follower-left", says: "presenter left", size)
  }

  @Test("a guest, before and after the truth", arguments: Snapshot.sizes)
  func guest(_ size: (Int, Int)) throws {
    let desk = Desk(FixtureRoom(.learner).of(.guest), columns: size.0, rows: size.1)
    desk.press("\nP")
    try Self.check(desk, "teaching-guest", says: "a guest states nothing", size)
    desk.press("E")
    try Self.check(desk, "teaching-guest-truth", says: "TRUTH", size)
  }

  @Test("a replay from before its first act", arguments: Snapshot.sizes)
  func replay(_ size: (Int, Int)) throws {
    let act = ReviewRecord(
      seq: 1, time: Session.time, reader: "bob", action: .verdict, segment: "C3-4",
      verdict: .absent, blind: true, detection: nil, previous: "")
    let desk = Desk(
      FixtureRoom(.replay, cases: 1, replayed: [act]), columns: size.0, rows: size.1)
    desk.press("\n")
    try Self.check(desk, "replay-start", says: "before the only act", size)
    desk.press("nn")
    try Self.check(desk, "replay-end", says: "that was the last", size)
    desk.press("P")
    try Self.check(desk, "replay-refused", says: "a replay: nothing is stated", size)
    desk.press("E")
    try Self.check(desk, "replay-truth", says: "TRUTH", size)
  }
}
