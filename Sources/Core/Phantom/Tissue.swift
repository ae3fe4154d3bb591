/// T2 signal of the tissues before coil, noise and artefacts; CSF = 1000.
struct Tissue: Sendable {
  var csf: Float = 1000
  var cord: Float
  var brain: Float
  var marrow: Float
  var annulus: Float
  var cortex: Float = 25
  var ligament: Float
  var fat: Float
  var epidural: Float
  var skin: Float
  var muscle: Float
  var tongue: Float
  var prevertebral: Float
  var mucosa: Float
  var gland: Float
  var air: Float = 4
  /// How dark the septa of the fat under the skin are against `TextureTile.septa`.
  var septa: Float
  /// How much less fat than in an average patient lies between the muscles.
  var muscularity: Float

  /// Draws the signals of a study.
  static func draw(_ domain: PhantomDomain, random: PhantomRandom) -> Tissue {
    var r = random.stream("tissue")
    func around(_ value: Double, _ spread: Double) -> Float { Float(value * r.normal(1, spread)) }
    // The brain stem continues the cord: hardly brighter.
    let cord = around(domain == .clinical ? 335 : 360, 0.1)
    let stem = r.normal(1.1, 0.03)
    switch domain {
    case .clinical:
      return Tissue(
        cord: cord, brain: cord * Float(stem), marrow: around(330, 0.16),
        annulus: around(95, 0.15), ligament: around(55, 0.15), fat: around(760, 0.12),
        epidural: around(430, 0.2), skin: around(210, 0.2), muscle: around(125, 0.15),
        tongue: around(185, 0.15), prevertebral: around(175, 0.15), mucosa: around(420, 0.15),
        gland: around(330, 0.15), septa: 1, muscularity: 0)
    case .public:
      return Tissue(
        cord: cord, brain: cord * Float(stem), marrow: around(200, 0.16),
        annulus: around(80, 0.15), ligament: around(50, 0.15), fat: around(250, 0.18),
        epidural: around(250, 0.2), skin: around(150, 0.2), muscle: around(80, 0.15),
        tongue: around(120, 0.15), prevertebral: around(125, 0.15), mucosa: around(380, 0.15),
        gland: around(260, 0.15), septa: 0.3, muscularity: 0.2)
    }
  }
}
