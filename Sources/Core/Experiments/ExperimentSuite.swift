/// The paper's experiments, and ours, as suites of arms that are measured alike (method, section 7).
public enum ExperimentSuite: String, CaseIterable, Codable, Sendable {
  /// Pretraining only, clinical only, both (the paper's table 1).
  case strategies
  /// Everything that needs no training (table 2, and method section 10).
  case signal
  /// One reconstruction, many, EU-guided, EU- and AU-guided (table 3).
  case ablation
  /// Reconstructions per patch, mask ratio, temperature (table 4).
  case hyperparameters
  /// Noise and coarser pixels.
  case robustness
  /// How much of the picture the network sees.
  case context
  /// Whether the network is told where cord and CSF are, under both normalisations.
  case conditioning
  /// The named scorings of the same reconstructions.
  case scoring
  /// Small net, the code's depth, the paper's depth.
  case size
  /// Cord and levels by the anatomy network instead of the library's labels.
  case anatomy

  /// What it asks, in words.
  public var question: String {
    switch self {
    case .strategies: "which slices the network learns from"
    case .signal: "what can be had without any training"
    case .ablation: "what many reconstructions and their uncertainty add"
    case .hyperparameters: "reconstructions per patch T, mask ratio, temperature tau"
    case .robustness: "noise and coarser pixels"
    case .context: "how much of the picture the network sees"
    case .conditioning: "whether the network is told where cord and CSF are"
    case .scoring: "what is made of the same reconstructions"
    case .size:
      "how large the network is, and how much it sees: as many steps each, and the product's own "
        + "training, which is less work than those steps of 24/8 over the whole picture"
    case .anatomy: "what is lost when nobody has labelled cord and levels"
    }
  }

  /// Whether networks are adapted to the cohort.
  public var adapts: Bool { self == .strategies || self == .ablation || self == .hyperparameters }

  /// Whether the paper has its arms in an order: of each pair of ``pairs(_:)`` the first at least as good as
  /// the other.
  public var hasExpectedOrder: Bool { self == .strategies || self == .ablation }

  /// What is measured, in the order of the table.
  public func arms(_ scale: ExperimentScale) -> [ExperimentArm] {
    let product = scale.product
    switch self {
    case .strategies:
      return [
        ExperimentArm("1 pretraining only", .pretrained(product)),
        ExperimentArm("2 clinical only", .adapted(product, scale.adaptation(.clinicalOnly))),
        ExperimentArm("3 both", .adapted(product, scale.adaptation(.both))),
      ]
    case .signal:
      return [ExperimentArm("", .none, reported: SignalDetector.allCases.map(\.rawValue))]
    case .ablation: return Self.ablation(scale)
    case .hyperparameters: return Self.hyperparameters(scale)
    case .robustness: return Self.robustness(scale)
    case .context: return Self.contexts(scale)
    case .conditioning: return Self.conditioning(scale)
    case .scoring: return Self.scorings(scale)
    case .size: return Self.sizes(scale)
    case .anatomy:
      return [
        ExperimentArm("library's labels", .pretrained(product)),
        ExperimentArm("found anatomy", .pretrained(product), findsAnatomy: true),
      ]
    }
  }

  /// Pairs of arms whose difference is told: the first less the second.
  public func pairs(_ arms: [ExperimentArm]) -> [(String, String)] {
    let names = arms.map(\.name)
    switch self {
    case .strategies, .ablation:
      return zip(names.dropFirst(), names).map { ($0, $1) }
        + (names.count > 2 ? [(names[names.count - 1], names[0])] : [])
    case .signal, .scoring: return []
    default: return names.dropFirst().map { ($0, names[0]) }
    }
  }

  private static func ablation(_ scale: ExperimentScale) -> [ExperimentArm] {
    func weights(_ masking: AdaptationSettings.Masking) -> ExperimentArm.Weights {
      .adapted(scale.product, scale.adaptation(.both, masking: masking))
    }
    return [
      // Of each patch the first reconstruction counts: the paper's masked autoencoder without Monte
      // Carlo. The others mask every patch T = 10 times.
      ExperimentArm(
        "MAE", weights(.random), inference: MonteCarloSettings(scheme: .random(minimum: 1))),
      ExperimentArm("MAE + MC", weights(.random), inference: .balanced(times: 10)),
      ExperimentArm("MAE + MC + EU", weights(.epistemic), inference: .balanced(times: 10)),
      ExperimentArm(
        "MAE + MC + EU/AU", weights(.epistemicAleatoric), inference: .balanced(times: 10)),
    ]
  }

  private static func hyperparameters(_ scale: ExperimentScale) -> [ExperimentArm] {
    let base = scale.adaptation(.both)
    let times = [10, 3, 5, 15, 20].map {
      ExperimentArm("T \($0)", .adapted(scale.product, base), inference: .balanced(times: $0))
    }
    let ratios = [0.35, 0.55, 0.65, 0.85, 0.95].map { ratio in
      var settings = base
      settings.maskRatio = ratio
      return ExperimentArm(
        "ratio \(ratio)", .adapted(scale.product, settings),
        inference: .balanced(times: 10, ratio: ratio))
    }
    let temperatures = [0.1, 0.5, 2, 5, 10].map { tau in
      var settings = base
      settings.temperature = tau
      return ExperimentArm(
        "tau \(tau)", .adapted(scale.product, settings), inference: .balanced(times: 10))
    }
    return times + ratios + temperatures
  }

  private static func robustness(_ scale: ExperimentScale) -> [ExperimentArm] {
    [ExperimentArm("as acquired", .pretrained(scale.product))]
      + [0.1, 0.2, 0.3, 0.4].map {
        ExperimentArm(
          "noise variance \($0)", .pretrained(scale.product), degradation: .noise(variance: $0))
      }
      + [2, 4].map {
        ExperimentArm(
          "\($0)x coarser", .pretrained(scale.product), degradation: .coarser(factor: $0))
      }
  }

  private static func contexts(_ scale: ExperimentScale) -> [ExperimentArm] {
    [NetworkContext.nearest(128), .nearest(96), .nearest(192), .nearest(256), .roi, .image].map {
      var recipe = scale.equalTraining
      recipe.context = $0
      return ExperimentArm($0.description, .pretrained(recipe))
    }
  }

  private static func conditioning(_ scale: ExperimentScale) -> [ExperimentArm] {
    [
      ("flat, conditioned", "flat", true), ("flat", "flat", false),
      ("minmax, conditioned", "minmax", true), ("minmax", "minmax", false),
    ].map { name, normalisation, isConditioned in
      var recipe = scale.equalTraining
      recipe.configuration.normalisation = normalisation
      recipe.configuration.isConditioned = isConditioned
      return ExperimentArm(name, .pretrained(recipe))
    }
  }

  private static func scorings(_ scale: ExperimentScale) -> [ExperimentArm] {
    let own = StudyDetector.Scoring.allCases.map(\.detectorName)
    var percentile = PaperScoring()
    percentile.percentile = 20
    var whole = PaperScoring()
    whole.percentile = 0
    whole.components = .max
    return [
      ExperimentArm("rows", .pretrained(scale.product), reported: own, hasHead: true),
      ExperimentArm(
        "across the cord", .pretrained(scale.product), sampling: .perpendicular,
        reported: ["u2ad-core", "u2ad-z"]),
      ExperimentArm(
        "bottom 20 % dropped", .pretrained(scale.product), paper: percentile,
        reported: ["u2ad-paper"]),
      ExperimentArm(
        "nothing dropped", .pretrained(scale.product), paper: whole, reported: ["u2ad-paper"]),
    ]
  }

  private static func sizes(_ scale: ExperimentScale) -> [ExperimentArm] {
    func arm(_ name: String, _ shape: NetworkConfiguration, _ context: NetworkContext)
      -> ExperimentArm
    {
      var recipe = scale.sizeTraining
      recipe.configuration = shape
      recipe.configuration.isConditioned = true
      recipe.configuration.normalisation = "flat"
      recipe.context = context
      return ExperimentArm("\(name) \(context)", .pretrained(recipe))
    }
    return [
      arm("24/8", .paper24, .image), arm("small", .small, .nearest(128)),
      arm("12/8", .reference12, .nearest(128)), arm("24/8", .paper24, .nearest(128)),
      ExperimentArm("product", .pretrained(scale.product)),
    ]
  }
}
