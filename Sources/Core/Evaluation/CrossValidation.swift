/// Decisions on test folds with thresholds from the other folds, repeated (method, section 7).
public struct CrossValidation: Sendable {
  /// A figure's mean and standard deviation over the repeats, and its interval by patient.
  public struct Spread: Equatable, Sendable {
    /// Mean over the repeats.
    public var mean: Double
    /// Standard deviation over the repeats (n - 1): what other folds would change.
    public var deviation: Double
    /// Bootstrap interval by patient of the mean: what other patients would change. The thresholds
    /// of the folds are kept; `nil` where no resample gives the figure.
    public var interval: Bootstrap.Interval?
  }

  /// The figures of one detector.
  public struct Figures: Equatable, Sendable {
    /// Patient decisions: threshold at sensitivity 0.9 on the calibration folds.
    public var accuracy, sensitivity, specificity, f1: Spread?
    /// Decisions on all six segments: threshold with the largest F1 on the calibration folds.
    public var segmentF1, segmentRecall, segmentSpecificity: Spread?
    /// The paper's variant: one decision per patient, on the segment with the highest score.
    public var topSegmentF1, topSegmentRecall, topSegmentSpecificity: Spread?
    /// Share of lesion-free patients left alone, per class.
    public var specificityByClass: [String: Spread] = [:]
    /// Share of lesion patients found, per class.
    public var sensitivityByClass: [String: Spread] = [:]
  }

  /// Number of folds.
  public var folds: Int
  /// Number of repeats with other fold assignments.
  public var repeats: Int
  /// Wanted sensitivity of the patient threshold.
  public var sensitivity: Double
  /// Seed of the first repeat.
  public var seed: UInt64

  /// Makes a plan; the defaults are the paper's.
  public init(folds: Int = 5, repeats: Int = 20, sensitivity: Double = 0.9, seed: UInt64 = 1) {
    self.folds = folds
    self.repeats = repeats
    self.sensitivity = sensitivity
    self.seed = seed
  }

  /// The figures of a detector over cases it could assess.
  ///
  /// - Parameter detectors: The detector's name, or those of its repetitions, whose decisions count
  ///   as further repeats.
  public func figures(
    of detectors: [String], on cases: [EvaluationCase], bootstrap: Bootstrap = Bootstrap()
  ) -> Figures {
    let assessed = Self.assessed(cases, by: detectors)
    return Figures(decisions(of: detectors, on: assessed), on: assessed, bootstrap: bootstrap)
  }

  /// The patient F1 of some detectors less that of others, each the mean over its repetitions and
  /// repeats, on cases that all of them assess; by patient, the folds' thresholds as they are.
  func f1Difference(
    _ first: [String], less second: [String], on cases: [EvaluationCase], bootstrap: Bootstrap
  ) -> Bootstrap.Interval? {
    let assessed = Self.assessed(cases, by: first + second)
    let sides = [first, second].map { decisions(of: $0, on: assessed) }
    let differences = bootstrap.intervals(
      groups: assessed.map(\.group), isPositive: assessed.map(\.hasLesion)
    ) { weights in
      let means = sides.map { side in
        let values = side.sums(weights: weights).compactMap(\.patient.f1)
        return values.isEmpty ? Double.nan : values.reduce(0, +) / Double(values.count)
      }
      let difference = means[0] - means[1]
      return [difference.isFinite ? difference : nil]
    }
    return differences.first ?? nil
  }

  private static func assessed(
    _ cases: [EvaluationCase], by detectors: [String]
  ) -> [EvaluationCase] {
    cases.filter { item in detectors.allSatisfy { item.scores[$0]?.patient != nil } }
  }

  private func decisions(of detectors: [String], on cases: [EvaluationCase]) -> FoldDecisions {
    FoldDecisions(
      repeats: detectors.flatMap { detector in
        (0..<repeats).map { decide(detector, cases, seed: seed &+ UInt64($0)) }
      })
  }

  /// What each case adds to the counts of one repeat; nothing where its fold has no threshold.
  private func decide(
    _ detector: String, _ cases: [EvaluationCase], seed: UInt64
  ) -> [FoldDecisions.Counts] {
    let assignment = Folds.assign(
      strata: cases.map(\.className), groups: cases.map(\.group), count: folds, seed: seed)
    var counts = [FoldDecisions.Counts](repeating: .init(), count: cases.count)
    for fold in 0..<folds {
      let calibration = cases.indices.filter { assignment[$0] != fold }.map { cases[$0] }
      let patientThreshold = ROC.threshold(
        sensitivity: sensitivity,
        positives: calibration.filter(\.hasLesion).compactMap { $0.scores[detector]?.patient })
      let segments = calibration.flatMap { $0.segmentOutcomes(of: detector) }
      let segmentThreshold = ROC.thresholdMaximisingF1(
        positives: segments.filter(\.truth).map(\.score),
        negatives: segments.filter { !$0.truth }.map(\.score))
      for index in cases.indices where assignment[index] == fold {
        counts[index] = FoldDecisions.Counts(
          cases[index], detector, patientThreshold: patientThreshold,
          segmentThreshold: segmentThreshold)
      }
    }
    return counts
  }
}

extension EvaluationCase {
  /// Score and truth of every segment that the detector could assess and that has truth.
  func segmentOutcomes(of detector: String) -> [(score: Double, truth: Bool)] {
    guard let segments = scores[detector]?.segments else { return [] }
    return zip(SpinalSegment.allCases, segments).compactMap { segment, score in
      known.contains(segment) ? score.map { ($0, affected.contains(segment)) } : nil
    }
  }
}
