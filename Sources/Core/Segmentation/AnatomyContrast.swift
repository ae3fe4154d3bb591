internal import Foundation

/// A contrast that no scanner made: every tissue has a mean and a deviation of its own.
struct AnatomyContrast {
  private let means: [Float]
  private let deviations: [Float]
  /// Share of the rendered grey value.
  private let rendered: Float

  /// Draws a contrast; `nil` where the rendered one is kept.
  ///
  /// Half of the contrasts are near the rendered one (each tissue's mean times a factor), the others
  /// are arbitrary.
  /// - Parameters:
  ///   - image, tissues: the middle slice as it is rendered.
  init?(
    _ settings: AnatomyAugmentation, image: [Float], tissues: [UInt8],
    random: inout RandomSource
  ) {
    let kind = random.uniform()
    guard kind >= settings.rendered else { return nil }
    rendered =
      kind < settings.rendered + settings.mixed ? random.uniform(from: 0.2, to: 0.8) : 0
    let count = PhantomAnatomyTable.count
    var sums = [Float](repeating: 0, count: count)
    var sizes = sums
    for (value, tissue) in zip(image, tissues) {
      sums[Int(tissue)] += value
      sizes[Int(tissue)] += 1
    }
    let isNear = random.chance(0.5)
    let spread = random.uniform(from: 0.1, to: 0.45)
    let air = random.chance(0.8)
    let texture = random.uniform(from: 0.005, to: 0.08)
    var means: [Float] = []
    var deviations: [Float] = []
    for tissue in 0..<count {
      let any = random.uniform()
      let factor = exp(spread * random.normal())
      let isAir = air && tissue == Int(PhantomAnatomyTable.background)
      let own = sizes[tissue] > 0 ? sums[tissue] / sizes[tissue] : any
      means.append(isAir ? min(own, 0.02) : isNear ? own * factor : any)
      deviations.append((isAir ? 0.1 : random.uniform(from: 0.3, to: 1.5)) * texture)
    }
    self.means = Self.shared(means)
    self.deviations = deviations
  }

  /// All bodies have one mean, and all discs: levels must not be told by their grey.
  private static func shared(_ means: [Float]) -> [Float] {
    var result = means
    for kind in [AnatomyTissue.vertebra, .disc] {
      let places = means.indices.filter { PhantomAnatomyTable.tissues[$0] == kind.rawValue }
      guard let first = places.first else { continue }
      for place in places { result[place] = means[first] + 0.2 * (means[place] - means[first]) }
    }
    return result
  }

  /// Repaints a slice.
  func apply(_ image: inout [Float], tissues: [UInt8], random: inout RandomSource) {
    for n in image.indices {
      let tissue = Int(tissues[n])
      let own = max(0, means[tissue] + deviations[tissue] * 2 * random.nearlyNormal())
      image[n] = rendered * image[n] + (1 - rendered) * own
    }
  }
}
