internal import Imaging

/// Finds the cervical spine in a volume of any size: the slice through the middle of the cord, and the
/// columns of the window around the neck.
struct AnatomyFinder {
  /// Where the spine is.
  struct Place: Equatable {
    /// The slice nearest to the middle of the cord.
    var slice: Int
    /// A grid in that slice's plane, one window wide and as tall as the volume, around cord and bodies.
    var grid: SagittalGrid
  }

  /// Distance in mm between the slices that are looked at.
  private static let stepMM = 9.0
  /// Cord pixels below which nothing was found: about 20 mm of cord.
  private static let fewestPixels = 150
  /// The cord lies this far behind the middle of the window, in px: bodies and throat are in front.
  private static let cordBehindMiddle = 14.0

  let engine: AnatomyEngine
  let slab: AnatomySlab
  let volume: ImageVolume

  /// Looks for cord: in the middle of the stack, and where there is none, in the rest of it; `nil` when there
  /// is none.
  /// - Throws: what the engine throws.
  func find() throws -> Place? {
    let (inner, outer) = candidates
    let base = wideGrid(slice: slab.stack.count / 2)
    let found = try cords(in: inner, base)
    return try place(found, base) ?? place(found + cords(in: outer, base), base)
  }

  /// Cord seen on a slice: its pixels and their mean column.
  private typealias Found = (slice: Int, area: Int, column: Double)

  private func cords(in slices: [Int], _ base: Wide) throws -> [Found] {
    let stack = slab.stack
    let middle = stack.count / 2
    var found: [Found] = []
    for slice in slices {
      let plane = base.plane(
        moved: stack.normal * (Double(slice - middle) * stack.spacingMM))
      let cord = try AnatomyWindows(engine: engine, slab: slab)
        .maps([slice], on: plane, reference: slice)[0][.cord].map {
          $0 >= SliceSegmentation.cordProbability
        }
      let main = SliceSegmentation.oneCord(cord)
      let columns = main.pixels.indices.filter { main.pixels[$0] }.map { $0 % main.columns }
      guard !columns.isEmpty else { continue }
      found.append(
        (slice, columns.count, Double(columns.reduce(0, +)) / Double(columns.count)))
    }
    return found
  }

  /// The middle of what was found; `nil` where that is too little.
  private func place(_ found: [Found], _ base: Wide) -> Place? {
    let stack = slab.stack
    let middle = stack.count / 2
    guard let most = found.map(\.area).max(), most >= Self.fewestPixels else { return nil }
    let weights = found.map { Double($0.area) * Double($0.area) }
    let total = weights.reduce(0, +)
    let slice = zip(found, weights).reduce(0) { $0 + Double($1.0.slice) * $1.1 } / total
    let column = zip(found, weights).reduce(0) { $0 + $1.0.column * $1.1 } / total
    let chosen = Int(slice.rounded())
    let half = Double(SagittalGrid.side - 1) / 2
    let first = column - half - Self.cordBehindMiddle
    let move = stack.normal * (Double(chosen - middle) * stack.spacingMM)
    return Place(
      slice: chosen,
      grid: SagittalGrid(
        origin: base.origin + move + base.columnDirection * (first * SagittalGrid.spacing),
        columnDirection: base.columnDirection, rowDirection: base.rowDirection, rows: base.rows))
  }

  /// The slices looked at, every 9 mm: those of the middle half of the stack, and the others.
  private var candidates: (inner: [Int], outer: [Int]) {
    let stack = slab.stack
    let step = max(1, Int(min(Self.stepMM / stack.spacingMM, Double(stack.count)).rounded()))
    let middle = stack.count / 2
    let all = stride(from: middle % step, to: stack.count, by: step)
    let reach = stack.count / 4 / step * step
    return (
      all.filter { abs($0 - middle) <= reach }, all.filter { abs($0 - middle) > reach }
    )
  }

  /// A pixel grid over all of a slice.
  private struct Wide {
    var origin: SIMD3<Double>
    var columnDirection: SIMD3<Double>
    var rowDirection: SIMD3<Double>
    var rows: Int
    var columns: Int

    func plane(moved: SIMD3<Double>) -> SamplingPlane {
      SamplingPlane(
        origin: origin + moved, columnStep: columnDirection * SagittalGrid.spacing,
        rowStep: rowDirection * SagittalGrid.spacing, rows: rows, columns: columns)
    }
  }

  private func wideGrid(slice: Int) -> Wide {
    let stack = slab.stack
    let size = SIMD3<Double>(volume.shape) - [1, 1, 1]
    let grid = stack.grid(slice: slice, centredOn: volume.affine(size / 2))
    var low = SIMD2<Double>(repeating: .infinity)
    var high = -low
    for corner in 0..<8 {
      let index = SIMD3<Double>(
        corner & 1 == 0 ? 0 : size.x, corner & 2 == 0 ? 0 : size.y, corner & 4 == 0 ? 0 : size.z)
      let pixel = grid.pixel(ras: volume.affine(index))
      low = [min(low.x, pixel.column), min(low.y, pixel.row)]
      high = [max(high.x, pixel.column), max(high.y, pixel.row)]
    }
    func length(_ span: Double) -> Int {
      // A damaged affine can span more than any number holds.
      guard span < Double(Self.longest) else { return Self.longest }
      return min(Self.longest, max(SagittalGrid.side, Int(max(span, 0).rounded(.up)) + 1))
    }
    let (rows, columns) = (length(high.y - low.y), length(high.x - low.x))
    let middle = (low + high) / 2
    let first = middle - SIMD2(Double(columns - 1), Double(rows - 1)) / 2
    return Wide(
      origin: grid.ras(row: first.y, column: first.x), columnDirection: grid.columnDirection,
      rowDirection: grid.rowDirection, rows: rows, columns: columns)
  }

  /// Largest extent looked at in px: 800 mm.
  private static let longest = 1024
}
