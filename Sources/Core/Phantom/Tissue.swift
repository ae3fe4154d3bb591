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

  /// Draws the signals of a study.
  static func draw(_ domain: PhantomDomain, random: PhantomRandom) -> Tissue {
    var r = random.stream("tissue")
    func around(_ value: Double, _ spread: Double) -> Float { Float(value * r.normal(1, spread)) }
    switch domain {
    case .clinical:
      return Tissue(
        cord: around(335, 0.1), brain: around(370, 0.08), marrow: around(330, 0.16),
        annulus: around(95, 0.15), ligament: around(55, 0.15), fat: around(760, 0.12),
        epidural: around(430, 0.2), skin: around(210, 0.2), muscle: around(125, 0.15),
        tongue: around(185, 0.15), prevertebral: around(175, 0.15), mucosa: around(420, 0.15),
        gland: around(330, 0.15))
    case .public:
      return Tissue(
        cord: around(385, 0.1), brain: around(400, 0.08), marrow: around(235, 0.16),
        annulus: around(80, 0.15), ligament: around(50, 0.15), fat: around(400, 0.15),
        epidural: around(330, 0.2), skin: around(150, 0.2), muscle: around(95, 0.15),
        tongue: around(120, 0.15), prevertebral: around(125, 0.15), mucosa: around(380, 0.15),
        gland: around(260, 0.15))
    }
  }
}
