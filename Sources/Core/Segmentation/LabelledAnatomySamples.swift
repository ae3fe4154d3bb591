internal import Imaging

/// Samples of phantoms, and, where there are labelled studies, as many of those.
public struct LabelledAnatomySamples: AnatomySamples {
  private let phantoms: PhantomAnatomySamples
  private let studies: [LabelledAnatomyStudy]
  private let plan: PhantomAnatomySamples.Plan
  /// Names phantoms and studies beyond doubt.
  public let hash: String

  /// Mixes phantoms with labelled studies; without any they are phantoms alone.
  init(
    _ phantoms: PhantomAnatomySamples, plan: PhantomAnatomySamples.Plan,
    studies: [LabelledAnatomyStudy]
  ) {
    self.phantoms = phantoms
    self.studies = studies
    self.plan = plan
    guard !studies.isEmpty else {
      hash = phantoms.hash
      return
    }
    let parts = studies.map { study in
      SHA256.hexDigest(of: study.planes.flatMap { $0.image + $0.tissues })
    }
    hash = SHA256.hexDigest(
      of: Array(([phantoms.hash, "labelled 1"] + parts).joined(separator: " ").utf8))
  }

  /// Draws sample 0, 1, 2, ...: by turns of a phantom and of a study.
  public func sample(_ index: Int) throws -> AnatomySample {
    guard !studies.isEmpty else { return try phantoms.sample(index) }
    guard index % 2 == 1 else { return try phantoms.sample(index / 2) }
    return labelled(index / 2)
  }

  private func labelled(_ index: Int) -> AnatomySample {
    var random = RandomSource.derived(plan.seed &+ 1, .augmentation, UInt64(index))
    let study = studies[random.below(studies.count)]
    let last = study.planes.count - 1
    // Slices near the middle are drawn most.
    let count = study.planes.count
    let middle = (random.below(count) + random.below(count)) / 2
    var chosen = [max(0, middle - study.stride), middle, min(last, middle + study.stride)]
    if random.chance(0.5) { chosen.swapAt(0, 2) }
    let view = AnatomyView(
      around: study.middle, side: plan.side, plan.augmentation, random: &random)
    let (drawn, codes) = AnatomyDraw.slices(
      chosen.map { study.planes[$0] }, at: view.places, background: AnatomyCodes.background)
    var slices = drawn
    AnatomyDraw.thicken(&slices, random: &random)
    let degradation = AnatomyDegradation(plan.augmentation, side: plan.side, random: &random)
    for channel in 0..<3 {
      var own = random.split(UInt64(channel))
      degradation.apply(&slices[channel], random: &own)
    }
    return AnatomyDraw.sample(
      slices, places: codes[1], tissues: AnatomyCodes.tissues, levels: AnatomyCodes.levels,
      degradation, side: plan.side)
  }
}
