public import Imaging

/// The paper's scoring, for parity: strongest islands of absolute error on the eroded cord
/// (method, section 6).
public struct PaperScoring: Equatable, Sendable {
  /// Values up to this percentile of the non-zero ones are dropped (paper's figure: 90; its text:
  /// 20).
  public var percentile: Double
  /// Components kept, those with the largest summed error first.
  public var components: Int
  /// Components smaller than this many px are dropped.
  public var minimumPixels: Int
  /// Whether the cord is eroded by 3x3 first.
  public var erodes: Bool
  /// Rows averaged at the end; 1 for none.
  public var meanWindow: Int

  /// Makes a scoring; the defaults are the product's parity setting.
  public init(
    percentile: Double = 90, components: Int = 3, minimumPixels: Int = 1, erodes: Bool = true,
    meanWindow: Int = 5
  ) {
    self.percentile = percentile
    self.components = components
    self.minimumPixels = minimumPixels
    self.erodes = erodes
    self.meanWindow = meanWindow
  }

  /// The error that is kept: |error| in the strongest islands, 0 elsewhere.
  /// - Parameter error: NaN counts as 0.
  public func retained(_ error: ImageRaster, cord: MaskRaster) -> ImageRaster {
    let region = erodes ? Morphology.erode(cord) : cord
    var kept = error
    for n in kept.pixels.indices {
      let value = abs(error.pixels[n])
      kept.pixels[n] = region.pixels[n] && value.isFinite ? value : 0
    }
    guard let limit = Percentiles.value(percentile, of: kept.pixels.filter { $0 > 0 }) else {
      return kept
    }
    let strong = kept.map { $0 > 0 && (percentile <= 0 || $0 > limit) }
    let labelled = ConnectedComponents.label(strong, connectivity: .eight)
    var sums = [Double](repeating: 0, count: labelled.components.count + 1)
    for n in kept.pixels.indices {
      sums[Int(labelled.labels.pixels[n])] += Double(kept.pixels[n])
    }
    let best = labelled.components.filter { $0.area >= minimumPixels }.map { Int($0.label) }
      .sorted { (sums[$0], -$0) > (sums[$1], -$1) }.prefix(components)
    var isKept = [Bool](repeating: false, count: sums.count)
    for label in best { isKept[label] = true }
    for n in kept.pixels.indices where !isKept[Int(labelled.labels.pixels[n])] {
      kept.pixels[n] = 0
    }
    return kept
  }

  /// AnoCurve(y) = retained error of row y / number of uneroded cord pixels of row y; on the lines
  /// across the cord where these are sampled instead of rows.
  public func curve(_ error: ImageRaster, cord: CordGeometry) -> AnoCurve {
    let kept = retained(error, cord: cord.cord)
    let values: [Float] = (0..<kept.rows).map { row in
      guard cord.width[row] > 0 else { return .nan }
      if let sections = cord.sections {
        return CrossSections.mean(of: kept, on: sections.cord[row])
      }
      var sum: Float = 0
      for n in (row * kept.columns)..<((row + 1) * kept.columns) { sum += kept.pixels[n] }
      return sum / Float(cord.width[row])
    }
    return cord.curve(MovingAverage.of(values, window: meanWindow))
  }
}
