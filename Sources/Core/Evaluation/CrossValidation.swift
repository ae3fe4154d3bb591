/// Decisions on test folds with thresholds from the other folds, repeated (method, section 7).
public struct CrossValidation: Sendable {
  /// A figure's mean and standard deviation over the repeats.
  public struct Spread: Equatable, Sendable {
    /// Mean over the repeats.
    public var mean: Double
    /// Standard deviation over the repeats (n - 1).
    public var deviation: Double
  }

  /// The figures of one detector.
  public struct Figures: Equatable, Sendable {
    /// Patient decisions: threshold at sensitivity 0.9 on the calibration folds.
    public var accuracy, sensitivity, specificity, f1: Spread?
    /// Decisions on all six segments: threshold with the largest F1 on the calibration folds.
    public var segmentF1, segmentRecall, segmentSpecificity: Spread?
    /// The paper's variant: one decision per patient, on the segment with the highest score.
    public var topSegmentF1, topSegmentRecall, topSegmentSpecificity: Spread?
    /// Share of lesion-free patients left alone, per class, pooled over folds and repeats.
    public var specificityByClass: [String: Double] = [:]
    /// Share of lesion patients found, per class, pooled over folds and repeats.
    public var sensitivityByClass: [String: Double] = [:]
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
  public func figures(of detector: String, on cases: [EvaluationCase]) -> Figures {
    let assessed = cases.filter { $0.scores[detector]?.patient != nil }
    var tallies: [Tally] = []
    for number in 0..<repeats {
      tallies.append(tally(detector, assessed, seed: seed &+ UInt64(number)))
    }
    return Figures(tallies)
  }

  fileprivate func tally(_ detector: String, _ cases: [EvaluationCase], seed: UInt64) -> Tally {
    let assignment = Folds.assign(strata: cases.map(\.className), count: folds, seed: seed)
    var tally = Tally()
    for fold in 0..<folds {
      let calibration = cases.indices.filter { assignment[$0] != fold }.map { cases[$0] }
      let test = cases.indices.filter { assignment[$0] == fold }.map { cases[$0] }
      let patientThreshold = ROC.threshold(
        sensitivity: sensitivity,
        positives: calibration.filter(\.hasLesion).compactMap { $0.scores[detector]?.patient })
      let segments = calibration.flatMap { $0.segmentOutcomes(of: detector) }
      let segmentThreshold = ROC.thresholdMaximisingF1(
        positives: segments.filter(\.truth).map(\.score),
        negatives: segments.filter { !$0.truth }.map(\.score))
      guard let patientThreshold, let segmentThreshold else { continue }
      for item in test {
        tally.add(
          item, detector, patientThreshold: patientThreshold, segmentThreshold: segmentThreshold)
      }
    }
    return tally
  }

  /// The counts of one repeat.
  fileprivate struct Tally {
    var patients = Confusion()
    var segments = Confusion()
    var topSegments = Confusion()
    var byClass: [String: Confusion] = [:]

    mutating func add(
      _ item: EvaluationCase, _ detector: String, patientThreshold: Double,
      segmentThreshold: Double
    ) {
      guard let score = item.scores[detector]?.patient else { return }
      let flagged = score >= patientThreshold
      patients.add(flagged: flagged, truth: item.hasLesion)
      byClass[item.className, default: Confusion()].add(flagged: flagged, truth: item.hasLesion)
      let outcomes = item.segmentOutcomes(of: detector)
      for outcome in outcomes {
        segments.add(flagged: outcome.score >= segmentThreshold, truth: outcome.truth)
      }
      guard let top = outcomes.max(by: { $0.score < $1.score }) else { return }
      // A flag on a wrong level finds nothing: it counts as the lesion missed.
      let topFlagged = top.score >= segmentThreshold && (top.truth || !item.hasLesion)
      topSegments.add(flagged: topFlagged, truth: item.hasLesion)
    }
  }
}

extension CrossValidation.Figures {
  fileprivate init(_ tallies: [CrossValidation.Tally]) {
    func spread(_ rate: (CrossValidation.Tally) -> Double?) -> CrossValidation.Spread? {
      let values = tallies.compactMap(rate)
      guard !values.isEmpty else { return nil }
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : 0
      return CrossValidation.Spread(mean: mean, deviation: deviation)
    }
    accuracy = spread(\.patients.accuracy)
    sensitivity = spread(\.patients.sensitivity)
    specificity = spread(\.patients.specificity)
    f1 = spread(\.patients.f1)
    segmentF1 = spread(\.segments.f1)
    segmentRecall = spread(\.segments.sensitivity)
    segmentSpecificity = spread(\.segments.specificity)
    topSegmentF1 = spread(\.topSegments.f1)
    topSegmentRecall = spread(\.topSegments.sensitivity)
    topSegmentSpecificity = spread(\.topSegments.specificity)
    for name in Set(tallies.flatMap { $0.byClass.keys }) {
      specificityByClass[name] = spread { $0.byClass[name]?.specificity }?.mean
      sensitivityByClass[name] = spread { $0.byClass[name]?.sensitivity }?.mean
    }
  }
}

extension EvaluationCase {
  /// Score and truth of every segment the detector could assess.
  func segmentOutcomes(of detector: String) -> [(score: Double, truth: Bool)] {
    guard let segments = scores[detector]?.segments else { return [] }
    return zip(SpinalSegment.allCases, segments).compactMap { segment, score in
      score.map { ($0, affected.contains(segment)) }
    }
  }
}
