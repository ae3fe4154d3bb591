internal import Foundation

/// Named scorings: a learned witness and the second opinion LC61 as one curve (decision 014).
///
/// A row counts for as much as both see in it: the geometric mean of the two where both are positive,
/// so that neither unit changes their order. The head's evidence is never 0, only small: a row that
/// stands far out of LC61 alone can still rise. U2AD's own scores stay as they are.
enum JointScoring {
  /// The joint curve on the rows that both curves have.
  static func curve(_ learned: AnoCurve, _ secondOpinion: AnoCurve) -> AnoCurve {
    let second = Dictionary(
      zip(secondOpinion.rows, secondOpinion.values), uniquingKeysWith: { first, _ in first })
    let shared = learned.rows.indices.filter { second[learned.rows[$0]] != nil }
    return AnoCurve(
      rows: shared.map { learned.rows[$0] }, zMM: shared.map { learned.zMM[$0] },
      values: shared.map { joint(learned.values[$0], second[learned.rows[$0]] ?? .nan) })
  }

  /// Log-odds as an evidence that is never negative: ln(1 + e^x).
  static func evidence(ofLogOdds curve: AnoCurve) -> AnoCurve {
    var curve = curve
    curve.values = curve.values.map { max($0, 0) + log1p(exp(-abs($0))) }
    return curve
  }

  /// The geometric mean where both are positive, else the smaller: continuous where either is 0.
  private static func joint(_ a: Float, _ b: Float) -> Float {
    a > 0 && b > 0 ? (a * b).squareRoot() : a.isNaN || b.isNaN ? .nan : min(a, b)
  }
}
