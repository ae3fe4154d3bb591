internal import Imaging

/// What a series is weighted by.
enum SeriesContrast: String {
  /// Spin echo, long echo time.
  case t2 = "T2-weighted"
  /// Spin or gradient echo, short repetition time.
  case t1 = "T1-weighted"
  /// Long repetition time, short echo time.
  case protonDensity = "proton density"
  /// Short inversion time: fat is dark.
  case stir = "STIR"
  /// Long inversion time: fluid is dark.
  case flair = "FLAIR"
  /// Gradient echo with a long echo time.
  case t2Star = "T2*, gradient echo"
  /// Steady state (CISS, FIESTA): T2 over T1.
  case balanced = "steady state"
  /// Diffusion or another echo-planar series.
  case echoPlanar = "echo planar"
  /// Nothing says it.
  case unknown = "of unknown contrast"

  /// The BIDS suffix, or `nil` where there is none for an anatomical image.
  var suffix: String? {
    switch self {
    case .t2, .stir, .balanced: "T2w"
    case .t1: "T1w"
    case .protonDensity: "PDw"
    case .flair: "FLAIR"
    case .t2Star: "T2starw"
    case .echoPlanar, .unknown: nil
    }
  }
}

extension SeriesContrast {
  /// How near it comes to what detection learned: T2, then what has bright fluid, then the others.
  var likenessToT2: Int {
    switch self {
    case .t2: 2
    case .stir, .t2Star, .balanced: 1
    case .t1, .protonDensity, .flair, .echoPlanar, .unknown: 0
    }
  }
}

/// What a series is weighted by, with the reasons.
struct ContrastFinding {
  /// The contrast.
  var contrast: SeriesContrast
  /// Why, in words.
  var reason: String
  /// What speaks against it, in words.
  var doubt: String?

  /// Echo times from which on a long repetition time is called T2, in ms. Between the two it is called
  /// T2 with a doubt.
  static let t2EchoMS = (doubtful: 45.0, sure: 60.0)
  /// Repetition times below which a short echo is called T1, and from which on a long one T2, in ms;
  /// 3-D spin echo for T2 begins at 1500.
  static let repetitionMS = (t1: 1200.0, t2: 1400.0)
  /// Inversion times in ms that make fat dark (STIR, 120 to 230 on scanners from 0.3 to 3 T) and
  /// fluid dark (FLAIR, from 1500); between the two it is T1.
  static let inversionMS = (stir: 80.0...350.0, flair: 1500.0)

  /// Reads a description: the sequence's numbers first, then what the texts say.
  init(_ description: DICOMSeriesDescription) {
    let named = NamedContrast(description)
    let (contrast, reason) = Self.measured(description, named)
    self.contrast = contrast ?? named.contrast ?? .unknown
    self.reason = contrast == nil ? named.contrast.map { _ in "its name says so" } ?? "" : reason
    guard let contrast else {
      if named.contrast != nil { doubt = "its echo and repetition time do not say so" }
      return
    }
    if contrast == .t2, let echo = description.echoTimeMS, echo < Self.t2EchoMS.sure {
      doubt = "its echo time of \(SeriesText.number(echo)) ms is short for T2"
    }
    if let word = named.word, let said = named.contrast, said != contrast {
      doubt = "its name says \(word), its sequence is \(contrast.rawValue)"
    }
  }

  /// The contrast by scanning sequence and times, and why; `nil` where they do not say.
  private static func measured(
    _ description: DICOMSeriesDescription, _ named: NamedContrast
  ) -> (SeriesContrast?, String) {
    let sequence = Set(description.scanningSequence.map { $0.uppercased() })
    let times = SeriesText.times(description)
    if sequence.contains("EP") || named.contrast == .echoPlanar { return (.echoPlanar, "") }
    if named.contrast == .balanced { return (.balanced, times) }
    if sequence.contains("GR") && !sequence.contains("SE") || sequence.isEmpty && named.isGradient {
      // Gradient echoes with a short echo time are T1, whatever their repetition time.
      guard let echo = description.echoTimeMS else { return (.t2Star, "gradient echo") }
      return (echo >= 8 ? .t2Star : .t1, "gradient echo, \(times)")
    }
    if let inversion = description.inversionTimeMS, inversion >= inversionMS.stir.lowerBound,
      sequence.isEmpty || sequence.contains("IR") || named.contrast == .stir
    {
      if inversion <= inversionMS.stir.upperBound { return (.stir, times) }
      return (inversion >= inversionMS.flair ? .flair : .t1, times)
    }
    if named.contrast == .stir || named.contrast == .flair {
      return (named.contrast, "its name says so")
    }
    guard let echo = description.echoTimeMS, let repetition = description.repetitionTimeMS else {
      return (nil, "")
    }
    let words = sequence.contains("SE") ? "spin echo, \(times)" : times
    if repetition >= repetitionMS.t2 {
      return (echo >= t2EchoMS.doubtful ? .t2 : .protonDensity, words)
    }
    return (repetition < repetitionMS.t1 && echo < t2EchoMS.doubtful ? .t1 : nil, words)
  }
}

/// What the texts of a series say of its contrast.
struct NamedContrast {
  /// The contrast, `nil` where no word tells.
  private(set) var contrast: SeriesContrast?
  /// The word that tells it.
  private(set) var word: String?
  /// Whether a word names a gradient echo.
  let isGradient: Bool

  private static let names: [(SeriesContrast, Set<String>)] = [
    (
      .echoPlanar,
      [
        "dwi", "adc", "trace", "tracew", "ep2d", "dti", "bold", "epi", "diff", "diffusion",
        "resolve",
      ]
    ),
    (.balanced, ["ciss", "fiesta", "trufi", "bffe", "ssfp", "truefisp"]),
    (.stir, ["stir", "tirm", "tir"]),
    (.flair, ["flair"]),
    (
      .t2Star,
      ["t2star", "t2starw", "t2s", "medic", "merge", "mffe", "swi", "swan", "hemo", "t2gre"]
    ),
  ]
  private static let gradients: Set<String> = [
    "gre", "flash", "ffe", "spgr", "mprage", "bravo", "vibe", "tfe", "fspgr", "fl3d", "fl2d",
    "lava",
  ]

  init(_ description: DICOMSeriesDescription) {
    let words = SeriesWords(
      [description.seriesDescription, description.protocolName].compactMap(\.self)
        .joined(separator: " "))
    isGradient = words.first(of: Self.gradients) != nil
    let imageType = Set(description.imageType.map { $0.uppercased() })
    if !imageType.isDisjoint(with: ["DIFFUSION", "ADC", "TRACEW", "FA"]) {
      contrast = .echoPlanar
      return
    }
    for (contrast, names) in Self.names {
      guard let word = words.first(of: names) else { continue }
      (self.contrast, self.word) = (contrast, word)
      return
    }
    let starts: [(SeriesContrast, [String])] = [
      (.t2, ["t2"]), (.t1, ["t1"]), (.protonDensity, ["pd"]),
    ]
    for (contrast, starts) in starts {
      guard let word = words.first(beginning: starts) else { continue }
      (self.contrast, self.word) = (contrast, word)
      return
    }
  }
}

/// Numbers of a series as words.
enum SeriesText {
  /// At most one decimal.
  static func number(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    guard rounded.magnitude < 1e9 else { return "\(value)" }
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  /// "TE 98 ms, TR 3500 ms", what is not stated left out.
  static func times(_ description: DICOMSeriesDescription) -> String {
    [
      ("TE", description.echoTimeMS), ("TR", description.repetitionTimeMS),
      ("TI", description.inversionTimeMS.flatMap { $0 > 0 ? $0 : nil }),
    ].compactMap { name, value in value.map { "\(name) \(number($0)) ms" } }
      .joined(separator: ", ")
  }
}
