/// A straight or kyphotic neck with a thick, dark ligament behind several bodies (as an ossified
/// posterior longitudinal ligament is on T2).
///
/// The distributions are assumptions of ours, chosen so that about a third of such necks have a
/// crossed K-line and many pass it closely; they say nothing of how often patients have one. No
/// distribution of thicknesses is in the clinical notes. A ligament 3 to 6.5 mm thick takes a
/// quarter to over a half of these canals.
struct OssifiedNeck: Sendable {
  /// Degrees by which the posterior wall's tilt falls from C2 to C7: 0 is straight.
  var kyphosis: Double
  /// Mean tilt of the wall between C2 and C7 in degrees, positive to the back going down.
  var lean: Double
  /// Degrees by which the tilt grows again from C7 to T3, and from C2 up into the skull.
  var below: Double
  var above: Double
  /// Thickness of the ligament behind the bodies in mm, without the dura.
  var thickness: Double
  /// Bodies behind which it lies (C2 = 0).
  var bodies: ClosedRange<Int>

  /// Room in mm that the dural sac keeps at least, as at the tightest narrowed discs.
  private static let leastRoom: Float = 4.2
  /// What the dura adds to the ligament in mm, as `CanalPainter` paints it.
  static let dura: Float = 1.15

  /// Draws a neck of a cohort; `nil` for one as usual. Nothing else of the patient depends on it.
  static func draw(_ necks: PhantomNecks, random: PhantomRandom) -> OssifiedNeck? {
    guard necks == .kyphotic else { return nil }
    var r = random.stream("neck")
    guard r.chance(PhantomNecks.ossifiedShare) else { return nil }
    return OssifiedNeck(
      kyphosis: r.uniform(0, 20), lean: r.uniform(3, 7), below: r.uniform(6, 14),
      above: r.uniform(-2, 3), thickness: r.uniform(3, 6.5),
      bodies: r.integer(1...2)...r.integer(3...4))
  }

  /// Discs (below body 0 = C2) that lie between its bodies.
  var discs: [Int] { Array(bodies.lowerBound..<bodies.upperBound) }

  /// The tilt of the posterior wall in degrees by s, one even bend from C2 to C7.
  func tilt(bodies: [SpinePlan.Body], densTip: Float) -> Profile {
    let (c2, c7) = (lean + kyphosis / 2, lean - kyphosis / 2)
    return Profile(
      anchors: [
        (Double(densTip) - 20, c2 + above), (Double(bodies[0].centre), c2),
        (Double(bodies[5].centre), c7), (Double(bodies[8].centre), c7 + below),
      ], from: -SpineCurve.reach, to: SpineCurve.reach, smooth: 26)
  }

  /// The sac's front moved back to where the ligament's dura lies; what stands further back stays.
  func pressed(_ front: Profile, back: Profile, bodies plan: [SpinePlan.Body]) -> Profile {
    let (first, last) = (plan[bodies.lowerBound].top, plan[bodies.upperBound].bottom)
    var result = front
    result.add { s in
      let behind =
        PhantomMath.smoothStep(first - 3, first + 5, s)
        * (1 - PhantomMath.smoothStep(last - 5, last + 3, s))
      let wanted = min(Float(thickness) + Self.dura, back(s) - Self.leastRoom)
      return max(0, wanted - front(s)) * behind
    }
    return result
  }
}
