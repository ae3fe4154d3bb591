/// Bootstrap intervals by patient, stratified by truth, percentile method, seeded.
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

  /// The interval of a mean of yes/no outcomes, such as a specificity.
  public func proportion(_ outcomes: [Bool]) -> Interval? {
    guard !outcomes.isEmpty else { return nil }
    let values = outcomes.map { $0 ? 1.0 : 0.0 }
    let mean = values.reduce(0, +) / Double(values.count)
    var random = RandomSource(seed: seed, stream: 0xB007)
    var drawn: [Double] = []
    for _ in 0..<resamples {
      var sum = 0.0
      for _ in values.indices { sum += values[random.below(values.count)] }
      drawn.append(sum / Double(values.count))
    }
    return interval(mean, drawn)
  }

  /// The cases drawn again with replacement, resample by resample, each stratum by itself.
  func resamples<Case>(of cases: [Case], strata: (Case) -> Bool) -> [[Case]] {
    var random = RandomSource(seed: seed, stream: 0xB007)
    let parts = [cases.filter(strata), cases.filter { !strata($0) }]
    return (0..<resamples).map { _ in
      parts.flatMap { part in part.map { _ in part[random.below(part.count)] } }
    }
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
    let p = Array(positives[0].indices)
    let n = Array(negatives[0].indices)
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
