/// How the axes of one voxel grid are taken from another: a permutation with flips.
public struct AxisReordering: Equatable, Sendable {
  /// The source axis (0...2) of each target axis.
  public let sourceAxes: SIMD3<Int>
  /// 1 where a target axis runs along its source axis, -1 where it runs against it.
  public let signs: SIMD3<Int>

  /// The reordering that turns one orientation into another.
  public init(from source: Orientation, to target: Orientation) {
    var axes = SIMD3<Int>(0, 1, 2)
    var signs = SIMD3<Int>(repeating: 1)
    for axis in 0..<3 {
      let wanted = target[axis]
      axes[axis] = source.voxelAxis(along: wanted.axis)
      if source[axes[axis]] != wanted { signs[axis] = -1 }
    }
    self.sourceAxes = axes
    self.signs = signs
  }

  /// The target's shape for a source's.
  public func shape(of source: SIMD3<Int>) -> SIMD3<Int> {
    [source[sourceAxes.x], source[sourceAxes.y], source[sourceAxes.z]]
  }

  /// The source index of a target index, for a source of the given shape.
  public func sourceIndex(_ target: SIMD3<Int>, in source: SIMD3<Int>) -> SIMD3<Int> {
    var result = SIMD3<Int>.zero
    for axis in 0..<3 {
      let from = sourceAxes[axis]
      result[from] = signs[axis] < 0 ? source[from] - 1 - target[axis] : target[axis]
    }
    return result
  }

  /// The target's affine for a source's affine and shape: every voxel keeps its place.
  public func affine(of source: Affine, shape: SIMD3<Int>) -> Affine {
    func column(_ axis: Int) -> SIMD3<Double> {
      source.column(sourceAxes[axis]) * Double(signs[axis])
    }
    let first = SIMD3<Double>(sourceIndex(.zero, in: shape))
    return Affine(i: column(0), j: column(1), k: column(2), origin: source(first))
  }
}

extension Volume {
  /// The nearest axis codes of the grid.
  public var orientation: Orientation { affine.orientation }

  /// The volume with its axes permuted and flipped so that they run as wanted.
  ///
  /// No voxel is resampled and every voxel keeps its RAS place; an oblique grid stays oblique.
  /// - Complexity: O(voxels).
  @inlinable
  public func reoriented(to target: Orientation) -> Volume {
    let source = orientation
    guard source != target else { return self }
    let order = AxisReordering(from: source, to: target)
    let newShape = order.shape(of: shape)
    let newAffine = order.affine(of: affine, shape: shape)
    guard !voxels.isEmpty else { return Volume(shape: newShape, voxels: [], affine: newAffine) }
    // Where a target index (0, 0, 0) lies in the source's array, and what each target step adds.
    let strides = SIMD3(1, shape.x, shape.x * shape.y)
    var start = 0
    var steps = SIMD3<Int>.zero
    for axis in 0..<3 {
      let from = order.sourceAxes[axis]
      if order.signs[axis] < 0 { start += (shape[from] - 1) * strides[from] }
      steps[axis] = order.signs[axis] * strides[from]
    }
    var result: [Voxel] = []
    result.reserveCapacity(voxels.count)
    voxels.withUnsafeBufferPointer { voxels in
      for k in 0..<newShape.z {
        for j in 0..<newShape.y {
          var index = start + k * steps.z + j * steps.y
          for _ in 0..<newShape.x {
            result.append(voxels[index])
            index += steps.x
          }
        }
      }
    }
    return Volume(shape: newShape, voxels: result, affine: newAffine)
  }
}
