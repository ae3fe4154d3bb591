/// The knobs of a study besides its lesion: degeneration, normal variation and artefacts.
///
/// The class of the study turns one knob far up; the others are drawn from the same moderate
/// distributions whether or not the study has a lesion, so that nothing but the lesion tells the
/// two apart.
struct PhantomConfounders: Sendable {
  /// One narrowed level: the disc below a body (index 0 = C2-3), mm pushed from front and back.
  struct Narrowing: Sendable {
    var disc: Int
    /// Anterior-posterior room left for the cord in mm.
    var residual: Double
    /// Share of the narrowing that comes from the disc side.
    var anterior: Double
    /// Half length along the cord in mm (deviation of the bell).
    var halfLength: Double
  }

  /// Width of the dural sac against an average one.
  var canalWidth = 0.95
  var narrowings: [Narrowing] = []
  /// Degree of wear 0...1: dark and thin discs, bulges, osteophytes.
  var degeneration = 0.3
  /// Relative deviation of the slow brightness variation along the cord.
  var cordVariation = 0.025
  /// Swing of the coil elements' gain along the cord, as a fraction.
  var coilRipple = 0.05
  /// Length of one coil ripple in mm.
  var coilRippleLength = 70.0
  /// Depth of flow voids in CSF, 0...1.
  var flowVoid = 0.15
  /// Bands thrown over the cord by pulsating CSF, as a fraction of the CSF signal.
  var pulsationBands = 0.0
  /// Edge of the acquired pixel along the rows in mm that truncation acts on.
  var truncationMM = 0.9
  /// Weight of the unfiltered truncation, 0...1 (1 = full ringing).
  var ringing = 0.25
  /// Strength of ghosts of the whole picture, as a fraction.
  var ghost = 0.0
  /// Contrast of grey against white matter, as a fraction of the cord's signal.
  var greyMatter = 0.08
  /// Extra width of the cervical enlargement in mm.
  var enlargement = 0.0
  /// Sideways run of the cord in mm per mm downwards.
  var drift = 0.0
  /// Sideways bend in mm.
  var bend = 0.0
  /// Slice thickness over the domain's own.
  var thicknessFactor = 1.0
  /// Whether the labels given to a detector are a pixel wrong.
  var maskError = false
  /// A kyphotic neck with a thick ligament; `nil` for one as usual.
  var neck: OssifiedNeck?

  /// Draws the knobs of a study.
  static func draw(
    _ kind: PhantomClass, domain: PhantomDomain, necks: PhantomNecks, random: PhantomRandom
  ) -> PhantomConfounders {
    var r = random.stream("confounders")
    var c = PhantomConfounders()
    c.drawBackground(&r)
    // Clinical patients have the tighter canals.
    c.canalWidth = domain == .clinical ? r.normal(0.9, 0.06) : r.normal(0.99, 0.06)
    var own = random.stream("confounders.own")
    c.turnUp(kind, &own)
    c.neck = OssifiedNeck.draw(necks, random: random)
    return c
  }

  private mutating func drawBackground(_ r: inout PhantomRandom) {
    degeneration = r.uniform(0.05, 0.9)
    // Worn necks have the more uneven cords.
    cordVariation = r.uniform(0.012, 0.03) + 0.045 * degeneration * r.uniform(0.3, 1)
    coilRipple = r.uniform(0.02, 0.09)
    coilRippleLength = r.uniform(55, 95)
    flowVoid = r.uniform(0.08, 0.3)
    pulsationBands = r.chance(0.4) ? r.uniform(0.005, 0.02) : 0
    truncationMM = r.uniform(0.75, 1.0)
    ringing = r.uniform(0.15, 0.4)
    ghost = r.chance(0.3) ? r.uniform(0.01, 0.025) : 0.004
    greyMatter = r.uniform(0.05, 0.11)
    enlargement = r.uniform(0, 0.5)
    drift = r.normal(0, 0.018)
    bend = r.normal(0, 1.0)
    thicknessFactor = 1
    // Discs C3-4 ... C6-7 narrow most often; some necks have none.
    let levels = r.chance(0.45) ? 0 : r.integer(1...2)
    narrowings = Self.levels(levels, &r).map {
      Narrowing(
        disc: $0, residual: r.uniform(7.2, 9.4), anterior: r.uniform(0.55, 1),
        halfLength: r.uniform(3, 5))
    }
  }

  private mutating func turnUp(_ kind: PhantomClass, _ r: inout PhantomRandom) {
    switch kind {
    case .compression, .atCompression:
      degeneration = r.uniform(0.5, 1)
      cordVariation = r.uniform(0.03, 0.07)
      narrowings = Self.levels(r.integer(1...3), &r).enumerated().map { place, disc in
        Narrowing(
          disc: disc, residual: place == 0 ? r.uniform(4.2, 6.2) : r.uniform(5.2, 7.6),
          anterior: r.uniform(0.4, 1), halfLength: r.uniform(3, 6))
      }
    case .coilShading:
      coilRipple = r.uniform(0.14, 0.3)
      coilRippleLength = r.uniform(38, 75)
    case .csfPulsation:
      flowVoid = r.uniform(0.4, 0.75)
      pulsationBands = r.uniform(0.035, 0.09)
    case .gibbs:
      truncationMM = r.uniform(1.25, 1.9)
      ringing = r.uniform(0.85, 1)
    case .motionGhost:
      ghost = r.uniform(0.05, 0.11)
    case .greyMatter:
      greyMatter = r.uniform(0.16, 0.26)
      cordVariation = r.uniform(0.035, 0.06)
    case .enlargement:
      enlargement = r.uniform(1.0, 1.8)
      greyMatter = r.uniform(0.1, 0.16)
    case .obliqueExit:
      drift = r.sign() * r.uniform(0.08, 0.14)
      bend = r.normal(0, 3)
    case .thickSlices:
      thicknessFactor = r.uniform(1.45, 1.8)
      bend = r.sign() * r.uniform(1.5, 4)
    case .maskError:
      maskError = true
    case .normal:
      degeneration = r.uniform(0.02, 0.5)
      narrowings = []
      pulsationBands = 0
      ghost = 0.004
    case .focalFaint, .focalBright, .long, .multisegmental, .snakeEye:
      break
    }
  }

  /// Distinct disc levels, C4-5 ... C6-7 the likeliest.
  private static func levels(_ count: Int, _ r: inout PhantomRandom) -> [Int] {
    var bag = [1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 0]
    var chosen: [Int] = []
    while chosen.count < count {
      let level = r.pick(bag)
      chosen.append(level)
      bag.removeAll { $0 == level }
    }
    return chosen
  }
}
