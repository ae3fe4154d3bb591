internal import Imaging

/// The distance between the grey values of cord and CSF: the unit of all scores.
struct CordStep: Equatable {
  /// Median of the cord's core pixels.
  var cordMedian: Float
  /// 75th percentile of the CSF.
  var csfLevel: Float
  /// The least distance trusted as a unit: 15 % of the cord's level and 2 % of the grey range.
  var floor: Float

  /// Measures an image; `nil` without core or CSF pixels.
  /// - Parameters:
  ///   - black: The grey value that counts as 0 for the floor.
  ///   - range: The grey range.
  init?(
    _ image: ImageRaster, core: MaskRaster, csf: MaskRaster, black: Float, range: Float
  ) {
    guard let cord = Percentiles.median(of: image.pixels, where: core.pixels),
      let fluid = Percentiles.value(75, of: image.pixels, where: csf.pixels)
    else { return nil }
    cordMedian = cord
    csfLevel = fluid
    floor = FlatLevels.floor.fraction * max(cord - black, 0) + FlatLevels.floor.offset * range
  }

  /// CSF level less cord level, as measured.
  var measured: Float { csfLevel - cordMedian }
  /// The unit: the measured step, at least the floor.
  var unit: Float { max(measured, floor) }
  /// The cord's level as a fraction of the CSF's.
  var absoluteLevel: Float? { csfLevel > 0 ? cordMedian / csfLevel : nil }
}

extension PreparedSlice {
  /// The slice's cord-to-CSF step in units of `normalised`, one per row; `nil` if unknown.
  func inputSteps(_ cord: CordGeometry) -> [Float]? {
    switch normalisation {
    case .flat:
      return flatSteps
    case .minmax:
      return CordStep(normalised, core: cord.core, csf: anatomy.csf, black: 0, range: 1)
        .map { rows($0.unit) }
    }
  }

  /// The slice's cord-to-CSF step in units of its flat image, one per row.
  var flatSteps: [Float] { stepByRow.isEmpty ? rows(FlatLevels.step) : stepByRow }

  private func rows(_ step: Float) -> [Float] {
    [Float](repeating: step, count: normalised.rows)
  }

  /// The flat image, whatever the network's input is; `nil` without cord or CSF.
  func flatImage(_ cord: CordGeometry) -> ImageRaster? {
    switch normalisation {
    case .flat: normalised
    case .minmax:
      FlatLevels(normalised, core: cord.core, csf: anatomy.csf, rowWeight: rowWeight)?
        .apply(normalised)
    }
  }
}
