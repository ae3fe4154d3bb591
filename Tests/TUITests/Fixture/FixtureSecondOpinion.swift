import Core
import Foundation

/// The curve of LC61 that detections of this version have, for studies drawn by hand.
enum FixtureSecondOpinion {
  /// Where LC61 sees what the AI does not: in C3-4.
  static let peakRow = 80
  static let threshold = 0.2

  /// Gives a study's detection the curve: four fifths of the AI's, and a peak of its own.
  static func add(to study: inout ReviewStudy) {
    guard var detection = study.detection else { return }
    let curve = detection.curve
    let values = zip(curve.row, curve.value).map { row, value -> Double in
      let distance = Double(row - peakRow) / 6
      return max(0.8 * value, 0.4 * exp(-distance * distance / 2))
    }
    detection.curve.secondOpinion = values.map { Optional($0) }
    for index in detection.segments.indices {
      guard let from = detection.segments[index].rowFrom, let to = detection.segments[index].rowTo
      else { continue }
      let inside = zip(curve.row, values).filter { $0.0 >= from && $0.0 <= to }.map { $0.1 }
      detection.segments[index].secondOpinionScore = inside.max()
      detection.segments[index].secondOpinionFlagged = inside.max().map { $0 >= threshold }
    }
    detection.opinions = [
      Detection.Opinion(
        detector: "lc61", patientScore: values.max(), threshold: threshold,
        flagged: values.max().map { $0 >= threshold },
        segmentScores: detection.segments.map(\.secondOpinionScore), segmentThreshold: threshold,
        thresholdSource: detection.model.thresholdSource)
    ]
    study.detection = detection
  }

  /// A library whose detections all have it.
  static func library() -> FixtureLibrary {
    FixtureLibrary(clock: { Session.time }) { FixtureSecondOpinion.add(to: &$0) }
  }
}
