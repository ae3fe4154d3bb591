public import Imaging

/// What every scoring needs of the cord on one slice, measured once.
public struct CordGeometry: Sendable {
  /// Cord pixels.
  public let cord: MaskRaster
  /// Core pixels of the cord.
  public let core: MaskRaster
  /// Cord pixels on each row.
  public let width: [Int]
  /// Mean column of the cord on each row; NaN without cord.
  public let centreColumn: [Double]
  /// RAS z in mm of the cord's centre on each row; NaN without cord.
  public let zMM: [Double]
  /// Lines across the cord, where the curve is sampled on these instead of rows.
  let sections: CrossSections?
  private let grid: SagittalGrid

  /// Measures the cord of a slice.
  /// - Parameter sampling: How the means of a row are taken.
  public init(cord: MaskRaster, grid: SagittalGrid, sampling: CurveSampling = .rows) {
    self.cord = cord
    self.grid = grid
    core = CorePixels.mask(of: cord)
    var width = [Int](repeating: 0, count: cord.rows)
    var centre = [Double](repeating: .nan, count: cord.rows)
    for row in 0..<cord.rows {
      var sum = 0
      for column in 0..<cord.columns where cord[row, column] {
        width[row] += 1
        sum += column
      }
      if width[row] > 0 { centre[row] = Double(sum) / Double(width[row]) }
    }
    self.width = width
    centreColumn = centre
    sections = sampling == .rows ? nil : CrossSections(cord: cord, centre: centre)
    zMM = centre.indices.map { grid.ras(row: Double($0), column: centre[$0]).z }
  }

  /// Measures the cord of a prepared slice.
  public init(_ slice: PreparedSlice, sampling: CurveSampling = .rows) {
    self.init(cord: slice.anatomy.cord, grid: slice.grid, sampling: sampling)
  }

  /// Pixels that means over the core are taken of: the core, or that of all lines across the cord.
  var sampledCore: MaskRaster {
    guard let sections else { return core }
    var mask = cord.map { _ in false }
    for section in sections.core { for (pixel, _) in section { mask.pixels[pixel] = true } }
    return mask
  }

  /// Rows with cord.
  public var rows: [Int] { width.indices.filter { width[$0] > 0 } }

  /// The curve of one value per row; rows with NaN or without cord are left out.
  public func curve(_ values: [Float]) -> AnoCurve {
    let rows = rows.filter { !values[$0].isNaN }
    return AnoCurve(rows: rows, zMM: rows.map { zMM[$0] }, values: rows.map { values[$0] })
  }

  /// The length in mm of the cord's centre line from the top of one row to the bottom of another.
  public func lengthMM(from first: Int, to last: Int) -> Double {
    var length = SagittalGrid.spacing
    var before: (row: Int, column: Double)?
    for row in first...max(first, last) where width[row] > 0 {
      if let b = before {
        let dr = Double(row - b.row)
        let dc = centreColumn[row] - b.column
        length += (dr * dr + dc * dc).squareRoot() * SagittalGrid.spacing
      }
      before = (row, centreColumn[row])
    }
    return length
  }
}
