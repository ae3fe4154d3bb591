extension EvaluationCase {
  /// Makes a case from a stored detection and the truth.
  public init(
    detection: Detection, className: String, hasLesion: Bool, affected: Set<SpinalSegment>,
    known: Set<SpinalSegment> = Set(SpinalSegment.allCases), group: String? = nil
  ) {
    var scores: [String: Scores] = [:]
    for opinion in detection.opinions {
      scores[opinion.detector] = Scores(
        patient: opinion.patientScore, segments: opinion.segmentScores)
    }
    self.init(
      subject: detection.subject, className: className, hasLesion: hasLesion, affected: affected,
      known: known, group: group, scores: scores)
  }
}
