/// Averages thin sagittal slices to partitions of about 3 mm (method, section 1).
///
/// A plan is made once from the image and applied to the image and to all its label volumes,
/// so that they stay aligned. Slices that do not fill a partition are dropped evenly at both
/// ends; the affine moves to the partitions' centres.
public struct ThickPartitions: Equatable, Sendable {
  /// How the labels of the voxels in one partition become one label.
  public enum LabelRule: String, CaseIterable, Sendable {
    /// The most frequent value, background included; ties go to the smaller label above 0.
    case majority
    /// The most frequent label above 0, if there is any: for points and thin structures.
    case any
  }

  /// Slices of at least this spacing in mm are left as they are.
  public static let thinLimitMM = 2.0
  /// The thickness in mm aimed at.
  public static let targetMM = 3.0

  /// The voxel axis averaged over.
  public let axis: Int
  /// Slices per partition.
  public let group: Int
  /// First voxel index used.
  public let start: Int
  /// Number of partitions.
  public let count: Int

  /// Plans the partitions of a voxel grid; `nil` when its slices are thick already (or unusable).
  public init?(shape: SIMD3<Int>, affine: Affine) {
    guard let stack = SagittalStack(shape: shape, affine: affine), stack.count > 1,
      stack.spacingMM < Self.thinLimitMM, stack.spacingMM > 0
    else { return nil }
    let wanted = (Self.targetMM / stack.spacingMM).rounded()
    let group = Int(min(max(wanted, 2), Double(stack.count)))
    axis = stack.axis
    self.group = group
    count = stack.count / group
    // An odd slice more is dropped at the patient's right, however the volume is stored.
    let left = stack.count - count * group
    start = stack.voxelIndex(ofSlice: 0) == 0 ? left / 2 : left - left / 2
  }

  /// Plans `count` partitions of `group` slices along a voxel axis, from voxel index `start` on.
  public init(axis: Int, group: Int, start: Int, count: Int) {
    precondition((0..<3).contains(axis) && group > 0 && start >= 0 && count >= 0, "partitions")
    self.axis = axis
    self.group = group
    self.start = start
    self.count = count
  }

  /// Whether the partitions lie within a voxel grid.
  public func fits(_ shape: SIMD3<Int>) -> Bool {
    let (last, overflows) = count.multipliedReportingOverflow(by: group)
    return !overflows && start <= shape[axis] && last <= shape[axis] - start
  }

  /// The mean of each partition.
  public func image(_ volume: ImageVolume) -> ImageVolume {
    build(volume) { source, offset, stride in
      var sum: Float = 0
      for n in 0..<group { sum += source[offset + n * stride] }
      return sum / Float(group)
    }
  }

  /// One label for each partition, by the stated rule.
  public func labels(_ volume: LabelVolume, rule: LabelRule = .majority) -> LabelVolume {
    build(volume) { source, offset, stride in
      var best: UInt16 = 0
      var votes = 0
      for n in 0..<group {
        let label = source[offset + n * stride]
        if rule == .any && label == 0 { continue }
        var same = 0
        for m in 0..<group where source[offset + m * stride] == label { same += 1 }
        let wins = same > votes || (same == votes && label > 0 && (best == 0 || label < best))
        if wins { (best, votes) = (label, same) }
      }
      return best
    }
  }

  /// The affine of the partitions' centres.
  public func affine(_ a: Affine) -> Affine {
    var result = a
    let column = [a.i, a.j, a.k][axis]
    result.origin = a.origin + column * (Double(start) + Double(group - 1) / 2)
    switch axis {
    case 0: result.i = column * Double(group)
    case 1: result.j = column * Double(group)
    default: result.k = column * Double(group)
    }
    return result
  }

  /// Makes the smaller volume, one call of `reduce` per voxel.
  private func build<Voxel>(
    _ volume: Volume<Voxel>, _ reduce: (UnsafeBufferPointer<Voxel>, Int, Int) -> Voxel
  ) -> Volume<Voxel> {
    let last = start + count * group
    precondition(volume.shape[axis] >= last, "the partitions were planned for another grid")
    var shape = volume.shape
    shape[axis] = count
    let strides: SIMD3<Int> = [1, volume.shape.x, volume.shape.x * volume.shape.y]
    var voxels: [Voxel] = []
    voxels.reserveCapacity(shape.x * shape.y * shape.z)
    volume.voxels.withUnsafeBufferPointer { source in
      for k in 0..<shape.z {
        for j in 0..<shape.y {
          for i in 0..<shape.x {
            var at: SIMD3<Int> = [i, j, k]
            at[axis] = start + at[axis] * group
            let offset = at.x + at.y * strides.y + at.z * strides.z
            voxels.append(reduce(source, offset, strides[axis]))
          }
        }
      }
    }
    return Volume<Voxel>(shape: shape, voxels: voxels, affine: affine(volume.affine))
  }
}
