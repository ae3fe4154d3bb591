/// Bootstrap intervals by patient, percentile method, seeded.
///
/// With one study of each patient the draws are stratified by truth, so that every resample has as
/// many positives as the cohort. Where patients have several studies, whole patients are drawn, each
/// with all of its studies.
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

  /// The cases drawn again with replacement, resample by resample, by patient.
  func resamples(of cases: [EvaluationCase]) -> [[EvaluationCase]] {
    var drawn: [[EvaluationCase]] = []
    forEachResample(groups: cases.map(\.group), isPositive: cases.map(\.hasLesion)) { indices in
      drawn.append(indices.map { cases[$0] })
    }
    return drawn
  }

  /// The intervals of several statistics of cases at once, each case weighted by how often it is
  /// drawn; `nil` for a statistic that no resample gives.
  ///
  /// - Parameters:
  ///   - groups: the patient of each case.
  ///   - statistics: the values for a weight per case; `nil` where a statistic has none.
  func intervals(
    groups: [String], isPositive: [Bool], statistics: (_ weights: [Int]) -> [Double?]
  ) -> [Interval?] {
    let estimates = statistics(Array(repeating: 1, count: groups.count))
    var drawn = [[Double]](repeating: [], count: estimates.count)
    forEachResample(groups: groups, isPositive: isPositive) { indices in
      var weights = [Int](repeating: 0, count: groups.count)
      for index in indices { weights[index] += 1 }
      for (index, value) in statistics(weights).enumerated() {
        if let value { drawn[index].append(value) }
      }
    }
    return zip(estimates, drawn).map { estimate, drawn in
      guard let estimate, !drawn.isEmpty else { return nil }
      return interval(estimate, drawn)
    }
  }

  /// The interval of a statistic of cases, given the indices drawn; draws without a value are left
  /// out. `nil` when the cases themselves have no value, or no draw.
  func interval(
    groups: [String], isPositive: [Bool], statistic: (_ indices: [Int]) -> Double?
  ) -> Interval? {
    guard let estimate = statistic(Array(groups.indices)) else { return nil }
    var drawn: [Double] = []
    forEachResample(groups: groups, isPositive: isPositive) { indices in
      if let value = statistic(indices) { drawn.append(value) }
    }
    return drawn.isEmpty ? nil : interval(estimate, drawn)
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

  /// Draws cases with replacement, by patient, once per resample.
  private func forEachResample(
    groups: [String], isPositive: [Bool], _ body: (_ indices: [Int]) -> Void
  ) {
    var random = RandomSource(seed: seed, stream: 0xB007)
    let strata = Self.strata(groups: groups, isPositive: isPositive)
    for _ in 0..<resamples {
      body(
        strata.flatMap { patients in
          patients.flatMap { _ in patients[random.below(patients.count)] }
        })
    }
  }

  /// The cases of each patient, in the sets that are drawn from separately.
  private static func strata(groups: [String], isPositive: [Bool]) -> [[[Int]]] {
    let members = Dictionary(grouping: groups.indices) { groups[$0] }
    guard members.count == groups.count else {
      return [members.keys.sorted().compactMap { members[$0] }]
    }
    return [true, false].map { truth in
      groups.indices.filter { isPositive[$0] == truth }.map { [$0] }
    }.filter { !$0.isEmpty }
  }
}
