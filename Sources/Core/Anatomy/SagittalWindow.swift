public import Imaging

/// Where the canonical 200 mm window of a study lies (method, section 1).
public struct SagittalWindow: Sendable {
  /// The slices of the volume.
  public let stack: SagittalStack
  /// The RAS point that the window is centred on; `nil` when the volume is on the grid already.
  public let centre: SIMD3<Double>?
  private let shape: SIMD3<Int>
  private let affine: Affine
  /// Rows that the window lies below the one centred on `centre`.
  private var rowOffset = 0

  /// A window centred on a point, or exactly on the voxels of a volume that is canonical already.
  public init?(shape: SIMD3<Int>, affine: Affine, centre: SIMD3<Double>) {
    guard let stack = SagittalStack(shape: shape, affine: affine) else { return nil }
    self.stack = stack
    self.shape = shape
    self.affine = affine
    let isCanonical = Self.isCanonical(shape: shape, affine: affine, axis: stack.axis)
    self.centre = isCanonical ? nil : centre
  }

  /// The window that begins a number of rows further down, on the same pixels.
  public func moved(rows: Int) -> SagittalWindow {
    var result = self
    result.rowOffset += rows
    return result
  }

  /// The grid of a slice (counted from the patient's left).
  public func grid(slice: Int) -> SagittalGrid {
    // Untouched where there is no offset: not even the last bit of the origin may change.
    rowOffset == 0 ? firstGrid(slice) : firstGrid(slice).cut(fromRow: rowOffset)
  }

  private func firstGrid(_ slice: Int) -> SagittalGrid {
    if let centre { return stack.grid(slice: slice, centredOn: centre) }
    let rowAxis = Self.rowAxis(affine, sagittal: stack.axis)
    let columnAxis = 3 - rowAxis - stack.axis
    let columns = [affine.i, affine.j, affine.k]
    var index = SIMD3<Double>.zero
    index[stack.axis] = Double(stack.voxelIndex(ofSlice: slice))
    var row = columns[rowAxis]
    if row.z > 0 {
      row = -row
      index[rowAxis] = Double(shape[rowAxis] - 1)
    }
    var column = columns[columnAxis]
    if column.y > 0 {
      column = -column
      index[columnAxis] = Double(shape[columnAxis] - 1)
    }
    return SagittalGrid(
      origin: affine(index), columnDirection: column / length(column),
      rowDirection: row / length(row))
  }

  /// Whether slices are 256 x 256 px of 0.78125 mm: then nothing is resampled.
  private static func isCanonical(shape: SIMD3<Int>, affine: Affine, axis: Int) -> Bool {
    (0..<3).allSatisfy { a in
      a == axis
        || (shape[a] == SagittalGrid.side && abs(affine.spacing[a] - SagittalGrid.spacing) < 1e-3)
    }
  }

  /// The in-plane voxel axis nearest to superior-inferior.
  static func rowAxis(_ affine: Affine, sagittal: Int) -> Int {
    let columns = [affine.i, affine.j, affine.k]
    let spacing = affine.spacing
    let inPlane = (0..<3).filter { $0 != sagittal }
    let steepness = inPlane.map { abs(columns[$0].z) / max(spacing[$0], 1e-12) }
    return steepness[0] > steepness[1] ? inPlane[0] : inPlane[1]
  }

  private func length(_ v: SIMD3<Double>) -> Double { max((v * v).sum().squareRoot(), 1e-12) }
}
