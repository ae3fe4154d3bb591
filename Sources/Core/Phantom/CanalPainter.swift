/// Paints dura, CSF, cord and lesions on one thin section, and adds up the truth.
struct CanalPainter {
  /// Running sums over the sections of one slice, per pixel.
  struct Truth {
    var cord: UnsafeMutablePointer<Float>
    var canal: UnsafeMutablePointer<Float>
    var lesion: UnsafeMutablePointer<Float>
    /// Weight of this section.
    var weight: Float
  }

  let scene: Scene
  let canvas: Canvas
  let x: Float
  let truth: Truth
  let u: Float
  let v: Float

  init(scene: Scene, canvas: Canvas, x: Float, index: Int, truth: Truth) {
    self.scene = scene
    self.canvas = canvas
    self.x = x
    self.truth = truth
    u = scene.grain.x + Float(index) * 3.3
    v = scene.grain.y
  }

  /// Distance to an ellipse from the scaled coordinates e / h and l / w; negative inside.
  @inline(__always)
  private func ellipse(_ e: Float, _ h: Float, _ l: Float, _ w: Float) -> Float {
    let (a, b) = (e / h, l / w)
    let r = (a * a + b * b).squareRoot()
    if r < 1e-3 { return -min(h, w) }
    let slope = ((a / h) * (a / h) + (b / w) * (b / w)).squareRoot()
    return (r - 1) * r / max(slope, 1e-4)
  }

  /// Paints all rows.
  func paint() {
    let spine = scene.spine
    let curve = spine.curve
    let top = spine.densTip - 24
    for row in 0..<canvas.rows {
      let d = canvas.d(row)
      let s0 = curve.wallS(d)
      let (sine, cosine) = (curve.wallSine(d), curve.wallCosine(d))
      if s0 + 14 * sine < top { continue }
      let side = x - spine.midline(d)
      let wide = spine.sacHalfWidth(s0)
      if abs(side) > wide + 1.5 { continue }
      let wall = curve.wallP(d)
      let low = wall + (spine.sacFront(s0) - 3) / cosine
      let high = wall + (spine.sacBack(s0) + 3.5) / cosine
      for column in canvas.columns(from: low, to: high) {
        let behind = canvas.p(column) - wall
        paint(
          row * canvas.columns + column, s: s0 + behind * sine, n: behind * cosine, side: side,
          top: top)
      }
    }
  }

  @inline(__always)
  private func paint(_ index: Int, s: Float, n: Float, side: Float, top: Float) {
    let spine = scene.spine
    let (front, back) = (spine.sacFront(s), spine.sacBack(s))
    let middle = (front + back) / 2
    let half = max(1, (back - front) / 2)
    let wide = spine.sacHalfWidth(s)
    let sac = ellipse(n - middle, half, side, wide)
    if sac > 2 { return }
    // Above the foramen magnum the cisterns of the skull take over: dura, fluid and cord are laid
    // over each other first and fade as one, or the dura would show through as a line.
    let spinal = PhantomMath.smoothStep(spine.densTip - 12, spine.densTip - 8, s)
    if spinal <= 0 { return }
    // The dura lines the skull from the foramen upwards and is no wall of its own there.
    let shell =
      0.9 * canvas.cover(sac - 1.15)
      * PhantomMath.smoothStep(spine.densTip - 10, spine.densTip - 6, s)
    let before = canvas.pixels[index]
    var value = before + (scene.tissue.ligament - before) * shell
    var name: PhantomTissue? = shell >= 0.5 ? .dura : nil
    let inside = canvas.cover(sac)
    if inside > 0 {
      // Above the dens the cord's name is medulla and the fluid is the cistern's.
      let named = s > spine.densTip - 6
      let ring = fluid(s: s, n: n, middle: middle, half: half, side: side)
      value += (ring.value - value) * inside
      let isVoid = ring.void >= PhantomTissue.flowVoidLoss
      if inside >= 0.5 { name = !named ? .cistern : isVoid ? .csfFlowVoid : .csf }
      if named { truth.canal[index] += inside * truth.weight }
      paintCord(index, s: s, n: n, side: side, named: named, over: &value, name: &name)
    }
    canvas.blend(index, value, spinal, name ?? canvas.tissue(index))
  }

  @inline(__always)
  private func paintCord(
    _ index: Int, s: Float, n: Float, side: Float, named: Bool, over value: inout Float,
    name: inout PhantomTissue?
  ) {
    let spine = scene.spine
    let (front, back) = (spine.cordFront(s), spine.cordBack(s))
    let axis = (front + back) / 2
    let thick = max(0.8, (back - front) / 2)
    let off = side - spine.cordSide(s)
    let wide = spine.cordHalfWidth(s)
    let cord = canvas.cover(ellipse(n - axis, thick, off, wide))
    if cord <= 0 { return }
    let lesion = scene.lesions.strength(s: s, side: off, depth: (n - axis) / thick)
    let matter = tissueOfCord(s: s, side: off, wide: wide, depth: n - axis, thick: thick)
    // The cord becomes the medulla, which the skull's painter has in one tone.
    let stem = PhantomMath.smoothStep(spine.densTip - 5, spine.densTip - 10, s)
    var own = matter.value + lesion.step * (scene.tissue.csf - scene.tissue.cord)
    own += (scene.tissue.brain * 0.93 - own) * stem
    value += (own - value) * cord
    if cord >= 0.5 { name = !named ? .brainStem : matter.grey >= 0.5 ? .greyMatter : .cord }
    if named {
      truth.cord[index] += cord * truth.weight
      truth.lesion[index] += cord * lesion.share * truth.weight
    }
  }

  /// CSF with flow voids: streaks along the canal, strongest behind the cord and where it is tight.
  @inline(__always)
  private func fluid(
    s: Float, n: Float, middle: Float, half: Float, side: Float
  ) -> (value: Float, void: Float) {
    let c = scene.confounders
    let depth = (n - middle) / half
    let streak = TextureTile.mottle(n * 1.3 + u, s * 0.22 + v)
    let patch = TextureTile.cloud(n + v, s * 0.8 + u)
    let dorsal = 0.6 + 0.4 * depth
    var loss = Float(c.flowVoid) * dorsal * max(0, 0.55 + 0.5 * streak + 0.5 * patch)
    let void = loss
    // Rootlets beside and behind the cord.
    let roots = PhantomMath.smoothStep(2.5, 5, abs(side))
    loss += 0.22 * roots * max(0, TextureTile.fibre(n * 1.6 + u, s * 0.5 + v) + 0.6)
    loss += 0.3 * scene.spine.narrowness(s)
    return (scene.tissue.csf * (1 - min(0.85, loss)), void)
  }

  /// White matter, the grey butterfly and the anterior fissure.
  @inline(__always)
  private func tissueOfCord(
    s: Float, side: Float, wide: Float, depth: Float, thick: Float
  ) -> (value: Float, grey: Float) {
    let c = scene.confounders
    let a = abs(side) * 6.4 / wide
    let b = depth * 3.9 / thick
    let horn = PhantomMath.bell((a - 2.0) / 1.05) * PhantomMath.bell((b + 0.9) / 0.95)
    let along = b - 0.3
    let tail =
      PhantomMath.bell((a - 1.25 - 0.75 * along) / 0.6) * PhantomMath.smoothStep(-0.4, 0.3, along)
      * PhantomMath.smoothStep(2.9, 2.0, along)
    let bridge = PhantomMath.bell(a / 1.5) * PhantomMath.bell(b / 0.65)
    let spine = scene.spine
    // The enlargement holds most grey matter.
    let level = 0.65 + 0.35 * PhantomMath.bell((s - spine.bodies[3].centre) / 38)
    let grey = min(1, horn + 0.8 * tail + 0.75 * bridge) * level
    let grain = 0.012 * TextureTile.mottle(side + u, s + depth * 0.7 + v)
    var value =
      scene.tissue.cord * spine.cordBrightness(s) * (1 + Float(c.greyMatter) * grey + grain)
    let fissure = PhantomMath.bell(a / 0.28) * PhantomMath.smoothStep(-1.2, -3, b)
    value += (scene.tissue.csf - value) * 0.35 * fissure
    return (value, grey)
  }
}
