internal import Imaging

/// Which windows cover the part of a cord that is assessed (method, section 1; decision 011).
///
/// The main window lies as for any study. Further ones follow it up or down the cord every 192 rows,
/// where the cord that is to be assessed goes on outside: between C2 and T1 where levels are known,
/// else wherever there is cord.
enum WindowCover {
  /// Rows from one window's first row to the next one's: neighbours share 64 rows, and where one
  /// takes over from the other both still have 32 rows to their edge, more than half of the 61
  /// rows of the curve's running median.
  static let stride = 192
  /// Cord that goes on for less than this is not worth a window.
  private static let slackMM = 2.0
  /// More windows than any patient needs; a stray mark far away must not make hundreds.
  private static let most = 8

  /// First rows of the windows on the main window's grid, rising; 0 is the main one's.
  static func firstRows(
    main grid: SagittalGrid, levels: StudyLevels, line: CordCentreline?
  ) -> [Int] {
    guard let rows = assessedRows(grid, levels, line) else { return [0] }
    let above = (-0.5 - rows.lowerBound) / Double(stride)
    let below = (rows.upperBound - (Double(grid.rows) - 0.5)) / Double(stride)
    let first = min(max(Int(above.rounded(.up)), 0), most)
    let last = min(max(Int(below.rounded(.up)), 0), most)
    return (-first...last).map { $0 * stride }
  }

  /// Where the cord that is to be assessed begins and ends, as rows of a grid; `nil` without any.
  private static func assessedRows(
    _ grid: SagittalGrid, _ levels: StudyLevels, _ line: CordCentreline?
  ) -> ClosedRange<Double>? {
    let cord = (line?.points ?? []).map { grid.pixel(ras: $0).row }.filter(\.isFinite)
    guard var first = cord.min(), var last = cord.max() else { return nil }
    if levels.source == .missing || levels.points.count < 2 {
      let slack = slackMM / SagittalGrid.spacing
      (first, last) = (first + slack, last - slack)
    } else {
      let wanted = SpinalSegment.allCases.flatMap { [$0.upper, $0.lower] }
        .compactMap { levels.points[$0] }.map { grid.pixel(ras: $0).row }.filter(\.isFinite)
      guard let top = wanted.min(), let bottom = wanted.max() else { return nil }
      (first, last) = (max(first, top), min(last, bottom))
    }
    return first <= last ? first...last : nil
  }
}
