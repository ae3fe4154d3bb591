public import Imaging

extension ReviewStudy {
  /// All pixels of the study's grid, which is longer than one window where windows are joined.
  public var bounds: PixelRect {
    let rows = pictures.map(\.grid.rows).max() ?? SagittalGrid.side
    return PixelRect(rows: 0..<rows, columns: 0..<SagittalGrid.side)
  }

  /// The cord of all slices with a margin: enough of the bodies in front and the processes behind; the
  /// whole grid where no cord is known.
  ///
  /// One rectangle for all slices, so that the picture stays where it is while scrolling.
  public var spine: PixelRect {
    var found: PixelRect?
    for picture in pictures {
      guard let cord = picture.cord, let rect = PixelRect(around: cord) else { continue }
      found = found.map { $0.union(rect) } ?? rect
    }
    guard let cord = found else { return bounds }
    func pixels(_ millimetres: Double) -> Int { Int(millimetres / SagittalGrid.spacing) }
    let rows = (cord.rows.lowerBound - pixels(8))..<(cord.rows.upperBound + pixels(8))
    let columns = (cord.columns.lowerBound - pixels(30))..<(cord.columns.upperBound + pixels(16))
    return PixelRect(rows: rows, columns: columns).clamped(to: bounds)
  }
}

extension PixelRect {
  /// The smallest rectangle around both.
  func union(_ other: PixelRect) -> PixelRect {
    PixelRect(
      rows: min(
        rows.lowerBound, other.rows.lowerBound)..<max(
          rows.upperBound, other.rows.upperBound),
      columns: min(
        columns.lowerBound, other.columns.lowerBound)..<max(
          columns.upperBound, other.columns.upperBound))
  }
}
