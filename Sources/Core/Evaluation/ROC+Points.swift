extension ROC {
  /// One threshold's place on the curve.
  public struct Point: Equatable, Sendable {
    /// Share of the negatives at or above the threshold.
    public var falsePositiveRate: Double
    /// Share of the positives at or above the threshold.
    public var sensitivity: Double
  }

  /// The curve from (0, 0) to (1, 1), one point for each distinct score; empty when either side is.
  public static func points(positives: [Double], negatives: [Double]) -> [Point] {
    guard !positives.isEmpty, !negatives.isEmpty else { return [] }
    let all = (positives.map { ($0, true) } + negatives.map { ($0, false) })
      .sorted { $0.0 > $1.0 }
    var points = [Point(falsePositiveRate: 0, sensitivity: 0)]
    var (found, wrong) = (0, 0)
    for (index, item) in all.enumerated() {
      if item.1 { found += 1 } else { wrong += 1 }
      guard index + 1 == all.count || all[index + 1].0 != item.0 else { continue }
      points.append(
        Point(
          falsePositiveRate: Double(wrong) / Double(negatives.count),
          sensitivity: Double(found) / Double(positives.count)))
    }
    return points
  }

  /// The largest sensitivity that a curve reaches with no more false positives than a rate.
  static func sensitivity(at rate: Double, _ points: [Point]) -> Double {
    points.last { $0.falsePositiveRate <= rate + 1e-12 }?.sensitivity ?? 0
  }
}
