/// Paints the bones and discs of the spine on one thin section.
struct SpinePainter {
  let scene: Scene
  let canvas: Canvas
  /// Scene sideways place of the section in mm.
  let x: Float
  /// Labels of the slice (TotalSpineSeg numbers), on the section that carries them.
  let labels: UnsafeMutablePointer<UInt16>?
  let u: Float
  let v: Float

  var spine: SpinePlan { scene.spine }
  var tissue: Tissue { scene.tissue }

  init(
    scene: Scene, canvas: Canvas, x: Float, index: Int, labels: UnsafeMutablePointer<UInt16>?
  ) {
    self.scene = scene
    self.canvas = canvas
    self.x = x
    self.labels = labels
    u = scene.grain.y + Float(index) * 11.7
    v = scene.grain.x + Float(index) * 7.9
  }

  /// Distance of the section from the spine's midline at scene d.
  func lateral(_ d: Float) -> Float { x - spine.midline(d) }

  /// Paints discs, bodies, arches and processes.
  func paint() {
    paintEpidural()
    for index in spine.discs.indices { paintDisc(index) }
    for index in spine.bodies.indices { paintBody(index) }
    paintAtlas()
    for index in spine.bodies.indices { paintArch(index) }
  }

  /// The frame of a piece of spine: its place, and the directions behind and below it.
  struct Frame {
    var centre: SIMD2<Float>
    var sine: Float
    var cosine: Float

    @inline(__always)
    func local(_ p: Float, _ d: Float) -> (u: Float, v: Float) {
      let (x, y) = (p - centre.x, d - centre.y)
      return (x * cosine - y * sine, x * sine + y * cosine)
    }
  }

  func frame(s: Float, n: Float, tilt: Double = 0) -> Frame {
    let curve = spine.curve
    let (sine, cosine) = (curve.sine(s), curve.cosine(s))
    let turn = PhantomMath.sineCosine(degrees: tilt)
    let (a, b) = (Float(turn.sine), Float(turn.cosine))
    return Frame(
      centre: curve.place(s: s, n: n), sine: sine * b + cosine * a, cosine: cosine * b - sine * a)
  }

  /// Visits the pixels around a frame.
  @inline(__always)
  func around(
    _ frame: Frame, radius: Float, _ body: (_ index: Int, _ u: Float, _ v: Float) -> Void
  ) {
    canvas.forEach(
      p: (frame.centre.x - radius)...(frame.centre.x + radius),
      d: (frame.centre.y - radius)...(frame.centre.y + radius)
    ) { index, p, d in
      let place = frame.local(p, d)
      body(index, place.u, place.v)
    }
  }

  /// Signed distance to a box with rounded corners from the overhangs of a point.
  @inline(__always)
  static func rounded(_ dx: Float, _ dy: Float, _ radius: Float) -> Float {
    let (x, y) = (dx + radius, dy + radius)
    let (ox, oy) = (max(x, 0), max(y, 0))
    return min(max(x, y), 0) + (ox * ox + oy * oy).squareRoot() - radius
  }

  /// Fat and veins between bones and dura.
  private func paintEpidural() {
    let curve = spine.curve
    let belowC2 = spine.bodies[0].bottom - 3
    for row in 0..<canvas.rows {
      let d = canvas.d(row)
      let wall = curve.wallP(d)
      let s = curve.wallS(d)
      guard s > spine.densTip - 6 else { continue }
      let alpha = PhantomMath.smoothStep(spine.densTip - 6, spine.densTip + 3, s)
      let l = abs(lateral(d))
      if l > 17 { continue }
      let depth = spine.sacBack(s) + (l < 9 ? 2.5 : 1)
      for column in canvas.columns(from: wall - 1, to: wall + depth / curve.wallCosine(d)) {
        let p = canvas.p(column)
        let grain = TextureTile.mottle(p + u, d + v)
        // A pushed-out ligament is dark, not fat.
        var value = tissue.epidural * (l > 9 ? 1.2 : p < wall + 5 ? 0.6 : 0.9) * (1 + 0.25 * grain)
        let foot = s + (p - wall) * curve.wallSine(d)
        let pushed = PhantomMath.smoothStep(1.4, 2.6, spine.sacFront(foot))
        if p < wall + 7 { value += (tissue.annulus * 0.8 - value) * pushed }
        let isPushed = p < wall + 7 && pushed >= 0.5
        // Before the dens and C2 the sac stands off by itself: ligaments, nothing pressed in.
        let front: PhantomTissue = foot > belowC2 ? .anteriorCompressor : .ligament
        canvas.blend(row * canvas.columns + column, value, alpha, isPushed ? front : .epidural)
      }
    }
  }

  private func paintDisc(_ index: Int) {
    let disc = spine.discs[index]
    let (above, below) = (spine.bodies[index], spine.bodies[index + 1])
    let frame = frame(s: disc.centre, n: -disc.depth / 2)
    let t = abs(lateral(frame.centre.y)) / min(above.halfWidth, below.halfWidth)
    if t > 1.05 { return }
    let shrink = 1 - max(0, 1 - t * t * t * t).squareRoot()
    // Bulges spread over the disc's width, a little less at the sides.
    let back = disc.depth / 2 + disc.bulge * (1 - 0.4 * t) - disc.depth * 0.2 * shrink
    let front = disc.depth / 2 + disc.frontBulge - disc.depth * 0.55 * shrink
    let half = disc.height / 2
    let hollow = (above.hollow + below.hollow) / 2
    let nucleus = max(tissue.annulus * 1.2, disc.nucleus * tissue.csf * 0.75)
    let label = PhantomTissue.disc(index)
    // The line of the posterior walls, from which a bulge is measured.
    let line = disc.depth / 2
    let isProtruding = disc.bulge * (1 - 0.4 * t) >= PhantomTissue.protrusionMM
    around(frame, radius: disc.depth / 2 + 7) { pixel, a, b in
      let middle = a / (disc.depth / 2)
      let beyond = max(0, a - disc.depth / 2) / max(1, disc.bulge)
      let height =
        (half + hollow * max(0, 1 - middle * middle) + 0.3) * (1 - 0.45 * min(1, beyond * beyond))
      let dx = a < 0 ? -a - front : a - back
      let distance = Self.rounded(dx, abs(b) - height, min(half, 2.2))
      let alpha = canvas.cover(distance)
      if alpha <= 0 { return }
      // Nucleus a little behind the middle, split by a dark cleft.
      let (x, y) = ((a - 0.8) / (disc.depth * 0.33), b / (height * 0.72))
      let core = PhantomMath.smoothStep(1.5, 0.35, x * x + y * y)
      let cleft = 0.35 * PhantomMath.bell(b / 0.55) * PhantomMath.smoothStep(1.2, 0.3, x * x)
      let texture = 1 + 0.1 * TextureTile.mottle(a + u, b * 2 + v)
      let value = (tissue.annulus + (nucleus - tissue.annulus) * core * (1 - cleft)) * texture
      let rim = PhantomMath.smoothStep(-1.4, -0.2, distance)
      let name = isProtruding && a > line ? PhantomTissue.discProtrusion : label
      canvas.blend(pixel, value + (tissue.ligament * 0.7 - value) * rim * 0.7, alpha, name)
      if alpha >= 0.5 { labels?[pixel] = label.rawValue }
    }
  }

  private func paintBody(_ index: Int) {
    let body = spine.bodies[index]
    let frame = frame(s: body.centre, n: -body.depth / 2)
    let l = abs(lateral(frame.centre.y))
    let t = l / body.halfWidth
    if t >= 1.02 { return }
    let shrink = 1 - max(0, 1 - t * t * t * t).squareRoot()
    let front = body.depth / 2 - body.depth * 0.55 * shrink
    let back = body.depth / 2 - body.depth * 0.2 * shrink
    let half = body.halfHeight
    let label = PhantomTissue.body(index)
    // The dens rises from C2.
    let dens = index == 0 && l < 5.2 * spine.scale
    let radius = max(0.5, (29 * spine.scale * spine.scale - l * l)).squareRoot()
    let root: SIMD2<Float> = [body.depth / 2 - 6.4 * spine.scale, 0]
    let tip: SIMD2<Float> = [
      body.depth / 2 - 6.0 * spine.scale, spine.densTip - body.centre + 5.2 * spine.scale,
    ]
    around(frame, radius: index == 0 ? 36 : max(body.depth / 2, half) + 7) { pixel, a, b in
      let h = max(-1.1, min(1.1, b / half))
      let g = max(-1, min(1, a / (body.depth / 2)))
      let tall = h * h * h * h * h * h
      let beakFront = tall * (h < 0 ? body.beaks.frontTop : body.beaks.frontBottom)
      let beakBack = tall * (h < 0 ? body.beaks.backTop : body.beaks.backBottom)
      let hollowed = body.waist * max(0, 1 - h * h)
      let taper = index == 0 ? 1.2 * (1 - h) : 0
      let dx =
        a < 0 ? -a - front + hollowed - beakFront + taper : a - back + 0.5 * hollowed - beakBack
      let top = index == 0 && b < 0
      let dy = abs(b) - half + (top ? 0 : body.hollow * (1 - g * g))
      var distance = Self.rounded(dx, dy, 1.4)
      if dens {
        let span = tip - root
        let q = SIMD2<Float>(a, b) - root
        let part = max(0, min(1, (q * span).sum() / (span * span).sum()))
        let off = q - span * part
        let neck = 0.5 * PhantomMath.bell((part - 0.45) / 0.15)
        distance = PhantomMath.smoothMin(
          distance, (off * off).sum().squareRoot() - radius + neck, 2.5)
      }
      let alpha = canvas.cover(distance)
      if alpha <= 0 { return }
      // A spur is what stands over the wall without one.
      let isSpur = beakBack > 0.4 && a > back - 0.5 * hollowed + 0.2
      let name = isSpur ? PhantomTissue.anteriorCompressor : label
      canvas.blend(pixel, marrow(body, a, b, h: h, distance: distance), alpha, name)
      if alpha >= 0.5 { labels?[pixel] = label.rawValue }
    }
  }

  /// Spongy bone with a basivertebral vein, endplate change and a dark rim.
  @inline(__always)
  private func marrow(
    _ body: SpinePlan.Body, _ a: Float, _ b: Float, h: Float, distance: Float
  ) -> Float {
    let grain = TextureTile.marrow(a + u + body.top, b + v)
    let slow = TextureTile.cloud(a * 2 + v, b * 2 + body.top * 3 + u)
    var value = tissue.marrow * body.signal * (1 + 0.08 * grain + 0.09 * slow)
    let vein =
      PhantomMath.bell(b / 0.9) * PhantomMath.smoothStep(body.depth * 0.05, body.depth * 0.5, a)
    value *= 1 + 0.35 * vein
    let upper = PhantomMath.smoothStep(-0.45, -0.9, h) * body.endplateChange.top
    let lower = PhantomMath.smoothStep(0.45, 0.9, h) * body.endplateChange.bottom
    value *= 1 + upper + lower
    // Chemical shift thickens the lower endplate, thins the upper.
    let edge: Float = 0.75 + 0.25 * h
    let rim = PhantomMath.smoothStep(-edge - 0.7, -edge + 0.2, distance)
    return value + (tissue.cortex - value) * rim
  }

  /// An ellipse of bone with a dark rim.
  func paintOval(
    _ frame: Frame, _ a: Float, _ b: Float, marrow: Float, as name: PhantomTissue,
    rim: Float = 1.1, strength: Float = 1
  ) {
    around(frame, radius: max(a, b) + 1) { pixel, p, q in
      let (x, y) = (p / a, q / b)
      let r = (x * x + y * y).squareRoot()
      let slope = max(1e-3, ((x / a) * (x / a) + (y / b) * (y / b)).squareRoot())
      let distance = r < 1e-3 ? -min(a, b) : (r - 1) * r / slope
      let alpha = canvas.cover(distance) * strength
      if alpha <= 0 { return }
      let grain = TextureTile.marrow(p + u + a * 9, q + v)
      let inside = PhantomMath.smoothStep(-rim + 0.4, -rim - 0.4, distance)
      let value = tissue.cortex + (marrow * (1 + 0.1 * grain) - tissue.cortex) * inside
      canvas.blend(pixel, value, alpha, name)
      // Only the front arch of C1 belongs to the bodies.
      if name == .atlas && alpha >= 0.5 { labels?[pixel] = name.rawValue }
    }
  }
}
