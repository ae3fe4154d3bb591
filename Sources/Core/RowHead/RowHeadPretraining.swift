internal import Imaging

/// Training of a ``RowHead`` from nothing but a seed and a network: phantoms with lesions and with
/// everything that imitates them.
public struct RowHeadPretraining: Sendable {
  /// Which phantoms are learned from.
  public struct Plan: Equatable, Sendable {
    /// Phantom patients, shared out evenly over the domains.
    public var patients: Int
    /// Seed of the cohort.
    public var seed: UInt64
    /// The scanners imitated.
    public var domains: [PhantomDomain]
    /// Classes left out, to see what the head makes of lesions it never met.
    public var without: Set<PhantomClass> = []

    /// Makes a plan.
    public init(patients: Int, seed: UInt64, domains: [PhantomDomain]) {
      self.patients = patients
      self.seed = seed
      self.domains = domains
    }

    /// Half of the patients have a lesion.
    var recipes: [PhantomRecipe] {
      domains.enumerated().flatMap { number, domain in
        let share = (patients + domains.count - 1 - number) / domains.count
        return PhantomCohort.plan(
          patients: share, seed: seed &+ UInt64(number), domain: domain, mix: .lesionRate(0.5)
        ).filter { !without.contains($0.kind) }
      }
    }

    /// The data as metadata of the head.
    var metadata: [String: String] {
      [
        "generator": PhantomGenerator.hash, "patients": "\(patients)", "data_seed": "\(seed)",
        "domains": domains.map(\.rawValue).joined(separator: "+"),
        "without": without.map(\.rawValue).sorted().joined(separator: "+"),
      ]
    }
  }

  /// What it is doing.
  public enum Stage: Sendable {
    /// Making phantoms and reconstructing them; fraction done.
    case data(Double)
    /// Training.
    case step(Int, of: Int, loss: Double)
  }

  private let plan: Plan
  private let settings: RowHeadTraining.Settings
  private let engine: AnomalyEngine
  private let monteCarlo: MonteCarloSettings
  private let threads: Int

  /// Plans a run on an engine of one thread.
  public init(
    plan: Plan, settings: RowHeadTraining.Settings = RowHeadTraining.Settings(),
    engine: AnomalyEngine, monteCarlo: MonteCarloSettings = MonteCarloSettings(), threads: Int
  ) {
    self.plan = plan
    self.settings = settings
    self.engine = engine
    self.monteCarlo = monteCarlo
    self.threads = threads
  }

  /// Makes the samples and learns.
  ///
  /// - Parameter command: the command line, for the record.
  /// - Returns: the head, or `nil` when cancelled.
  /// - Throws: `PreparationError` or `NetworkError` when a phantom cannot be used.
  public func run(
    command: String, isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (Stage) -> Void = { _ in }
  ) throws -> RowHead? {
    guard let samples = try samples(isCancelled: isCancelled, progress: progress) else {
      return nil
    }
    let steps = settings.steps
    return try RowHeadTraining(settings: settings, samples: samples, threads: threads).run(
      network: engine.sha256,
      metadata: plan.metadata.merging(["command": command]) { $1 },
      progress: { progress(.step($0, of: steps, loss: $1)) }, isCancelled: isCancelled)
  }

  private func samples(
    isCancelled: @escaping @Sendable () -> Bool, progress: @escaping @Sendable (Stage) -> Void
  ) throws -> [RowHeadTraining.Sample]? {
    let recipes = plan.recipes
    let made: [Result<[RowHeadTraining.Sample], any Error>] = ThreadTeam(threads: threads)
      .map(recipes) { recipe, finished in
        guard !isCancelled() else { return .success([]) }
        progress(.data(Double(finished) / Double(recipes.count)))
        return Result { try self.samples(of: recipe) }
      }
    return isCancelled() ? nil : try made.flatMap { try $0.get() }
  }

  /// The scored slices of one phantom with the rows on which its lesion touches the cord.
  private func samples(of recipe: PhantomRecipe) throws -> [RowHeadTraining.Sample] {
    let phantom = PhantomGenerator(PhantomConfiguration(slices: PhantomTrainingData.slicesPerStudy))
      .study(recipe)
    var options = PreparationOptions()
    options.normalisation = Normalisation(rawValue: engine.configuration.normalisation) ?? .flat
    let study = try StudyPreparation.prepare(
      image: phantom.image, labels: phantom.labels, options: options)
    let partitions = ThickPartitions(shape: phantom.image.shape, affine: phantom.image.affine)
    let lesion = partitions.map { $0.labels(phantom.truth.lesion) } ?? phantom.truth.lesion
    return try study.scoredSlices.compactMap { slice in
      guard slice.unassessableReason == nil else { return nil }
      let cord = CordGeometry(slice)
      let maps = try engine.maps(for: slice, settings: monteCarlo)
      guard let profile = RowProfile(slice, maps: maps, cord: cord) else { return nil }
      let truth = lesion.resampled(on: slice.grid).raster
      let rows = (0..<truth.rows).map { row in
        (0..<truth.columns).contains { truth[row, $0] != 0 && cord.cord[row, $0] }
      }
      return RowHeadTraining.Sample(profile: profile, isLesion: rows)
    }
  }
}
