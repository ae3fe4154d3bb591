/// A study under two detectors, of which one should be ahead of the other and is behind it.
struct Discordance: Equatable, Sendable {
  /// What a detector makes of the study.
  struct Side: Equatable, Sendable {
    /// The patient score.
    var score: Double
    /// Pairs with studies of the other kind that are the wrong way round, equal scores by half.
    var wrongPairs: Double
  }

  /// The subject's identifier without "sub-".
  var subject: String
  /// Whether the study has a lesion.
  var hasLesion: Bool
  /// The patient.
  var group: String
  /// Studies of the other kind: without lesion where this one has one, with lesion where it has none.
  var others: Int
  /// Under the detector that should be ahead.
  var behind: Side
  /// Under the one that is.
  var ahead: Side

  /// Pairs that the detector that should be ahead loses on this study.
  var pairsLost: Double { behind.wrongPairs - ahead.wrongPairs }
}

extension [EvaluationCase] {
  /// What each study that both detectors assess adds to the difference between their areas, in their order.
  ///
  /// The area under the curve is the share of pairs (a study with lesion, one without) that are the right
  /// way round. The pairs lost on all studies with lesion together, and likewise on all without, are
  /// therefore the area of `ahead` less that of `behind`, times the number of pairs.
  ///
  /// - Parameters:
  ///   - behind: The name under which the cases hold the scores of the detector that should be ahead.
  ///   - ahead: That of the detector that is.
  func discordances(_ behind: String, ahead: String) -> [Discordance] {
    let assessed = filter { item in
      [behind, ahead].allSatisfy { item.scores[$0]?.patient != nil }
    }
    let (lower, higher) = (assessed.patientScores(behind), assessed.patientScores(ahead))
    return assessed.compactMap { item in
      guard let low = item.scores[behind]?.patient, let high = item.scores[ahead]?.patient else {
        return nil
      }
      let lowOthers = item.hasLesion ? lower.negatives : lower.positives
      let highOthers = item.hasLesion ? higher.negatives : higher.positives
      return Discordance(
        subject: item.subject, hasLesion: item.hasLesion, group: item.group,
        others: lowOthers.count,
        behind: .init(score: low, wrongPairs: item.wrongPairs(low, lowOthers)),
        ahead: .init(score: high, wrongPairs: item.wrongPairs(high, highOthers)))
    }
  }

  /// The studies on which the detector that should be ahead loses most pairs: one with lesion, one without,
  /// and of the patients that are not among these one more.
  ///
  /// Of equals the first; a study on which no pair is lost is none of them.
  func mostDiscordant(_ behind: String, ahead: String) -> [Discordance] {
    let losing = discordances(behind, ahead: ahead).filter { $0.pairsLost > 0 }
    func most(_ candidates: [Discordance]) -> Discordance? {
      let largest = candidates.map(\.pairsLost).max()
      return candidates.first { $0.pairsLost == largest }
    }
    var chosen: [Discordance] = []
    for hasLesion in [true, false] {
      if let study = most(losing.filter { $0.hasLesion == hasLesion }) { chosen.append(study) }
    }
    let patients = Set(chosen.map(\.group))
    if let study = most(losing.filter { !patients.contains($0.group) }) { chosen.append(study) }
    return chosen
  }
}
