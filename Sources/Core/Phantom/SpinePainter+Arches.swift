extension SpinePainter {
  /// The ring of C1: its front arch before the dens, its back arch behind the canal.
  func paintAtlas() {
    let k = spine.scale
    let s = spine.densTip + 7 * k
    let front = frame(s: s, n: -16.2 * k)
    let l = abs(lateral(front.centre.y))
    if l < 11 {
      let bend = frame(s: s, n: -16.2 * k + l * l * 0.05)
      paintOval(bend, 3.3 * k, 5.6 * k, marrow: tissue.marrow * 1.1, as: .atlas)
    }
    if l < 16 {
      let behind = spine.sacBack(s + 4) + 4.6 * k - l * l * 0.035
      let arch = frame(s: s + 4 * k, n: behind, tilt: -10)
      paintOval(arch, 3.6 * k, 4.4 * k, marrow: tissue.marrow * 1.05, as: .posteriorElement)
    }
    // Transverse ligament behind the dens.
    if l < 8 {
      let ligament = frame(s: spine.densTip + 9 * k, n: 1.2)
      around(ligament, radius: 10) { pixel, a, b in
        let distance = Self.rounded(abs(a) - 1.1, abs(b) - 7, 1)
        canvas.blend(pixel, tissue.ligament, canvas.cover(distance), .ligament)
      }
    }
  }

  /// Lamina, spinous process, articular pillar and pedicle of a vertebra, as the section meets them.
  func paintArch(_ index: Int) {
    let body = spine.bodies[index]
    let l = abs(lateral(spine.curve.d(body.centre)))
    if l < 5.5 { paintSpinous(index, lateral: l) }
    if l > 2 && l < 11 { paintLamina(index, lateral: l) }
    if l > 8.5 && l < 20 && index > 0 { paintPillar(index, lateral: l) }
  }

  private func paintSpinous(_ index: Int, lateral l: Float) {
    let process = spine.spinous[index]
    let body = spine.bodies[index]
    let start = spine.sacBack(process.s) + process.rootRadius * 0.75 + 0.9
    let frame = frame(s: process.s, n: start, tilt: -Double(process.droop))
    let strength = PhantomMath.smoothStep(5.3, 3.4, l)
    let length = max(2, process.length - process.rootRadius - process.tipRadius)
    let value = tissue.marrow * body.signal * 1.05
    let radius = process.length + 4
    around(frame, radius: radius) { pixel, a, b in
      let part = max(0, min(1, a / length))
      let waist = 1 - 0.07 * PhantomMath.bell((part - 0.45) / 0.25)
      let thick = (process.rootRadius + (process.tipRadius - process.rootRadius) * part) * waist
      let off = a - part * length
      let distance =
        (off * off + b * b).squareRoot() - thick + 0.35 * TextureTile.mottle(a + u, b * 0.5 + v)
      let alpha = canvas.cover(distance) * strength
      if alpha <= 0 { return }
      let grain = TextureTile.marrow(a + u, b + v + body.top)
      let slow = TextureTile.cloud(a * 2 + u + body.top, b * 2)
      let inside = PhantomMath.smoothStep(-0.4, -1.3, distance)
      let bone = value * (1 + 0.09 * grain + 0.12 * slow)
      canvas.blend(pixel, tissue.cortex + (bone - tissue.cortex) * inside, alpha, .spinousProcess)
    }
  }

  private func paintLamina(_ index: Int, lateral l: Float) {
    let k = spine.scale
    let process = spine.spinous[index]
    let w = spine.sacHalfWidth(process.s) + 2
    let shape = max(0.2, 1 - (l / w) * (l / w)).squareRoot()
    let middle = (spine.sacBack(process.s) + spine.sacFront(process.s)) / 2
    let n = middle + (spine.sacBack(process.s) - middle) * shape + 3.2 * k
    let frame = frame(s: process.s - 1 - 0.25 * l, n: n, tilt: 16)
    let strength = PhantomMath.smoothStep(2, 3.6, l) * PhantomMath.smoothStep(11, 9, l)
    paintOval(
      frame, 2.7 * k, (index == 0 ? 7.5 : 5.6) * k, marrow: tissue.marrow,
      as: .posteriorElement, rim: 0.9, strength: strength)
  }

  private func paintPillar(_ index: Int, lateral l: Float) {
    let k = spine.scale
    let body = spine.bodies[index]
    let strength = PhantomMath.smoothStep(8.5, 11, l) * PhantomMath.smoothStep(20, 18, l)
    let disc = spine.discs[index - 1]
    // Fat and a nerve root in the foramen above this vertebra's pedicle.
    let foramen = frame(s: disc.centre + 0.5, n: 1.5)
    around(foramen, radius: 7) { pixel, a, b in
      let r = ((a / 4.2) * (a / 4.2) + (b / 5) * (b / 5)).squareRoot()
      canvas.blend(pixel, tissue.fat * 0.75, canvas.cover((r - 1) * 4.4) * strength, .fat)
    }
    paintOval(
      frame(s: disc.centre + 1.5, n: 1.8), 2.4, 2.7, marrow: tissue.cord * 0.75, as: .nerveRoot,
      rim: 0.2,
      strength: strength)
    if l < 15 {
      paintOval(
        frame(s: body.centre - 1.5 * k, n: 1), 5 * k, 3.6 * k, marrow: tissue.marrow,
        as: .posteriorElement, rim: 1,
        strength: strength * PhantomMath.smoothStep(15, 13, l))
    }
    // Pillars lie like shingles; the dark gaps between them are the facet joints.
    let pillar = frame(s: body.centre + 1.5 * k, n: 9.5 * k, tilt: -32)
    let half = (body.halfHeight + disc.height / 2) * 0.92
    around(pillar, radius: 13 * k) { pixel, a, b in
      let distance = Self.rounded(abs(a) - 5 * k, abs(b - a * 0.2) - half, 2.5)
      let alpha = canvas.cover(distance) * strength
      if alpha <= 0 { return }
      let grain = TextureTile.marrow(a + u, b + v + body.top)
      let inside = PhantomMath.smoothStep(-0.6, -1.5, distance)
      let bone = tissue.marrow * body.signal * (1 + 0.12 * grain)
      canvas.blend(pixel, tissue.cortex + (bone - tissue.cortex) * inside, alpha, .posteriorElement)
    }
    // The vertebral artery's flow void before the roots.
    if l > 12.5 && index < 6 {
      paintOval(
        frame(s: disc.centre, n: -5), 1.9, disc.height / 2 + body.halfHeight * 1.05,
        marrow: tissue.air + 25, as: .vessel, rim: 0.1, strength: strength)
    }
  }
}
