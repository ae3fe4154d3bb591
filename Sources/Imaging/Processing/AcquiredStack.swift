/// The slices of a volume as they were acquired, whatever their plane, in the order in which they are
/// counted: axial ones from superior down, sagittal ones from the patient's left, coronal ones from
/// anterior.
///
/// Of a volume without a slice direction (three edges of about one length) the planes nearest to axial
/// are taken.
public struct AcquiredStack: Equatable, Sendable {
  /// The plane nearest to the slices.
  public enum Plane: String, Sendable { case sagittal, coronal, axial }

  /// The plane nearest to the slices.
  public let plane: Plane
  /// The voxel axis (0 = i, 1 = j, 2 = k) that runs through the slices.
  public let axis: Int
  /// Number of slices.
  public let count: Int
  /// Distance in mm between neighbouring slices, measured across them.
  public let spacingMM: Double
  /// Unit normal of the slices, in the direction in which their numbers grow.
  public let normal: SIMD3<Double>
  /// Whether the volume has no slice direction.
  public let isThreeDimensional: Bool
  /// Whether the voxel index falls as the slice number rises.
  let isReversed: Bool
  /// RAS mm of a point on slice 0.
  let first: SIMD3<Double>

  /// Slices are told from a 3-D acquisition by an edge so many times longer than the next.
  static let sliceRatio = 1.3

  /// Finds the slices of a voxel grid; `nil` when the affine is singular or the grid empty.
  public init?(shape: SIMD3<Int>, affine: Affine) {
    guard affine.isFinite, affine.inverse != nil, shape.x > 0, shape.y > 0, shape.z > 0 else {
      return nil
    }
    let spacing = affine.spacing
    let order = [0, 1, 2].sorted { spacing[$0] > spacing[$1] }
    let single = order.filter { shape[$0] == 1 }
    let isSliced = single.count == 1 || spacing[order[0]] > Self.sliceRatio * spacing[order[1]]
    let through =
      single.count == 1
      ? single[0] : isSliced ? order[0] : affine.orientation.voxelAxis(along: 2)
    (axis, isThreeDimensional) = (through, !isSliced)
    let across = affine.column((through + 1) % 3).cross(affine.column((through + 2) % 3)).unit
    let steepest = (0..<3).max { abs(across[$0]) < abs(across[$1]) } ?? 2
    plane = steepest == 0 ? .sagittal : steepest == 1 ? .coronal : .axial
    // Towards the right, posterior, inferior.
    let isAlong = (across[steepest] > 0) == (steepest == 0)
    let direction = isAlong ? across : -across
    let step = (affine.column(through) * direction).sum()
    (normal, isReversed, spacingMM) = (direction, step < 0, abs(step))
    count = shape[through]
    first = affine.origin + affine.column(through) * Double(step < 0 ? shape[through] - 1 : 0)
  }

  /// Finds the slices of a volume.
  public init?<Voxel>(_ volume: Volume<Voxel>) {
    self.init(shape: volume.shape, affine: volume.affine)
  }

  /// The voxel index along ``axis`` of a slice number.
  public func voxelIndex(ofSlice slice: Int) -> Int { isReversed ? count - 1 - slice : slice }

  /// The slice nearest to a RAS point, and the point's distance to it in mm.
  public func slice(nearestTo point: SIMD3<Double>) -> (slice: Int, distanceMM: Double) {
    let along = ((point - first) * normal).sum()
    let position = along / max(spacingMM, 1e-12)
    guard position.isFinite else { return (0, .infinity) }
    let slice = Int(min(max(position.rounded(), 0), Double(count - 1)))
    return (slice, abs(along - Double(slice) * spacingMM))
  }

  /// Whether a RAS point lies between the outer faces of the first and the last slice.
  public func holds(_ point: SIMD3<Double>) -> Bool {
    slice(nearestTo: point).distanceMM <= spacingMM / 2 + 1e-6
  }
}
