/// A step of the order that a suite expects of its arms, where it does not hold (results 009).
struct FailedStep: Sendable {
  /// The areas under the curve of both arms.
  struct Areas: Equatable, Sendable {
    /// Of the arm that should be ahead.
    var behind: Double
    /// Of the arm that is.
    var ahead: Double
  }

  /// The arm that should be ahead.
  var arm: String
  /// The arm that is ahead of it.
  var base: String
  /// The scoring in which the step fails.
  var scoring: StudyDetector.Scoring
  /// Means over the training seeds, as the tables tell them.
  var means: Areas
  /// The first training seed with whose networks the step fails.
  var seed: UInt64
  /// The areas with that seed alone.
  var own: Areas
  /// The name under which the cases hold the scores of `arm` with that seed.
  var behind: String
  /// The name under which the cases hold the scores of `base` with that seed.
  var ahead: String
  /// Studies that all networks of both arms assess.
  var cases: [EvaluationCase]

  /// The start of the names of all figures of such steps.
  static let figurePrefix = "discordant-"

  /// The name of its figure: "discordant-3-both-behind-2-clinical-only-core".
  var figureName: String {
    let words = [arm, "behind", base, scoring.rawValue].map { part in
      part.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        .joined(separator: "-")
    }
    return Self.figurePrefix + words.joined(separator: "-")
  }
}

extension ExperimentResult {
  /// The steps of the suite's order that fail in any scoring of the table.
  ///
  /// A step fails where the area of the arm that should be ahead is the smaller one by the three decimals
  /// that the tables have, whether or not an interval tells the two apart.
  func failedSteps() -> [FailedStep] {
    guard suite.hasExpectedOrder else { return [] }
    let arms = suite.arms(scale)
    let scorings = StudyDetector.Scoring.allCases.filter {
      arms.first?.reported.contains($0.detectorName) == true
    }
    return suite.pairs(arms).flatMap { arm, base in
      scorings.compactMap { failure(of: arm, against: base, $0) }
    }
  }

  private func failure(
    of arm: String, against base: String, _ scoring: StudyDetector.Scoring
  ) -> FailedStep? {
    guard let first = runs(arm, scoring.detectorName),
      let second = runs(base, scoring.detectorName),
      first.count == second.count, first.count == scale.seeds.count
    else { return nil }
    let compared = cases.filter { item in
      (first + second).allSatisfy { item.scores[$0]?.patient != nil }
    }
    let areas = zip(first, second).compactMap { low, high -> FailedStep.Areas? in
      guard let behind = compared.area(low), let ahead = compared.area(high) else { return nil }
      return FailedStep.Areas(behind: behind, ahead: ahead)
    }
    guard areas.count == first.count,
      let shown = areas.firstIndex(where: { $0.behind < $0.ahead })
    else { return nil }
    let count = Double(areas.count)
    let means = FailedStep.Areas(
      behind: areas.reduce(0) { $0 + $1.behind } / count,
      ahead: areas.reduce(0) { $0 + $1.ahead } / count)
    guard ((means.behind - means.ahead) * 1000).rounded() < 0 else { return nil }
    return FailedStep(
      arm: arm, base: base, scoring: scoring, means: means, seed: scale.seeds[shown],
      own: areas[shown], behind: first[shown], ahead: second[shown], cases: compared)
  }
}
