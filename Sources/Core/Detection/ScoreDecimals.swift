internal import Foundation

/// Scores and thresholds in words, in as many decimals as tell one from the other.
public enum ScoreDecimals {
  /// Two decimals, three for thresholds under 0.1, and more, up to `most`, while a score on the other side
  /// of its threshold reads like it: 0.1028 beside 0.1031.
  public static func needed(
    _ threshold: Double?, scores: [Double?] = [], most: Int = 6
  ) -> Int {
    guard let threshold, threshold.isFinite else { return 2 }
    var decimals = abs(threshold) < 0.1 ? 3 : 2
    let under = scores.compactMap(\.self).filter { $0.isFinite && $0 < threshold }
    while decimals < most,
      under.contains(where: { fixed($0, decimals) == fixed(threshold, decimals) })
    {
      decimals += 1
    }
    return decimals
  }

  /// A score or threshold as it stands beside the other; "-" for none.
  static func text(_ value: Double?, threshold: Double, beside score: Double? = nil) -> String {
    guard let value, value.isFinite else { return "-" }
    return fixed(value, needed(threshold, scores: [value, score]))
  }

  private static func fixed(_ value: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }
}
