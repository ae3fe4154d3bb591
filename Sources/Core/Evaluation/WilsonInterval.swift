/// The score interval of a proportion (Wilson, J. Am. Stat. Assoc. 22, 1927), 95 %.
public struct WilsonInterval: Codable, Equatable, Sendable {
  /// Successes.
  public var count: Int
  /// Trials.
  public var total: Int
  /// Lower bound.
  public var lower: Double
  /// Upper bound.
  public var upper: Double

  /// The normal distribution's 97.5 % quantile.
  private static let z = 1.959_963_984_540_054

  /// The interval of `count` successes in `total` trials; 0...1 without trials.
  public init(_ count: Int, of total: Int) {
    self.count = count
    self.total = total
    guard total > 0 else {
      (lower, upper) = (0, 1)
      return
    }
    let n = Double(total)
    let p = Double(count) / n
    let z2 = Self.z * Self.z
    let centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    let half = Self.z / (1 + z2 / n) * (p * (1 - p) / n + z2 / (4 * n * n)).squareRoot()
    lower = max(0, centre - half)
    upper = min(1, centre + half)
  }

  /// The proportion, or `nil` without trials.
  public var share: Double? { total > 0 ? Double(count) / Double(total) : nil }

  /// Such as "27 of 30, 0.90 [0.74..0.97]".
  public var words: String {
    guard let share else { return "none" }
    return "\(count) of \(total), \(two(share)) [\(two(lower))..\(two(upper))]"
  }

  private func two(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}
