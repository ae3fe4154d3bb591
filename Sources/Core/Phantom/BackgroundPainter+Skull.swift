extension BackgroundPainter {
  /// Clivus, occipital bone, cisterns, brain stem and cerebellum.
  func paintSkull() {
    let head = head
    let tissue = tissue
    func line(_ points: [(Float, Float)]) -> [SIMD2<Float>] {
      points.map { head.skull($0.0, $0.1) }
    }
    // Off the midline the condyles close the foramen magnum from the sides.
    let closing = PhantomMath.smoothStep(9, 16, away)
    let clivus = Outline(
      smooth: line([
        (1, 0), (-2, -11), (-11, -27), (-24, -44), (-38, -62), (-52, -80), (-66, -72),
        (-52, -52), (-38, -34), (-24, -20), (-11, -7), (-4, 1),
      ]))
    let squama = Outline(
      smooth: line([
        (35, -3), (42, -7), (54, -12), (64, -19), (71, -32), (75, -50), (77, -85), (81, -100),
        (85, -85), (83, -52), (81, -34), (82, -24), (77, -14), (66, -9), (56, -5), (44, -1.5),
        (37, 1),
      ]))
    let cavity = Outline(
      line([
        (1.5, -4 - 2 * closing), (-1, -11), (-10, -27), (-23, -44), (-37, -62), (-60, -110),
        (78, -110), (76, -50), (71, -31), (64, -18), (54, -11), (42, -6), (36, -2),
        (33, -4 - 2 * closing), (18, -3 - 4 * closing),
      ]))
    paintBone(clivus, marrow: tissue.marrow * 1.25)
    paintBone(squama, marrow: tissue.fat * 0.75)
    canvas.fill(cavity.inflated(by: 0.8), .skullBase) { _, _ in tissue.cortex }
    canvas.fill(cavity, .cistern) { p, d in
      tissue.csf * (0.97 - 0.12 * max(0, TextureTile.mottle(p * 0.7 + u, d * 0.5 + v)))
    }
    paintForamen()
    let side = away
    if side < 26 { paintCerebellum(line) }
    if side < 15 { paintBrainStem(line) }
    // Basilar and vertebral arteries: flow voids before the brain stem.
    if side < 9 {
      let place = head.skull(2 - side * 0.2, -14 - 2 * (u - u.rounded(.down)))
      canvas.fill(ellipse(place, 1.9, 3.4, tilt: -40), .vessel) { _, _ in tissue.air + 30 }
    }
    if side > 11 && side < 22 { paintCondyle() }
  }

  /// Fluid from the cisterns down into the dural sac, so that no lining crosses the foramen.
  private func paintForamen() {
    guard away < 12 else { return }
    let spine = scene.spine
    let s = spine.densTip - 5
    let (front, back) = (spine.sacFront(s), spine.sacBack(s))
    let inset = (back - front) / 2 * (1 - (1 - away * away / 169).squareRoot())
    let outline = Outline([
      head.skull(0.3, -5), head.skull(34, -9), head.skull(34.8, -3),
      spine.curve.place(s: s, n: back - inset - 0.3),
      spine.curve.place(s: s, n: front + inset + 0.3),
    ])
    canvas.fill(outline, .cistern) { p, d in
      tissue.csf * (0.97 - 0.12 * max(0, TextureTile.mottle(p * 0.7 + u, d * 0.5 + v)))
    }
  }

  /// A flat bone: dark tables, marrow between.
  func paintBone(_ outline: Outline, marrow: Float, as name: PhantomTissue = .skullBase) {
    canvas.fill(outline.inflated(by: 0.6), name) { _, _ in tissue.cortex }
    canvas.fill(outline.inflated(by: -1.5), name) { p, d in
      marrow * (1 + 0.12 * TextureTile.marrow(p + u, d + v))
    }
  }

  private func paintCerebellum(_ line: ([(Float, Float)]) -> [SIMD2<Float>]) {
    let tissue = tissue
    let low = min(6, side < 0 ? away * 0.5 : away * 0.4)
    let lobe = Outline(
      smooth: line([
        (24, -17 + low), (31, -12 + low), (42, -13 + low * 0.4), (54, -21), (62, -33), (66, -50),
        (67, -75), (55, -100), (34, -96), (25, -70), (24, -48), (27, -38), (22, -28),
      ]))
    let centre = head.skull(36, -46)
    canvas.fill(lobe) { p, d in
      // Leaves fan out from the white matter's core.
      let (x, y) = (p - centre.x, d - centre.y)
      let radius = (x * x + y * y).squareRoot()
      let leaf = 1 - TextureTile.septa((x * 0.9 - y * 0.4) * 1.1 + u, (y * 0.9 + x * 0.4) * 1.1 + v)
      let core = PhantomMath.smoothStep(20, 8, radius)
      let grey = tissue.brain * (1.12 + 0.04 * TextureTile.mottle(p + u, d + v))
      let white = tissue.brain * 0.9
      let brain = grey + (white - grey) * core
      let groove = leaf * (1 - core) * PhantomMath.smoothStep(6, 20, radius)
      let share = groove * 0.8
      return (brain + (tissue.csf * 0.8 - brain) * share, share < 0.5 ? .cerebellum : .cistern)
    }
  }

  private func paintBrainStem(_ line: ([(Float, Float)]) -> [SIMD2<Float>]) {
    let tissue = tissue
    let spine = scene.spine
    // The stem takes over from the cord, whose last piece lies below it: as wide as the slice meets
    // the cord there, and a point where the cord has left the slice.
    let join = [spine.densTip - 4, spine.densTip - 14].map {
      s -> (front: SIMD2<Float>, back: SIMD2<Float>) in
      let off = side - spine.midline(spine.curve.d(s)) - spine.cordSide(s)
      let share = off / spine.cordHalfWidth(s)
      let half =
        max(0, 1 - share * share).squareRoot() * (spine.cordBack(s) - spine.cordFront(s)) / 2
      let axis = (spine.cordFront(s) + spine.cordBack(s)) / 2
      return (
        front: spine.curve.place(s: s, n: axis - half),
        back: spine.curve.place(s: s, n: axis + half)
      )
    }
    let middle = (join[1].front.x + join[1].back.x) / 2
    let thin = max(0.15, (1 - away * away / 240).squareRoot())
    func squeeze(_ points: [SIMD2<Float>]) -> [SIMD2<Float>] {
      points.map { [middle + ($0.x - middle) * thin, $0.y] }
    }
    let bulge: Float = away < 12 ? 1 : 0.5
    let stem = squeeze(
      line([
        (5, -26), (2.5, -33), (-4 * bulge, -38), (-9 * bulge, -48), (-10, -62), (-4, -72),
        (-2, -100), (20, -100), (19, -72), (19, -48), (21, -36), (19.5, -27),
      ]))
    let points = [join[0].front, join[1].front] + stem + [join[1].back, join[0].back]
    canvas.fill(Outline(smooth: points), .brainStem) { p, d in
      tissue.brain * (0.93 + 0.03 * TextureTile.mottle(p + u, d + v))
    }
    // The fourth ventricle.
    if away < 8 {
      let ventricle = Outline(
        smooth: line([
          (20, -27), (24, -36), (29, -45), (24, -52), (20, -62), (19, -48), (20.5, -38),
        ]))
      canvas.fill(ventricle, .cistern) { _, _ in tissue.csf * 0.92 }
    }
  }

  /// Occipital condyle and lateral mass of C1, off the midline.
  private func paintCondyle() {
    let tissue = tissue
    let condyle = ellipse(head.skull(9, 1), 11, 6, tilt: 10)
    paintBone(condyle, marrow: tissue.marrow)
    let mass = ellipse(head.skull(9, 14), 9, 6, tilt: 4)
    paintBone(mass, marrow: tissue.marrow, as: .posteriorElement)
  }
}
