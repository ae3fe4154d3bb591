/// The value axis of a curve in cells of the screen, and in the finer dots of a canvas on them.
///
/// The cell of a threshold begins at the boundary of cells nearest to it, but never with the first cell or
/// beyond the last. What is under the threshold lies in the cells before, what reaches it in that cell or
/// beyond: where few cells serve the whole axis the two would else share one. Values are moved by half a cell
/// at most, a cell where the threshold lies in the first or the last.
struct CurveScale {
  /// The values at both ends.
  let bottom: Double
  let top: Double
  /// At least two.
  let cells: Int
  /// Dots in each cell along the axis.
  let perCell: Int

  /// The axis of a curve.
  init(_ data: CurveData, cells: Int, perCell: Int) {
    (bottom, top, self.cells, self.perCell) = (data.bottom, data.top, cells, perCell)
  }

  /// The cell of a threshold, from the bottom.
  func cell(ofThreshold threshold: Double) -> Int {
    min(max(Int((share(threshold) * Double(cells)).rounded()), 1), cells - 1)
  }

  /// The cell that a value lies in, whatever the threshold.
  func cell(of value: Double) -> Int { min(Int(share(value) * Double(cells)), cells - 1) }

  /// The dot of a value, from the bottom, where this threshold holds.
  func dot(_ value: Double, threshold: Double) -> Int {
    let line = cell(ofThreshold: threshold) * perCell
    let exact = min(Int(share(value) * Double(cells * perCell)), cells * perCell - 1)
    return value < threshold ? min(exact, line - 1) : max(exact, line)
  }

  /// The cell of a value, from the bottom, where this threshold holds: the one that its dot lies in.
  func cell(_ value: Double, threshold: Double) -> Int {
    dot(value, threshold: threshold) / perCell
  }

  /// How far along the axis a value lies, 0...1.
  private func share(_ value: Double) -> Double {
    let share = (value - bottom) / (top - bottom)
    return share.isFinite ? min(max(share, 0), 1) : 0
  }
}
