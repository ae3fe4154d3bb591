extension [EvaluationCase] {
  /// A detector's patient scores of the studies that it assessed, with lesion and without.
  func patientScores(_ detector: String) -> (positives: [Double], negatives: [Double]) {
    let scored = compactMap { item in
      item.scores[detector]?.patient.map { (score: $0, hasLesion: item.hasLesion) }
    }
    return (
      scored.filter(\.hasLesion).map(\.score), scored.filter { !$0.hasLesion }.map(\.score)
    )
  }

  /// The area under a detector's ROC curve, by patient; `nil` without studies of both kinds.
  func area(_ detector: String) -> Double? {
    let scores = patientScores(detector)
    return ROC.area(positives: scores.positives, negatives: scores.negatives)
  }
}
