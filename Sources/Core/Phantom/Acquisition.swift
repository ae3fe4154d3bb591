/// How a study is acquired: grid, coil, blur, truncation, ghosts and noise.
struct Acquisition: Sendable {
  var rows: Int
  var columns: Int
  /// Pixel edge, slice thickness and distance between slices in mm.
  var pixel: Float
  var thickness: Float
  var spacing: Float
  var slices: Int
  /// Scene place of pixel (0, 0) and sideways place of the first slice.
  var p0: Float
  var d0: Float
  var x0: Float
  /// Coil: depth in mm over which the gain falls behind, and the exponent of the fall.
  var coilDepth: Float
  var coilPower: Float
  /// Gain along the neck by scene d (fall-off at the ends, elements).
  var gain: Profile
  /// Ripple of single elements by scene d, deepest near the coil.
  var ripple: Profile
  /// Saturation of the front of the neck: place by p relative to the spine, and what is left.
  var saturation: Float
  /// Gain added by elements before the throat, at the skin, and their half reach along the neck in
  /// mm about the chin.
  var frontCoil: Float
  var frontReach: Float
  /// Depth in mm at which that gain is gone.
  var frontDepth: Float
  /// Deviation of the noise, CSF = 1000.
  var noise: Float
  /// Blur along the columns, deviation in mm.
  var blurMM: Float
  /// Grey value of CSF = 1000 in the stored image.
  var scale: Float

  /// Draws an acquisition.
  static func draw(
    _ configuration: PhantomConfiguration, domain: PhantomDomain, scene: Scene,
    random: PhantomRandom
  ) -> Acquisition {
    var r = random.stream("acquisition")
    let c = scene.confounders
    let clinical = domain == .clinical
    let side = clinical ? r.pick([320, 384, 384, 448]) : r.pick([288, 320, 320])
    let field = clinical ? r.uniform(232, 256) : r.uniform(238, 256)
    let coarse = configuration.coarseness
    let pixel = field / Double(side) * coarse
    let rows = Int(field / pixel)
    let own = clinical ? r.uniform(3.0, 4.0) : r.uniform(2.0, 2.6)
    let thickness = own * c.thicknessFactor
    let gap = clinical ? r.uniform(1.0, 1.15) : 1.0
    let spacing = thickness * gap
    let count = configuration.slices
    let first = -spacing * Double(count - 1) / 2 + r.normal(0, clinical ? 0.6 : 0.3)

    let level = r.uniform(0.12, 0.35)
    let middle = r.uniform(-45, 15)
    let half = r.uniform(95, 140)
    let gain = Profile(from: -160, to: 160) { d in
      let t = (Double(d) - middle) / half
      return Float(1 - level * min(2.2, t * t) * 0.55)
    }
    let phase = r.unit()
    let second = r.uniform(0.55, 0.8)
    let ripple = Profile(from: -160, to: 160) { d in
      let turn = Double(d) / c.coilRippleLength + phase
      let wave = PhantomMath.sine(turns: turn) + 0.45 * PhantomMath.sine(turns: turn * second + 0.3)
      return Float(c.coilRipple * 0.7 * wave)
    }
    return Acquisition(
      rows: rows, columns: rows, pixel: Float(pixel), thickness: Float(thickness),
      spacing: Float(spacing), slices: count,
      p0: Float(-field / 2 - r.uniform(2, 16)), d0: Float(-field / 2 - r.uniform(-2, 12)),
      x0: Float(first), coilDepth: Float(clinical ? r.uniform(45, 70) : r.uniform(20, 32)),
      coilPower: Float(clinical ? r.uniform(0.7, 1.1) : r.uniform(1.05, 1.5)), gain: gain,
      ripple: ripple, saturation: Float(clinical ? r.uniform(0.6, 1.1) : r.uniform(0.25, 0.6)),
      frontCoil: Float(clinical ? r.uniform(0.3, 1.4) : r.uniform(4, 11)),
      frontReach: clinical ? .infinity : 34, frontDepth: clinical ? 55 : 80,
      noise: Float(clinical ? r.uniform(14, 34) : r.uniform(7, 16)),
      blurMM: Float(clinical ? r.uniform(0.28, 0.42) : r.uniform(0.3, 0.45)),
      scale: Float(clinical ? r.uniform(0.45, 1.1) : r.uniform(0.5, 1.2)))
  }

  /// Scene place of the middle of slice k (0 = patient's left).
  func x(_ k: Int) -> Float { x0 + Float(k) * spacing }
}
