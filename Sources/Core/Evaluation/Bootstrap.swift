/// Bootstrap intervals by patient, percentile method, seeded.
///
/// With one study of each patient the draws are stratified by truth. Where patients have several
/// studies, whole patients are drawn, each with all of its studies.
public struct Bootstrap: Sendable {
  /// An estimate with its interval.
  public struct Interval: Equatable, Sendable {
    /// The estimate on the cases as they are.
    public var estimate: Double
    /// Lower bound.
    public var lower: Double
    /// Upper bound.
    public var upper: Double
  }

  /// One study's scores by the detectors compared.
  public struct Sample: Equatable, Sendable {
    /// The score of each detector.
    public var scores: [Double]
    /// Whether the study holds a lesion.
    public var isPositive: Bool
    /// The patient.
    public var group: String

    /// Makes a sample.
    public init(scores: [Double], isPositive: Bool, group: String) {
      self.scores = scores
      self.isPositive = isPositive
      self.group = group
    }
  }

  /// Resamples drawn.
  public var resamples: Int
  /// Seed of the resampling.
  public var seed: UInt64
  /// Coverage, such as 0.95.
  public var coverage: Double

  /// Makes a bootstrap.
  public init(resamples: Int = 2000, seed: UInt64 = 1, coverage: Double = 0.95) {
    self.resamples = resamples
    self.seed = seed
    self.coverage = coverage
  }

  /// The interval of an area under the curve.
  public func area(positives: [Double], negatives: [Double]) -> Interval? {
    areas(positives: [positives], negatives: [negatives]) { $0[0] }
  }

  /// The interval of the difference of two areas on the same patients: first minus second.
  ///
  /// - Parameters:
  ///   - positives: scores of both detectors on each lesion patient.
  ///   - negatives: scores of both detectors on each lesion-free patient.
  public func areaDifference(
    positives: [(Double, Double)], negatives: [(Double, Double)]
  ) -> Interval? {
    areas(
      positives: [positives.map(\.0), positives.map(\.1)],
      negatives: [negatives.map(\.0), negatives.map(\.1)]
    ) { $0[0] - $0[1] }
  }

  /// The cases drawn again with replacement, resample by resample, by patient.
  func resamples(of cases: [EvaluationCase]) -> [[EvaluationCase]] {
    var random = RandomSource(seed: seed, stream: 0xB007)
    let strata = Self.strata(groups: cases.map(\.group), isPositive: cases.map(\.hasLesion))
    return (0..<resamples).map { _ in
      strata.flatMap { patients in
        patients.flatMap { _ in patients[random.below(patients.count)].map { cases[$0] } }
      }
    }
  }

  /// The interval of the mean area under the curve of all scores that the samples hold (those of one
  /// detector, or of its repetitions), by patient.
  public func area(_ samples: [Sample]) -> Interval? {
    areas(samples, detectors: samples.first?.scores.count ?? 0, combine: Self.mean)
  }

  /// The interval of the difference of two detectors' areas, first minus second, by patient; each is
  /// the mean over its repetitions.
  ///
  /// - Parameter first: How many of the scores are the first detector's; the rest are the second's.
  public func areaDifference(_ samples: [Sample], first: Int = 1) -> Interval? {
    areas(samples, detectors: samples.first?.scores.count ?? 0) {
      Self.mean($0.prefix(first)) - Self.mean($0.dropFirst(first))
    }
  }

  private static func mean(_ values: some Collection<Double>) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  /// The interval of a mean over studies, by patient; `nil` without values.
  public func mean(_ values: [(value: Double, group: String)]) -> Interval? {
    byGroup(Dictionary(grouping: values.indices) { values[$0].group }) { drawn in
      drawn.isEmpty ? nil : drawn.reduce(0) { $0 + values[$1].value } / Double(drawn.count)
    }
  }

  private func areas(
    _ samples: [Sample], detectors: Int, combine: ([Double]) -> Double
  ) -> Interval? {
    guard !samples.isEmpty, detectors > 0 else { return nil }
    let members = Dictionary(grouping: samples.indices) { samples[$0].group }
    if members.count == samples.count {
      func scores(_ isPositive: Bool) -> [[Double]] {
        (0..<detectors).map { detector in
          samples.filter { $0.isPositive == isPositive }.map { $0.scores[detector] }
        }
      }
      return areas(positives: scores(true), negatives: scores(false), combine: combine)
    }
    func statistic(_ drawn: [Int]) -> Double? {
      var areas: [Double] = []
      for detector in 0..<detectors {
        let positives = drawn.filter { samples[$0].isPositive }
        let negatives = drawn.filter { !samples[$0].isPositive }
        guard
          let area = ROC.area(
            positives: positives.map { samples[$0].scores[detector] },
            negatives: negatives.map { samples[$0].scores[detector] })
        else { return nil }
        areas.append(area)
      }
      return combine(areas)
    }
    return byGroup(members, statistic)
  }

  /// The interval of a statistic of samples, drawn by whole groups; draws without a value are left
  /// out.
  func byGroup(
    _ members: [String: [Int]], _ statistic: ([Int]) -> Double?
  ) -> Interval? {
    let groups = members.keys.sorted().compactMap { members[$0] }
    guard let estimate = statistic(groups.flatMap(\.self).sorted()) else { return nil }
    var random = RandomSource(seed: seed, stream: 0xB007)
    var drawn: [Double] = []
    for _ in 0..<resamples {
      let indices = groups.indices.flatMap { _ in groups[random.below(groups.count)] }
      if let value = statistic(indices) { drawn.append(value) }
    }
    return drawn.isEmpty ? nil : interval(estimate, drawn)
  }

  private func areas(
    positives: [[Double]], negatives: [[Double]], combine: ([Double]) -> Double
  ) -> Interval? {
    func statistic(_ p: [Int], _ n: [Int]) -> Double? {
      var areas: [Double] = []
      for (detectorP, detectorN) in zip(positives, negatives) {
        guard
          let area = ROC.area(
            positives: p.map { detectorP[$0] }, negatives: n.map { detectorN[$0] })
        else { return nil }
        areas.append(area)
      }
      return combine(areas)
    }
    guard let p = positives.first.map({ Array($0.indices) }),
      let n = negatives.first.map({ Array($0.indices) })
    else { return nil }
    guard let estimate = statistic(p, n) else { return nil }
    var random = RandomSource(seed: seed, stream: 0xB007)
    var drawn: [Double] = []
    for _ in 0..<resamples {
      let resampledP = p.map { _ in random.below(p.count) }
      let resampledN = n.map { _ in random.below(n.count) }
      if let value = statistic(resampledP, resampledN) { drawn.append(value) }
    }
    return interval(estimate, drawn)
  }

  /// The percentile interval of drawn values; the estimate alone when none was drawn.
  func interval(_ estimate: Double, _ drawn: [Double]) -> Interval {
    guard !drawn.isEmpty else {
      return Interval(estimate: estimate, lower: estimate, upper: estimate)
    }
    let sorted = drawn.sorted()
    let tail = (1 - coverage) / 2
    func quantile(_ q: Double) -> Double {
      let place = q * Double(sorted.count - 1)
      let low = Int(place)
      let high = min(low + 1, sorted.count - 1)
      return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
    }
    return Interval(estimate: estimate, lower: quantile(tail), upper: quantile(1 - tail))
  }
}
