internal import Imaging

/// Samples drawn from phantom studies that are rendered once and kept in memory.
public struct PhantomAnatomySamples: AnatomySamples {
  /// Which phantoms are made, and how samples are drawn from them.
  public struct Plan: Equatable, Sendable {
    /// Phantom patients, shared out evenly over the domains; all classes.
    public var patients: Int
    /// Seed of the cohort and of the draws.
    public var seed: UInt64
    /// The scanners imitated.
    public var domains: [PhantomDomain]
    /// Slices of a study.
    public var slices = 9
    /// Pixels along a side of a sample.
    public var side = SagittalGrid.side
    /// How samples differ from the phantoms.
    public var augmentation = AnatomyAugmentation()

    /// Makes a plan.
    public init(patients: Int, seed: UInt64, domains: [PhantomDomain] = PhantomDomain.allCases) {
      self.patients = patients
      self.seed = seed
      self.domains = domains
    }

    /// Raised whenever the same plan gives other samples.
    static let revision = 1

    /// Names the samples beyond doubt.
    public var hash: String {
      let text =
        "anatomy \(Self.revision) phantom \(PhantomGenerator.hash) patients \(patients) "
        + "seed \(seed) domains \(domains.map(\.rawValue).joined(separator: "+")) "
        + "slices \(slices) side \(side) \(augmentation.text)"
      return SHA256.hexDigest(of: Array(text.utf8))
    }

    /// Keeps the patients apart from those of other cohorts of the same seed, which they are
    /// measured on.
    private static let own: UInt64 = 0x616E_6174_0000_0000

    /// The recipes of all studies.
    var recipes: [PhantomRecipe] {
      domains.enumerated().flatMap { number, domain in
        PhantomCohort.plan(
          patients: (patients + domains.count - 1 - number) / domains.count,
          seed: (seed ^ Self.own) &+ UInt64(number), domain: domain)
      }
    }
  }

  private let plan: Plan
  private let studies: [PhantomAnatomyStudy]
  /// The plan's.
  public let hash: String

  /// Renders the studies of a plan and keeps them (about 0.3 MB a slice).
  ///
  /// - Parameters:
  ///   - progress: called with the fraction done, from the working threads.
  ///   - isCancelled: asked before every study.
  /// - Returns: the samples, or `nil` when cancelled.
  public static func make(
    _ plan: Plan, threads: Int, progress: @escaping @Sendable (Double) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) -> PhantomAnatomySamples? {
    let generator = PhantomGenerator(PhantomConfiguration(slices: plan.slices))
    let recipes = plan.recipes
    let studies = ThreadTeam(threads: threads).map(recipes) {
      recipe, finished -> PhantomAnatomyStudy? in
      guard !isCancelled() else { return nil }
      progress(Double(finished) / Double(recipes.count))
      return PhantomAnatomyStudy(generator.study(recipe))
    }.compactMap(\.self)
    guard !studies.isEmpty, !isCancelled() else { return nil }
    return PhantomAnatomySamples(plan: plan, studies: studies, hash: plan.hash)
  }

  /// Draws sample 0, 1, 2, ... from its own random numbers.
  public func sample(_ index: Int) throws -> AnatomySample {
    var random = RandomSource.derived(plan.seed, .augmentation, UInt64(index))
    let study = studies[random.below(studies.count)]
    // Slices near the middle are drawn most.
    let count = study.planes.count
    let middle = (random.below(count) + random.below(count)) / 2
    var chosen = [max(0, middle - 1), middle, min(count - 1, middle + 1)]
    if random.chance(0.5) { chosen.swapAt(0, 2) }
    // A single slice is its own neighbour.
    if random.chance(0.1) { chosen = [middle, middle, middle] }
    let view = AnatomyView(
      around: study.middle, side: plan.side, plan.augmentation, random: &random)
    let (drawn, tissues) = AnatomyDraw.slices(
      chosen.map { study.planes[$0] }, at: view.places, background: PhantomAnatomyTable.background)
    var slices = drawn
    AnatomyDraw.thicken(&slices, random: &random)
    let contrast = AnatomyContrast(
      plan.augmentation, image: slices[1], tissues: tissues[1], random: &random)
    let degradation = AnatomyDegradation(plan.augmentation, side: plan.side, random: &random)
    for channel in 0..<3 {
      var own = random.split(UInt64(channel))
      if let contrast { contrast.apply(&slices[channel], tissues: tissues[channel], random: &own) }
      degradation.apply(&slices[channel], random: &own)
    }
    return AnatomyDraw.sample(
      slices, places: tissues[1], tissues: PhantomAnatomyTable.tissues,
      levels: PhantomAnatomyTable.levels, degradation, side: plan.side)
  }
}
