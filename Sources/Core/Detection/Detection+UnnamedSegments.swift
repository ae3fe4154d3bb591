/// Studies whose segments have no names: a score of the whole cord, and no call.
///
/// The highest value of a whole cord, brain stem and chest included, lies above that of its segments C2-3 to
/// C7-T1, in healthy necks too, and the thresholds of cards and of `calibrate` come from studies whose segments
/// are named. No calibration exists for the whole cord, so nothing is said of such a patient but the score.
extension Detection {
  /// How the reason begins where a score has no call.
  public static let notBySegment = "not assessed by segment: levels missing"

  /// The detection without a call that rests on the whole cord; files of earlier versions have one.
  var callingNamedSegmentsOnly: Detection {
    guard patient.assessable, patient.score != nil, !segments.contains(where: \.assessable) else {
      return self
    }
    var result = self
    result.patient.assessable = false
    result.patient.flagged = false
    result.patient.reason = Self.uncalled(patient.reason)
    for index in opinions.indices where opinions[index].segmentScores.allSatisfy({ $0 == nil }) {
      result.opinions[index].flagged = nil
    }
    return result
  }

  private static func uncalled(_ reason: String?) -> String {
    let start = "levels-missing: "
    let score =
      reason.flatMap { $0.hasPrefix(start) ? String($0.dropFirst(start.count)) : nil }
      ?? "the score is the maximum over the whole cord"
    return "\(notBySegment); \(score), for which no threshold is calibrated"
  }
}

extension Detection.Patient {
  /// Whether there is a score without a call: neither flagged nor not.
  public var isUncalled: Bool { !assessable && score != nil }

  /// The clause of the reason that names segments without a score: "not assessable: C5-6, C7-T1".
  static func unseen(_ segments: [String]) -> String {
    "not assessable: \(segments.joined(separator: ", "))"
  }
}
