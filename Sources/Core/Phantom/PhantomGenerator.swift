/// Paints procedural sagittal T2 studies of the cervical spine with their truth.
///
/// A study depends on its recipe and the configuration only: no libm, no clock, no order, so the
/// same seed gives the same bits on every machine and thread.
public struct PhantomGenerator: Sendable {
  /// Changes whenever the pictures or the truth change; part of `hash`.
  public static let version = "cordscope-phantom 4"

  /// Slices and pixel size, and the class and domain of `study(seed:index:)`.
  public let configuration: PhantomConfiguration
  /// The necks of the cohort. Not part of the configuration: datasets on disk are all as usual, and what
  /// they state of themselves names no others.
  public let necks: PhantomNecks

  /// Makes a generator.
  public init(
    _ configuration: PhantomConfiguration = PhantomConfiguration(), necks: PhantomNecks = .usual
  ) {
    self.configuration = configuration
    self.necks = necks
  }

  /// Whether a recipe's neck has the kyphotic cohort's thick ligament.
  public func isOssified(_ recipe: PhantomRecipe) -> Bool {
    OssifiedNeck.draw(necks, random: PhantomRandom(seed: recipe.seed)) != nil
  }

  /// The study of a seed and index; its class is the configuration's, or drawn.
  public func study(seed: UInt64, index: Int) -> PhantomStudy {
    var random = PhantomRandom(seed: seed).stream("study", index)
    let own = random.next()
    let kind = configuration.kind ?? random.pick(PhantomClass.allCases)
    return study(
      PhantomRecipe(index: index, seed: own, kind: kind, domain: configuration.domain))
  }

  /// Who the imaginary patient of a recipe is, without painting the study.
  public func demographics(_ recipe: PhantomRecipe) -> PhantomStudy.Demographics {
    let random = PhantomRandom(seed: recipe.seed)
    let confounders = PhantomConfounders.draw(
      recipe.kind, domain: recipe.domain, necks: necks, random: random)
    return .draw(recipe.kind, confounders, random: random)
  }

  /// The study of a recipe (its domain and class, this generator's slices and coarseness).
  public func study(_ recipe: PhantomRecipe) -> PhantomStudy {
    let random = PhantomRandom(seed: recipe.seed)
    let scene = Scene.draw(
      recipe.kind, domain: recipe.domain, necks: necks, random: random)
    let acquisition = Acquisition.draw(
      configuration, domain: recipe.domain, scene: scene, random: random)
    let placement = Placement.draw(acquisition, random: random)
    var assembly = StudyAssembly(acquisition: acquisition, placement: placement)
    let renderer = SliceRenderer(scene: scene, acquisition: acquisition)
    for k in 0..<acquisition.slices {
      let slice = renderer.render(k)
      acquisition.acquire(slice.signal, slice: k, scene: scene, random: random)
      assembly.insert(slice, k)
    }
    return assembly.study(recipe: recipe, scene: scene, random: random)
  }
}
