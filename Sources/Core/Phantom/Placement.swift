internal import Imaging

/// How the scene lies in the patient's RAS space and in the stored array.
struct Placement: Sendable {
  /// Stored axes: i to posterior always; j up or down; k to the right or to the left.
  enum Order: CaseIterable, Sendable { case psr, psl, pir }

  var order: Order
  /// RAS mm of scene (x, p, d): columns of a rotation, and an offset.
  var right: SIMD3<Double>
  var posterior: SIMD3<Double>
  var down: SIMD3<Double>
  var offset: SIMD3<Double>
  private var rows: Int
  private var slices: Int
  /// Affine of the stored array.
  var affine: Affine

  func ras(x: Double, p: Double, d: Double) -> SIMD3<Double> {
    right * x + posterior * p + down * d + offset
  }

  /// Draws a placement: slices tilted by a few degrees, and an offset from the scanner's centre.
  static func draw(_ a: Acquisition, random: PhantomRandom) -> Placement {
    var r = random.stream("placement")
    let order = r.pick([Order.psr, .psr, .psl, .pir])
    let roll = PhantomMath.sineCosine(degrees: r.normal(0, 1.6))
    let pitch = PhantomMath.sineCosine(degrees: r.normal(0, 1.6))
    let yaw = PhantomMath.sineCosine(degrees: r.normal(0, 1.6))
    func turn(_ v: SIMD3<Double>) -> SIMD3<Double> {
      // About y (roll), then x (pitch), then z (yaw).
      var w: SIMD3<Double> = [
        v.x * roll.cosine + v.z * roll.sine, v.y, v.z * roll.cosine - v.x * roll.sine,
      ]
      w = [w.x, w.y * pitch.cosine - w.z * pitch.sine, w.y * pitch.sine + w.z * pitch.cosine]
      return [w.x * yaw.cosine - w.y * yaw.sine, w.x * yaw.sine + w.y * yaw.cosine, w.z]
    }
    let (right, posterior, down) = (turn([1, 0, 0]), turn([0, -1, 0]), turn([0, 0, -1]))
    let offset: SIMD3<Double> = [r.normal(0, 4), r.uniform(-45, 10), r.uniform(-25, 35)]
    var placement = Placement(
      order: order, right: right, posterior: posterior, down: down, offset: offset, rows: a.rows,
      slices: a.slices, affine: .identity)
    let (pixel, spacing) = (Double(a.pixel), Double(a.spacing))
    let flipJ = order != .pir
    let flipK = order == .psl
    placement.affine = Affine(
      i: posterior * pixel, j: down * (flipJ ? -pixel : pixel),
      k: right * (flipK ? -spacing : spacing),
      origin: placement.ras(
        x: Double(a.x(flipK ? a.slices - 1 : 0)), p: Double(a.p0),
        d: Double(a.d0) + (flipJ ? Double(a.rows - 1) * pixel : 0)))
    return placement
  }

  /// Stored j of an image row, and stored k of a slice (0 = left).
  func j(_ row: Int) -> Int { order == .pir ? row : rows - 1 - row }
  func k(_ slice: Int) -> Int { order == .psl ? slices - 1 - slice : slice }
}
