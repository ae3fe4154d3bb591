/// A rectangle of whole pixels: `rows` from the top, `columns` from the left, both half open.
public struct PixelRect: Hashable, Sendable {
  /// The rows, top to bottom.
  public var rows: Range<Int>
  /// The columns, left to right.
  public var columns: Range<Int>

  /// Makes a rectangle from its rows and columns.
  public init(rows: Range<Int>, columns: Range<Int>) {
    self.rows = rows
    self.columns = columns
  }

  /// The whole of a raster.
  public init<Pixel>(_ raster: Raster<Pixel>) {
    self.init(rows: 0..<raster.rows, columns: 0..<raster.columns)
  }

  /// Width in px.
  public var width: Int { columns.count }
  /// Height in px.
  public var height: Int { rows.count }
  /// Whether it holds no pixel.
  public var isEmpty: Bool { rows.isEmpty || columns.isEmpty }

  /// The part inside another rectangle.
  public func clamped(to other: PixelRect) -> PixelRect {
    PixelRect(rows: rows.clamped(to: other.rows), columns: columns.clamped(to: other.columns))
  }

  /// The smallest rectangle around the true pixels, or `nil` when there are none.
  public init?(around mask: MaskRaster) {
    var top = Int.max
    var bottom = -1
    var left = Int.max
    var right = -1
    for row in 0..<mask.rows {
      for column in 0..<mask.columns where mask[row, column] {
        top = min(top, row)
        bottom = row
        left = min(left, column)
        right = max(right, column)
      }
    }
    guard bottom >= 0 else { return nil }
    self.init(rows: top..<(bottom + 1), columns: left..<(right + 1))
  }

  /// The rectangle grown by a margin on each side.
  public func grown(rows r: Int, columns c: Int) -> PixelRect {
    let top = rows.lowerBound - r
    let left = columns.lowerBound - c
    return PixelRect(
      rows: top..<max(rows.upperBound + r, top),
      columns: left..<max(columns.upperBound + c, left))
  }

  /// The rectangle widened or heightened about its middle to a ratio of width to height, moved
  /// back inside `bounds` and cut to it: fills a target without letterboxing where it can.
  public func expanded(toAspect aspect: Double, within bounds: PixelRect) -> PixelRect {
    guard aspect.isFinite, aspect > 0, !isEmpty else { return clamped(to: bounds) }
    let wantedWidth = max(Double(width), Double(height) * aspect)
    let wantedHeight = max(Double(height), Double(width) / aspect)
    return PixelRect(
      rows: Self.placed(rows, length: wantedHeight, within: bounds.rows),
      columns: Self.placed(columns, length: wantedWidth, within: bounds.columns))
  }

  /// The rectangle magnified by a factor about a point in px, moved back inside `bounds`.
  public func zoomed(
    by factor: Double, aboutRow row: Double, column: Double, within bounds: PixelRect
  ) -> PixelRect {
    guard factor.isFinite, factor > 0, row.isFinite, column.isFinite, !isEmpty
    else { return self }
    func zoom(_ range: Range<Int>, _ point: Double, _ limit: Range<Int>) -> Range<Int> {
      let length = max(Double(range.count) / factor, 8)
      let share = (point - Double(range.lowerBound)) / Double(range.count)
      let middle = point + (0.5 - share) * length
      return Self.placed(middle: middle, length: length, within: limit)
    }
    return PixelRect(
      rows: zoom(rows, row, bounds.rows), columns: zoom(columns, column, bounds.columns))
  }

  /// The rectangle moved, as far as it stays inside `bounds`.
  public func moved(rows r: Int, columns c: Int, within bounds: PixelRect) -> PixelRect {
    func move(_ range: Range<Int>, _ d: Int, _ limit: Range<Int>) -> Range<Int> {
      Self.placed(
        middle: Double(range.lowerBound + range.upperBound) / 2 + Double(d),
        length: Double(range.count), within: limit)
    }
    return PixelRect(rows: move(rows, r, bounds.rows), columns: move(columns, c, bounds.columns))
  }

  private static func placed(
    _ range: Range<Int>, length: Double, within limit: Range<Int>
  ) -> Range<Int> {
    placed(
      middle: Double(range.lowerBound + range.upperBound) / 2, length: length, within: limit)
  }

  /// A range of about `length` about `middle`, shifted and cut to fit into `limit`.
  private static func placed(
    middle: Double, length: Double, within limit: Range<Int>
  ) -> Range<Int> {
    let whole = Int(min(max(length.rounded(), 1), Double(max(limit.count, 1))))
    let wanted = (middle - Double(whole) / 2).rounded()
    let highest = max(limit.upperBound - whole, limit.lowerBound)
    let start = Int(min(max(wanted, Double(limit.lowerBound)), Double(highest)))
    return start..<(start + min(whole, limit.count))
  }
}
