/// How the second opinion relates to the AI: on the patient and on the segments, never one for the other.
extension Detection {
  /// Whether the second opinion flags the patient and no segment: its whole-patient score reaches its
  /// threshold, no segment's score its own. Never so where it is part of the deciding score.
  public var secondOpinionFlagsPatientAlone: Bool {
    !includesSecondOpinion && secondOpinion?.flagged == true && secondOpinionSegments.isEmpty
  }

  /// "agrees with the AI on the patient; by segment it flags C5-6, the AI none"; that it is part of
  /// the deciding score; `nil` where either says nothing of the patient.
  public var secondOpinionRelation: String? {
    if includesSecondOpinion { return "part of the AI's score" }
    guard let agrees = secondOpinionAgrees else { return nil }
    let patient = "\(agrees ? "agrees" : "disagrees") with the AI on the patient"
    let (ours, theirs) = (flaggedSegments, secondOpinionSegments)
    if ours != theirs {
      return "\(patient); by segment it flags \(Self.list(theirs)), the AI \(Self.list(ours))"
    }
    if ours.isEmpty { return patient }
    return patient + (agrees ? " and on the segments" : ", agrees on the segments")
  }

  private static func list(_ segments: [SpinalSegment]) -> String {
    segments.isEmpty ? "none" : segments.map(\.name).joined(separator: " ")
  }
}
