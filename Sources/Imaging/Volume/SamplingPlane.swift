/// A rectangle of sample points in the patient: one RAS point per pixel.
public struct SamplingPlane: Hashable, Sendable {
  /// RAS mm of pixel (row 0, column 0).
  public var origin: SIMD3<Double>
  /// mm moved per column.
  public var columnStep: SIMD3<Double>
  /// mm moved per row.
  public var rowStep: SIMD3<Double>
  /// Number of rows.
  public var rows: Int
  /// Number of columns.
  public var columns: Int

  /// Makes a plane of `rows` x `columns` sample points.
  public init(
    origin: SIMD3<Double>, columnStep: SIMD3<Double>, rowStep: SIMD3<Double>, rows: Int,
    columns: Int
  ) {
    self.origin = origin
    self.columnStep = columnStep
    self.rowStep = rowStep
    self.rows = max(rows, 0)
    self.columns = max(columns, 0)
  }

  /// The canonical grid, moved by `offsetMM` along its normal (towards the patient's right).
  public init(_ grid: SagittalGrid, offsetMM: Double = 0) {
    self.init(
      origin: grid.origin + grid.normal * offsetMM,
      columnStep: grid.columnDirection * SagittalGrid.spacing,
      rowStep: grid.rowDirection * SagittalGrid.spacing, rows: grid.rows,
      columns: SagittalGrid.side)
  }

  /// An axial plane through a RAS point: the patient's right at the viewer's left, anterior up.
  public init(axialThrough centre: SIMD3<Double>, sideMM: Double, spacingMM: Double) {
    self.init(across: [0, 0, -1], through: centre, sideMM: sideMM, spacingMM: spacingMM)
  }

  /// The plane across a direction, such as that of the cord, centred on a RAS point: the patient's right
  /// at the viewer's left, anterior up.
  ///
  /// - Parameter direction: Towards inferior; straight down where it has no length or runs from side to
  ///   side.
  public init(
    across direction: SIMD3<Double>, through centre: SIMD3<Double>, sideMM: Double,
    spacingMM: Double
  ) {
    let (down, left) = Self.directions(direction)
    self.init(
      centre: centre, column: left, row: left.cross(down).unit, widthMM: sideMM, heightMM: sideMM,
      spacingMM: spacingMM)
  }

  /// The plane along a direction, such as that of the cord, and from side to side, centred on a RAS
  /// point: the patient's right at the viewer's left, superior up.
  ///
  /// - Parameter direction: Towards inferior; straight down where it has no length or runs from side to
  ///   side.
  public init(
    along direction: SIMD3<Double>, through centre: SIMD3<Double>, widthMM: Double,
    heightMM: Double, spacingMM: Double
  ) {
    let (down, left) = Self.directions(direction)
    self.init(
      centre: centre, column: left, row: down, widthMM: widthMM, heightMM: heightMM,
      spacingMM: spacingMM)
  }

  /// A direction towards inferior as a unit vector, and the patient's left across it.
  private static func directions(
    _ direction: SIMD3<Double>
  ) -> (down: SIMD3<Double>, left: SIMD3<Double>) {
    let left: SIMD3<Double> = [-1, 0, 0]
    var down = direction.unit
    if !((down * down).sum() > 0.5) || abs(down.x) > 0.9 { down = [0, 0, -1] }
    return (down, (left - down * (left * down).sum()).unit)
  }

  /// A plane of square pixels about a point, 1...4096 of them along each side.
  private init(
    centre: SIMD3<Double>, column: SIMD3<Double>, row: SIMD3<Double>, widthMM: Double,
    heightMM: Double, spacingMM: Double
  ) {
    let spacing = spacingMM > 0 ? spacingMM : SagittalGrid.spacing
    func count(_ millimetres: Double) -> Int {
      let ratio = (millimetres / spacing).rounded()
      return ratio.isFinite ? Int(min(max(ratio, 1), 4096)) : 1
    }
    let (rows, columns) = (count(heightMM), count(widthMM))
    let corner =
      column * (Double(columns - 1) / 2 * spacing) + row * (Double(rows - 1) / 2 * spacing)
    self.init(
      origin: centre - corner, columnStep: column * spacing, rowStep: row * spacing, rows: rows,
      columns: columns)
  }

  /// RAS mm of a (fractional) pixel position.
  public func ras(row: Double, column: Double) -> SIMD3<Double> {
    origin + columnStep * column + rowStep * row
  }

  /// The (fractional) pixel position of a RAS point's foot on the plane, and the point's signed
  /// distance to the plane in mm; `nil` when the steps span no plane.
  public func pixel(
    ras point: SIMD3<Double>
  ) -> (row: Double, column: Double, distanceMM: Double)? {
    guard let index = affine(stepMM: 1).inverse?(point) else { return nil }
    return (index.y, index.x, index.z)
  }

  /// The unit normal (towards the patient's right for sagittal planes as they are drawn); zero when
  /// the steps span no plane.
  public var normal: SIMD3<Double> { columnStep.cross(rowStep).unit }

  /// The affine from (column, row, out-of-plane step) to RAS mm.
  public func affine(stepMM: Double) -> Affine {
    Affine(i: columnStep, j: rowStep, k: normal * stepMM, origin: origin)
  }
}
