import Foundation
import Testing

@testable import Core

@Suite("Scores of learners")
struct TeachingScoreTests {
  private func answers(
    _ number: Int, _ truth: [Verdict], _ said: [Verdict?]
  ) -> [LearnerAnswer] {
    zip(SpinalSegment.allCases, zip(truth, said)).map {
      LearnerAnswer(caseNumber: number, segment: $0, answer: $1.1, truth: $1.0)
    }
  }

  /// Two cases of four segments: 3 of 4 present found, one of them not told; 2 of 3 absent cleared,
  /// one left out; a third case that was only looked at.
  private var liu: TeachingScore {
    TeachingScore(
      learner: "liu",
      answers: answers(
        1, [.present, .present, .absent, .absent], [.present, .cannotTell, .absent, .present])
        + answers(
          2, [.present, .present, .absent, .absent], [.present, .present, .absent, nil])
        + answers(3, [.present, .absent], [nil, nil]),
      seconds: [1: 40, 2: 60, 3: 500])
  }

  @Test("Sensitivity, specificity, kappa and time are those computed by hand")
  func byHand() throws {
    let score = liu
    #expect(score.sensitivity == WilsonInterval(3, of: 4))
    #expect(score.specificity == WilsonInterval(2, of: 3))
    #expect(score.right == WilsonInterval(5, of: 7) && score.unanswered == 1)
    // Observed 5/7; chance (4 * 4 + 2 * 3 + 1 * 0) / 49.
    #expect(abs(try #require(score.kappa) - 13.0 / 27) < 1e-12)
    #expect(score.medianSeconds == 50)
    #expect(score.cases.keys.sorted() == [1, 2])
    #expect(score.cases[1] == .init(right: 2, answered: 4, known: 4, seconds: 40))
    #expect(score.cases[2] == .init(right: 3, answered: 3, known: 4, seconds: 60))
  }

  @Test("Who answered nothing has no rates; whose answers are all alike no kappa")
  func degenerate() {
    let none = TeachingScore(learner: "x", answers: answers(1, [.present], [nil]))
    #expect(none.cases.isEmpty && none.sensitivity.share == nil && none.kappa == nil)
    #expect(none.medianSeconds == nil && none.unanswered == 0)
    let alike = TeachingScore(learner: "x", answers: answers(1, [.absent], [.absent]))
    #expect(alike.kappa == nil && alike.specificity == WilsonInterval(1, of: 1))
  }

  @Test("A case whose truth was seen counts whole, also where nothing of it was answered")
  func seen() throws {
    let score = TeachingScore(
      learner: "bob",
      answers: answers(1, [.present, .absent], [.present, .absent])
        + answers(2, [.present, .present, .absent], [nil, nil, nil])
        + answers(3, [.present, .absent], [nil, nil]),
      seen: [1, 2], seconds: [1: 40, 2: 3, 3: 500])
    #expect(score.cases.keys.sorted() == [1, 2])
    #expect(score.answered == 2 && score.unanswered == 3)
    #expect(score.cases[2] == .init(right: 0, answered: 0, known: 3, seconds: nil))
    // A look at a truth is no time that a case takes.
    #expect(score.medianSeconds == 40 && score.right == WilsonInterval(2, of: 2))
    let summary = TeachingSummary(session: "tue", caseCount: 3, scores: [score])
    #expect(summary.text.contains("bob: 2 cases, 2 of 5 answered, 3 unanswered, 40 s"))
    let second = try #require(summary.lines.firstIndex(of: "2     nothing answered"))
    #expect(summary.lines[second + 1] == "      3 unanswered")
    #expect(summary.csv.contains("\ntue,bob,2,3,"))
    let json = try JSONSerialization.jsonObject(with: summary.json()) as? [String: Any]
    let learner = try #require((json?["learners"] as? [[String: Any]])?.first)
    #expect(learner["unanswered"] as? Int == 3)
    let cases = try #require(learner["cases"] as? [[String: Any]])
    #expect(cases.map { $0["case"] as? Int } == [1, 2])
    #expect(cases.map { $0["known"] as? Int } == [2, 3])
    #expect(cases.map { $0["answered"] as? Int } == [2, 0])
    // Who skips everything is still there, with no share of anything.
    let skipped = TeachingScore(
      learner: "x", answers: answers(1, [.present], [nil]), seen: [1], seconds: [1: 3])
    #expect(skipped.cases.count == 1 && skipped.unanswered == 1 && skipped.right.share == nil)
    #expect(skipped.medianSeconds == nil && skipped.kappa == nil)
  }

  @Test("The summary says the same as text, CSV and JSON")
  func summary() throws {
    let summary = TeachingSummary(session: "monday", caseCount: 3, scores: [liu])
    #expect(
      summary.text.contains("liu: 2 cases, 7 of 8 answered, 1 unanswered, 50 s per case (median)"))
    #expect(summary.text.contains("right        5 of 7, 0.71 ["))
    #expect(summary.text.contains("sensitivity  3 of 4, 0.75 [0.30..0.95]"))
    #expect(summary.text.contains("kappa        0.48"))
    // Right is of those answered, above and by case: 2 of 4 and 3 of 3 are 5 of 7.
    #expect(summary.lines.contains("1     2/4 right  40 s"))
    let second = try #require(summary.lines.firstIndex(of: "2     3/3 right  60 s"))
    #expect(summary.lines[second + 1] == "      1 unanswered")
    #expect(summary.lines.count { $0.hasPrefix("      ") } == 1)
    #expect(summary.lines.allSatisfy { $0.count <= 80 })
    #expect(summary.text.hasSuffix(Notice.researchUse))
    // A file has nothing beside it that could say what it is for.
    let notice = ",\"\(Notice.researchUse)\"\n"
    #expect(summary.csv.hasSuffix(notice))
    let rows = summary.csv.dropLast(notice.count).split(separator: "\n").map {
      $0.split(separator: ",")
    }
    #expect(rows.count == 2 && rows[0].count == rows[1].count + 1 && rows[0].last == "notice")
    #expect(rows[1].prefix(4) == ["monday", "liu", "2", "1"] && rows[1].last == "50.0000")
    let json = try JSONSerialization.jsonObject(with: summary.json()) as? [String: Any]
    let learner = try #require((json?["learners"] as? [[String: Any]])?.first)
    #expect((learner["sensitivity"] as? [String: Any])?["count"] as? Int == 3)
    let cases = try #require(learner["cases"] as? [[String: Any]])
    #expect(cases.map { $0["answered"] as? Int } == [4, 3])
    #expect(cases.map { $0["known"] as? Int } == [4, 4])
  }

  @Test("Truth of readings is what more than half of them say; who cannot tell agrees with nobody")
  func consensus() throws {
    let truth = try #require(
      CaseTruth(readings: [
        [.c2c3: .present, .c3c4: .present, .c4c5: .absent, .c5c6: .cannotTell],
        [.c2c3: .present, .c3c4: .absent, .c4c5: .cannotTell, .c5c6: .cannotTell],
        [.c2c3: .absent, .c4c5: .absent],
      ]))
    #expect(truth.verdicts == [.c2c3: .present, .c4c5: .absent])
    #expect(truth.source == .readings(3) && truth.verdict(nil) == .present)
    #expect(CaseTruth(readings: []) == nil)
    #expect(CaseTruth(readings: [[.c2c3: .cannotTell]]) == nil)
    let known = CaseTruth(present: [], known: Set(SpinalSegment.allCases))
    #expect(known.verdict(nil) == .absent && known.verdict(.c6c7) == .absent)
    #expect(CaseTruth(present: [], known: [.c2c3]).verdict(nil) == nil)
  }

  @Test("Only what was said before the truth was shown counts, and time ends there")
  func beforeTruth() {
    func record(_ seq: Int, _ action: ReviewAction, _ verdict: Verdict?, blind: Bool)
      -> ReviewRecord
    {
      ReviewRecord(
        seq: seq, time: "2026-11-20T10:42:0\(seq).500Z", reader: "liu", action: action,
        segment: action == .verdict ? "C4-5" : nil, verdict: verdict, blind: blind, detection: nil,
        previous: "")
    }
    let reading = LearnerReading([
      record(1, .verdict, .absent, blind: true), record(2, .verdict, .present, blind: true),
      record(4, .reveal, nil, blind: true), record(6, .verdict, .absent, blind: false),
    ])
    #expect(reading.answers == [.c4c5: .present])
    #expect(reading.seconds(since: ["2026-11-20T10:42:00.000Z"]) == 4.5)
    #expect(reading.seconds(since: ["2026-11-20T10:43:00.000Z"]) == nil)
    #expect(reading.seconds(since: []) == nil && reading.seconds(since: ["yesterday"]) == nil)
    let open = LearnerReading([record(3, .verdict, .absent, blind: true)])
    #expect(open.revealed == nil && open.seconds(since: ["2026-11-20T10:42:00.000Z"]) == 3.5)
  }

  @Test("Time of a case is from each opening to the last act of that sitting")
  func sittings() {
    func time(_ seconds: Int) -> String {
      UTCTime.text(Date(timeIntervalSince1970: 1_800_000_000 + Double(seconds)))
    }
    func reading(_ acts: [(Int, ReviewAction)]) -> LearnerReading {
      LearnerReading(
        acts.enumerated().map { index, act in
          ReviewRecord(
            seq: index + 1, time: time(act.0), reader: "liu", action: act.1,
            segment: act.1 == .verdict ? "C4-5" : nil, verdict: act.1 == .verdict ? .present : nil,
            blind: true, detection: nil, previous: "")
        })
    }
    // Opened, left, and an hour later answered in 7 s.
    let late = reading([(3607, .verdict), (3609, .reveal)])
    #expect(late.seconds(since: [time(0), time(3600)]) == 9)
    // Files of earlier versions have the first opening alone.
    #expect(late.seconds(since: [time(0)]) == 3609)
    // Two sittings with answers in both; the lines need not be in order.
    let both = reading([(12, .verdict), (20, .verdict), (105, .verdict)])
    #expect(both.seconds(since: [time(100), time(0), time(50)]) == 25)
    // An act at the moment of an opening belongs to it; one before all openings to none.
    #expect(both.seconds(since: [time(12), time(20)]) == 85)
    #expect(both.seconds(since: [time(15), time(500)]) == 90)
    #expect(both.seconds(since: [time(500)]) == nil)
  }
}
