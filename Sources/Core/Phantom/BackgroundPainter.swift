/// Paints what surrounds the spine on one slice: neck, face, throat, skull and brain.
struct BackgroundPainter {
  let scene: Scene
  let canvas: Canvas
  /// Distance of the slice from the midline in mm, and its signed place.
  let side: Float
  let away: Float
  /// Texture offsets of this slice.
  let u: Float
  let v: Float
  /// Sheets of fat between the muscles of this slice: place (0 = spine, 1 = skin) and strength.
  private let sheets: [(place: Profile, strength: Profile, tone: Float)]

  var head: HeadPlan { scene.head }
  var tissue: Tissue { scene.tissue }

  init(scene: Scene, canvas: Canvas, side: Float, index: Int) {
    self.scene = scene
    self.canvas = canvas
    self.side = side
    away = abs(side)
    u = scene.grain.x + Float(index) * 17.3
    v = scene.grain.y + Float(index) * 5.1
    var r = PhantomRandom(seed: UInt64(scene.grain.x * 4096)).stream("sheets", index)
    let count = r.integer(3...5)
    sheets = (0..<count).map { layer in
      var place = Profile.noise(from: -160, to: 160, step: 2, length: 46, random: &r)
      var strength = Profile.noise(from: -160, to: 160, step: 2, length: 24, random: &r)
      let home = (Float(layer) + 0.6 + Float(r.normal(0, 0.15))) / Float(count)
      for i in place.values.indices {
        place.values[i] = home + 0.07 * place.values[i]
        strength.values[i] = max(0, min(1, 0.45 + 0.5 * strength.values[i]))
      }
      return (place, strength, Float(r.normal(1, 0.16)))
    }
  }

  /// Paints the whole background.
  func paint() {
    paintNeck()
    paintFace()
    paintThroat()
    paintSkull()
  }

  @inline(__always)
  func mottled(_ value: Float, _ amount: Float, _ p: Float, _ d: Float) -> Float {
    value * (1 + amount * TextureTile.mottle(p + u, d + v))
  }

  /// Rows of skin, fat and muscle from front to back.
  private func paintNeck() {
    let head = head
    let tissue = tissue
    let narrow = away * away * 0.012
    let mottle = TextureTile.mottle
    let septa = TextureTile.septa
    let fibre = TextureTile.fibre
    let cloud = TextureTile.cloud
    for row in 0..<canvas.rows {
      let d = canvas.d(row)
      let wobble = 0.5 * mottle(u * 3, d + v)
      let back = head.skinBack(d) - narrow + 0.4 * wobble
      let front = head.skinFront(d) + narrow + 0.3 * wobble
      let fatBack = min(
        back - 3,
        max(
          head.nuchal(d) + 2, back - 1.8 - head.fatBack(d) * (0.92 + 0.1 * cloud(u * 2, d + v))))
      let fatFront = front + 1.6 + head.fatFront(d)
      let wall = head.bodyFront(d)
      let spineBack = head.nuchal(d)
      let base = row * canvas.columns
      for column in canvas.columns(from: front - 2, to: back + 2) {
        let p = canvas.p(column)
        var value: Float
        if p > fatBack || p < fatFront {
          // Septa run along the skin: sheared with it so that they follow its curve.
          let along = p > fatBack ? p - back : p - front
          value = tissue.fat * septa(along * 1.0 + u, d + v)
          let skin = min(back - p, p - front)
          let rim = PhantomMath.smoothStep(1.2, 2.6, skin)
          value = tissue.skin + (value - tissue.skin) * rim
          let deep = max(canvas.cover(fatBack - p), canvas.cover(p - fatFront))
          value = value * deep + tissue.muscle * 0.5 * (1 - deep)
          let inside = min(canvas.cover(p - back), canvas.cover(front - p))
          canvas.pixels[base + column] = tissue.air + (value - tissue.air) * inside
        } else if p > wall {
          value = posterior(
            p, d, from: wall, ligament: spineBack, fat: fatBack, fibre: fibre, mottle: mottle)
          canvas.pixels[base + column] = value
        } else {
          let grain = fibre((p + u) * 0.8, d + v)
          let blotch = cloud(p + v, d + u)
          value = tissue.muscle * (1.15 + 0.18 * grain + 0.25 * blotch)
          let streak = PhantomMath.smoothStep(0.9, 1.8, mottle(p * 0.8 + v, d * 0.5 + u))
          value += tissue.fat * 0.25 * streak
          canvas.pixels[base + column] = value
        }
      }
    }
  }

  /// Muscles behind the spine: bundles that run head to foot, parted by sheets of fat.
  @inline(__always)
  private func posterior(
    _ p: Float, _ d: Float, from wall: Float, ligament: Float, fat: Float, fibre: TextureTile,
    mottle: TextureTile
  ) -> Float {
    let start = ligament - (away < 4 ? 0 : min(16, away * 1.4))
    let t = (p - start) / max(fat - start, 6)
    var fatPart: Float = 0
    var tone: Float = 1
    for sheet in sheets {
      let off = t - sheet.place(d)
      if off > 0 { tone = sheet.tone }
      let x = off / (0.022 + 0.03 * scene.head.fattiness)
      if abs(x) > 3 { continue }
      fatPart = max(fatPart, PhantomMath.exp(-x * x) * sheet.strength(d))
    }
    fatPart *= 0.35 + 0.6 * scene.head.fattiness
    let streak = fibre(p + u, d + v)
    fatPart = max(
      fatPart,
      PhantomMath.smoothStep(0.9, 2.4, streak + 1.2 * (scene.head.fattiness - 0.5)) * 0.5)
    if t < 0.06 {
      // Between the spinous processes and beside the laminae: mixed ligament, fat and muscle.
      let mix = PhantomMath.smoothStep(-0.9, 1.3, mottle((p - d * 0.55) * 0.9 + v, d * 0.8 + u))
      fatPart = max(fatPart * 0.4, mix * (0.35 + 0.4 * scene.head.fattiness))
    }
    let muscle = tissue.muscle * tone * (1 + 0.2 * streak)
    return muscle + (tissue.fat * 0.9 - muscle) * min(1, max(0, fatPart))
  }
}
