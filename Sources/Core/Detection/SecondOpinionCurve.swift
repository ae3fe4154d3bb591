/// The second opinion's (LC61's) curve as it is drawn beside the AnoCurve, row by row.
///
/// The two have other units under most scorings and thresholds of their own under all, so that they
/// cannot share an axis as they are. LC61 is drawn in units of its own threshold, times that of the
/// AnoCurve at the same row: scaled = value / LC61's threshold x deciding threshold. Its own
/// threshold then lies on the line of the other, in segments (segment thresholds) as outside of them
/// (patient thresholds).
public struct SecondOpinionCurve: Equatable, Sendable {
  /// LC61's value of each row in cord-to-CSF steps; `nil` on a row that it has none of.
  public var values: [Double?]
  /// LC61's threshold at each row, in the same unit.
  public var thresholds: [Double]
  /// The values on the AnoCurve's axis; `nil` on a row that has none.
  public var scaled: [Double?]
}

extension Detection {
  /// The second opinion's curve beside a curve of this detection.
  ///
  /// - Returns: `nil` where nothing can be drawn: the detection is from before the curve was kept,
  ///   LC61 has no value on these rows or no thresholds, or a threshold is no unit because it is
  ///   not positive, as one of log-odds may be.
  public func secondOpinionCurve(beside curve: Curve) -> SecondOpinionCurve? {
    guard let values = curve.secondOpinion, values.count == curve.row.count,
      let opinion = secondOpinion, let onPatient = opinion.threshold,
      let onSegment = opinion.segmentThreshold
    else { return nil }
    let limits = curve.row.map { row -> (own: Double, deciding: Double) in
      guard let segment = segments.first(where: { $0.holds(row: row) }) else {
        return (onPatient, patient.threshold)
      }
      return (onSegment, segment.threshold)
    }
    guard limits.allSatisfy({ $0.own > 0 && $0.deciding > 0 }) else { return nil }
    let scaled = zip(values, limits).map { value, limit -> Double? in
      guard let value else { return nil }
      let result = value / limit.own * limit.deciding
      return DetectionCheck.isDrawable(result) ? result : nil
    }
    guard scaled.contains(where: { $0 != nil }) else { return nil }
    return SecondOpinionCurve(values: values, thresholds: limits.map(\.own), scaled: scaled)
  }
}

extension Detection.Segment {
  /// Whether a row of the canonical grid lies in the segment.
  fileprivate func holds(row: Int) -> Bool {
    guard let rowFrom, let rowTo else { return false }
    return row >= rowFrom && row <= rowTo
  }
}
