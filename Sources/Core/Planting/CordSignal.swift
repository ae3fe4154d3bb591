internal import Foundation
internal import Imaging

/// The grey values of cord and CSF around one place: what a planted lesion's signal is drawn from.
struct CordSignal: Equatable, Sendable {
  /// Median of the cord's core.
  var cordMean: Double
  /// Standard deviation of the core around its level along the cord (1.4826 MAD).
  var cordDeviation: Double
  /// 75th percentile of the CSF.
  var csfMean: Double
  /// Standard deviation of the CSF (1.4826 MAD of its voxels nearer to CSF's than to cord's level).
  var csfDeviation: Double
  /// Correlation of the core's deviations between neighbours along each voxel axis.
  var correlation: SIMD3<Double>

  /// The cord-to-CSF step in grey values.
  var step: Double { csfMean - cordMean }

  /// Half the lengths in mm of the stretches of cord that are read, until one holds enough voxels.
  static let reachesMM = [15.0, 30.0]
  /// Fewer voxels of a tissue than this say nothing.
  static let fewest = 40

  /// Measures around an arc length; `nil` where a tissue is not seen or CSF is not brighter.
  init?(_ tissue: CordTissue, along: Double) {
    for reach in Self.reachesMM {
      let core = tissue.core.filter { abs($0.place.along - along) <= reach }
      let csf = tissue.csf.filter { abs($0.place.along - along) <= reach }
      guard core.count >= Self.fewest, csf.count >= Self.fewest else { continue }
      self.init(tissue.image, core: core, csf: csf)
      return
    }
    return nil
  }

  private init?(_ image: ImageVolume, core: [CordTissue.Voxel], csf: [CordTissue.Voxel]) {
    let cordValues = core.map { image.voxels[$0.index] }
    let csfValues = csf.map { image.voxels[$0.index] }
    guard let cord = Percentiles.median(of: cordValues),
      let fluid = Percentiles.value(75, of: csfValues), fluid > cord
    else { return nil }
    // The ring around a cord holds dura and roots too: only what is nearer to CSF counts as CSF.
    let bright = csfValues.filter { $0 >= (cord + fluid) / 2 }
    let residuals = Self.residuals(image, core)
    guard let noise = Percentiles.scaledMAD(of: residuals.map(\.value)),
      let spread = Percentiles.scaledMAD(of: bright)
    else { return nil }
    cordMean = Double(cord)
    csfMean = Double(fluid)
    cordDeviation = Double(noise)
    csfDeviation = Double(spread)
    correlation = Self.correlation(residuals, shape: image.shape)
  }

  /// What is left of core voxels without the level along the cord (median of each 4 mm).
  private static func residuals(
    _ image: ImageVolume, _ core: [CordTissue.Voxel]
  ) -> [(index: Int, value: Float)] {
    var bins: [Int: [Float]] = [:]
    func bin(_ voxel: CordTissue.Voxel) -> Int { Int((voxel.place.along / 4).rounded(.down)) }
    for voxel in core { bins[bin(voxel), default: []].append(image.voxels[voxel.index]) }
    let levels = bins.mapValues { Percentiles.median(of: $0) ?? 0 }
    return core.map { ($0.index, image.voxels[$0.index] - (levels[bin($0)] ?? 0)) }
  }

  /// The correlation of residuals one voxel apart along each axis, 0...0.9.
  private static func correlation(
    _ residuals: [(index: Int, value: Float)], shape: SIMD3<Int>
  ) -> SIMD3<Double> {
    let known = Dictionary(uniqueKeysWithValues: residuals.map { ($0.index, Double($0.value)) })
    let strides: SIMD3<Int> = [1, shape.x, shape.x * shape.y]
    var result = SIMD3<Double>.zero
    for axis in 0..<3 where shape[axis] > 1 {
      var (products, squares) = (0.0, 0.0)
      // In the order of the list: sums over a dictionary would differ from run to run.
      for (index, value) in residuals {
        guard let other = known[index + strides[axis]] else { continue }
        products += Double(value) * other
        squares += (Double(value) * Double(value) + other * other) / 2
      }
      if squares > 0 { result[axis] = min(max(products / squares, 0), 0.9) }
    }
    return result
  }

  /// The Gaussian blur, in voxels, that gives white noise the measured correlation: blurred by
  /// sigma, its correlation at lag 1 is exp(-1 / (4 sigma^2)).
  var textureSigma: SIMD3<Double> {
    var sigma = SIMD3<Double>.zero
    for axis in 0..<3 where correlation[axis] > 0.02 {
      sigma[axis] = (-1 / (4 * log(correlation[axis]))).squareRoot()
    }
    return sigma
  }
}
