internal import Core
internal import Imaging

/// The way back from picture and curve to the ladder: what is pointed at there selects the row of its
/// segment, and the curve's cursor stands at its height.
extension StudyScreenState {
  /// Selects the row of the segment at the height of a point of the slice shown; beyond the segments row
  /// and cursor stay.
  ///
  /// - Parameter point: Column and row in grid px.
  mutating func selectRow(under point: SIMD2<Double>) {
    guard let picture,
      let row = scoredRow(at: picture.grid.ras(row: point.y, column: point.x))
    else { return }
    selectRow(atRow: row)
  }

  /// The same for a row of the scored slice's grid. A study without named segments has its cursor moved
  /// alone.
  mutating func selectRow(atRow row: Int) {
    guard SpinalSegment.allCases.contains(where: { rowRange(.segment($0)) != nil }) else {
      guard let first = curve?.row.first, let last = curve?.row.last else { return }
      cursorRow = min(max(row, first), max(first, last))
      return
    }
    guard let segment = segment(atRow: row) else { return }
    if zoom > 0, target != .segment(segment) {
      // What is pointed at does not move away under the pointer.
      keptFocus = SIMD2(focus.column, focus.row)
    }
    target = .segment(segment)
    cursorRow = row
  }

  /// The row of the scored slice's grid at the height of a place in RAS mm; `nil` where nothing was
  /// scored.
  func scoredRow(at ras: SIMD3<Double>) -> Int? {
    guard let scored = scoredSlice else { return nil }
    let row = study.pictures[scored].grid.pixel(ras: ras).row.rounded()
    return row.isFinite && abs(row) < 1e6 ? Int(row) : nil
  }

  /// How far the zoomed picture stands from where its segment alone would put it, in grid px: for who
  /// sees the same elsewhere.
  var panFromSegment: SIMD2<Double> {
    guard zoom > 0, let kept = keptFocus else { return pan }
    let own = segmentFocus
    return pan + kept - SIMD2(own.column, own.row)
  }
}
