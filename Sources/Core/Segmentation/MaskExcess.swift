internal import Imaging

/// By how much one mask is larger than another on the same voxels, to either side.
enum MaskExcess {
  /// Mean depth of a mask less that of another in mm, front to back, over the lines of voxels on which
  /// both lie; `nil` where there is none.
  ///
  /// Lines that only one of them reaches are left out: there a cord ends along itself, not at its
  /// front or back.
  static func depthMM(
    of a: [Bool], over b: [Bool], shape: SIMD3<Int>, affine: Affine
  ) -> Double? {
    let axis = affine.orientation.voxelAxis(along: 1)
    let steps = [1, shape.x, shape.x * shape.y]
    var (sum, lines) = (0, 0)
    for n in a.indices {
      let place = SIMD3(n % shape.x, n / shape.x % shape.y, n / (shape.x * shape.y))
      guard place[axis] == 0 else { continue }
      let line = (0..<shape[axis]).map { n + $0 * steps[axis] }
      let (first, second) = (line.count { a[$0] }, line.count { b[$0] })
      guard first > 0, second > 0 else { continue }
      sum += first - second
      lines += 1
    }
    return lines > 0 ? Double(sum) / Double(lines) * affine.spacing[axis] : nil
  }
}
