/// The T2 hyperintense lesions of one study, laid along the cord.
struct LesionPlan: Sendable {
  /// A soft ellipsoid inside the cord.
  struct Focus: Sendable {
    /// Middle and half length along the cord in mm.
    var s: Float
    var halfLength: Float
    /// Place in the cord's section: mm to the side, and -1...1 from front to back.
    var side: Float
    var depth: Float
    /// Half axes in the section: mm sideways, and as a share of the cord's half thickness.
    var halfSide: Float
    var halfDepth: Float
    /// Strength as a share of the cord-to-CSF step.
    var strength: Float
    /// Share of the half length over which the ends fade.
    var fade: Float
  }

  var foci: [Focus] = []

  /// Strength below which a voxel is not called lesion, as a share of its focus's strength.
  static let threshold: Float = 0.35

  /// The lesion's strength at a place of the cord, and its share of the focus's full strength.
  @inline(__always)
  func strength(s: Float, side: Float, depth: Float) -> (step: Float, share: Float) {
    var step: Float = 0
    var share: Float = 0
    for focus in foci {
      let along = abs(s - focus.s) / focus.halfLength
      if along > 1.15 { continue }
      let u = (side - focus.side) / focus.halfSide
      let v = (depth - focus.depth) / focus.halfDepth
      let across = u * u + v * v
      if across > 6 { continue }
      let ends = 1 - PhantomMath.smoothStep(1 - focus.fade, 1.1, along)
      let part = ends * PhantomMath.exp(-0.7 * across * across * 0.5 - 0.2 * across)
      step = max(step, focus.strength * part)
      share = max(share, part)
    }
    return (step, share)
  }

  /// Draws the lesions of a class.
  static func draw(
    _ kind: PhantomClass, spine: SpinePlan, confounders: PhantomConfounders,
    random: PhantomRandom
  ) -> LesionPlan {
    var r = random.stream("lesion")
    // Lesions lie between C3 and C7, most at worn levels.
    let low = Double(spine.bodies[1].top)
    let high = Double(spine.bodies[5].bottom)
    func place() -> Double {
      if r.chance(0.7) {
        return Double(spine.disc(r.pick([1, 2, 2, 3, 3, 3, 4, 4]))) + r.normal(0, 3)
      }
      return r.uniform(low, high)
    }
    switch kind {
    case .focalFaint:
      return LesionPlan(foci: [
        round(s: place(), half: r.uniform(4, 11), strength: r.uniform(0.08, 0.2), &r)
      ])
    case .focalBright:
      return LesionPlan(foci: [
        round(s: place(), half: r.uniform(4, 11), strength: r.uniform(0.38, 0.85), &r)
      ])
    case .long:
      // 30-150 rows of 0.78 mm, both ends inside the cervical canal.
      let length = 23.4 + (117 - 23.4) * r.unit() * r.unit()
      let room = Double(spine.bodies[6].bottom) - Double(spine.bodies[0].top)
      let half = min(length, room) / 2
      let s = r.uniform(
        Double(spine.bodies[0].top) + half, Double(spine.bodies[6].bottom) - half)
      var focus = round(s: s, half: half, strength: r.uniform(0.18, 0.5), &r)
      focus.fade = Float(r.uniform(0.25, 0.6))
      focus.halfSide = Float(r.uniform(3, 4.5))
      focus.halfDepth = Float(r.uniform(0.55, 0.9))
      return LesionPlan(foci: [focus])
    case .multisegmental:
      var discs = r.shuffled([0, 1, 2, 3, 4, 5])
      discs.removeLast(6 - r.integer(2...4))
      return LesionPlan(
        foci: discs.map {
          round(
            s: Double(spine.disc($0)) + r.normal(0, 3), half: r.uniform(3.5, 8.5),
            strength: r.uniform(0.16, 0.5), &r)
        })
    case .snakeEye:
      let s = Double(spine.disc(r.pick([1, 2, 3, 3, 4]))) + r.normal(0, 3)
      let half = r.uniform(6, 19)
      let strength = r.uniform(0.25, 0.6)
      let even = r.uniform(0.7, 1)
      return LesionPlan(
        foci: [-1.0, 1.0].map { side in
          Focus(
            s: Float(s + r.normal(0, 1)), halfLength: Float(half * r.uniform(0.85, 1)),
            side: Float(side * r.uniform(1.8, 2.4)), depth: Float(r.uniform(-0.3, 0.05)),
            halfSide: Float(r.uniform(0.9, 1.3)), halfDepth: Float(r.uniform(0.28, 0.42)),
            strength: Float(strength * (side < 0 ? even : 1)), fade: 0.4)
        })
    case .atCompression:
      // At the tightest level or just beside it.
      let disc = confounders.narrowings.first?.disc ?? 3
      let s = Double(spine.disc(disc)) + r.normal(0, 2.5)
      return LesionPlan(foci: [
        round(s: s, half: r.uniform(3.5, 9), strength: r.uniform(0.16, 0.5), &r)
      ])
    default:
      return LesionPlan()
    }
  }

  private static func round(
    s: Double, half: Double, strength: Double, _ r: inout PhantomRandom
  ) -> Focus {
    Focus(
      s: Float(s), halfLength: Float(half), side: Float(r.normal(0, 0.8)),
      depth: Float(r.normal(0, 0.2)), halfSide: Float(r.uniform(2.2, 4.2)),
      halfDepth: Float(r.uniform(0.45, 0.85)), strength: Float(strength),
      fade: Float(r.uniform(0.35, 0.7)))
  }
}
