extension SpinePlan {
  /// Draws a spine.
  static func draw(_ c: PhantomConfounders, random: PhantomRandom) -> SpinePlan {
    var r = random.stream("spine")
    let scale = Float(r.normal(1.06, 0.05))
    var worn = random.stream("spine.wear")
    let heights = discHeights(c, scale: scale, &worn)
    var (bodies, discs) = stack(heights: heights, scale: scale, &r)
    wear(&bodies, &discs, c, &worn)
    let densTip = bodies[0].bottom - Float(r.normal(37.5, 1.4)) * scale
    var bend = random.stream("spine.bend")
    let drawn = tilt(bodies: bodies, densTip: densTip, &bend)
    let curve = SpineCurve(tilt: c.neck?.tilt(bodies: bodies, densTip: densTip) ?? drawn)
    var canal = random.stream("spine.canal")
    let shape = CanalShape.draw(
      c, bodies: bodies, discs: &discs, densTip: densTip, scale: scale, &canal)
    return SpinePlan(
      scale: scale, curve: curve, bodies: bodies, discs: discs,
      spinous: processes(bodies: bodies, scale: scale, &r), densTip: densTip,
      sacFront: shape.sacFront, sacBack: shape.sacBack, sacHalfWidth: shape.sacHalfWidth,
      cordFront: shape.cordFront, cordBack: shape.cordBack, cordHalfWidth: shape.cordHalfWidth,
      narrowness: shape.narrowness, cordBrightness: shape.brightness,
      midline: midline(c, &bend), cordSide: shape.side)
  }

  private static func discHeights(
    _ c: PhantomConfounders, scale: Float, _ r: inout PhantomRandom
  ) -> [Float] {
    discHeights.indices.map { index in
      // Wear sits at C4-5 ... C6-7.
      let place: Double = [0.35, 0.7, 1, 1.15, 1.1, 0.5, 0.3, 0.3, 0.3, 0.3][index]
      let loss = max(0, min(0.55, c.degeneration * place * r.uniform(0, 0.55)))
      return discHeights[index] * scale * Float(1 - loss)
    }
  }

  /// Stacks bodies and discs so that disc C4-5 is centred on s = 0.
  private static func stack(
    heights: [Float], scale: Float, _ r: inout PhantomRandom
  ) -> ([Body], [Disc]) {
    var bodies: [Body] = []
    var discs: [Disc] = []
    var s: Float = 0
    for index in Self.heights.indices {
      let height = Self.heights[index] * scale * Float(r.normal(1, 0.025))
      bodies.append(
        Body(
          top: s, bottom: s + height, depth: depths[index] * scale * Float(r.normal(1, 0.025)),
          halfWidth: halfWidths[index] * scale, hollow: Float(r.uniform(0.4, 1.1)),
          waist: Float(r.uniform(0.3, 1.0)), beaks: (0, 0, 0, 0),
          signal: Float(r.normal(1, 0.06)), endplateChange: (0, 0)))
      s += height
      guard index < heights.count else { break }
      discs.append(
        Disc(
          centre: s + heights[index] / 2, height: heights[index], depth: 0, bulge: 0,
          frontBulge: 0, nucleus: 0))
      s += heights[index]
    }
    let zero = discs[2].centre
    for index in bodies.indices {
      bodies[index].top -= zero
      bodies[index].bottom -= zero
    }
    for index in discs.indices {
      discs[index].centre -= zero
      discs[index].depth = (bodies[index].depth + bodies[index + 1].depth) / 2
    }
    return (bodies, discs)
  }

  /// Bulges, osteophytes, dark nuclei and endplate change by the degree of wear.
  private static func wear(
    _ bodies: inout [Body], _ discs: inout [Disc], _ c: PhantomConfounders,
    _ r: inout PhantomRandom
  ) {
    let base = r.uniform(0.9, 1.1)
    for index in discs.indices {
      let place: Double = [0.4, 0.75, 1, 1.15, 1.1, 0.55, 0.35, 0.3, 0.3, 0.3][index]
      let degree = max(0, min(1.2, c.degeneration * place * r.uniform(0.6, 1.4)))
      discs[index].nucleus = Float(max(0.1, (0.55 - 0.5 * degree) * base))
      discs[index].bulge = Float(r.uniform(0.1, 0.7) + degree * r.uniform(0, 1.6))
      discs[index].frontBulge = Float(r.uniform(0.2, 0.9) + degree * r.uniform(0, 2))
      let spur = degree * degree
      bodies[index].beaks.frontBottom = Float(spur * r.uniform(0, 3))
      bodies[index].beaks.backBottom = Float(spur * r.uniform(0, 1.4))
      bodies[index + 1].beaks.frontTop = Float(spur * r.uniform(0, 3))
      bodies[index + 1].beaks.backTop = Float(spur * r.uniform(0, 1.4))
      if r.chance(0.35 * degree) {
        let change = Float(r.uniform(-0.35, 0.5))
        bodies[index].endplateChange.bottom = change
        bodies[index + 1].endplateChange.top = change * 0.8
      }
    }
  }

  /// The tilt of the posterior wall in degrees by s: lordotic, straight or kyphotic.
  private static func tilt(
    bodies: [Body], densTip: Float, _ r: inout PhantomRandom
  ) -> Profile {
    let kind = r.unit()
    let (c2, c4, c5, c7, t3): (Double, Double, Double, Double, Double)
    if kind < 0.45 {  // lordosis
      (c2, c4, c5, c7, t3) = (
        r.uniform(-7, 1), r.uniform(-1, 3), r.uniform(3, 8), r.uniform(12, 20), r.uniform(15, 24)
      )
    } else if kind < 0.8 {  // straight
      let lean = r.uniform(2, 8)
      (c2, c4, c5, c7, t3) = (
        lean - r.uniform(0, 3), lean, lean + r.uniform(0, 2), lean + r.uniform(2, 5),
        lean + r.uniform(5, 12)
      )
    } else {  // kyphosis
      (c2, c4, c5, c7, t3) = (
        r.uniform(7, 12), r.uniform(9, 15), r.uniform(3, 9), r.uniform(1, 7), r.uniform(8, 16)
      )
    }
    let top = c2 + r.uniform(-2, 7)
    return Profile(
      anchors: [
        (Double(densTip) - 20, top), (Double(bodies[0].centre), c2),
        (Double(bodies[2].centre), c4), (Double(bodies[3].centre), c5),
        (Double(bodies[5].centre), c7), (Double(bodies[8].centre), t3),
        (Double(bodies[10].centre), t3 + r.uniform(-4, 3)),
      ], from: -SpineCurve.reach, to: SpineCurve.reach, smooth: 26)
  }

  private static func processes(
    bodies: [Body], scale: Float, _ r: inout PhantomRandom
  ) -> [Spinous] {
    let lengths: [Double] = [17, 11.5, 11.5, 12.5, 19, 29, 31, 30, 28, 28, 28]
    let droops: [Double] = [18, 18, 20, 20, 20, 20, 26, 34, 40, 45, 45]
    let roots: [Double] = [5.8, 4.3, 4.2, 4.3, 4.9, 5.6, 5.8, 5.5, 5.2, 5, 5]
    let tips: [Double] = [6.6, 3.5, 3.4, 3.6, 4.6, 5.6, 5.8, 5.4, 5, 4.8, 4.8]
    return bodies.indices.map { index in
      Spinous(
        s: bodies[index].bottom - (index == 0 ? 5 : 2.5) * scale,
        length: Float(lengths[index] * r.normal(1, 0.1)) * scale,
        droop: Float(droops[index] + r.normal(0, 4)),
        rootRadius: Float(roots[index] * r.normal(1, 0.06)) * scale,
        tipRadius: Float(tips[index] * r.normal(1, 0.08)) * scale)
    }
  }

  /// Where the spine's midline runs sideways, by scene d: offset, drift and bend.
  private static func midline(_ c: PhantomConfounders, _ r: inout PhantomRandom) -> Profile {
    let offset = r.normal(0, 0.7)
    let wave = r.uniform(110, 170)
    let phase = r.uniform(0, 1)
    return Profile(from: -160, to: 160) { d in
      let swing = PhantomMath.sine(turns: Double(d) / wave + phase)
      // The middle of the neck stays near the middle slice; the ends run out.
      return Float(offset + c.drift * (Double(d) + 8) + c.bend * swing)
    }
  }
}
