public import Imaging

/// Candidate lesions of an error map, which adaptation must not learn (method, section 5).
public struct AleatoricFilter: Equatable, Sendable {
  /// Values must exceed this percentile (0...100) of the non-zero ones.
  public var percentile: Double
  /// Components with fewer pixels are noise.
  public var fewestPixels: Int
  /// Components kept, by mean x sum of their values.
  public var mostComponents: Int

  /// Makes a filter; the defaults are the reference's.
  public init(percentile: Double = 90, fewestPixels: Int = 2, mostComponents: Int = 3) {
    self.percentile = percentile
    self.fewestPixels = fewestPixels
    self.mostComponents = mostComponents
  }

  /// Pixels of the candidates; components touch by edge or corner.
  ///
  /// - Parameter errors: absolute errors inside the cord, zero or not a number elsewhere.
  public func candidates(_ errors: ImageRaster) -> MaskRaster {
    let nonZero = errors.pixels.filter { $0.isFinite && $0 > 0 }
    guard let threshold = Percentiles.value(percentile, of: nonZero) else {
      return errors.map { _ in false }
    }
    let labelled = ConnectedComponents.label(errors.map { $0 > threshold }, connectivity: .eight)
    var sums: [Int32: Double] = [:]
    for (label, value) in zip(labelled.labels.pixels, errors.pixels) where label > 0 {
      sums[label, default: 0] += Double(value)
    }
    let ranked =
      labelled.components.filter { $0.area >= fewestPixels }
      .map { (label: $0.label, score: (sums[$0.label] ?? 0).squared / Double($0.area)) }
      .sorted { (-$0.score, $0.label) < (-$1.score, $1.label) }
    let kept = Set(ranked.prefix(mostComponents).map(\.label))
    return labelled.labels.map { kept.contains($0) }
  }
}

extension Double {
  fileprivate var squared: Double { self * self }
}
