/// The outlines of head and neck around the spine, in scene mm.
struct HeadPlan: Sendable {
  /// The lower end of the clivus, and the size and pitch of the head about it.
  var basion: SIMD2<Float>
  var size: Float
  var pitchSine: Float
  var pitchCosine: Float
  /// Skin behind and in front, by scene d.
  var skinBack: Profile
  var skinFront: Profile
  /// Thickness of the fat under the skin, behind and in front, by scene d.
  var fatBack: Profile
  var fatFront: Profile
  /// Front of the vertebral bodies, back and front wall of the airway (p by scene d).
  var bodyFront: Profile
  var airwayBack: Profile
  var airwayFront: Profile
  /// Line along the tips of the spinous processes (p by scene d): the nuchal ligament.
  var nuchal: Profile
  /// Scene d of the hard palate, the chin's underside, the vocal folds and the sternal notch.
  var palate: Float
  var chin: Float
  var larynx: Float
  var notch: Float
  /// Offsets that move the textures about from patient to patient.
  var grain: SIMD2<Float>
  /// How much fat lies between the muscles, 0...1.
  var fattiness: Float

  /// A point given in mm behind and below the basion of an average, level head.
  func skull(_ p: Float, _ d: Float) -> SIMD2<Float> {
    let (x, y) = (p * size, d * size)
    return basion + [x * pitchCosine - y * pitchSine, x * pitchSine + y * pitchCosine]
  }

  /// Draws a head for a spine.
  static func draw(_ spine: SpinePlan, random: PhantomRandom) -> HeadPlan {
    var r = random.stream("head")
    let scale = spine.scale
    let basion = spine.curve.place(s: spine.densTip - 7.5 * scale, n: -3.5)
    let size = Float(r.normal(1, 0.04))
    let pitch = PhantomMath.sineCosine(degrees: r.normal(0, 4))
    let level = { (index: Int) in spine.curve.place(s: spine.bodies[index].centre, n: 0) }

    let nape = r.uniform(46, 72)
    let fat = r.uniform(5, 24)
    let top = Double(basion.y)
    var skinBack = spline(
      [
        (top - 90, Double(basion.x) + 93), (top - 45, Double(basion.x) + 93 + 0.1 * fat),
        (top - 18, Double(basion.x) + 91 + 0.2 * fat),
        (top + 2, Double(basion.x) + 72 + 0.3 * nape),
        (Double(level(0).y) + 4, Double(level(0).x) + nape + 16),
        (Double(level(2).y), Double(level(2).x) + nape + 4),
        (Double(level(4).y), Double(level(4).x) + nape + 2),
        (Double(level(6).y), Double(level(6).x) + nape + 6 + 0.2 * fat),
        (Double(level(8).y), Double(level(8).x) + nape + 4 + 0.1 * fat),
        (Double(level(9).y) + 18, Double(level(9).x) + nape),
      ], smooth: 26)
    let fatBack = spline(
      [
        (top - 40, 5), (top - 5, 6 + 0.1 * fat), (Double(level(0).y), 4 + 0.45 * fat),
        (Double(level(3).y), 4 + 0.75 * fat), (Double(level(5).y), 4 + 1.05 * fat),
        (Double(level(7).y), 4 + 0.9 * fat), (Double(level(9).y), 3 + 0.7 * fat),
      ], smooth: 24)

    let palate = Float(r.normal(3, 4)) + basion.y
    let chin = basion.y + Float(r.normal(78, 7))
    let larynx = level(3).y + Float(r.normal(0, 8))
    let notch = level(7).y + Float(r.normal(8, 7))
    let skinFront = front(
      spine, basion: basion, chin: chin, larynx: larynx, notch: notch, fat: Float(fat), &r)
    let fatFront = spline(
      [
        (Double(chin) - 20, 5), (Double(chin), 6 + 0.25 * fat), (Double(larynx), 3 + 0.2 * fat),
        (Double(notch), 4 + 0.4 * fat), (Double(notch) + 30, 6 + 0.8 * fat),
      ], smooth: 16)

    let bodyFront = Profile(from: -160, to: 160) { d in
      let s = spine.curve.wallS(d)
      let depths = spine.bodies.map { (x: Double($0.centre), y: Double($0.depth)) }
      let depth = depths.last { $0.x <= Double(s) }?.y ?? 15
      return spine.curve.wallP(d) - (Float(depth) + 0.5) / spine.curve.wallCosine(d)
    }
    let soft = r.uniform(3.5, 6)
    let low = r.uniform(10, 14)
    // Prevertebral tissue, by scene d.
    let prevertebral = spline(
      [
        (top - 12, 10), (top + 18, 7.5), (Double(level(1).y), soft),
        (Double(level(2).y) + 4, soft + 1),
        (Double(larynx) + 4, low), (Double(level(7).y), low + 3), (Double(level(9).y), low + 6),
      ], smooth: 14)
    let calibre = r.uniform(13, 17)
    let width = spline(
      [
        (top - 22, 3), (top - 5, 12), (top + 14, 9), (top + 28, 5), (Double(chin) - 18, 11),
        (Double(larynx) - 12, 10), (Double(larynx), 7), (Double(larynx) + 12, calibre),
        (Double(notch) + 40, calibre),
      ], smooth: 10)
    var airwayBack = bodyFront
    airwayBack.blur(radius: 14)
    let wavy = Profile.noise(from: -160, to: 160, length: 9, random: &r)
    let slow = Profile.noise(from: -160, to: 160, length: 21, random: &r)
    airwayBack.add { -prevertebral($0) * (1 + 0.1 * slow($0)) - 0.45 * wavy($0) }
    var airwayFront = airwayBack
    airwayFront.add { -width($0) * (1 + 0.08 * slow($0 + 31)) - 0.6 * wavy($0 - 17) }

    var nuchal = Profile(from: -160, to: 160) { d in
      let s = spine.curve.wallS(d)
      let near = spine.spinous.min { abs($0.s + 6 - s) < abs($1.s + 6 - s) }
      let reach = (near?.length ?? 20) * 0.95 + 17
      return spine.curve.wallP(d) + reach * spine.curve.wallCosine(d)
    }
    nuchal.blur(radius: 30)
    // The skin stays behind the spinous processes of a thin neck.
    let drawn = skinBack
    skinBack.add { d in max(0, nuchal(d) + 11 - drawn(d)) }
    return HeadPlan(
      basion: basion, size: size, pitchSine: Float(pitch.sine), pitchCosine: Float(pitch.cosine),
      skinBack: skinBack, skinFront: skinFront, fatBack: fatBack, fatFront: fatFront,
      bodyFront: bodyFront, airwayBack: airwayBack, airwayFront: airwayFront, nuchal: nuchal,
      palate: palate, chin: chin, larynx: larynx, notch: notch,
      grain: [Float(r.uniform(0, 128)), Float(r.uniform(0, 128))],
      fattiness: Float(r.uniform(0.15, 0.8)))
  }

  private static func spline(_ anchors: [(x: Double, y: Double)], smooth: Float) -> Profile {
    Profile(anchors: anchors, from: -160, to: 160, smooth: smooth)
  }

  /// Face, chin, throat and chest in profile.
  private static func front(
    _ spine: SpinePlan, basion: SIMD2<Float>, chin: Float, larynx: Float, notch: Float, fat: Float,
    _ r: inout PhantomRandom
  ) -> Profile {
    let face = basion.x - Float(r.uniform(92, 102))
    let throat = spine.curve.wallP(larynx) - Float(r.uniform(50, 58)) - 0.25 * fat
    let pit = spine.curve.wallP(notch) - Float(r.uniform(50, 58)) - 0.3 * fat
    let slope = Float(r.uniform(0.5, 1.1))
    let anchors: [(Float, Float)] = [
      (basion.y - 60, face + 4), (basion.y - 22, face - 10), (basion.y - 8, face - 24),
      (basion.y - 2, face - 10), (basion.y + 16, face - 6), (basion.y + 24, face - 10),
      (basion.y + 30, face - 4), (basion.y + 38, face - 9), (basion.y + 46, face - 2),
      (chin - 16, face - 1), (chin - 6, face + 3), (chin, face + 12), (chin + 3, face + 28),
      (chin + 7, min(throat - 4, face + 46)), (larynx - 12, throat + 2), (larynx, throat - 2),
      (larynx + 16, throat + 3), (notch - 6, pit + 3), (notch + 4, pit - 2),
      (notch + 40, pit - 2 - 38 * slope), (notch + 80, pit - 2 - 60 * slope),
    ]
    var last = -Float.infinity
    let ascending = anchors.filter { anchor in
      defer { last = max(last, anchor.0) }
      return anchor.0 > last + 0.5
    }
    return spline(ascending.map { (Double($0.0), Double($0.1)) }, smooth: 6)
  }
}
