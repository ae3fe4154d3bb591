/// The receiver operating characteristic of scores against truth; higher scores mean lesion.
public enum ROC {
  /// The area under the curve: the chance that a positive scores above a negative, ties half
  /// (Mann-Whitney); `nil` when either side is empty.
  ///
  /// - Complexity: O(n log n).
  public static func area(positives: [Double], negatives: [Double]) -> Double? {
    guard !positives.isEmpty, !negatives.isEmpty else { return nil }
    let all = positives.map { ($0, true) } + negatives.map { ($0, false) }
    let sorted = all.sorted { $0.0 < $1.0 }
    var doubledRankSum = 0
    var start = 0
    while start < sorted.count {
      var end = start
      var positivesInTie = 0
      while end < sorted.count, sorted[end].0 == sorted[start].0 {
        if sorted[end].1 { positivesInTie += 1 }
        end += 1
      }
      // Twice the mean rank of a tie from start + 1 to end stays a whole number.
      doubledRankSum += positivesInTie * (start + 1 + end)
      start = end
    }
    let p = positives.count
    let doubledU = doubledRankSum - p * (p + 1)
    return Double(doubledU) / (2 * Double(p) * Double(negatives.count))
  }

  /// The largest threshold t for which `score >= t` finds at least a share of the positives
  /// (method, section 7); `nil` without positives.
  public static func threshold(sensitivity: Double, positives: [Double]) -> Double? {
    guard !positives.isEmpty else { return nil }
    let needed = Int((sensitivity * Double(positives.count)).rounded(.up))
    return positives.sorted(by: >)[max(needed, 1) - 1]
  }

  /// The threshold with the largest F1 for `score >= t`; among equals the largest.
  public static func thresholdMaximisingF1(positives: [Double], negatives: [Double]) -> Double? {
    guard !positives.isEmpty else { return nil }
    let all = (positives.map { ($0, true) } + negatives.map { ($0, false) })
      .sorted { $0.0 > $1.0 }
    var best: (f1: Double, threshold: Double)?
    var counts = Confusion()
    counts.falseNegatives = positives.count
    counts.trueNegatives = negatives.count
    for (index, item) in all.enumerated() {
      if item.1 {
        counts.truePositives += 1
        counts.falseNegatives -= 1
      } else {
        counts.falsePositives += 1
        counts.trueNegatives -= 1
      }
      let isLastOfTie = index + 1 == all.count || all[index + 1].0 != item.0
      guard isLastOfTie, let f1 = counts.f1 else { continue }
      if f1 > best?.f1 ?? -1 { best = (f1, item.0) }
    }
    return best?.threshold
  }
}
