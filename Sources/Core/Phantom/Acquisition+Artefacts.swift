extension Acquisition {
  /// Turns painted signal into what a scanner would store: coil, bands, ghosts, blur and noise.
  func acquire(_ canvas: Canvas, slice k: Int, scene: Scene, random: PhantomRandom) {
    shade(canvas, scene: scene)
    band(canvas, scene: scene, random: random)
    ghost(canvas, scene: scene, slice: k, random: random)
    filter(canvas, scene: scene)
    addNoise(canvas, slice: k, random: random)
  }

  /// Surface coil behind the neck, fall-off at its ends, ripple of its elements, saturated front.
  private func shade(_ canvas: Canvas, scene: Scene) {
    let head = scene.head
    let power = coilPower
    let reach = coilDepth
    // (reach / (depth + reach)) ^ power by depth below the skin; 1 at the canal.
    func fall(_ depth: Float) -> Float {
      let t = reach / (max(0, depth) + reach)
      let root = t.squareRoot()
      let whole =
        power >= 1
        ? t * (1 + (root - 1) * (power - 1) * 2) : root * (1 + (root - 1) * (power * 2 - 1))
      return whole
    }
    let table = Profile(from: 0, to: 260, step: 1) { fall($0) }
    for row in 0..<canvas.rows {
      let d = canvas.d(row)
      let skin = head.skinBack(d)
      let wall = scene.spine.curve.wallP(d)
      // Normalised against an even skin line, so that the gain follows the coil, not the wall.
      let unit = gain(d) / table(skin - wall - 7)
      let wave = ripple(d)
      let front = head.bodyFront(d)
      let skinFront = head.skinFront(d)
      let chin = frontCoil * PhantomMath.bell((d - head.chin + 25) / frontReach)
      let line = canvas.pixels + row * canvas.columns
      for column in 0..<canvas.columns {
        let p = canvas.p(column)
        let depth = skin - p
        let near = 1 - 0.7 * PhantomMath.smoothStep(60, 150, depth)
        let rest = 1 - (1 - saturation) * PhantomMath.smoothStep(front - 4, front - 26, p)
        // Never into the spine: the cord's evenness is the posterior coil's affair.
        let reached =
          PhantomMath.smoothStep(frontDepth, 0, p - skinFront)
          * PhantomMath.smoothStep(front - 6, front - 30, p)
        let throat = 1 + chin * reached
        line[column] *= table(depth) * unit * (1 + wave * near) * rest * throat
      }
    }
  }

  /// Bands of pulsating CSF thrown across the canal and its surroundings.
  private func band(_ canvas: Canvas, scene: Scene, random: PhantomRandom) {
    let strength = Float(scene.confounders.pulsationBands)
    guard strength > 0 else { return }
    var r = random.stream("bands")
    let period = Float(r.uniform(16, 38))
    let phase = Float(r.unit())
    let shape = Profile.noise(from: -160, to: 160, length: 28, random: &r)
    let lean = Float(r.normal(0, 0.15))
    for row in 0..<canvas.rows {
      let d = canvas.d(row)
      let s = scene.spine.curve.wallS(d)
      let axis =
        scene.spine.curve.wallP(d) + (scene.spine.cordFront(s) + scene.spine.cordBack(s)) / 2
      let envelope = max(0, 0.6 + 0.7 * shape(d))
      for column in canvas.columns(from: axis - 46, to: axis + 46) {
        let off = canvas.p(column) - axis
        let wave = PhantomMath.sine(
          turns: (d + lean * off) / period + phase + 0.25 * shape(d * 0.7))
        let add = strength * scene.tissue.csf * gain(d) * wave * envelope
        let index = row * canvas.columns + column
        let fade = PhantomMath.smoothStep(46, 12, abs(off))
        canvas.pixels[index] = max(0, canvas.pixels[index] + add * fade)
      }
    }
  }

  /// Ghosts along the columns' direction (phase encoding front to back), swelling along the neck.
  private func ghost(_ canvas: Canvas, scene: Scene, slice k: Int, random: PhantomRandom) {
    let strength = Float(scene.confounders.ghost)
    guard strength > 0 else { return }
    var r = random.stream("ghost")
    let shift = Float(r.uniform(26, 62))
    let swell = Profile.noise(from: -160, to: 160, length: 22, random: &r)
    let phase = Float(r.unit()) + Float(k) * 0.37
    let columns = canvas.columns
    var source = [Float](repeating: 0, count: columns)
    for row in 0..<canvas.rows {
      let d = canvas.d(row)
      let line = canvas.pixels + row * columns
      for column in 0..<columns { source[column] = line[column] }
      for order in [-2, -1, 1, 2] {
        let offset = Int((shift * Float(order) / canvas.pixel).rounded())
        // Ghosts add with a phase that turns along the neck: bright here, dark there.
        let turn = PhantomMath.sine(turns: d / 47 * Float(order) + phase)
        let weight = strength * (0.4 + 0.6 * turn) * (1 + 0.4 * swell(d)) / Float(abs(order))
        for column in max(0, offset)..<min(columns, columns + offset) {
          line[column] += weight * source[column - offset]
        }
      }
      for column in 0..<columns where line[column] < 0 { line[column] = -line[column] }
    }
  }

  /// Blur of the acquisition, and ringing where k-space is cut along the columns' direction.
  private func filter(_ canvas: Canvas, scene: Scene) {
    let c = scene.confounders
    let soft = Self.bell(deviation: max(0.2, blurMM / pixel))
    let hard = Self.sinc(edge: Float(c.truncationMM) / pixel)
    let radius = max(soft.count, hard.count) / 2
    var kernel = [Float](repeating: 0, count: 2 * radius + 1)
    let weight = Float(c.ringing)
    for (index, value) in soft.enumerated() {
      kernel[radius - soft.count / 2 + index] += (1 - weight) * value
    }
    for (index, value) in hard.enumerated() {
      kernel[radius - hard.count / 2 + index] += weight * value
    }
    let columns = canvas.columns
    let padded = columns + 2 * radius
    withUnsafeTemporaryAllocation(of: Float.self, capacity: padded) { source in
      for row in 0..<canvas.rows {
        let line = canvas.pixels + row * columns
        for index in 0..<padded {
          source[index] = line[max(0, min(columns - 1, index - radius))]
        }
        for column in 0..<columns { line[column] = 0 }
        guard let start = source.baseAddress else { return }
        for (tap, value) in kernel.enumerated() {
          let shifted = start + tap
          for column in 0..<columns { line[column] += value * shifted[column] }
        }
      }
    }
    blurRows(canvas, Self.bell(deviation: max(0.2, blurMM * 0.9 / pixel)))
  }

  private func blurRows(_ canvas: Canvas, _ kernel: [Float]) {
    let (rows, columns) = (canvas.rows, canvas.columns)
    let radius = kernel.count / 2
    var result = [Float](repeating: 0, count: canvas.count)
    result.withUnsafeMutableBufferPointer { result in
      for row in 0..<rows {
        for (tap, value) in kernel.enumerated() {
          let from = max(0, min(rows - 1, row + tap - radius)) * columns
          let source = canvas.pixels + from
          for column in 0..<columns { result[row * columns + column] += value * source[column] }
        }
      }
      if let start = result.baseAddress { canvas.pixels.update(from: start, count: canvas.count) }
    }
  }

  /// A normalised bell, deviation in px.
  private static func bell(deviation: Float) -> [Float] {
    let radius = max(1, Int((2.6 * deviation).rounded(.up)))
    let raw = (-radius...radius).map { PhantomMath.bell(Float($0) / deviation) }
    let sum = raw.reduce(0, +)
    return raw.map { $0 / sum }
  }

  /// A normalised sinc of the given half period in px, gently windowed over nine lobes.
  private static func sinc(edge: Float) -> [Float] {
    let edge = max(edge, 1.05)
    let radius = Int(9 * edge)
    let raw = (-radius...radius).map { index -> Float in
      let t = Float(index) / edge
      let window = 1 - PhantomMath.smoothStep(0.4, 1, abs(Float(index)) / Float(radius + 1))
      let value = index == 0 ? 1 : PhantomMath.sine(turns: t / 2) / (Float.pi * t)
      return value * window
    }
    let sum = raw.reduce(0, +)
    return raw.map { $0 / sum }
  }

  /// Rician noise, slightly correlated between neighbours as after interpolation; then whole greys.
  private func addNoise(_ canvas: Canvas, slice k: Int, random: PhantomRandom) {
    var r = random.stream("noise", k)
    let (rows, columns) = (canvas.rows, canvas.columns)
    let deviation = noise
    // 1 + 0.45^2 + 0.45^2, so that the deviation stays.
    let unit = deviation / Float(1.405).squareRoot()
    var above = [Float](repeating: 0, count: columns)
    for row in 0..<rows {
      let line = canvas.pixels + row * columns
      var before: Float = 0
      for column in 0..<columns {
        let own = r.voxelNoise()
        let real = line[column] + unit * (own + 0.45 * before + 0.45 * above[column])
        let imaginary = deviation * r.voxelNoise()
        before = own
        above[column] = own
        let magnitude = (real * real + imaginary * imaginary).squareRoot()
        line[column] = min(4095, (magnitude * scale).rounded(.toNearestOrEven))
      }
    }
  }
}
