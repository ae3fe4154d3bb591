/// Counts of decisions against truth, and the rates made of them; a rate without cases is `nil`.
public struct Confusion: Equatable, Sendable {
  /// Lesions found.
  public var truePositives = 0
  /// Lesion-free cases flagged.
  public var falsePositives = 0
  /// Lesion-free cases left alone.
  public var trueNegatives = 0
  /// Lesions missed.
  public var falseNegatives = 0

  /// No cases yet.
  public init() {}

  /// Adds one decision.
  public mutating func add(flagged: Bool, truth: Bool) {
    switch (flagged, truth) {
    case (true, true): truePositives += 1
    case (true, false): falsePositives += 1
    case (false, false): trueNegatives += 1
    case (false, true): falseNegatives += 1
    }
  }

  /// Adds the counts of others, each counted `times` times.
  mutating func add(_ other: Confusion, times: Int = 1) {
    truePositives += times * other.truePositives
    falsePositives += times * other.falsePositives
    trueNegatives += times * other.trueNegatives
    falseNegatives += times * other.falseNegatives
  }

  /// Cases counted.
  public var count: Int { truePositives + falsePositives + trueNegatives + falseNegatives }
  /// Share of lesions found (recall).
  public var sensitivity: Double? { rate(truePositives, truePositives + falseNegatives) }
  /// Share of lesion-free cases left alone.
  public var specificity: Double? { rate(trueNegatives, trueNegatives + falsePositives) }
  /// Share of right decisions.
  public var accuracy: Double? { rate(truePositives + trueNegatives, count) }
  /// Harmonic mean of precision and recall.
  public var f1: Double? {
    rate(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives)
  }

  private func rate(_ part: Int, _ whole: Int) -> Double? {
    whole == 0 ? nil : Double(part) / Double(whole)
  }
}
