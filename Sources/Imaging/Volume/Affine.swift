/// A 3-D affine map, usually from voxel indices (i, j, k) to RAS millimetres.
///
/// RAS: x grows to the patient's right, y to anterior, z to superior.
public struct Affine: Equatable, Sendable {
  /// The three columns of the linear part: mm moved per voxel step along i, j, k.
  public var i: SIMD3<Double>
  /// mm moved per step along j.
  public var j: SIMD3<Double>
  /// mm moved per step along k.
  public var k: SIMD3<Double>
  /// RAS position in mm of voxel (0, 0, 0).
  public var origin: SIMD3<Double>

  /// Makes an affine from the images of the unit steps and of the origin.
  public init(
    i: SIMD3<Double>, j: SIMD3<Double>, k: SIMD3<Double>, origin: SIMD3<Double>
  ) {
    self.i = i
    self.j = j
    self.k = k
    self.origin = origin
  }

  /// The map that leaves every point where it is.
  public static let identity = Affine(
    i: [1, 0, 0], j: [0, 1, 0], k: [0, 0, 1], origin: [0, 0, 0])

  /// The image of a point.
  @inlinable
  public func callAsFunction(_ p: SIMD3<Double>) -> SIMD3<Double> {
    i * p.x + j * p.y + k * p.z + origin
  }

  /// The image of a unit step along a voxel axis (0 i, 1 j, 2 k) in mm.
  public func column(_ axis: Int) -> SIMD3<Double> {
    precondition((0..<3).contains(axis), "axis out of 0...2")
    return axis == 0 ? i : axis == 1 ? j : k
  }

  /// The determinant of the linear part; its size is the voxel volume in mm³.
  public var determinant: Double {
    let c = j.cross(k)
    return (i * c).sum()
  }

  /// Voxel edge lengths in mm along i, j, k.
  public var spacing: SIMD3<Double> {
    [(i * i).sum().squareRoot(), (j * j).sum().squareRoot(), (k * k).sum().squareRoot()]
  }

  /// The inverse map, or `nil` when the linear part is singular or not finite.
  ///
  /// Singular is judged against the step lengths, so tiny and huge voxels invert alike.
  public var inverse: Affine? {
    let d = determinant
    let lengths = spacing
    let scale = lengths.x * lengths.y * lengths.z
    guard d.isFinite, scale > 0, abs(d) > 1e-9 * scale else { return nil }
    // Rows of the inverse are the cross products of the columns over the determinant.
    let r0 = j.cross(k) / d
    let r1 = k.cross(i) / d
    let r2 = i.cross(j) / d
    let linear = Affine(
      i: [r0.x, r1.x, r2.x], j: [r0.y, r1.y, r2.y], k: [r0.z, r1.z, r2.z], origin: .zero)
    var result = linear
    result.origin = -linear(origin)
    return result
  }

  /// Whether every number of the map is finite.
  public var isFinite: Bool {
    [i, j, k, origin].allSatisfy { $0.x.isFinite && $0.y.isFinite && $0.z.isFinite }
  }

  /// The map that applies `inner` first, then this one.
  public func composed(with inner: Affine) -> Affine {
    Affine(
      i: self(inner.i) - origin, j: self(inner.j) - origin, k: self(inner.k) - origin,
      origin: self(inner.origin))
  }
}

extension SIMD3 where Scalar == Double {
  /// The cross product.
  @inlinable
  public func cross(_ o: SIMD3<Double>) -> SIMD3<Double> {
    [y * o.z - z * o.y, z * o.x - x * o.z, x * o.y - y * o.x]
  }

  /// The vector of length one along this one, or zero when it has no length.
  var unit: SIMD3<Double> {
    let length = (self * self).sum().squareRoot()
    return length > 0 ? self / length : self
  }
}
