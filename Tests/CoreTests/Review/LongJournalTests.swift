import Imaging
import Testing

@testable import Core

@Suite("Long journals")
struct LongJournalTests {
  private static func record(
    _ seq: Int, _ action: ReviewAction, _ segment: SpinalSegment? = nil, _ verdict: Verdict? = nil,
    comment: String? = nil
  ) -> ReviewRecord {
    ReviewRecord(
      seq: seq, time: "2026-11-21T12:00:00.062Z", reader: "anna", action: action,
      segment: segment?.name, verdict: verdict, comment: comment, blind: false, detection: nil,
      previous: "")
  }

  @Test("Confidences beside as many verdicts are read in one pass", .timeLimit(.minutes(1)))
  func confidences() {
    let count = 40_000
    var records = (1...count).map {
      Self.record($0, .verdict, .c4c5, $0.isMultiple(of: 2) ? .present : .absent)
    }
    records += (1...count).map { n in
      // None is stated on the other segment: also that is known without a look at all acts.
      var record = Self.record(count + n, .confidence, n.isMultiple(of: 2) ? .c4c5 : .c5c6)
      record.confidence = 1 + n % 3
      return record
    }
    let state = ReviewState(records)
    #expect(state.standing == [.c4c5: .present])
    #expect(state.confidence(.c4c5) == 1 + count % 3)
    #expect(state.history.count == 2 * count)
  }

  @Test("Findings, alike or not, are read in one pass", .timeLimit(.minutes(1)))
  func findings() {
    let count = 20_000
    let records = (1...(2 * count)).map { seq in
      var record = Self.record(
        seq, .finding, comment: seq.isMultiple(of: 2) ? "syrinx" : "finding \(seq)")
      record.place = FindingPlace(slice: 4, row: 140, column: 60, ras: [0, 10, -80])
      return record
    }
    let state = ReviewState(records)
    #expect(state.findings.count == count + 1)
    var undo = Self.record(2 * count + 1, .undo)
    undo.reverts = 2
    let without = ReviewState(records + [undo])
    #expect(without.findings.count == count && without.findingsTakenBack.map(\.seq) == [2])
  }

  @Test("What stands on a place is the latest verdict there that stands, in whatever order they go")
  func standingVerdicts() {
    var random = SystemRandomNumberGenerator()
    var known = StandingVerdicts()
    var acts: [ReviewRecord] = []
    for seq in 1...500 {
      if seq.isMultiple(of: 3), let index = acts.indices.randomElement(using: &random) {
        known.remove(acts.remove(at: index))
      } else {
        let segments: [SpinalSegment?] = [nil, .c4c5, .c5c6]
        let verdict = Verdict.allCases.randomElement(using: &random)
        var act = Self.record(
          seq, .verdict, segments.randomElement(using: &random) ?? nil, verdict)
        if seq.isMultiple(of: 5), let verdict {
          act = Self.record(seq, .adopt)
          act.verdicts = [
            StatedVerdict(.c4c5, verdict),
            StatedVerdict(nil, .absent),
          ]
        }
        acts.append(act)
        known.add(act)
      }
      let all = acts.flatMap(\.stated)
      for place in [nil, "C4-5", "C5-6", "C2-3"] as [String?] {
        #expect(known[place] == all.last { $0.segment == place }?.verdict, "act \(seq)")
      }
    }
  }
}
