/// What a voxel of a phantom's tissue map is.
///
/// The spine has TotalSpineSeg's numbers (1 cord, 2 canal, 11... vertebrae, 63... discs); what
/// that scheme does not know has numbers from 101. 0 is the air around the patient.
public struct PhantomTissue: RawRepresentable, Hashable, Sendable {
  /// The number in the map.
  public let rawValue: UInt16

  /// A tissue by its number, which need not be in `all`.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The air around the patient.
  public static var background: Self { Self(rawValue: 0) }
  /// White matter of the cord.
  public static var cord: Self { Self(rawValue: 1) }
  /// Cerebrospinal fluid of the spinal canal.
  public static var csf: Self { Self(rawValue: 2) }
  /// The butterfly of the cord.
  public static var greyMatter: Self { Self(rawValue: 101) }
  /// Fluid of the canal that has lost at least a quarter of its signal to its own flow.
  public static var csfFlowVoid: Self { Self(rawValue: 102) }
  /// Fluid of the cisterns, the cerebellar folia and the fourth ventricle.
  public static var cistern: Self { Self(rawValue: 103) }
  /// Medulla, pons and what lies above them.
  public static var brainStem: Self { Self(rawValue: 104) }
  /// Both matters of the cerebellum.
  public static var cerebellum: Self { Self(rawValue: 105) }
  /// The dural sac's wall.
  public static var dura: Self { Self(rawValue: 110) }
  /// Longitudinal, transverse and nuchal ligaments.
  public static var ligament: Self { Self(rawValue: 111) }
  /// Fat and veins between bone and dura.
  public static var epidural: Self { Self(rawValue: 112) }
  /// Roots in the foramina.
  public static var nerveRoot: Self { Self(rawValue: 113) }
  /// Disc behind the line of the posterior walls, where the disc bulges by 1 mm or more.
  public static var discProtrusion: Self { Self(rawValue: 114) }
  /// Osteophytes, and the thickened ligament above and below a protrusion.
  public static var anteriorCompressor: Self { Self(rawValue: 115) }
  /// Laminae, pedicles, articular pillars, the back arch and lateral masses of C1.
  public static var posteriorElement: Self { Self(rawValue: 116) }
  /// Spinous processes.
  public static var spinousProcess: Self { Self(rawValue: 117) }
  /// Clivus, occipital bone and condyles, with the dark lining of the cavity.
  public static var skullBase: Self { Self(rawValue: 120) }
  /// Palate, jaw, teeth, hyoid, laryngeal cartilages and sternum.
  public static var otherBone: Self { Self(rawValue: 121) }
  /// Air of nose, throat and windpipe.
  public static var airway: Self { Self(rawValue: 130) }
  /// Linings of the airway and the nasal turbinates.
  public static var mucosa: Self { Self(rawValue: 131) }
  /// The tongue.
  public static var tongue: Self { Self(rawValue: 132) }
  /// Soft palate, epiglottis, thyroid and the straps and glands of the throat.
  public static var throat: Self { Self(rawValue: 133) }
  /// Muscle and gullet between the airway and the spine.
  public static var prevertebral: Self { Self(rawValue: 134) }
  /// Muscle behind the spine and below the mouth.
  public static var muscle: Self { Self(rawValue: 140) }
  /// Fat under the skin, between muscles and in the foramina.
  public static var fat: Self { Self(rawValue: 141) }
  /// Skin.
  public static var skin: Self { Self(rawValue: 142) }
  /// Arteries and veins whose flow leaves no signal.
  public static var vessel: Self { Self(rawValue: 143) }

  /// The front arch of C1.
  public static var atlas: Self { Self(rawValue: 11) }
  /// A vertebral body with its cortex, endplates and front spurs: C2 (with the dens) is 0, T6 10.
  public static func body(_ index: Int) -> Self {
    Self(rawValue: UInt16(index < 6 ? 12 + index : 15 + index))
  }
  /// The disc below body `index`, as far as it is no protrusion.
  public static func disc(_ index: Int) -> Self {
    Self(rawValue: UInt16(index < 5 ? 63 + index : 66 + index))
  }
}

extension PhantomTissue {
  /// Bulge in mm from which a disc's part behind the posterior walls is a protrusion.
  public static let protrusionMM: Float = 1
  /// Share of its signal that fluid must lose to its flow to be a flow void.
  public static let flowVoidLoss: Float = 0.25

  /// Every tissue with its name, ascending: the lookup table beside the map.
  public static let all: [(tissue: PhantomTissue, name: String)] = {
    let levels = (2...7).map { "C\($0)" } + (1...6).map { "T\($0)" }
    let bodies = (0...10).map { (body($0), "vertebra-\(levels[$0])") }
    let discs = (0...9).map { index in
      let below = levels[index + 1]
      let short = below.first == levels[index].first ? String(below.dropFirst()) : below
      return (disc(index), "disc-\(levels[index])-\(short)")
    }
    let named: [(PhantomTissue, String)] = [
      (.background, "background"), (.cord, "cord-white-matter"), (.csf, "csf"),
      (.atlas, "vertebra-C1"),
      (.greyMatter, "cord-grey-matter"), (.csfFlowVoid, "csf-flow-void"), (.cistern, "cistern"),
      (.brainStem, "brain-stem"), (.cerebellum, "cerebellum"), (.dura, "dura"),
      (.ligament, "ligament"), (.epidural, "epidural-fat-and-veins"), (.nerveRoot, "nerve-root"),
      (.discProtrusion, "posterior-disc-protrusion"),
      (.anteriorCompressor, "other-anterior-compressor"),
      (.posteriorElement, "posterior-element"), (.spinousProcess, "spinous-process"),
      (.skullBase, "skull-base"), (.otherBone, "other-bone-and-teeth"), (.airway, "airway"),
      (.mucosa, "mucosa"), (.tongue, "tongue"), (.throat, "throat"),
      (.prevertebral, "prevertebral"), (.muscle, "muscle"), (.fat, "fat"), (.skin, "skin"),
      (.vessel, "vessel-flow-void"),
    ]
    return (named + bodies + discs).sorted { $0.0.rawValue < $1.0.rawValue }
      .map { (tissue: $0.0, name: $0.1) }
  }()
}

extension PhantomTissue {
  /// The lookup table of the tissue map: `index`, `name`, as BIDS wants it beside a `_dseg`.
  public static let lookup = table(all.map { ($0.tissue.rawValue, $0.name) })

  /// The lookup table of the spine map, which has the whole cord and canal, bodies and discs.
  static let spineLookup = table(
    all.filter { $0.tissue.rawValue < 101 }.map { tissue, name in
      (tissue.rawValue, tissue == .cord ? "cord" : tissue == .csf ? "canal" : name)
    })

  private static func table(_ rows: [(UInt16, String)]) -> String {
    "index\tname\n" + rows.map { "\($0.0)\t\($0.1)\n" }.joined()
  }
}
