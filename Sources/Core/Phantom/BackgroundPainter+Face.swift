extension BackgroundPainter {
  /// An ellipse as an outline, optionally tilted (degrees, clockwise on the picture).
  func ellipse(
    _ centre: SIMD2<Float>, _ a: Float, _ b: Float, tilt: Double = 0, ripple: Float = 0
  ) -> Outline {
    let turn = PhantomMath.sineCosine(degrees: tilt)
    let (sine, cosine) = (Float(turn.sine), Float(turn.cosine))
    return Outline(
      (0..<32).map { index in
        let angle = Float(index) / 32
        let wave =
          1 + ripple * PhantomMath.sine(turns: 3 * angle + u * 0.1)
          + ripple * PhantomMath.sine(turns: 5 * angle + v * 0.1)
        let x = a * PhantomMath.sine(turns: angle + 0.25) * wave
        let y = b * PhantomMath.sine(turns: angle) * wave
        return centre + [x * cosine - y * sine, x * sine + y * cosine]
      })
  }

  /// Nasal cavity, palate, tongue, jaw and the floor of the mouth.
  func paintFace() {
    let head = head
    let tissue = tissue
    let o = head.basion
    let palate = head.palate
    // Nose and paranasal air above the palate, with turbinates.
    if away < 24 {
      let nasal = Outline(
        smooth: [
          [o.x - 22, palate - 5], [o.x - 60, palate - 7], [o.x - 96, palate - 8],
          [o.x - 100, palate - 22], [o.x - 84, palate - 46], [o.x - 50, palate - 50],
          [o.x - 30, palate - 34],
        ])
      canvas.fill(nasal) { p, d in
        let leaf = PhantomMath.smoothStep(
          0.1, 0.9,
          PhantomMath.sine(
            turns: (d - palate) / 17 + 0.22 * TextureTile.cloud(p * 0.7 + u, d * 0.5 + v)))
        let value = tissue.air + leaf * mottled(tissue.mucosa * 0.6, 0.2, p, d)
        return (value, leaf < 0.5 ? .airway : .mucosa)
      }
      let bar = Outline(
        smooth: [
          [o.x - 36, palate - 1.5], [o.x - 70, palate - 3], [o.x - 92, palate - 1],
          [o.x - 94, palate + 3], [o.x - 70, palate + 2], [o.x - 36, palate + 2],
        ])
      canvas.fill(bar.inflated(by: 1.2), .otherBone) { _, _ in tissue.cortex }
      canvas.fill(bar.inflated(by: -0.5), .otherBone) { p, d in
        mottled(tissue.marrow * 0.8, 0.2, p, d)
      }
    }
    // The soft palate hangs from the hard one.
    if away < 16 {
      let velum = Outline(
        smooth: [
          [o.x - 40, palate - 2], [o.x - 27, palate + 2], [o.x - 20, palate + 14],
          [o.x - 21, palate + 27], [o.x - 25, palate + 26], [o.x - 28, palate + 14],
          [o.x - 42, palate + 4],
        ])
      canvas.fill(velum, .throat) { p, d in mottled(tissue.gland * 0.75, 0.15, p, d) }
    }
    let shrink = max(0.2, 1 - away * away / 900)
    let centre: SIMD2<Float> = [o.x - 64, (palate + head.chin) / 2 - 3]
    let half = (head.chin - palate) / 2
    let tongue = ellipse(centre, 35 * shrink, (half - 5) * shrink, tilt: -12, ripple: 0.025)
    canvas.fill(tongue.inflated(by: 1.4), .mucosa) { _, _ in tissue.air + tissue.mucosa * 0.35 }
    canvas.fill(tongue, .tongue) { p, d in
      let fan = TextureTile.fibre((p + d) * 0.7 + u, (d - p) * 0.7 + v)
      let fatty = PhantomMath.smoothStep(0.9, 2, TextureTile.cloud(p * 0.8 + v, d + u))
      let arc = TextureTile.fibre((d - p * 0.2) * 0.6 + v, p + u)
      return tissue.tongue * (1 + 0.1 * fan + 0.1 * arc + 0.14 * TextureTile.mottle(p + u, d + v))
        + fatty * tissue.fat * 0.25
    }
    // The jaw: marrow in a dark rim, and teeth as signal voids.
    let jaw: SIMD2<Float> = [o.x - 94 + away * 0.9, head.chin - 16]
    let bone = ellipse(jaw, 6.5, 13, tilt: 18)
    canvas.fill(bone, .otherBone) { _, _ in tissue.cortex }
    canvas.fill(bone.inflated(by: -2), .otherBone) { p, d in mottled(tissue.fat * 0.7, 0.15, p, d) }
    for tooth in [-1, 1] as [Float] {
      let place: SIMD2<Float> = [o.x - 95 + away * 0.9, head.chin - 40 + tooth * 7]
      canvas.fill(ellipse(place, 4, 6.5, tilt: 8), .otherBone) { _, _ in tissue.cortex * 0.5 }
    }
    // Floor of the mouth: muscle sheet, then the fat below it.
    let sheet = Outline(
      smooth: [
        [o.x - 86, head.chin - 8], [o.x - 60, head.chin + 1], [o.x - 42, head.chin + 5],
        [o.x - 40, head.chin + 2], [o.x - 60, head.chin - 3], [o.x - 86, head.chin - 12],
      ])
    canvas.fill(sheet, .muscle) { p, d in mottled(tissue.muscle * 0.9, 0.2, p, d) }
  }

  /// Airway from the nasopharynx to the trachea, epiglottis, larynx, gullet, prevertebral muscle.
  func paintThroat() {
    let head = head
    let tissue = tissue
    let top = head.basion.y - 12
    for row in canvas.rows(from: top, to: 160) {
      let d = canvas.d(row)
      let back = head.airwayBack(d)
      let wall = head.bodyFront(d)
      let front = head.airwayFront(d)
      let middle = (back + front) / 2
      // The tube narrows sideways: an ellipse of half width 8.5-12 mm.
      let halfWidth: Float = d < head.larynx - 10 ? 13 : 9
      // The vault of the nasopharynx is round.
      let vault = max(0, 1 - (d - top) / 11)
      let open =
        ((1 - min(1, away * away / (halfWidth * halfWidth))) * (1 - vault * vault)).squareRoot()
      let half = (back - front) / 2 * open
      let base = row * canvas.columns
      let vessel = away > 13 && d > head.chin - 30
      for column in canvas.columns(from: front - 10, to: wall + 1) {
        let p = canvas.p(column)
        let index = base + column
        if p > back {
          prevertebral(
            index, p, d, back: back, wall: wall, alpha: PhantomMath.smoothStep(0, 8, d - top))
        }
        if open > 0 && p < back + 2 {
          let edge = abs(p - middle) - half
          let lining = canvas.cover(edge - 1.6)
          if lining > 0 {
            canvas.blend(index, mottled(tissue.mucosa * 0.75, 0.2, p, d), lining * 0.8, .mucosa)
            canvas.blend(index, tissue.air, canvas.cover(edge), .airway)
          }
        } else if vessel && p < back - 2 && p > back - 13 {
          // Carotid artery and jugular vein: flow voids.
          let a = abs(p - (back - 7.5)) - 2.9 + 0.4 * TextureTile.mottle(u, d + v)
          canvas.blend(
            index, tissue.air + 20, canvas.cover(a) * min(1, (away - 13) / 3), .vessel)
        }
      }
    }
    paintLarynx()
  }

  /// Muscle against the spine, the gullet against the airway, a bright line of fat between.
  @inline(__always)
  private func prevertebral(
    _ index: Int, _ p: Float, _ d: Float, back: Float, wall: Float, alpha: Float
  ) {
    let room = wall - back
    let t = (p - back) / max(room, 1)
    let low = PhantomMath.smoothStep(head.larynx - 4, head.larynx + 14, d)
    let patch = TextureTile.cloud(p * 1.4 + v, d * 0.9 + u)
    let bend = 0.1 * TextureTile.cloud(v * 2, d + u)
    var value = tissue.prevertebral * (1 + 0.16 * TextureTile.fibre(p + u, d + v) + 0.2 * patch)
    // The gullet's wall with a brighter lining, below the larynx only.
    let gullet = low * PhantomMath.bell((t - 0.3 - bend) / 0.2) * (0.6 + 0.4 * patch)
    value += (tissue.gland - value) * max(0, gullet) * 0.5
    let lumen = low * PhantomMath.bell((t - 0.3 - bend) / 0.07) * max(0, 0.5 + patch)
    value += tissue.mucosa * 0.3 * lumen
    let plane = PhantomMath.bell((t - 0.7 - 0.7 * bend) / 0.07) * max(0, 0.6 - 0.7 * patch)
    value += (tissue.fat * 0.7 - value) * plane * 0.5
    let ligament = PhantomMath.smoothStep(1.8, 0.5, wall - p)
    value += (tissue.ligament - value) * ligament
    canvas.blend(index, value, alpha, ligament < 0.5 ? .prevertebral : .ligament)
  }

  /// Hyoid, epiglottis, cartilages of the larynx and the thyroid isthmus.
  private func paintLarynx() {
    guard away < 14 else { return }
    let head = head
    let tissue = tissue
    let front = head.airwayFront
    let bone: SIMD2<Float> = [front(head.chin + 2) - 14, head.chin + 4]
    let hyoid = ellipse(bone, 3, 4.8, tilt: 30)
    canvas.fill(hyoid, .otherBone) { _, _ in tissue.cortex }
    canvas.fill(hyoid.inflated(by: -1.2), .otherBone) { p, d in mottled(tissue.marrow, 0.2, p, d) }
    if away < 9 {
      let base: SIMD2<Float> = [front(head.chin + 10) - 3, head.chin + 12]
      let leaf = Outline(
        smooth: [
          base, base + [-3, -8], base + [2, -20], base + [6, -26], base + [8, -25],
          base + [5, -18], base + [3, -8], base + [3, 0],
        ])
      canvas.fill(leaf.inflated(by: 1), .mucosa) { p, d in mottled(tissue.mucosa * 0.8, 0.2, p, d) }
      canvas.fill(leaf.inflated(by: -0.4), .throat) { p, d in mottled(tissue.gland * 0.7, 0.2, p, d)
      }
      // Pre-epiglottic fat.
      canvas.fill(ellipse(base + [-8, -3], 4.5, 8, tilt: 20, ripple: 0.14), .fat) { p, d in
        tissue.fat * 0.6 * TextureTile.septa(p * 1.3 + u, d * 1.3 + v)
      }
    }
    // The ring cartilage behind the airway, with marrow, and the shield in front.
    let ring: SIMD2<Float> = [head.airwayBack(head.larynx + 4) - 1.5, head.larynx + 3]
    let plate = ellipse(ring, 4, 9, tilt: 4, ripple: 0.09)
    canvas.fill(plate, .otherBone) { _, _ in tissue.ligament * 1.7 }
    canvas.fill(plate.inflated(by: -1.9), .otherBone) { p, d in
      mottled(tissue.fat * 0.45, 0.3, p, d)
    }
    let shield: SIMD2<Float> = [front(head.larynx) - 8, head.larynx - 4]
    canvas.fill(ellipse(shield, 2.4, 10, tilt: -12), .otherBone) { p, d in
      mottled(tissue.gland * 0.6, 0.25, p, d)
    }
    let gland: SIMD2<Float> = [front(head.larynx + 26) - 5, head.larynx + 27]
    canvas.fill(ellipse(gland, 3, 8, tilt: -8), .throat) { p, d in mottled(tissue.gland, 0.12, p, d)
    }
    let notch: SIMD2<Float> = [head.skinFront(head.notch + 18) + 15, head.notch + 22]
    let sternum = ellipse(notch, 6, 18, tilt: 28)
    canvas.fill(sternum, .otherBone) { _, _ in tissue.cortex }
    canvas.fill(sternum.inflated(by: -1.6), .otherBone) { p, d in mottled(tissue.marrow, 0.15, p, d)
    }
  }
}
