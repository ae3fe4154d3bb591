extension [EvaluationCase] {
  /// The studies to show where patients have several, of which the first would all be one patient's: of
  /// each patient the one that a detector gets most wrong, the worst first.
  ///
  /// - Parameter detector: The name under which the cases hold its scores.
  /// - Returns: Subjects; `nil` where every patient has one study, or the detector assessed none.
  public func shownOfSeveral(_ detector: String) -> [String]? {
    guard Set(map(\.group)).count < count else { return nil }
    let worst = worstOfEachPatient(detector)
    return worst.isEmpty ? nil : worst
  }

  /// Of each patient the study that a detector gets most wrong, the worst first.
  ///
  /// How wrong a study is: the share of the studies of the other kind (without lesion where it has one,
  /// with lesion where it has none) that its score is on the wrong side of, equal scores by half. These
  /// are the pairs that the area under the curve misses. Of equally wrong studies the first is taken;
  /// those that the detector did not assess are left out.
  ///
  /// - Parameter detector: The name under which the cases hold its scores.
  /// - Returns: Subjects.
  func worstOfEachPatient(_ detector: String) -> [String] {
    let (positives, negatives) = patientScores(detector)
    var worst: [(group: String, subject: String, share: Double)] = []
    for item in self {
      guard let score = item.scores[detector]?.patient else { continue }
      let others = item.hasLesion ? negatives : positives
      let share =
        others.isEmpty ? 0 : item.wrongPairs(score, others) / Double(others.count)
      guard let known = worst.firstIndex(where: { $0.group == item.group }) else {
        worst.append((item.group, item.subject, share))
        continue
      }
      if share > worst[known].share { worst[known] = (item.group, item.subject, share) }
    }
    return worst.enumerated().sorted {
      ($1.element.share, $0.offset) < ($0.element.share, $1.offset)
    }.map { $0.element.subject }
  }
}

extension EvaluationCase {
  /// How many studies of the other kind (without lesion where this one has one, with lesion where it has none)
  /// a score is on the wrong side of, equal scores by half.
  func wrongPairs(_ score: Double, _ others: [Double]) -> Double {
    others.reduce(0.0) { sum, other in
      sum + (other == score ? 0.5 : (other > score) == hasLesion ? 1 : 0)
    }
  }
}
