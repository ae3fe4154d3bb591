/// A two-dimensional grid of pixels, row-major, row 0 at the top.
///
/// Sagittal rasters run superior to inferior along rows and anterior to posterior along columns.
@frozen
public struct Raster<Pixel: Sendable>: Sendable {
  /// Number of rows (image height in px).
  public let rows: Int
  /// Number of columns (image width in px).
  public let columns: Int
  /// The pixels, row-major: index = row * columns + column.
  public var pixels: [Pixel]

  /// Makes a raster from row-major pixels; `pixels.count` must be `rows * columns`.
  @inlinable
  public init(rows: Int, columns: Int, pixels: [Pixel]) {
    precondition(rows >= 0 && columns >= 0 && pixels.count == rows * columns, "raster shape")
    self.rows = rows
    self.columns = columns
    self.pixels = pixels
  }

  /// Makes a raster of one repeated value.
  @inlinable
  public init(rows: Int, columns: Int, filledWith value: Pixel) {
    self.init(rows: rows, columns: columns, pixels: Array(repeating: value, count: rows * columns))
  }

  /// The pixel at a row and column.
  @inlinable
  public subscript(row: Int, column: Int) -> Pixel {
    get { pixels[row * columns + column] }
    set { pixels[row * columns + column] = newValue }
  }

  /// Whether a row and column lie inside the raster.
  @inlinable
  public func contains(row: Int, column: Int) -> Bool {
    row >= 0 && row < rows && column >= 0 && column < columns
  }

  /// The raster with every pixel transformed.
  @inlinable
  public func map<Other: Sendable>(_ transform: (Pixel) throws -> Other) rethrows -> Raster<Other> {
    Raster<Other>(rows: rows, columns: columns, pixels: try pixels.map(transform))
  }
}

extension Raster: Equatable where Pixel: Equatable {}

/// A raster of grey values.
public typealias ImageRaster = Raster<Float>
/// A raster of yes/no pixels.
public typealias MaskRaster = Raster<Bool>
/// A raster of integer labels.
public typealias LabelRaster = Raster<UInt16>
