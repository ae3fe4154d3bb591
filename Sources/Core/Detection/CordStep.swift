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

  /// The slow level that the network's input is free of, one per row, in cord-to-CSF steps.
  var inputLevels: [Float] { levelByRow.isEmpty ? rows(0) : levelByRow }

  private func rows(_ value: Float) -> [Float] {
    [Float](repeating: value, count: normalised.rows)
  }

  /// The slice with a flat image as its input, whatever the network's is; `nil` without cord or
  /// CSF.
  func flattened(_ cord: CordGeometry) -> PreparedSlice? {
    guard normalisation == .minmax else { return self }
    guard
      let step = CordStep(normalised, core: cord.core, csf: anatomy.csf, black: 0, range: 1)?.unit,
      let levels = FlatLevels(
        normalised, core: cord.core, csf: anatomy.csf, rowWeight: rowWeight)
    else { return nil }
    var flat = self
    flat.flatten(normalised, levels, unit: step)
    return flat
  }

  /// Makes a flat image the input.
  /// - Parameters:
  ///   - scaled: The image in 0...1.
  ///   - unit: The slice's cord-to-CSF step in its units.
  mutating func flatten(_ scaled: ImageRaster, _ levels: FlatLevels, unit: Float) {
    normalisation = .flat
    normalised = levels.apply(scaled)
    stepByRow = levels.steps(unit: unit)
    levelByRow = levels.cord.map { $0 / unit }
  }
}
