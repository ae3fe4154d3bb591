/// Where a cropped picture lies on a canvas, and the way between its pixels and the canvas'.
public struct PicturePlacement: Equatable, Sendable {
  /// The part of the source that is shown, in source px.
  public let crop: PixelRect
  /// Where it is shown, in canvas px; the rest of the canvas is letterbox.
  public let content: PixelRect
  /// Canvas px per source row.
  public let rowScale: Double
  /// Canvas px per source column.
  public let columnScale: Double

  /// Fits a crop into a target, aspect kept, centred.
  /// - Parameters:
  ///   - crop: The part shown.
  ///   - targetRows: Height of the canvas in px.
  ///   - targetColumns: Width of the canvas in px.
  ///   - pixelAspect: Height of a source pixel over its width.
  ///   - canvasPixelAspect: The same of a canvas pixel (half blocks in cells that are not 1:2).
  public init(
    crop: PixelRect, targetRows: Int, targetColumns: Int, pixelAspect: Double = 1,
    canvasPixelAspect: Double = 1
  ) {
    self.crop = crop
    let aspect = Self.usable(pixelAspect) / Self.usable(canvasPixelAspect)
    let height = Double(max(crop.height, 1)) * aspect
    let width = Double(max(crop.width, 1))
    let scale = min(Double(targetRows) / height, Double(targetColumns) / width)
    let rows = min(max(Int((height * scale).rounded()), 1), max(targetRows, 0))
    let columns = min(max(Int((width * scale).rounded()), 1), max(targetColumns, 0))
    let top = (max(targetRows, 0) - rows) / 2
    let left = (max(targetColumns, 0) - columns) / 2
    content = PixelRect(rows: top..<(top + rows), columns: left..<(left + columns))
    rowScale = Double(rows) / Double(max(crop.height, 1))
    columnScale = Double(columns) / Double(max(crop.width, 1))
  }

  /// The canvas y of a (fractional) source row; y 0 is the upper edge of the first canvas row.
  public func y(ofRow row: Double) -> Double {
    Double(content.rows.lowerBound) + (row + 0.5 - Double(crop.rows.lowerBound)) * rowScale
  }

  /// The canvas x of a (fractional) source column.
  public func x(ofColumn column: Double) -> Double {
    Double(content.columns.lowerBound)
      + (column + 0.5 - Double(crop.columns.lowerBound)) * columnScale
  }

  /// The (fractional) source row under a canvas y.
  public func row(atY y: Double) -> Double {
    (y - Double(content.rows.lowerBound)) / max(rowScale, 1e-9)
      + Double(crop.rows.lowerBound) - 0.5
  }

  /// The (fractional) source column under a canvas x.
  public func column(atX x: Double) -> Double {
    (x - Double(content.columns.lowerBound)) / max(columnScale, 1e-9)
      + Double(crop.columns.lowerBound) - 0.5
  }

  private static func usable(_ aspect: Double) -> Double {
    aspect.isFinite && aspect > 1e-3 && aspect < 1e3 ? aspect : 1
  }
}
