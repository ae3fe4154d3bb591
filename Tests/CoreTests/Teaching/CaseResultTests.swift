import Testing

@testable import Core

@Suite("How a case was answered")
struct CaseResultTests {
  private func record(
    _ seq: Int, _ action: ReviewAction, _ segment: SpinalSegment? = nil, _ verdict: Verdict? = nil,
    blind: Bool = true
  ) -> ReviewRecord {
    ReviewRecord(
      seq: seq, time: "2026-11-20T10:42:0\(seq).500Z", reader: "liu", action: action,
      segment: segment?.name, verdict: verdict, blind: blind, detection: nil, previous: "")
  }

  private let truth = CaseTruth(
    present: [.c4c5, .c5c6], known: Set(SpinalSegment.allCases).subtracting([.c7t1]))

  /// One of each kind: right, missed, overcalled, cannot tell, not answered; and a segment of which
  /// nothing is known.
  private var answers: [ReviewRecord] {
    [
      record(1, .verdict, .c2c3, .absent), record(2, .verdict, .c3c4, .present),
      record(3, .verdict, .c4c5, .absent), record(4, .verdict, .c5c6, .cannotTell),
      record(5, .verdict, .c7t1, .present),
    ]
  }

  @Test("There is none before the truth was shown, whatever is answered")
  func hidden() {
    #expect(CaseResult([], truth: truth) == nil)
    #expect(CaseResult(answers, truth: truth) == nil)
    let undone = answers + [record(6, .comment)]
    #expect(CaseResult(undone, truth: truth) == nil)
  }

  @Test("Every known segment is of one kind, in names where there is room, else in counts")
  func kinds() throws {
    let result = try #require(CaseResult(answers + [record(6, .reveal)], truth: truth))
    #expect(result.right == [.c2c3] && result.overcalled == [.c3c4] && result.missed == [.c4c5])
    #expect(result.untold == [.c5c6] && result.unanswered == [.c6c7] && result.known == 5)
    #expect(result.answered == 4)
    #expect(
      result.words()
        == "1/4 right, missed C4-5, overcalled C3-4, cannot tell C5-6, unanswered C6-7")
    let counts = "1/4 right, 1 missed, 1 overcalled, 1 cannot tell, 1 unanswered"
    #expect(result.words(room: counts.count) == counts)
    #expect(result.words(room: counts.count - 1) == "1/4 right, 1 unanswered")
  }

  @Test("The list and the scores take right of the same: of what was answered")
  func oneRule() throws {
    let records = answers + [record(6, .reveal)]
    let result = try #require(CaseResult(records, truth: truth))
    let score = TeachingScore(
      learner: "liu", answers: LearnerReading(records).answers(to: truth, case: 1))
    #expect(score.right == WilsonInterval(result.right.count, of: result.answered))
    #expect(score.cases[1]?.answered == result.answered && score.answered == result.answered)
    #expect(score.cases[1]?.unanswered == result.unanswered.count)
  }

  @Test("What was said after the truth counts for nothing")
  func late() throws {
    let records =
      [record(1, .verdict, .c2c3, .present), record(2, .reveal)]
      + [record(3, .verdict, .c2c3, .absent, blind: false)]
    let result = try #require(CaseResult(records, truth: truth))
    #expect(result.right.isEmpty && result.overcalled == [.c2c3])
  }

  @Test("Nothing answered and nothing known are said as they are")
  func nothing() {
    let shown = [record(1, .reveal)]
    #expect(CaseResult(shown, truth: truth)?.words() == "nothing answered")
    #expect(CaseResult(answers + [record(6, .reveal)], truth: nil)?.words() == "no truth is known")
    let right = [record(1, .verdict, .c2c3, .absent), record(2, .reveal)]
    let one = CaseTruth(present: [], known: [.c2c3])
    #expect(CaseResult(right, truth: one)?.words() == "1/1 right")
  }
}
