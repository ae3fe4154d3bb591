internal import Imaging

/// What was drawn in a mask before its slices were cut anew: the edit on the grids that it was drawn on.
///
/// A detection lays its window about the cord; where the cord's mask was corrected, the same slices of the
/// source have other grids, shifted in their planes.
struct CarriedMask: Equatable, Sendable {
  /// The edit, with its own history.
  var edit: MaskEdit
  /// The grids that it was drawn on.
  let grids: [CorrectionGrid]
  /// The grids that it was carried over to.
  let onto: [CorrectionGrid]

  /// What was drawn, on the grids that it was drawn on.
  var changes: [MaskWriteBack.SliceChange] { edit.sliceChanges(on: grids) }

  /// The pixels that were drawn on and lie on none of the grids that the edit was carried over to.
  var pixelsOutside: Int {
    changes.reduce(0) { sum, change in sum + rest(of: change).turnedCount }
  }

  /// A change without those of its pixels that lie on the grid that it was carried over to.
  func rest(of change: MaskWriteBack.SliceChange) -> MaskWriteBack.SliceChange {
    guard let grid = onto.first(where: { $0.index == change.index })?.grid,
      let shift = GridShift(from: change.grid, to: grid)
    else { return change }
    var rest = change
    for n in rest.after.pixels.indices
    where rest.after.pixels[n] != rest.before.pixels[n] && shift.pixel(n) != nil {
      rest.after.pixels[n] = rest.before.pixels[n]
    }
    return rest
  }
}

extension MaskWriteBack.SliceChange {
  /// How many pixels it turns over.
  fileprivate var turnedCount: Int { zip(before.pixels, after.pixels).count { $0 != $1 } }
}

/// Where the pixels of a grid lie on another one in its plane: whole pixels away, to half a pixel.
struct GridShift: Equatable, Sendable {
  /// Rows and columns to add to a pixel's.
  let rows: Int
  let columns: Int
  /// Rows of the other grid.
  private let otherRows: Int

  /// Finds the shift; `nil` where the planes or their directions differ by more than 0.1 mm or px.
  init?(from grid: SagittalGrid, to other: SagittalGrid) {
    let end = (row: Double(grid.rows - 1), column: Double(SagittalGrid.side - 1))
    let first = other.pixel(ras: grid.ras(row: 0, column: 0))
    let last = other.pixel(ras: grid.ras(row: end.row, column: end.column))
    let limit = 0.1
    // Written so that what is no number is refused.
    guard abs(first.distanceMM) < limit, abs(last.distanceMM) < limit,
      abs(last.row - first.row - end.row) < limit,
      abs(last.column - first.column - end.column) < limit, abs(first.row) < 1e6,
      abs(first.column) < 1e6
    else { return nil }
    (rows, columns) = (Int(first.row.rounded()), Int(first.column.rounded()))
    otherRows = other.rows
  }

  /// The pixel of the other grid at a pixel of the first; `nil` where it lies outside.
  func pixel(_ n: Int) -> Int? {
    let side = SagittalGrid.side
    let (row, column) = (n / side + rows, n % side + columns)
    guard (0..<otherRows).contains(row), (0..<side).contains(column) else { return nil }
    return row * side + column
  }
}
