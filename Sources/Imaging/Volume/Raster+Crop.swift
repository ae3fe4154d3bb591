extension Raster {
  /// The part of some rows and columns, which must lie within.
  public func cropped(_ rows: Range<Int>, _ columns: Range<Int>) -> Raster {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= self.rows && columns.lowerBound >= 0
        && columns.upperBound <= self.columns, "the part lies outside the raster")
    var part: [Pixel] = []
    part.reserveCapacity(rows.count * columns.count)
    for row in rows {
      let first = row * self.columns
      part += pixels[first + columns.lowerBound..<first + columns.upperBound]
    }
    return Raster(rows: rows.count, columns: columns.count, pixels: part)
  }
}

extension Raster where Pixel == Bool {
  /// The rows and columns that the mask needs, with a margin in px that the border cuts; `nil` when
  /// it is empty.
  public func boundingBox(margin: Int = 0) -> (rows: Range<Int>, columns: Range<Int>)? {
    var (top, bottom, left, right) = (Int.max, -1, Int.max, -1)
    for row in 0..<rows {
      for column in 0..<columns where self[row, column] {
        (top, bottom) = (min(top, row), max(bottom, row))
        (left, right) = (min(left, column), max(right, column))
      }
    }
    guard bottom >= 0 else { return nil }
    return (
      max(0, top - margin)..<min(rows, bottom + 1 + margin),
      max(0, left - margin)..<min(columns, right + 1 + margin)
    )
  }
}
