internal import Imaging

extension ReviewStudy.Picture {
  /// The direction of the cord at a row, towards inferior, as a unit vector in RAS within the slice's
  /// plane: that of the straight line through the cord's middles on the rows within 7 mm (least squares);
  /// `nil` where the cord is not known on at least five of them.
  public func cordDirection(atRow row: Double) -> SIMD3<Double>? {
    guard let cord, row.isFinite, abs(row) < 1e6 else { return nil }
    let reach = Int((7 / SagittalGrid.spacing).rounded(.up))
    let middle = Int(row.rounded())
    var points: [(row: Double, column: Double)] = []
    for row in max(
      middle - reach, 0)..<max(min(middle + reach + 1, cord.rows), max(middle - reach, 0))
    {
      let columns = (0..<cord.columns).filter { cord[row, $0] }
      if let first = columns.first, let last = columns.last {
        points.append((Double(row), Double(first + last) / 2))
      }
    }
    guard points.count >= 5 else { return nil }
    let count = Double(points.count)
    let meanRow = points.reduce(0) { $0 + $1.row } / count
    let meanColumn = points.reduce(0) { $0 + $1.column } / count
    let square = points.reduce(0) { $0 + ($1.row - meanRow) * ($1.row - meanRow) }
    let product = points.reduce(0) { $0 + ($1.row - meanRow) * ($1.column - meanColumn) }
    let direction = grid.rowDirection + grid.columnDirection * (product / square)
    return direction / (direction * direction).sum().squareRoot()
  }
}
