internal import Imaging
internal import Synchronization

/// Lesion-free phantom slices to learn from: what a cord looks like when nothing is in it.
public enum PhantomTrainingData {
  /// Which cohort is made.
  public struct Plan: Equatable, Sendable {
    /// Phantom patients, shared out evenly over the domains.
    public var patients: Int
    /// Seed of the cohort.
    public var seed: UInt64
    /// The scanners imitated.
    public var domains: [PhantomDomain]
    /// The intensity normalisation of the network.
    public var normalisation: Normalisation

    /// Makes a plan.
    public init(
      patients: Int, seed: UInt64, domains: [PhantomDomain], normalisation: Normalisation = .flat
    ) {
      self.patients = patients
      self.seed = seed
      self.domains = domains
      self.normalisation = normalisation
    }

    /// Names the data beyond doubt: generator, seed and size.
    public var hash: String {
      let text =
        "phantom \(PhantomGenerator.hash) patients \(patients) seed \(seed) domains "
        + domains.map(\.rawValue).joined(separator: "+")
        + " normalisation \(normalisation.rawValue)"
      return SHA256.hexDigest(of: Array(text.utf8))
    }

    /// The recipes of all studies; patients with a lesion are left out.
    var recipes: [PhantomRecipe] {
      domains.enumerated().flatMap { number, domain in
        let share = (patients + domains.count - 1 - number) / domains.count
        return PhantomCohort.plan(
          patients: share, seed: seed &+ UInt64(number), domain: domain, mix: .lesionRate(0))
      }
    }
  }

  /// Slices around the cord are enough for training.
  static let slicesPerStudy = 5

  /// Makes all slices and keeps them in memory (about 0.4 MB each, three a patient).
  ///
  /// - Parameters:
  ///   - progress: called with the fraction done, from the working threads.
  ///   - isCancelled: asked before every study.
  /// - Returns: the data, or `nil` when cancelled.
  /// - Throws: `PreparationError` when a phantom cannot be prepared.
  public static func make(
    _ plan: Plan, team: ThreadTeam, progress: @escaping @Sendable (Double) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> TrainingData? {
    let generator = PhantomGenerator(PhantomConfiguration(slices: slicesPerStudy))
    var options = PreparationOptions()
    options.normalisation = plan.normalisation
    let prepared = options
    let recipes = plan.recipes
    let studies: [Result<[TrainingSlice], any Error>] = team.map(recipes) { recipe, finished in
      guard !isCancelled() else { return .success([]) }
      progress(Double(finished) / Double(recipes.count))
      return Result {
        let phantom = generator.study(recipe)
        let study = try StudyPreparation.prepare(
          image: phantom.image, labels: phantom.labels, options: prepared)
        return study.scoredSlices.filter { $0.unassessableReason == nil }.map(TrainingSlice.init)
      }
    }
    guard !isCancelled() else { return nil }
    return TrainingData(try studies.flatMap { try $0.get() }, hash: plan.hash)
  }
}
