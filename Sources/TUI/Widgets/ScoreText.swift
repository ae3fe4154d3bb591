internal import Core
internal import Foundation

/// Numbers as the screens write them.
enum ScoreText {
  /// The most decimals that columns have room for.
  private static let most = 3

  /// Decimals that tell the scores of patient and segments from their thresholds: two or three.
  static func decimals(_ detection: Detection?) -> Int {
    guard let detection else { return 2 }
    let patient = detection.patient
    let own = detection.segments.map { decimals($0.score, $0.threshold) }
    return max(decimals(patient.score, patient.threshold), own.max() ?? 2)
  }

  /// Decimals that tell a score from its threshold: two or three.
  static func decimals(_ score: Double?, _ threshold: Double?) -> Int {
    ScoreDecimals.needed(threshold, scores: [score], most: most)
  }

  /// A number with fixed decimals; "-" for none.
  static func number(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return "-" }
    let text = String(format: "%.\(decimals)f", value)
    // Not "-0.00".
    return text.hasPrefix("-") && !text.contains { "123456789".contains($0) }
      ? String(text.dropFirst()) : text
  }

  /// Cells of a score in a column: three decimals, or a sign and two.
  static let cells = 5

  /// A number in a column of so many cells: as many of the decimals as fit.
  static func number(_ value: Double?, _ decimals: Int, cells: Int) -> String {
    let texts = (0...max(decimals, 0)).reversed().map { number(value, $0) }
    return texts.first { $0.count <= cells } ?? DisplayText.fit(texts.last ?? "", cells)
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
