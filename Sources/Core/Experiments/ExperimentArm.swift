/// One row or group of rows of an experiment's table: what is trained, and how it is used.
public struct ExperimentArm: Equatable, Sendable {
  /// Where the weights come from; the seed of the repetition is put in.
  public enum Weights: Equatable, Sendable {
    /// No network.
    case none
    /// Learned from phantoms.
    case pretrained(NetworkRecipe)
    /// Adapted to the cohort's own slices, starting at a recipe's weights, or at its shape alone.
    case adapted(NetworkRecipe, AdaptationSettings)
  }

  /// Its name in the table.
  public var name: String
  /// Where the weights come from.
  public var weights: Weights
  /// How slices are reconstructed.
  public var inference: MonteCarloSettings
  /// What is done to the images first.
  public var degradation: ImageDegradation?
  /// How a row of the curves is taken across the cord.
  public var sampling: CurveSampling
  /// The paper's scoring.
  public var paper: PaperScoring
  /// Names of the detectors that the table shows.
  public var reported: [String]
  /// Whether a head is trained on the weights.
  public var hasHead: Bool
  /// Whether cord and levels are found by the anatomy network, whatever labels the library has.
  public var findsAnatomy: Bool

  /// Makes an arm; the defaults are the product's.
  public init(
    _ name: String, _ weights: Weights, inference: MonteCarloSettings = MonteCarloSettings(),
    degradation: ImageDegradation? = nil, sampling: CurveSampling = .rows,
    paper: PaperScoring = PaperScoring(),
    reported: [String] = ["u2ad-core", "u2ad-z", "u2ad-paper"], hasHead: Bool = false,
    findsAnatomy: Bool = false
  ) {
    self.name = name
    self.weights = weights
    self.inference = inference
    self.degradation = degradation
    self.sampling = sampling
    self.paper = paper
    self.reported = reported
    self.hasHead = hasHead
    self.findsAnatomy = findsAnatomy
  }

  /// The normalisation that its network's input wants.
  var normalisation: Normalisation {
    switch weights {
    case .none: .flat
    case .pretrained(let recipe), .adapted(let recipe, _):
      Normalisation(rawValue: recipe.configuration.normalisation) ?? .flat
    }
  }

  /// The name of one of its detectors in the table.
  func rowName(_ detector: String) -> String { name.isEmpty ? detector : "\(name) · \(detector)" }
}

/// How a network is learned from phantoms; the same recipe and seed give the same bits.
public struct NetworkRecipe: Equatable, Sendable {
  /// The shape.
  public var configuration = NetworkConfiguration.small
  /// What it sees.
  public var context = NetworkContext.nearest(128)
  /// Phantom patients of both domains.
  public var patients: Int
  /// Optimiser steps of 8 images.
  public var steps: Int

  /// Makes a recipe.
  public init(patients: Int, steps: Int) {
    self.patients = patients
    self.steps = steps
  }

  /// The training run of a seed.
  func settings(seed: UInt64) -> TrainingSettings {
    TrainingSettings(configuration: configuration, context: context, steps: steps, seed: seed)
  }

  /// The phantoms of a seed.
  func plan(seed: UInt64) -> PhantomTrainingData.Plan {
    PhantomTrainingData.Plan(
      patients: patients, seed: seed, domains: [.public, .clinical],
      normalisation: Normalisation(rawValue: configuration.normalisation) ?? .flat)
  }
}
