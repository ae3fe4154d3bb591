/// A plane in the voxel indices of a volume, with the axes sorted: two in-plane, one through it.
struct IndexPlane {
  /// Voxel count, storage stride, first index and steps of one axis.
  struct Axis {
    var count: Int
    var stride: Int
    var base: Double
    var columnStep: Double
    var rowStep: Double

    /// The fractional index at a pixel.
    @inline(__always)
    func position(_ row: Int, _ column: Int) -> Double {
      base + rowStep * Double(row) + columnStep * Double(column)
    }

    /// Whether a fractional index lies within the outer faces (false for NaN).
    @inline(__always)
    func holds(_ x: Double) -> Bool { x >= -0.500_001 && x <= Double(count) - 0.499_999 }
  }

  /// The in-plane axis with the smaller stride, the other in-plane axis, and the crossing one.
  let u: Axis
  let v: Axis
  let through: Axis

  /// Maps a plane into a volume's indices; `nil` when the affine is singular or the grid empty.
  init?(_ plane: SamplingPlane, shape: SIMD3<Int>, affine: Affine) {
    guard let inverse = affine.inverse, shape.x > 0, shape.y > 0, shape.z > 0 else { return nil }
    let base = inverse(plane.origin)
    let dc = inverse(plane.origin + plane.columnStep) - base
    let dr = inverse(plane.origin + plane.rowStep) - base
    let strides: SIMD3<Int> = [1, shape.x, shape.x * shape.y]
    let axes = (0..<3).map {
      Axis(
        count: shape[$0], stride: strides[$0], base: base[$0], columnStep: dc[$0], rowStep: dr[$0])
    }
    // The axis whose unit vector is closest to the plane's normal crosses it.
    let normal = plane.rowStep.cross(plane.columnStep)
    let columns = [affine.i, affine.j, affine.k]
    var crossing = 0
    var best = -1.0
    for a in 0..<3 {
      let length = (columns[a] * columns[a]).sum().squareRoot()
      let alignment = abs((columns[a] * normal).sum()) / max(length, 1e-12)
      if alignment > best + 1e-9 { (best, crossing) = (alignment, a) }
    }
    let inPlane = (0..<3).filter { $0 != crossing }
    u = axes[inPlane[0]]
    v = axes[inPlane[1]]
    through = axes[crossing]
  }
}
