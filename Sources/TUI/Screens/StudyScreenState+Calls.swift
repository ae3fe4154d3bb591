internal import Core

/// What the AI says of the rows of the ladder, as far as it is shown.
extension StudyScreenState {
  /// The AI's result of a segment.
  func assessment(_ target: ReviewTarget) -> Detection.Segment? {
    guard let segment = target.segment, let segments = detection?.segments else { return nil }
    return segments.first { $0.name == segment.name }
  }

  /// Segments that could be assessed.
  var assessable: [SpinalSegment] {
    (study.detection?.segments ?? []).filter(\.assessable).compactMap {
      SpinalSegment(name: $0.name)
    }
  }

  /// Whether the AI flags a row.
  func isFlagged(_ target: ReviewTarget) -> Bool {
    switch target {
    case .segment: assessment(target).map { $0.assessable && $0.flagged } ?? false
    case .study: detection.map { $0.patient.assessable && $0.patient.flagged } ?? false
    }
  }

  /// The segment at which the patient's score is over its threshold although no segment is over its
  /// own: the patient's threshold may be the lower one.
  var patientPeak: Detection.Segment? {
    guard isFlagged(.study) else { return nil }
    let seen = (detection?.segments ?? []).filter { $0.assessable && $0.score != nil }
    guard !seen.contains(where: \.flagged) else { return nil }
    return seen.max { ($0.score ?? 0) < ($1.score ?? 0) }
  }

  /// Whether a row is to be looked at first: the AI flags it, or the patient because of it.
  func isFinding(_ target: ReviewTarget) -> Bool {
    if isFlagged(target) { return true }
    return target.segment.map { $0.name == patientPeak?.name } ?? false
  }

  /// The rows to be looked at first.
  var findings: [ReviewTarget] { rows.filter { isFinding($0) } }

  /// Whether the AI's result that is shown was made on another image, or on other labels, than those that stand.
  var hasOutdatedDetection: Bool { detection?.quality.tellOfOutdatedDetection ?? false }

  /// Whether the AI says anything of a row.
  func hasCall(_ target: ReviewTarget) -> Bool {
    switch target {
    case .segment: assessment(target)?.assessable ?? false
    case .study: detection?.patient.assessable ?? false
    }
  }

  /// The score of the study's row where it has one without a call: that of the whole cord.
  func uncalledScore(_ target: ReviewTarget) -> Double? {
    guard target == .study, let patient = detection?.patient, patient.isUncalled else { return nil }
    return patient.score
  }
}
