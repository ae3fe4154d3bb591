internal import Core

/// The AnoCurve as the charts draw it.
struct CurveData {
  /// Cells along the curve from one mark of the second opinion that lies over it to the next: two of three
  /// stay the AI's.
  static let secondRhythm = 3

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
  /// LC61's values on the scale of the curve, so that its threshold lies on the line drawn (see
  /// ``SecondOpinionCurve``), `nil` on a row that has none; empty where there is no such curve.
  var second: [Double?]
  /// LC61's own value under the cursor, and its threshold there, in cord-to-CSF steps.
  var secondAtCursor: (value: Double, threshold: Double)?
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
    let other = detection.secondOpinionCurve(beside: curve)
    second = other?.scaled ?? []
    if let other, let n = curve.row.firstIndex(of: study.cursorRow), let value = other.values[n] {
      secondAtCursor = (value, other.thresholds[n])
    }
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

  /// The top of the value axis: above every value of both curves and well above the threshold.
  var top: Double {
    let highest = max(
      values.lazy.filter(\.isFinite).max() ?? 0,
      second.lazy.compactMap(\.self).filter(\.isFinite).max() ?? 0)
    let thresholds = segments.map(\.threshold).filter(\.isFinite) + [threshold]
    let floor = (thresholds.max() ?? 0) * 1.6
    let top = max(highest * 1.08, floor)
    return top > 0 && top.isFinite ? top : 1
  }

  /// The bottom of the value axis: 0, or the lowest of curves and thresholds where that lies under it by
  /// more than a fiftieth of the top, about a dot of a curve at 120 columns.
  var bottom: Double {
    let curves = min(
      values.lazy.filter(\.isFinite).min() ?? 0,
      second.lazy.compactMap(\.self).filter(\.isFinite).min() ?? 0)
    let thresholds = segments.map(\.threshold).filter(\.isFinite) + [threshold]
    let lowest = min(curves, thresholds.min() ?? 0)
    return lowest < -top / 50 && lowest.isFinite ? lowest : 0
  }

  /// The largest value of rows in a range, so that no peak falls between two columns.
  func peak(from: Double, to: Double) -> Double? { highest(from, to) { values[$0] } }

  /// The largest value of the second opinion's curve on rows in a range; where that is narrower than a
  /// row, of the row under its middle.
  func secondPeak(from: Double, to: Double) -> Double? {
    guard !second.isEmpty else { return nil }
    let middle = ((from + to) / 2).rounded(.down)
    return highest(from, to) { second[$0] } ?? highest(middle, middle + 1) { second[$0] }
  }

  private func highest(_ from: Double, _ to: Double, _ value: (Int) -> Double?) -> Double? {
    var best: Double?
    for (index, row) in rows.enumerated() where Double(row) >= from && Double(row) < to {
      guard let own = value(index), own.isFinite else { continue }
      best = max(best ?? -.infinity, own)
    }
    return best
  }
}

extension StudyScreenState.CurveGlyphs {
  /// The mark of the second opinion's curve, which is told from the other by its shape alone: rings beside
  /// a line of dots, letters where there is no braille.
  var secondMark: Unicode.Scalar { self == .braille ? "\u{25e6}" : "o" }

  /// What the mark stands for.
  var secondLegend: String { String(secondMark) + " LC61" }
}
