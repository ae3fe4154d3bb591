import Core
import Foundation
import Testing

@testable import TUI

@Suite("Teaching: a reader's acts, one by one")
struct ReplayTests {
  @Test("A replay shows a reader's acts one by one, and states nothing")
  func replay() {
    func record(_ seq: Int, _ segment: String, _ verdict: Verdict) -> ReviewRecord {
      ReviewRecord(
        seq: seq, time: "2026-11-20T10:42:0\(seq).000Z", reader: "bob", action: .verdict,
        segment: segment, verdict: verdict, blind: seq == 1, detection: nil, previous: "")
    }
    let acts = [record(1, "C3-4", .absent), record(2, "C5-6", .present)]
    let desk = Desk(FixtureRoom(.replay, cases: 1, replayed: acts))
    desk.press("\n")
    #expect(desk.text.contains("before the first of 2 acts") && desk.text.contains("AI hidden"))
    desk.press("n")
    #expect(desk.message == "act 1 of 2, 10:42:01: absent on C3-4")
    #expect(desk.state.study?.target == .segment(.c3c4) && desk.text.contains("AI hidden"))
    desk.press("n")
    #expect(desk.row("C5-6").contains("present") && !desk.text.contains("AI hidden"))
    desk.press("n")
    #expect(desk.message.contains("that was the last"))
    desk.press("N")
    #expect(desk.text.contains("replay 1 of 2"))
    desk.press("P")
    #expect(desk.message == "a replay: nothing is stated")
    desk.press("E")
    #expect(desk.message == "E shows the truth after the last act")
    // What needs the AI names no key that does not show it now.
    desk.press("No")
    #expect(desk.message == "the AI is hidden: E shows the truth after the last act")
  }

  /// Bob's acts on a case whose truth is hidden, one a second.
  static func acts(_ acts: [(ReviewAction, String?, Verdict?)]) -> [ReviewRecord] {
    acts.enumerated().map { index, act in
      ReviewRecord(
        seq: index + 1, time: "2026-11-20T10:42:0\(index + 1).000Z", reader: "bob", action: act.0,
        segment: act.1, verdict: act.2, blind: true, detection: nil, previous: "")
    }
  }

  @Test("A replay shows the truth from the act at which its reader saw it, under his name")
  func replayedTruth() throws {
    let acts = Self.acts([
      (.verdict, "C3-4", .absent), (.verdict, "C5-6", .absent), (.reveal, nil, nil),
    ])
    let desk = Desk(FixtureRoom(.replay, cases: 1, replayed: acts, hasLesion: true))
    desk.press("\nnn")
    #expect(!desk.text.contains("TRUTH") && desk.state.study?.shownTruth == nil)
    #expect(desk.state.study?.showsLesion == false)
    #expect(desk.lines[1].contains("reading") && !desk.lines[1].contains("unread"))
    // The replay's words are of its reader, and ask for nothing.
    for word in ["YOU", "you", "Your", "state present", "next case"] {
      #expect(!desk.text.contains(word), "\(word)")
    }
    #expect(desk.row("LEVEL").contains("bob") && desk.lines[39].contains("n next act"))
    desk.press("n")
    #expect(desk.message.contains("saw truth and AI"))
    #expect(desk.row("LEVEL").contains("TRUTH") && desk.row("C5-6").contains("×"))
    #expect(desk.state.study?.showsLesion == true && desk.lines[1].contains("   read"))
    var study = try #require(desk.state.study)
    study.select(.segment(.c5c6))
    #expect(WhyLine.text(study).contains("truth present (known), bob said absent"))
    desk.press("N")
    #expect(!desk.text.contains("TRUTH") && desk.state.study?.showsLesion == false)
    desk.press("nC")
    #expect(desk.text.contains("Acts of bob on Case 1 of 1"))
  }

  @Test("At the end of a replay the teacher shows the truth that its reader did not see")
  func replayedEnd() {
    let acts = Self.acts([(.verdict, "C3-4", .absent), (.verdict, "C5-6", .absent)])
    let desk = Desk(FixtureRoom(.replay, cases: 1, replayed: acts))
    desk.press("\nnE")
    #expect(desk.message == "E shows the truth after the last act")
    #expect(!desk.lines[39].contains("E truth") && !desk.text.contains("TRUTH"))
    desk.press("n")
    #expect(desk.message.hasSuffix("; E shows truth and AI") && desk.lines[39].contains("E truth"))
    desk.press("E")
    #expect(desk.message == "showing truth and AI" && desk.row("C5-6").contains("×"))
    #expect(!desk.lines[39].contains("E truth"))
    // It stays while there is no further act, and goes with a step back.
    desk.press("n")
    #expect(desk.text.contains("TRUTH") && desk.message.contains("that was the last"))
    desk.press("N")
    #expect(!desk.text.contains("TRUTH"))
    #expect(desk.room.library.records("1").isEmpty)
    // A study of the library, replayed, has no truth to show.
    let study = Desk(FixtureRoom(.replay, cases: 1, replayed: acts, revealing: nil))
    study.press("\nnnE")
    #expect(study.message == "a replay shows what its reader saw")
    #expect(!study.text.contains("TRUTH"))
  }

  @Test("A replay of a study says of what its reader had not seen yet nothing of blindness")
  func replayedBlind() throws {
    var acts = Self.acts([(.reveal, nil, nil), (.verdict, "C3-4", .absent)])
    for reveals in [true, false] {
      if !reveals { acts.removeFirst() }
      let desk = Desk(FixtureRoom(.replay, cases: 1, replayed: acts, revealing: nil))
      desk.press("\n")
      var study = try #require(desk.state.study)
      #expect(study.isHidden && !study.isHiddenAfterSeen && desk.state.teaching?.step == 0)
      study.select(.segment(.c5c6))
      let words = WhyLine.text(study)
      #expect(words.contains("the AI is hidden") && !words.contains("blind"), "\(words)")
    }
  }

  @Test("A case without a detection hides its truth in a replay, too")
  func replayedUndetected() {
    let acts = Self.acts([(.verdict, "C3-4", .absent), (.reveal, nil, nil)])
    let room = FixtureRoom(.replay, cases: 1, replayed: acts) { $0.detection = nil }
    let desk = Desk(room)
    desk.press("\nn")
    #expect(!desk.text.contains("TRUTH") && desk.state.study?.isBlind == true)
    desk.press("n")
    #expect(desk.text.contains("TRUTH") && desk.message.contains("saw the truth"))
  }

  @Test(
    "A replay says of a reveal what it showed in a session, and of a library's study that it was the AI",
    arguments: [
      (CaseReveal.truth, "saw truth and AI"), (.nothing, "saw the AI"),
      (.unread, "saw the AI and a truth that cannot be read now"), (nil, "saw the AI's result"),
    ] as [(CaseReveal?, String)])
  func replayedReveal(_ reveal: CaseReveal?, _ words: String) {
    let act = ReviewRecord(
      seq: 1, time: "2026-11-20T10:42:01.000Z", reader: "bob", action: .reveal, blind: true,
      detection: nil, previous: "")
    let desk = Desk(FixtureRoom(.replay, cases: 1, replayed: [act], revealing: reveal))
    desk.press("\nn")
    #expect(desk.message == "act 1 of 1, 10:42:01: \(words)")
    desk.press("C")
    #expect(desk.text.contains(words) && !desk.text.contains("TRUTH"))
  }

  @Test("Whole screens of a replay", arguments: Snapshot.sizes)
  func replayScreens(_ size: (Int, Int)) throws {
    let given: [(String, Verdict)] = [
      ("C3-4", .absent), ("C4-5", .present), ("C5-6", .cannotTell),
    ]
    let acts = given.enumerated().map { index, act in
      ReviewRecord(
        seq: index + 1, time: "2026-11-20T10:42:0\(index + 1).000Z", reader: "bob",
        action: .verdict, segment: act.0, verdict: act.1, blind: index < 2, detection: nil,
        previous: "")
    }
    let desk = Desk(
      FixtureRoom(.replay, cases: 1, replayed: acts), columns: size.0, rows: size.1)
    desk.press("\nnnn")
    #expect(desk.text.contains("replay 3 of 3"))
    try Snapshot.check(desk.text, "replay-\(size.0)x\(size.1)")
  }
}
