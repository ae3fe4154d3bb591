extension Bootstrap {
  /// The intervals of several statistics of cases at once, each case weighted by how often it is
  /// drawn; `nil` for a statistic that no resample gives.
  ///
  /// With one case of each patient the draws are stratified by truth, so that every resample has as
  /// many positives as the cohort. Where patients have several, whole patients are drawn.
  /// - Parameters:
  ///   - groups: the patient of each case.
  ///   - statistics: the values for a weight per case; `nil` where a statistic has none.
  func intervals(
    groups: [String], isPositive: [Bool], statistics: (_ weights: [Int]) -> [Double?]
  ) -> [Interval?] {
    let estimates = statistics(Array(repeating: 1, count: groups.count))
    var drawn = [[Double]](repeating: [], count: estimates.count)
    var random = RandomSource(seed: seed, stream: 0xB007)
    let strata = Self.strata(groups: groups, isPositive: isPositive)
    var weights = [Int](repeating: 0, count: groups.count)
    for _ in 0..<resamples {
      for index in weights.indices { weights[index] = 0 }
      for patients in strata {
        for _ in patients.indices {
          for index in patients[random.below(patients.count)] { weights[index] += 1 }
        }
      }
      for (index, value) in statistics(weights).enumerated() {
        if let value { drawn[index].append(value) }
      }
    }
    return zip(estimates, drawn).map { estimate, drawn in
      guard let estimate, !drawn.isEmpty else { return nil }
      return interval(estimate, drawn)
    }
  }

  /// The cases of each patient, in the sets that are drawn from separately.
  static func strata(groups: [String], isPositive: [Bool]) -> [[[Int]]] {
    let members = Dictionary(grouping: groups.indices) { groups[$0] }
    guard members.count == groups.count else {
      return [members.keys.sorted().compactMap { members[$0] }]
    }
    return [true, false].map { truth in
      groups.indices.filter { isPositive[$0] == truth }.map { [$0] }
    }.filter { !$0.isEmpty }
  }
}
