/// Everything of one study that is drawn before a single voxel is painted.
struct Scene: Sendable {
  var confounders: PhantomConfounders
  var spine: SpinePlan
  var head: HeadPlan
  var tissue: Tissue
  var lesions: LesionPlan
  /// Moves textures about: mm offsets per study.
  var grain: SIMD2<Float> { head.grain }

  /// Draws the scene of a recipe.
  static func draw(
    _ kind: PhantomClass, domain: PhantomDomain, necks: PhantomNecks, random: PhantomRandom
  ) -> Scene {
    let confounders = PhantomConfounders.draw(
      kind, domain: domain, necks: necks, random: random)
    let spine = SpinePlan.draw(confounders, random: random)
    return Scene(
      confounders: confounders, spine: spine, head: HeadPlan.draw(spine, random: random),
      tissue: Tissue.draw(domain, random: random),
      lesions: LesionPlan.draw(kind, spine: spine, confounders: confounders, random: random))
  }
}
