/// Where a NIfTI volume's affine came from.
public enum NIfTIAffineSource: String, Sendable {
  /// The matrix `srow_x`, `srow_y`, `srow_z`.
  case sform
  /// The quaternion and `pixdim`.
  case qform
  /// The voxel sizes alone: which side is left is unknown.
  case pixdim
}

extension NIfTIHeader {
  /// Voxel indices to RAS mm: the sform where its code is positive and it is usable, else the qform,
  /// else the voxel sizes alone (nifti1.h, methods 3, 2 and 1).
  public var affine: (map: Affine, source: NIfTIAffineSource) {
    if let sform { return (sform, .sform) }
    if let qform { return (qform, .qform) }
    let size = voxelSizes
    let map = Affine(
      i: [size.x, 0, 0], j: [0, size.y, 0], k: [0, 0, size.z], origin: .zero)
    return (map, .pixdim)
  }

  /// The matrix in mm, or `nil` when its code is 0 or it is singular or not finite.
  var sform: Affine? {
    guard sformCode > 0 else { return nil }
    let mm = millimetresPerUnit
    func column(_ c: Int) -> SIMD3<Double> { SIMD3(srow[0][c], srow[1][c], srow[2][c]) * mm }
    let map = Affine(i: column(0), j: column(1), k: column(2), origin: column(3))
    return map.isFinite && map.inverse != nil ? map : nil
  }

  /// The quaternion's map in mm, or `nil` when its code is 0 or it is no rotation.
  var qform: Affine? {
    guard qformCode > 0, qoffset.x.isFinite, qoffset.y.isFinite, qoffset.z.isFinite else {
      return nil
    }
    var q = quaternion
    let squared = (q * q).sum()
    // Rounding may make the vector part a little too long; much more is damage.
    guard squared.isFinite, squared < 1.01 else { return nil }
    var a = 0.0
    if squared > 1 - 1e-7 { q /= squared.squareRoot() } else { a = (1 - squared).squareRoot() }
    let (b, c, d) = (q.x, q.y, q.z)
    let size = voxelSizes
    // qfac: -1 makes the frame left-handed; every other value counts as 1.
    let flip: Double = pixdim[0] < 0 ? -1 : 1
    let map = Affine(
      i: SIMD3(a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)) * size.x,
      j: SIMD3(2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)) * size.y,
      k: SIMD3(2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - c * c - b * b)
        * (size.z * flip),
      origin: qoffset * millimetresPerUnit)
    return map.isFinite && map.inverse != nil ? map : nil
  }

  /// `pixdim[1...3]` in mm; 1 unit where a size is zero or not finite, its absolute value otherwise.
  var voxelSizes: SIMD3<Double> {
    func size(_ n: Int) -> Double {
      let value = abs(pixdim[n])
      return (value.isFinite && value > 0 ? value : 1) * millimetresPerUnit
    }
    return [size(1), size(2), size(3)]
  }
}

extension Affine {
  /// The quaternion (b, c, d), qfac and voxel sizes of a rotation with steps, or `nil` when the axes
  /// are not at right angles (to one part in 10 000).
  var niftiQuaternion: (bcd: SIMD3<Double>, qfac: Double, sizes: SIMD3<Double>)? {
    let sizes = spacing
    guard sizes.x > 0, sizes.y > 0, sizes.z > 0 else { return nil }
    let qfac: Double = determinant < 0 ? -1 : 1
    let (x, y, z) = (i / sizes.x, j / sizes.y, k / sizes.z * qfac)
    let skew = [(x * y).sum(), (y * z).sum(), (z * x).sum()]
    guard skew.allSatisfy({ abs($0) < 1e-4 }) else { return nil }
    // The largest of the four parts is found first: dividing by it is stable.
    let traces = [
      1 + x.x + y.y + z.z, 1 + x.x - y.y - z.z, 1 - x.x + y.y - z.z, 1 - x.x - y.y + z.z,
    ]
    var largest = 0
    for n in 1..<4 where traces[n] > traces[largest] + 1e-12 { largest = n }
    let s = 2 * max(traces[largest], 0).squareRoot()
    var q: SIMD4<Double> =
      switch largest {
      case 0: [s / 4, (y.z - z.y) / s, (z.x - x.z) / s, (x.y - y.x) / s]
      case 1: [(y.z - z.y) / s, s / 4, (x.y + y.x) / s, (z.x + x.z) / s]
      case 2: [(z.x - x.z) / s, (x.y + y.x) / s, s / 4, (y.z + z.y) / s]
      default: [(x.y - y.x) / s, (z.x + x.z) / s, (y.z + z.y) / s, s / 4]
      }
    if q.x < 0 { q = -q }
    return ([q.y, q.z, q.w], qfac, sizes)
  }
}
