public import Imaging

extension FindingPlace {
  /// Where it lies on the plane of a picture, in px.
  ///
  /// The window on the cord moves with the labels that it is laid by, and is longer where windows are joined:
  /// row and column are those of the grid on which the finding was stated, and on any other its place in the
  /// patient counts.
  ///
  /// - Parameter grid: the plane of the slice that it lies on.
  public func pixel(on grid: SagittalGrid) -> (row: Double, column: Double) {
    let own = grid.pixel(ras: SIMD3(x, y, z))
    // All are kept to tenths: on its own grid both say the same to less than this.
    let tolerance = 0.25
    let isOwnGrid = abs(own.row - row) < tolerance && abs(own.column - column) < tolerance
    guard !isOwnGrid, own.row.isFinite, own.column.isFinite else { return (row, column) }
    return (own.row, own.column)
  }
}
