/// The canonical sagittal grid: 256 x 256 px of 0.78125 mm over a 200 mm window; where windows are
/// joined along a long cord it has more rows.
///
/// Row 0 is superior, column 0 is anterior (method, section 1). The grid is a plane in the
/// patient: every pixel has its RAS millimetres, and every point its pixel.
public struct SagittalGrid: Equatable, Sendable {
  /// Pixels along each side of a window.
  public static let side = 256
  /// Pixel edge length in mm.
  public static let spacing = 0.78125

  /// RAS position in mm of the centre of pixel (row 0, column 0).
  public let origin: SIMD3<Double>
  /// Unit vector along increasing columns (towards posterior).
  public let columnDirection: SIMD3<Double>
  /// Unit vector along increasing rows (towards inferior).
  public let rowDirection: SIMD3<Double>
  /// Number of rows: those of one window, or of several joined.
  public let rows: Int

  /// Makes a grid from the place of its first pixel and its two in-plane unit directions.
  public init(
    origin: SIMD3<Double>, columnDirection: SIMD3<Double> = [0, -1, 0],
    rowDirection: SIMD3<Double> = [0, 0, -1], rows: Int = SagittalGrid.side
  ) {
    self.origin = origin
    self.columnDirection = columnDirection
    self.rowDirection = rowDirection
    self.rows = max(rows, 0)
  }

  /// Makes an unrotated grid whose window is centred on a RAS point in mm.
  public init(centre: SIMD3<Double>) {
    let half = Double(Self.side - 1) / 2 * Self.spacing
    self.init(origin: centre + [0, half, half])
  }

  /// The same plane from another row on: its pixels lie on this grid's pixels.
  /// - Parameters:
  ///   - first: The row of this grid that becomes row 0; may lie outside of it.
  ///   - rows: Number of rows of the result.
  public func cut(fromRow first: Int, rows: Int = SagittalGrid.side) -> SagittalGrid {
    SagittalGrid(
      origin: origin + rowDirection * (Double(first) * Self.spacing),
      columnDirection: columnDirection, rowDirection: rowDirection, rows: rows)
  }

  /// The parallel grid at a distance in mm along the normal (towards the patient's right).
  public func moved(byMM distance: Double) -> SagittalGrid {
    SagittalGrid(
      origin: origin + normal * distance, columnDirection: columnDirection,
      rowDirection: rowDirection, rows: rows)
  }

  /// The unit normal of the plane (towards the patient's right for an unrotated grid).
  public var normal: SIMD3<Double> { rowDirection.cross(columnDirection) * -1 }

  /// RAS position in mm of a (fractional) pixel position.
  public func ras(row: Double, column: Double) -> SIMD3<Double> {
    origin + columnDirection * (column * Self.spacing) + rowDirection * (row * Self.spacing)
  }

  /// The (fractional) pixel position nearest to a RAS point, and its signed distance to the plane in mm.
  public func pixel(ras: SIMD3<Double>) -> (row: Double, column: Double, distanceMM: Double) {
    let d = ras - origin
    return (
      (d * rowDirection).sum() / Self.spacing, (d * columnDirection).sum() / Self.spacing,
      (d * normal).sum()
    )
  }

  /// The affine from (column, row, out-of-plane step) to RAS mm, for files on this grid.
  public func affine(stepMM: Double = SagittalGrid.spacing) -> Affine {
    Affine(
      i: columnDirection * Self.spacing, j: rowDirection * Self.spacing, k: normal * stepMM,
      origin: origin)
  }
}
