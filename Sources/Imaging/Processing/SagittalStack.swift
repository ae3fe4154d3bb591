/// The sagittal slices of a volume, counted from the patient's left to right.
///
/// The slice axis is the voxel axis most nearly perpendicular to the sagittal plane, whatever
/// the storage order; the slices may be oblique.
public struct SagittalStack: Equatable, Sendable {
  /// The voxel axis (0 = i, 1 = j, 2 = k) that runs through the slices.
  public let axis: Int
  /// Number of slices.
  public let count: Int
  /// Distance in mm between neighbouring slices, measured across the slice plane.
  public let spacingMM: Double
  /// Unit normal of the slices, towards the patient's right.
  public let normal: SIMD3<Double>
  /// Whether the voxel index falls as the slice number rises.
  public let isReversed: Bool
  /// RAS mm of the middle of slice 0, and the step from one slice's middle to the next.
  let firstCentre: SIMD3<Double>
  let step: SIMD3<Double>

  /// Finds the sagittal slices of a voxel grid; `nil` when the affine is singular or it is empty.
  public init?(shape: SIMD3<Int>, affine: Affine) {
    guard affine.inverse != nil, shape.x > 0, shape.y > 0, shape.z > 0 else { return nil }
    let columns = [affine.i, affine.j, affine.k]
    let normals = (0..<3).map { a in
      columns[(a + 1) % 3].cross(columns[(a + 2) % 3]).unit
    }
    var axis = 0
    for a in 1..<3 where abs(normals[a].x) > abs(normals[axis].x) + 1e-9 { axis = a }
    let normal = normals[axis].x < 0 ? -normals[axis] : normals[axis]
    let along = (columns[axis] * normal).sum()
    self.axis = axis
    self.normal = normal
    count = shape[axis]
    spacingMM = abs(along)
    isReversed = along < 0
    var middle = SIMD3<Double>(
      Double(shape.x - 1) / 2, Double(shape.y - 1) / 2, Double(shape.z - 1) / 2)
    middle[axis] = isReversed ? Double(count - 1) : 0
    firstCentre = affine(middle)
    step = isReversed ? -columns[axis] : columns[axis]
  }

  /// Finds the sagittal slices of a volume.
  public init?<Voxel>(_ volume: Volume<Voxel>) {
    self.init(shape: volume.shape, affine: volume.affine)
  }

  /// The voxel index along ``axis`` of a slice number.
  public func voxelIndex(ofSlice slice: Int) -> Int { isReversed ? count - 1 - slice : slice }

  /// The slice number of a voxel index along ``axis``.
  public func slice(ofVoxelIndex index: Int) -> Int { isReversed ? count - 1 - index : index }

  /// RAS mm of the middle of a slice.
  public func centre(ofSlice slice: Int) -> SIMD3<Double> { firstCentre + step * Double(slice) }

  /// The slice nearest to a RAS point, clamped to the stack.
  public func slice(nearestTo point: SIMD3<Double>) -> Int {
    let position = ((point - firstCentre) * normal).sum() / max(spacingMM, 1e-12)
    guard position.isFinite else { return 0 }
    return Int(min(max(position.rounded(), 0), Double(count - 1)))
  }

  /// The canonical grid lying in a slice's own plane, its window centred as near as the plane
  /// allows to `point`: rows run inferior and columns posterior, seen along the slice normal.
  public func grid(slice: Int, centredOn point: SIMD3<Double>) -> SagittalGrid {
    let distance = ((centre(ofSlice: slice) - point) * normal).sum()
    let centre = point + normal * distance
    let inferior: SIMD3<Double> = [0, 0, -1]
    let row = (inferior - normal * (inferior * normal).sum()).unit
    // normal = -(row x column) as in SagittalGrid, so column = row x normal turned once more.
    let column = row.cross(normal).unit * -1
    let facing = column.y <= 0 ? column : -column
    let half = Double(SagittalGrid.side - 1) / 2 * SagittalGrid.spacing
    return SagittalGrid(
      origin: centre - (row + facing) * half, columnDirection: facing, rowDirection: row)
  }
}
