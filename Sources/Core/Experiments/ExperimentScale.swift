/// How much work an experiment is: minutes, or as much as the tables in the documentation.
public struct ExperimentScale: Equatable, Sendable {
  /// Its name.
  public var name: String
  /// Seeds of training, one repetition each.
  public var seeds: [UInt64]
  /// Studies of each class that are used; `nil`: all.
  public var studiesPerClass: Int?
  /// The product's own training.
  public var product: NetworkRecipe
  /// The shorter training that all arms of `context` and `conditioning` get alike.
  public var equalTraining: NetworkRecipe
  /// The still shorter one of `size`: 24/8 over the whole picture takes seconds a step.
  public var sizeTraining: NetworkRecipe
  /// Optimiser steps of an adaptation; `nil`: the product's own choice.
  public var adaptationSteps: Int?
  /// Phantom patients that a head learns from.
  public var headPatients: Int
  /// Optimiser steps of a head.
  public var headSteps: Int
  /// Repeats of the five folds.
  public var repeats: Int
  /// Bootstrap resamples.
  public var resamples: Int

  /// The size of the tables in the documentation: hours, resumable.
  public static let full = ExperimentScale(
    name: "full", seeds: [1, 2, 3], studiesPerClass: 20,
    product: NetworkRecipe(patients: 1200, steps: 10_000),
    equalTraining: NetworkRecipe(patients: 600, steps: 2000),
    sizeTraining: NetworkRecipe(patients: 600, steps: 300), adaptationSteps: nil,
    headPatients: 2000, headSteps: 1500, repeats: 20, resamples: 2000)

  /// A few minutes: shows that it works, and little else.
  public static let quick = ExperimentScale(
    name: "quick", seeds: [1], studiesPerClass: 4,
    product: NetworkRecipe(patients: 60, steps: 150),
    equalTraining: NetworkRecipe(patients: 40, steps: 16),
    sizeTraining: NetworkRecipe(patients: 40, steps: 16), adaptationSteps: 40,
    headPatients: 80, headSteps: 100, repeats: 5, resamples: 200)

  /// How the product's network is adapted in this size.
  func adaptation(
    _ strategy: AdaptationSettings.Strategy,
    masking: AdaptationSettings.Masking = .epistemicAleatoric
  ) -> AdaptationSettings {
    AdaptationSettings(strategy: strategy, masking: masking, steps: adaptationSteps)
  }
}
