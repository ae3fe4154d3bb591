extension EvaluationCase {
  /// Makes a case from a stored detection and the truth.
  public init(
    detection: Detection, className: String, hasLesion: Bool, affected: Set<SpinalSegment>,
    known: Set<SpinalSegment> = Set(SpinalSegment.allCases), group: String? = nil
  ) {
    self.init(
      subject: detection.subject, className: className, hasLesion: hasLesion, affected: affected,
      known: known, group: group, scores: detection.scores)
  }
}

extension Detection {
  /// The scores of every detector, by its name. Those of a whole cord are no patient's score: they are
  /// higher than those of segments, and no threshold is for them.
  var scores: [String: EvaluationCase.Scores] {
    Dictionary(
      opinions.map {
        (
          $0.detector,
          EvaluationCase.Scores(
            patient: patient.isUncalled ? nil : $0.patientScore, segments: $0.segmentScores)
        )
      }, uniquingKeysWith: { $1 })
  }
}
