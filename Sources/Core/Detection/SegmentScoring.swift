internal import Imaging

/// Cuts a curve at the vertebrae's centres and takes the maxima (method, section 6).
public enum SegmentScoring {
  /// A segment needs cord on at least this part of its rows: what is not seen is not normal.
  public static let neededCoverage = 0.5

  /// The rows of a segment: from the centre row of its upper to that of its lower vertebra.
  ///
  /// `nil` when either is unknown or nothing of it lies in the window.
  public static func rows(
    of segment: SpinalSegment, anatomy: SliceAnatomy
  ) -> ClosedRange<Int>? {
    rows(of: segment, centres: anatomy.levelRows, count: anatomy.cord.rows)
  }

  /// The same of the vertebrae's centre rows on a grid.
  /// - Parameter count: The grid's number of rows.
  static func rows(
    of segment: SpinalSegment, centres: [VertebralLevel: Double], count: Int
  ) -> ClosedRange<Int>? {
    guard let from = centres[segment.upper], let to = centres[segment.lower],
      from.isFinite, to.isFinite, from < to
    else { return nil }
    let limit = Double(count - 1)
    let first = min(max(from.rounded(.up), 0), limit + 1)
    let last = min(max(to.rounded(.up) - 1, -1), limit)
    return first <= last ? Int(first)...Int(last) : nil
  }

  /// Scores a curve by segments.
  public static func score(_ curve: AnoCurve, anatomy: SliceAnatomy) -> SliceScore {
    guard !curve.rows.isEmpty else { return .unassessable("no row of the cord has a score") }
    var inside = [Bool](repeating: false, count: curve.rows.count)
    var segments: [SegmentScore] = []
    for segment in SpinalSegment.allCases {
      let found = score(segment, curve, anatomy)
      segments.append(found)
      guard found.score != nil, let rows = found.rows else { continue }
      for n in inside.indices where rows.contains(curve.rows[n]) { inside[n] = true }
    }
    var outside: Peak?
    for n in inside.indices where !inside[n] {
      if Double(curve.values[n]) > outside?.score ?? -.infinity {
        outside = Peak(row: curve.rows[n], zMm: curve.zMM[n], score: Double(curve.values[n]))
      }
    }
    if anatomy.levelSource == .missing || anatomy.levelRows.count < 2 {
      return SliceScore(
        curve: curve, segments: segments, patient: curve.values.max().map(Double.init),
        reason: anatomy.cord.rows == SagittalGrid.side
          ? "levels-missing: the score is the maximum over the whole cord in the window"
          : "levels-missing: the score is the maximum over the whole cord in the joined windows")
    }
    let patient = segments.compactMap(\.score).max()
    return SliceScore(
      curve: curve, segments: segments, patient: patient,
      reason: patient == nil ? "no segment between C2 and T1 can be assessed" : nil,
      outside: outside)
  }

  private static func score(
    _ segment: SpinalSegment, _ curve: AnoCurve, _ anatomy: SliceAnatomy
  ) -> SegmentScore {
    guard anatomy.levelSource != .missing, !anatomy.levelRows.isEmpty else {
      return SegmentScore(segment: segment, score: nil, reason: "levels-missing")
    }
    guard let rows = rows(of: segment, anatomy: anatomy) else {
      let reason = segment.absence(among: Set(anatomy.levelRows.keys)) ?? "outside the window"
      return SegmentScore(segment: segment, score: nil, reason: reason)
    }
    let members = curve.rows.indices.filter { rows.contains(curve.rows[$0]) }
    guard let peak = members.max(by: { curve.values[$0] < curve.values[$1] }) else {
      return SegmentScore(
        segment: segment, score: nil, reason: "no cord is seen in it", rows: rows)
    }
    let whole = wholeRowCount(segment, anatomy) ?? rows.count
    let seen = "cord is seen on \(members.count) of its \(whole) rows"
    guard Double(members.count) >= neededCoverage * Double(whole) else {
      return SegmentScore(segment: segment, score: nil, reason: seen, rows: rows)
    }
    return SegmentScore(
      segment: segment, score: Double(curve.values[peak]),
      reason: Double(members.count) < 0.9 * Double(whole) ? seen : nil, rows: rows,
      peakRow: curve.rows[peak])
  }

  /// The rows the segment would have in an endless window.
  private static func wholeRowCount(_ segment: SpinalSegment, _ anatomy: SliceAnatomy) -> Int? {
    guard let from = anatomy.levelRows[segment.upper], let to = anatomy.levelRows[segment.lower],
      (to - from).isFinite, abs(to - from) < 100_000
    else { return nil }
    return max(Int((to.rounded(.up) - from.rounded(.up))), 1)
  }
}
