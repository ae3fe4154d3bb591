extension EvaluationCase {
  /// Makes a case from a stored detection and the truth.
  public init(
    detection: Detection, className: String, hasLesion: Bool, affected: Set<SpinalSegment>
  ) {
    var scores: [String: Scores] = [:]
    for opinion in detection.opinions {
      scores[opinion.detector] = Scores(
        patient: opinion.patientScore, segments: opinion.segmentScores)
    }
    self.init(
      subject: detection.subject, className: className, hasLesion: hasLesion, affected: affected,
      scores: scores)
  }
}
