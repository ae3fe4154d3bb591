import Foundation
import Testing
import TestSupport

@testable import Core

@Suite("Review state")
struct ReviewStateTests {
  /// A reader at a journal in memory.
  struct Desk {
    let journal: ReviewJournal
    init() throws { journal = try ReviewJournal(storage: MemoryJournal(), reader: "anna") }
    var state: ReviewState { ReviewState(journal.contents.records) }

    func state(_ segment: SpinalSegment?, _ verdict: Verdict) throws {
      _ = try journal.append(ReviewDraft(action: .verdict, segment: segment, verdict: verdict))
    }
    func undo() throws {
      let draft = try #require(state.undoDraft(blind: false, detectionSHA256: nil))
      _ = try journal.append(draft)
    }
    func redo() throws {
      let draft = try #require(state.redoDraft(blind: false, detectionSHA256: nil))
      _ = try journal.append(draft)
    }
  }

  @Test("What was taken back blind and is restored in sight of the AI is not counted as blind")
  func restoredInSight() throws {
    let (desk, other) = (try Desk(), try Desk())
    let verdict = ReviewDraft(action: .verdict, segment: .c4c5, verdict: .present, blind: true)
    _ = try desk.journal.append(verdict)
    let undo = try #require(desk.state.undoDraft(blind: true, detectionSHA256: nil))
    _ = try desk.journal.append(undo)
    _ = try desk.journal.append(ReviewDraft(action: .reveal))
    try desk.redo()
    #expect(desk.state.standing(.c4c5)?.verdict == .present)
    #expect(desk.state.standing(.c4c5)?.blind == false && desk.state.blindVerdict(.c4c5) == nil)
    _ = try desk.journal.append(.signOff(.reviewed, name: "Anna"))
    #expect(desk.state.isSigned)
    // What stood when the AI was seen was stated blind, whatever is taken back and restored since.
    _ = try other.journal.append(verdict)
    _ = try other.journal.append(ReviewDraft(action: .reveal))
    try other.undo()
    #expect(other.state.blindVerdict(.c4c5) == nil)
    try other.redo()
    #expect(other.state.blindVerdict(.c4c5) == .present)
  }

  @Test("Undo uncovers the earlier verdict, redo covers it again, a new verdict ends redo")
  func undoRedo() throws {
    let desk = try Desk()
    try desk.state(.c4c5, .present)
    try desk.state(.c4c5, .absent)
    try desk.state(.c5c6, .cannotTell)
    #expect(desk.state.standing == [.c4c5: .absent, .c5c6: .cannotTell])
    #expect(desk.state.nextUndo?.seq == 3)
    try desk.undo()
    try desk.undo()
    #expect(desk.state.standing == [.c4c5: .present])
    #expect(desk.state.nextRedo?.verdict == .absent)
    try desk.redo()
    #expect(desk.state.standing == [.c4c5: .absent])
    #expect(desk.state.nextRedo?.segment == "C5-6")
    try desk.state(.c2c3, .absent)
    #expect(desk.state.nextRedo == nil)
    #expect(
      desk.state.history.map(\.text) == [
        "present on C4-5", "absent on C4-5", "cannot tell on C5-6",
        "took back cannot tell on C5-6", "took back absent on C4-5", "restored absent on C4-5",
        "absent on C2-3",
      ])
  }

  @Test("The flag for discussion is taken back before an earlier verdict, restored, and set anew")
  func flag() throws {
    let desk = try Desk()
    func flag() throws { _ = try desk.journal.append(ReviewDraft(action: .flag)) }
    try desk.state(.c4c5, .present)
    try flag()
    #expect(desk.state.isFlagged && desk.state.verdicts.count == 1)
    try desk.undo()
    #expect(!desk.state.isFlagged && desk.state.standing == [.c4c5: .present])
    try desk.redo()
    #expect(desk.state.isFlagged)
    try desk.state(.c5c6, .absent)
    let draft = try #require(desk.state.unflagDraft(blind: false, detectionSHA256: nil))
    _ = try desk.journal.append(draft)
    #expect(!desk.state.isFlagged && desk.state.verdicts.count == 2)
    #expect(desk.state.unflagDraft(blind: false, detectionSHA256: nil) == nil)
    let seq = try #require(draft.reverts)
    let back = desk.state.reflagDraft(of: seq, blind: true, detectionSHA256: nil)
    #expect(back?.action == .redo && back?.blind == true)
    #expect(back.flatMap { desk.state.target(of: $0) }?.seq == seq)
    #expect(desk.state.reflagDraft(of: seq + 1, blind: false, detectionSHA256: nil) == nil)
    try flag()
    #expect(desk.state.reflagDraft(of: seq, blind: false, detectionSHA256: nil) == nil)
    try flag()
    try desk.undo()
    #expect(!desk.state.isFlagged && desk.state.nextUndo?.segment == "C5-6")
    #expect(
      desk.state.history.map(\.text).suffix(4) == [
        "took back the flag for discussion", "flagged the study for discussion",
        "flagged the study for discussion", "took back the flag for discussion",
      ])
  }

  @Test("A case is read when every assessable segment has a verdict")
  func caseState() throws {
    let desk = try Desk()
    let assessable: [SpinalSegment] = [.c4c5, .c5c6]
    #expect(desk.state.caseState(assessable: assessable) == .unread)
    try desk.state(.c4c5, .present)
    #expect(desk.state.caseState(assessable: assessable) == .reading)
    try desk.state(.c5c6, .absent)
    #expect(desk.state.caseState(assessable: assessable) == .read)
    try desk.undo()
    #expect(desk.state.caseState(assessable: assessable) == .reading)
    #expect(desk.state.caseState(assessable: []) == .reading)
    try desk.state(nil, .present)
    #expect(desk.state.caseState(assessable: []) == .read)
    #expect(desk.state.standingOnStudy?.verdict == .present)
  }

  @Test("Who corrected labels or a mask has begun the study, until that is taken back")
  func corrected() {
    func state(_ records: [ReviewRecord]) -> StudyState {
      ReviewState(records).caseState(assessable: [.c4c5])
    }
    func record(
      _ seq: Int, _ action: ReviewAction, _ segment: SpinalSegment? = nil
    ) -> ReviewRecord {
      ReviewRecord(
        seq: seq, time: "2026-11-20T10:4\(seq):07.123Z", reader: "liu", action: action,
        segment: segment?.name, verdict: nil, reason: nil, comment: nil, blind: false,
        detection: "d00d", reverts: nil, previous: "")
    }
    var drawn = record(1, .correct)
    drawn.correction = CorrectionNote(.lesion, change: "1 slice, 9 voxels added")
    #expect(state([drawn]) == .reading)
    var verdict = record(2, .verdict, .c4c5)
    verdict.verdict = .present
    #expect(state([drawn, verdict]) == .read)
    #expect(state([record(1, .comment), record(2, .flag)]) == .unread)
    drawn.correction?.origin = CorrectionOrigin(
      files: [], isVersionKept: false, sidecar: nil, newSidecar: "aa")
    var undo = record(2, .undo)
    undo.reverts = 1
    #expect(state([drawn]) == .reading && state([drawn, undo]) == .unread)
  }

  @Test("Random sequences agree with a plain two-stack model", arguments: 0..<20)
  func model(seed: Int) throws {
    var random = TestRandom(seed: UInt64(seed))
    let desk = try Desk()
    var done: [(SpinalSegment, Verdict)] = []
    var redo: [(SpinalSegment, Verdict)] = []
    for _ in 0..<40 {
      switch Int.random(in: 0..<4, using: &random) {
      case 0 where !done.isEmpty:
        redo.append(done.removeLast())
        try desk.undo()
      case 1 where !redo.isEmpty:
        done.append(redo.removeLast())
        try desk.redo()
      default:
        let segment = SpinalSegment.allCases[Int.random(in: 0..<6, using: &random)]
        let verdict = Verdict.allCases[Int.random(in: 0..<3, using: &random)]
        done.append((segment, verdict))
        redo = []
        try desk.state(segment, verdict)
      }
      var expected: [SpinalSegment: Verdict] = [:]
      for (segment, verdict) in done { expected[segment] = verdict }
      #expect(desk.state.standing == expected, "seed \(seed)")
      #expect(desk.state.nextUndo?.segment == done.last?.0.name, "seed \(seed)")
      #expect(desk.state.nextRedo?.segment == redo.last?.0.name, "seed \(seed)")
    }
  }
}

/// A small seeded generator (splitmix64) for tests.
struct TestRandom: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
