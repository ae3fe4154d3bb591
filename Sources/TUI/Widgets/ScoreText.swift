internal import Core
internal import Foundation

/// Numbers as the screens write them.
enum ScoreText {
  /// Decimals that tell scores from the threshold: two, or three for small thresholds.
  static func decimals(_ detection: Detection?) -> Int {
    guard let threshold = detection?.patient.threshold, threshold.isFinite else { return 2 }
    return threshold < 0.1 ? 3 : 2
  }

  /// A number with fixed decimals; "-" for none.
  static func number(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return "-" }
    let text = String(format: "%.\(decimals)f", value)
    // Not "-0.00".
    return text.hasPrefix("-") && !text.contains { "123456789".contains($0) }
      ? String(text.dropFirst()) : text
  }

  /// A grey value: whole numbers where they are large.
  static func grey(_ value: Float) -> String {
    guard value.isFinite else { return "-" }
    return abs(value) >= 20 ? String(format: "%.0f", value) : String(format: "%.2f", value)
  }

  /// A position along the body's axis: "+12.4 mm".
  static func millimetres(_ value: Double?, signed: Bool = false) -> String {
    guard let value, value.isFinite else { return "-" }
    return String(format: signed ? "%+.1f mm" : "%.1f mm", value)
  }
}
