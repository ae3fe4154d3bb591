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
    let septa = TextureTile.septa.smooth
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
      let posteriorRow = posteriorRow(d, fat: fatBack, skin: back)
      let base = row * canvas.columns
      for column in canvas.columns(from: front - 2, to: back + 2) {
        let p = canvas.p(column)
        var value: Float
        if p > fatBack || p < fatFront {
          // Septa run along the skin: sheared with it so that they follow its curve.
          let along = p > fatBack ? p - back : p - front
          let lobule = septa(along * 1.0 + u, d + v)
          value = tissue.fat * (1 - tissue.septa * (1 - lobule))
          let skin = min(back - p, p - front)
          let rim = PhantomMath.smoothStep(1.2, 2.6, skin)
          value = tissue.skin + (value - tissue.skin) * rim
          let deep = max(canvas.cover(fatBack - p), canvas.cover(p - fatFront))
          value = value * deep + tissue.muscle * 0.5 * (1 - deep)
          let inside = min(canvas.cover(p - back), canvas.cover(front - p))
          canvas.pixels[base + column] = tissue.air + (value - tissue.air) * inside
          canvas.mark(
            base + column,
            inside < 0.5 ? .background : rim < 0.5 ? .skin : deep < 0.5 ? .muscle : .fat)
        } else if p > wall {
          let behind = posterior(p, d, row: posteriorRow)
          canvas.pixels[base + column] = behind.value
          canvas.mark(base + column, behind.tissue)
        } else {
          let grain = fibre((p + u) * 0.8, d + v)
          let blotch = cloud(p + v, d + u)
          // Straps, glands and vessels of the throat: patches of different tone.
          value = tissue.prevertebral * (1.15 + 0.18 * grain + 0.3 * blotch)
          let streak = PhantomMath.smoothStep(0.7, 1.7, mottle(p * 0.7 + v, d * 0.3 + u))
          value += tissue.fat * 0.35 * streak
          canvas.pixels[base + column] = value
          canvas.mark(base + column, .throat)
        }
      }
    }
  }

  /// One sheet of fat as a row meets it.
  struct Sheet {
    var place: Float
    var strength: Float
    var tone: Float
  }

  /// Muscles behind the spine: bundles that run head to foot, parted by sheets of fat; at the
  /// midline, and low in the neck, mostly fat around the nuchal ligament.
  @inline(__always)
  private func posterior(
    _ p: Float, _ d: Float, row: PosteriorRow
  ) -> (value: Float, tissue: PhantomTissue) {
    let t = (p - row.start) / row.depth
    var fatPart: Float = 0
    var tone: Float = 1
    for sheet in row.sheets {
      let off = t - sheet.place
      if off > 0 { tone = sheet.tone }
      let x = off / row.sheetWidth
      if abs(x) < 3 { fatPart = max(fatPart, PhantomMath.exp(-x * x) * sheet.strength) }
    }
    let streak = TextureTile.fibre(p + u, d + v)
    fatPart = max(
      fatPart, PhantomMath.smoothStep(0.8, 2.2, streak + 1.2 * (head.fattiness - 0.5)) * 0.55)
    if p < row.start + 2 {
      // Between the spinous processes and beside the laminae: mixed ligament, fat and muscle.
      let mix = PhantomMath.smoothStep(
        -0.8, 1.2, TextureTile.mottle((p - d * 0.55) * 0.8 + v, d * 0.8 + u))
      fatPart = max(fatPart * 0.4, mix * (0.4 + 0.5 * head.fattiness))
    } else {
      let patch = TextureTile.cloud((p - d * 0.3) * 0.9 + v, d * 0.45 + u)
      // Slips of muscle and strands of fat run down and forward between one another.
      let slip = TextureTile.fibre.smooth((p - d * 0.38) * 1.15 + v, d * 0.75 + u)
      let strand = TextureTile.fibre.smooth((p - d * 0.3) * 0.55 + u, d * 0.5 + v)
      let muscle =
        row.muscle + 0.3 * patch + 0.2 * slip + 0.24 * strand - 0.5 * max(0, t - 0.75)
      fatPart = max(fatPart, 1 - PhantomMath.smoothStep(0.08, 0.5, muscle))
    }
    let muscle = tissue.muscle * tone * (1 + 0.2 * streak)
    let lobules = TextureTile.septa((p - row.skin) * 0.9 + v, d * 0.7 + u)
    let fat = tissue.fat * (0.5 + 0.4 * lobules) * (1 + 0.14 * streak)
    var value = muscle + (fat - muscle) * min(1, max(0, fatPart))
    var name: PhantomTissue = fatPart < 0.5 ? .muscle : .fat
    // The nuchal ligament: a dark line behind the tips of the spinous processes.
    if away < 5 {
      let line = PhantomMath.bell((p - row.start - 2.5) / 0.8) * (1 - away / 5)
      value += (tissue.ligament - value) * line * 0.85
      if line * 0.85 >= 0.5 { name = .ligament }
    }
    return (value, name)
  }

  /// What `posterior` needs of a row.
  struct PosteriorRow {
    var start: Float
    var depth: Float
    var skin: Float
    var sheetWidth: Float
    /// Above 0.45 muscle everywhere, below 0.15 fat.
    var muscle: Float
    var sheets: [Sheet]
  }

  private func posteriorRow(_ d: Float, fat: Float, skin: Float) -> PosteriorRow {
    let ligament = head.nuchal(d)
    let wobble = 2.2 * TextureTile.cloud(v * 2, d * 1.5 + u)
    let start = ligament + wobble - (away < 4 ? 0 : min(16, away * 1.4))
    let low = PhantomMath.smoothStep(head.larynx - 20, head.notch, d)
    let middle = PhantomMath.smoothStep(1, 8, away + 3 * (1 - head.fattiness))
    return PosteriorRow(
      start: start, depth: max(fat - start, 6), skin: skin,
      sheetWidth: 0.025 + 0.05 * head.fattiness,
      muscle: 0.74 + tissue.muscularity + 0.4 * middle - 0.42 * low * (1 - middle) - 0.3
        * head.fattiness,
      sheets: sheets.map {
        Sheet(
          place: $0.place(d), strength: $0.strength(d) * (0.5 + 0.5 * head.fattiness),
          tone: $0.tone)
      })
  }
}
