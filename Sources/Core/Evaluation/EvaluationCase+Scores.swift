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
}
