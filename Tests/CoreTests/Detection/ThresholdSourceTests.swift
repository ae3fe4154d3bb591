import Foundation
import Testing

@testable import Core

@Suite("Where thresholds come from")
struct ThresholdSourceTests {
  private func detection(
    _ card: ModelCard, scoring: StudyDetector.Scoring = .core
  ) throws -> Detection {
    try SyntheticStudy.detect(
      SyntheticStudy(lesion: (128...137, 0.5)).prepared(), card: card, scoring: scoring
    ).detection
  }

  private func opinion(_ detector: String, _ detection: Detection) throws -> Detection.Opinion {
    try #require(detection.opinions.first { $0.detector == detector })
  }

  @Test("a detector that the card does not know never borrows the cohort of another")
  func missingDetector() throws {
    let card = ModelCard(
      name: "m", sha256: "00", thresholds: ["lc61": .init(patient: 0.2, segment: 0.3)],
      thresholdSource: "cohort A")
    let d = try detection(card)
    #expect(d.model.thresholdSource == ModelCard.startSource && d.patient.threshold == 0.15)
    let own = try opinion("u2ad-core", d)
    #expect(own.threshold == 0.15 && own.thresholdSource == ModelCard.startSource)
    let second = try opinion("lc61", d)
    #expect(second.threshold == 0.2 && second.segmentThreshold == 0.3)
    #expect(second.thresholdSource == "cohort A")
    let none = try opinion("z-score", d)
    #expect(none.threshold == nil && none.thresholdSource == nil && none.flagged == nil)
  }

  @Test("the source is that of the scoring that decides")
  func decidingScoring() throws {
    let card = ModelCard(
      name: "m", sha256: "00", thresholds: ["u2ad-core": .init(patient: 0.2, segment: 0.3)],
      thresholdSource: "cohort A")
    #expect(try detection(card).model.thresholdSource == "cohort A")
    let paper = try detection(card, scoring: .paper)
    #expect(paper.model.thresholdSource == ModelCard.startSource)
    // The map is in units of the core scoring, and is drawn from its threshold either way.
    let map = try #require(paper.mapThreshold)
    #expect(map.value == 0.2 && map.detector == "u2ad-core" && map.source == "cohort A")
  }

  @Test("calibration renames the source of what it calibrates only")
  func calibration() throws {
    var card = ModelCard(
      name: "m", sha256: "00",
      thresholds: [
        "lc61": .init(patient: 0.2, segment: 0.3), "rsci": .init(patient: 1, segment: 2),
      ], thresholdSource: "cohort A")
    let cases = (0..<10).map { number in
      let lesion = number % 2 == 0
      let scores: [Double?] = Array(repeating: lesion ? 0.8 : 0.1, count: 6)
      return EvaluationCase(
        subject: "\(number)", className: "x", hasLesion: lesion,
        affected: lesion ? Set(SpinalSegment.allCases) : [],
        scores: [
          "lc61": .init(patient: lesion ? 0.8 : 0.1, segments: scores),
          "rsci": .init(patient: nil, segments: Array(repeating: nil, count: 6)),
        ])
    }
    let kept = card.calibrate(on: cases, detectors: ["lc61", "rsci"], source: "cohort B")
    #expect(kept == ["rsci"])
    #expect(card.appliedThresholds(of: "lc61")?.source == "cohort B")
    #expect(card.appliedThresholds(of: "lc61")?.patient == 0.8)
    #expect(card.appliedThresholds(of: "rsci")?.source == "cohort A")
    #expect(card.appliedThresholds(of: "rsci")?.patient == 1)
    #expect(card.markdown.contains("| rsci | 1.000 | 2.000 | cohort A |"))
    #expect(card.markdown.contains("| lc61 | 0.800 | 0.800 | cohort B |"))
  }
}
