/// The dural sac and the cord inside it, before they are laid along the curve.
struct CanalShape {
  var sacFront: Profile
  var sacBack: Profile
  var sacHalfWidth: Profile
  var cordFront: Profile
  var cordBack: Profile
  var cordHalfWidth: Profile
  var narrowness: Profile
  var brightness: Profile
  var side: Profile

  private static let reach = SpineCurve.reach

  private static func profile(_ anchors: [(Float, Double)], smooth: Float = 10) -> Profile {
    Profile(
      anchors: anchors.map { (Double($0.0), $0.1) }, from: -reach, to: reach, step: 0.25,
      smooth: smooth)
  }

  /// Draws sac and cord; deepens the bulges of the narrowed discs so that they reach the sac.
  static func draw(
    _ c: PhantomConfounders, bodies: [SpinePlan.Body], discs: inout [SpinePlan.Disc],
    densTip: Float, scale: Float, _ r: inout PhantomRandom
  ) -> CanalShape {
    var shape = relaxed(c, bodies: bodies, discs: discs, densTip: densTip, scale: scale, &r)
    let full = zip(shape.sacBack.values, shape.sacFront.values).map { $0 - $1 }
    for narrowing in c.narrowings {
      shape.press(narrowing, discs: &discs, &r)
    }
    if let neck = c.neck {
      shape.sacFront = neck.pressed(shape.sacFront, back: shape.sacBack, bodies: bodies)
    }
    shape.fitCord()
    for index in full.indices {
      let now = shape.sacBack.values[index] - shape.sacFront.values[index]
      shape.narrowness.values[index] = max(0, min(1, 1.15 * (1 - now / full[index])))
    }
    return shape
  }

  /// Sac and cord without narrowing.
  private static func relaxed(
    _ c: PhantomConfounders, bodies: [SpinePlan.Body], discs: [SpinePlan.Disc], densTip: Float,
    scale: Float, _ r: inout PhantomRandom
  ) -> CanalShape {
    let level = { (index: Int) in bodies[index].centre }
    let wide = c.canalWidth * Double(scale)
    var sac = profile([
      (densTip - 20, 42), (densTip - 9, 34), (densTip - 3, 23 * wide), (densTip + 4, 15.5 * wide),
      (level(0), 13.6 * wide), (level(1), 12.4 * wide), (level(2), 11.8 * wide),
      (level(3), 11.5 * wide), (level(4), 11.6 * wide), (level(5), 12.1 * wide),
      (level(6), 12.4 * wide), (level(8), 12.6 * wide),
    ])
    let thick = r.normal(1.0, 0.05) * Double(scale)
    let grow = c.enlargement
    let cord = profile([
      (densTip - 22, 13.5), (densTip - 12, 11.2), (densTip - 2, 9.2 * thick),
      (level(0), 8.5 * thick), (level(1), 8.2 * thick), (level(2), 8.2 * thick + 0.3 * grow),
      (level(3), 8.1 * thick + 0.5 * grow), (level(4), 7.7 * thick + 0.35 * grow),
      (level(5), 7.0 * thick), (level(6), 6.7 * thick), (level(8), 6.3 * thick),
    ])
    let width = profile([
      (densTip - 12, 12.5), (level(0), 11.6 * thick), (level(1), 12.3 * thick),
      (level(2), 13.0 * thick + 0.8 * grow), (level(3), 13.5 * thick + 1.5 * grow),
      (level(4), 13.1 * thick + grow), (level(5), 11.6 * thick), (level(6), 10.4 * thick),
      (level(8), 9.4 * thick),
    ])
    let sacWidth = profile([
      (densTip - 15, 28), (level(0), 22), (level(2), 22.5), (level(4), 23), (level(6), 20),
      (level(8), 17.5),
    ])
    var gap = profile(
      [
        (densTip - 14, -4.5), (densTip - 6, -0.6), (densTip + 1, 4.2), (densTip + 8, 4.2),
        (level(0) + 4, 2.0),
        (level(1), 1.3), (level(8), 1.3),
      ], smooth: 6)
    // The sac lies closer to each disc than to the middle of the bodies.
    for disc in discs {
      gap.add { s in
        -0.7 * PhantomMath.bell((s - disc.centre) / 3.5) + 0.35 * disc.bulge
          * PhantomMath.bell((s - disc.centre) / 3)
      }
    }
    let slack = Profile.noise(from: -reach, to: reach, step: 0.25, length: 42, random: &r)
    let middle = r.uniform(-0.2, 0.35)
    var front = gap
    var back = gap
    var share = gap
    // The flavum folds in behind each disc, more with wear.
    let fold = Float(r.uniform(0.2, 0.6) + 0.7 * c.degeneration)
    let uneven = Profile.noise(from: -reach, to: reach, step: 0.25, length: 17, random: &r)
    for disc in discs {
      sac.add { s in -fold * PhantomMath.bell((s - disc.centre - 1.5) / 4) }
    }
    for index in sac.values.indices { sac.values[index] += 0.35 * uneven.values[index] }
    for index in gap.values.indices {
      back.values[index] = gap.values[index] + sac.values[index]
      let t = max(-0.75, min(0.75, Float(middle) + 0.32 * slack.values[index]))
      let centre = gap.values[index] + sac.values[index] / 2
      let play = max(0, sac.values[index] - cord.values[index]) / 2
      front.values[index] = centre + t * play - cord.values[index] / 2
      share.values[index] = centre + t * play + cord.values[index] / 2
    }
    let slow = Profile.noise(from: -reach, to: reach, step: 0.25, length: 34, random: &r)
    let quick = Profile.noise(from: -reach, to: reach, step: 0.25, length: 13, random: &r)
    var brightness = slow
    for index in slow.values.indices {
      brightness.values[index] =
        1 + Float(c.cordVariation) * (0.8 * slow.values[index] + 0.55 * quick.values[index])
    }
    // A touched cord is a little brighter or darker than its neighbours without being ill.
    for narrowing in c.narrowings {
      let change = Float(r.normal(0, 0.055))
      let s0 = discs[narrowing.disc].centre + Float(r.normal(0, 3))
      let half = Float(r.uniform(2.5, 7))
      brightness.add { s in change * PhantomMath.bell((s - s0) / half) }
    }
    let sway = Profile.noise(from: -reach, to: reach, step: 0.25, length: 60, random: &r)
    var side = sway
    for index in side.values.indices { side.values[index] *= 0.5 }
    return CanalShape(
      sacFront: gap, sacBack: back, sacHalfWidth: halved(sacWidth), cordFront: front,
      cordBack: share, cordHalfWidth: halved(width), narrowness: gap, brightness: brightness,
      side: side)
  }

  private static func halved(_ profile: Profile) -> Profile {
    var result = profile
    for index in result.values.indices { result.values[index] /= 2 }
    return result
  }

  /// Narrows the sac at one disc to the wanted room, from the front and the back.
  private mutating func press(
    _ narrowing: PhantomConfounders.Narrowing, discs: inout [SpinePlan.Disc],
    _ r: inout PhantomRandom
  ) {
    let s0 = discs[narrowing.disc].centre
    let room = sacBack(s0) - sacFront(s0)
    let loss = max(0, room - Float(narrowing.residual))
    let fromFront = loss * Float(narrowing.anterior)
    let fromBack = loss - fromFront
    let half = Float(narrowing.halfLength)
    let shift = Float(r.normal(0, 1.2))
    sacFront.add { s in
      // Flat top over the disc, quick fall behind the bodies.
      let t = (s - s0) / half
      return fromFront * PhantomMath.exp(-0.5 * t * t * (0.6 + 0.4 * min(4, t * t)))
    }
    sacBack.add { s in -fromBack * PhantomMath.bell((s - s0 - shift) / (half * 1.1)) }
    discs[narrowing.disc].bulge = max(
      discs[narrowing.disc].bulge, sacFront(s0) - 0.5 - 0.3 * Float(r.unit()))
    discs[narrowing.disc].nucleus = min(discs[narrowing.disc].nucleus, 0.2)
  }

  /// Pushes and flattens the cord so that it stays inside the sac; a flattened cord widens a bit.
  private mutating func fitCord() {
    let gap: Float = 0.35
    for index in cordFront.values.indices {
      let (low, high) = (sacFront.values[index] + gap, sacBack.values[index] - gap)
      let thickness = cordBack.values[index] - cordFront.values[index]
      var front = PhantomMath.smoothMax(cordFront.values[index], low, 0.8)
      // A cord pushed back first uses up the CSF behind it, then flattens.
      let pushed = front - cordFront.values[index]
      var back = PhantomMath.smoothMin(cordBack.values[index] + 0.55 * pushed, high, 0.8)
      let pulled = max(0, cordBack.values[index] - back)
      front = max(low, front - 0.45 * pulled)
      if back - front < 2.2 {
        let middle = (front + back) / 2
        (front, back) = (middle - 1.1, middle + 1.1)
      }
      (cordFront.values[index], cordBack.values[index]) = (front, back)
      let flattened = max(0, 1 - (back - front) / max(thickness, 1))
      cordHalfWidth.values[index] *= 1 + 0.12 * flattened
    }
    cordFront.blur(radius: 5)
    cordBack.blur(radius: 5)
    for index in cordFront.values.indices {
      // Blurring may push the cord out of the sac again by a hair.
      cordFront.values[index] = max(cordFront.values[index], sacFront.values[index] + 0.2)
      cordBack.values[index] = min(cordBack.values[index], sacBack.values[index] - 0.2)
    }
  }
}
