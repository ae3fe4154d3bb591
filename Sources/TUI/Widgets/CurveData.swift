internal import Core

/// The AnoCurve as the charts draw it.
struct CurveData {
  /// One segment of the axis.
  struct Segment {
    var name: String
    /// Rows of the grid.
    var rows: ClosedRange<Int>
    var threshold: Double
    var isFlagged: Bool
    var isSelected: Bool
    /// Whether a lesion is known to be there, once that is shown.
    var isAffected = false
  }

  /// Rows of the grid, ascending (superior to inferior).
  var rows: [Int]
  var values: [Double]
  var segments: [Segment]
  /// Where no segment is.
  var threshold: Double
  var cursorRow: Int
  var decimals: Int

  /// The curve of the slice shown, or else of the one that the selected row's score comes from;
  /// `nil` where there is none.
  init?(_ study: StudyScreenState) {
    guard let detection = study.detection, let curve = study.curve, !curve.row.isEmpty,
      curve.row.count == curve.value.count
    else { return nil }
    rows = curve.row
    values = curve.value
    threshold = detection.patient.threshold
    cursorRow = study.cursorRow
    decimals = ScoreText.decimals(detection)
    segments = SpinalSegment.allCases.compactMap { segment in
      let target = ReviewTarget.segment(segment)
      guard let range = study.rowRange(target), let found = study.assessment(target) else {
        return nil
      }
      return Segment(
        name: segment.name, rows: range, threshold: found.threshold,
        isFlagged: study.isFlagged(target), isSelected: study.target == target,
        isAffected: study.shownTruth?.verdict(segment) == .present)
    }
  }

  /// The threshold at a row.
  func threshold(atRow row: Int) -> Double {
    segments.first { $0.rows.contains(row) }?.threshold ?? threshold
  }

  /// The top of the value axis: above every value and well above the threshold.
  var top: Double {
    let highest = values.filter(\.isFinite).max() ?? 0
    let thresholds = segments.map(\.threshold).filter(\.isFinite) + [threshold]
    let floor = (thresholds.max() ?? 0) * 1.6
    let top = max(highest * 1.08, floor)
    return top > 0 && top.isFinite ? top : 1
  }

  /// The largest value of rows in a range, so that no peak falls between two columns.
  func peak(from: Double, to: Double) -> Double? {
    var best: Double?
    for (row, value) in zip(rows, values) where value.isFinite {
      guard Double(row) >= from, Double(row) < to else { continue }
      best = max(best ?? -.infinity, value)
    }
    return best
  }
}
