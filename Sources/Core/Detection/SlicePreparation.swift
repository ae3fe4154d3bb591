internal import Foundation
internal import Imaging

/// Prepares single slices of one study; volumes and masks share one voxel grid.
struct SlicePreparation {
  let image: ImageVolume
  let cord: LabelVolume?
  let canal: LabelVolume?
  let window: SagittalWindow
  let levels: StudyLevels
  let options: PreparationOptions
  /// The cord on every slice's grid, cleaned; empty rasters where there is none.
  private let cords: [MaskRaster]
  /// Cord pixels of every slice in the window.
  let cordAreas: [Int]
  /// The largest smoothed width of the cord over all slices, per row.
  private let widest: [Float]
  /// The median width of the cord's rows over the slices with much cord.
  private let medianWidth: Double
  /// Rows on which the cord's middle lies beyond the outermost slice.
  private let rowsBeyond: Set<Int>

  init(
    image: ImageVolume, cord: LabelVolume?, canal: LabelVolume?, window: SagittalWindow,
    levels: StudyLevels, options: PreparationOptions
  ) {
    self.image = image
    self.cord = cord
    self.canal = canal
    self.window = window
    self.levels = levels
    self.options = options
    let empty = MaskRaster(rows: SagittalGrid.side, columns: SagittalGrid.side, filledWith: false)
    let stack = window.stack
    let cords = (0..<stack.count).map { slice in
      guard let cord else { return empty }
      let index = stack.voxelIndex(ofSlice: slice)
      let stored = cord.slice(axis: stack.axis, index: index).raster
      guard stored.pixels.contains(where: { $0 != 0 }) else { return empty }
      let sampled = cord.resampled(on: window.grid(slice: slice)).raster
      return CordMask.cleaned(sampled.map { $0 != 0 })
    }
    let cordAreas = cords.map { $0.pixels.count { $0 } }
    self.cords = cords
    self.cordAreas = cordAreas
    let widths = cords.map(CordMask.rowWidths)
    let smooth = cords.indices.filter { cordAreas[$0] > 0 }
      .map { CordMask.smoothedWidths(cords[$0]) }
    widest = (0..<SagittalGrid.side).map { row in
      smooth.map { $0[row] }.filter(\.isFinite).max() ?? 0
    }
    let largest = cordAreas.max() ?? 0
    var typical: [Float] = []
    for n in widths.indices where cordAreas[n] * 2 > largest {
      typical += widths[n].filter { $0 > 0 }.map(Float.init)
    }
    medianWidth = Double(Percentiles.median(of: typical) ?? 0)
    rowsBeyond = ViewCheck.rowsBeyond(cords, areas: cordAreas, spacingMM: stack.spacingMM)
  }

  /// The same study on a window further down.
  func moved(rows: Int) -> SlicePreparation {
    SlicePreparation(
      image: image, cord: cord, canal: canal, window: window.moved(rows: rows), levels: levels,
      options: options)
  }

  /// The centre of gravity of the canal (or of the cord) in RAS mm.
  var canalCentre: SIMD3<Double> {
    let guide = canal ?? cord
    let moments = guide.map { LabelMoments($0) { _ in true } }
    return moments?.centres.values.first ?? window.stack.centre(ofSlice: window.stack.count / 2)
  }

  /// Prepares one slice, counted from the patient's left.
  func slice(_ index: Int) -> PreparedSlice {
    let grid = window.grid(slice: index)
    let sampled = image.resampled(on: grid)
    let cord = cords[index]
    var quality: [QualityFlag] = []
    let csf = fluid(grid, cord: cord, covered: sampled.covered, quality: &quality)
    let anatomy = SliceAnatomy(
      cord: cord, csf: csf, levelRows: levels.points.mapValues { grid.pixel(ras: $0).row },
      levelSource: levels.source)
    let weights = rowWeights(cord, quality: &quality)
    let geometry = CordGeometry(cord: cord, grid: grid)
    var result = PreparedSlice(
      index: index, grid: grid, image: sampled.raster, normalised: sampled.raster.map { _ in 0 },
      anatomy: anatomy, rowWeight: weights, step: nil, absoluteLevel: nil, quality: quality,
      unassessableReason: shortage(geometry, anatomy), normalisation: options.normalisation)
    result.unseenRows = rowsBeyond.union(ViewCheck.cutRows(cord, covered: sampled.covered))
    normalise(&result, covered: sampled.covered, cord: geometry)
    return result
  }

  /// The CSF: canal without cord, or a ring around the cord where the canal is not known.
  private func fluid(
    _ grid: SagittalGrid, cord: MaskRaster, covered: MaskRaster, quality: inout [QualityFlag]
  ) -> MaskRaster {
    if let canal {
      var csf = canal.resampled(on: grid).raster.map { $0 != 0 }
      for n in csf.pixels.indices where cord.pixels[n] { csf.pixels[n] = false }
      if csf.pixels.count(where: { $0 }) >= 20 { return csf }
    }
    guard cord.pixels.contains(true) else { return cord }
    var ring = Morphology.dilate(cord, radiusMM: options.canalEstimateMM)
    for n in ring.pixels.indices where cord.pixels[n] || !covered.pixels[n] {
      ring.pixels[n] = false
    }
    quality.append(
      QualityFlag(
        "canal-estimated",
        "The canal is not labelled; CSF is taken from a ring of "
          + String(format: "%g mm around the cord.", options.canalEstimateMM)))
    return ring
  }

  /// Why the slice has too little to assess, or `nil`.
  private func shortage(_ cord: CordGeometry, _ anatomy: SliceAnatomy) -> String? {
    let rows = cord.rows.count
    if rows == 0 { return "there is no cord on this slice" }
    let patches = ROIPatches.count(anatomy.regionOfInterest)
    if patches < options.minimumROIPatches {
      return "only \(CountText.of(patches, "patch touches", "patches touch")) cord or CSF; "
        + "\(options.minimumROIPatches) are needed"
    }
    if rows < options.minimumCordRows {
      return "the cord is seen on \(CountText.of(rows, "row", "rows")) only; "
        + "\(options.minimumCordRows) are needed to tell a lesion from its surroundings"
    }
    return nil
  }

  /// 1 inside, less where the cord leaves the slice, 0 where it is gone (method, section 1).
  ///
  /// A compressed cord is narrow too and must keep its weight: a narrow row counts as oblique
  /// only at an end of the cord, or where another slice shows the cord wider and so sees these
  /// rows better (full weight from 90 % of the widest, none under 75 % by default).
  private func rowWeights(_ cord: MaskRaster, quality: inout [QualityFlag]) -> [Float] {
    let widths = CordMask.rowWidths(cord)
    let limit = options.obliqueFraction * medianWidth
    let rows = widths.indices.filter { widths[$0] > 0 }
    guard let first = rows.first, let last = rows.last, limit > 0 else {
      return widths.map { $0 > 0 ? 1 : 0 }
    }
    var isEnd = [Bool](repeating: false, count: widths.count)
    for row in first...last {
      if Double(widths[row]) >= limit { break }
      isEnd[row] = true
    }
    for row in (first...last).reversed() {
      if Double(widths[row]) >= limit { break }
      isEnd[row] = true
    }
    let smooth = CordMask.smoothedWidths(cord)
    let weights = widths.indices.map { row -> Float in
      let width = Double(widths[row])
      guard width > 0 else { return 0 }
      let atEnd = isEnd[row] ? 2 * width / limit - 1 : 1
      // Beside its middle an elliptic cord is narrower, and holds CSF by partial volume.
      let part = widest[row] > 0 ? Double(smooth[row] / widest[row]) : 1
      let span = max(options.fullWidthFraction - options.leastWidthFraction, 1e-6)
      let beside = (part - options.leastWidthFraction) / span
      return Float(min(max(min(atEnd, beside), 0), 1))
    }
    let lost = rows.count { weights[$0] < 1 }
    if lost > 8 {
      quality.append(
        QualityIssue.cordLeavesSlice.flag(
          "The cord leaves the slice on \(lost) of \(rows.count) rows; they count less."))
    }
    return weights
  }

  /// Fills the network's input, the step and the absolute level.
  private func normalise(_ slice: inout PreparedSlice, covered: MaskRaster, cord: CordGeometry) {
    guard let range = GreyRange(slice.image, covered: covered) else {
      slice.unassessableReason = slice.unassessableReason ?? "the slice has no contrast"
      return
    }
    let scaled = range.scaled(slice.image)
    slice.normalised = scaled
    guard !cord.rows.isEmpty else { return }
    guard
      let step = CordStep(
        slice.image, core: cord.core, csf: slice.anatomy.csf, black: range.low,
        range: range.high - range.low)
    else {
      slice.unassessableReason = slice.unassessableReason ?? "there is no CSF to compare with"
      return
    }
    slice.step = step.unit
    slice.absoluteLevel = step.absoluteLevel
    if step.measured <= 0 {
      slice.unassessableReason =
        slice.unassessableReason
        ?? "CSF is not brighter than the cord: this is no T2-weighted image, or a mask is wrong"
    } else if step.measured < step.floor {
      slice.quality.append(
        QualityFlag(
          "csf-effaced",
          "CSF is hardly brighter than the cord; scores are in units of the least step trusted."))
    }
    if step.measured > 0, let level = step.absoluteLevel, level > options.absoluteLevelLimit {
      slice.quality.append(
        QualityIssue.absoluteLevelHigh.flag(
          "The cord is nearly as bright as CSF as a whole: a lesion over most of its length would "
            + "not show as a peak."))
    }
    if step.measured > 0, let level = step.absoluteLevel, level < options.absoluteLevelLeast {
      slice.quality.append(
        QualityIssue.absoluteLevelLow.flag(
          "The cord is nearly black beside CSF (\(Double(level).hundredths) of its level): the mask "
            + "may lie beside the cord."))
    }
    if options.normalisation == .flat,
      let levels = FlatLevels(
        scaled, core: cord.core, csf: slice.anatomy.csf, rowWeight: slice.rowWeight)
    {
      slice.flatten(scaled, levels, unit: step.unit / (range.high - range.low))
      for n in covered.pixels.indices where !covered.pixels[n] { slice.normalised.pixels[n] = 0 }
      if let flag = effacedFlag(levels, rows: cord.rows) { slice.quality.append(flag) }
    }
  }
}

extension SlicePreparation {
  /// Flags a slice on which many rows have next to no cord-to-CSF step: there the flat image, and
  /// with it the score, exaggerates (evidence, section 8).
  private func effacedFlag(_ levels: FlatLevels, rows: [Int]) -> QualityFlag? {
    let distances = rows.map { levels.distance[$0] }
    guard let typical = Percentiles.median(of: distances) else { return nil }
    let effaced = distances.count { $0 < 0.5 * typical }
    guard effaced * 10 > rows.count else { return nil }
    return QualityFlag(
      "csf-effaced",
      "CSF is hardly brighter than the cord on \(effaced) of \(rows.count) rows; scores are "
        + "exaggerated there.")
  }
}

/// Counts the network's 8x8 patches that touch a region.
enum ROIPatches {
  static func count(_ region: MaskRaster, side: Int = 8) -> Int {
    let across = (region.columns + side - 1) / side
    var isTouched = [Bool](repeating: false, count: across * ((region.rows + side - 1) / side))
    for row in 0..<region.rows {
      for column in 0..<region.columns where region[row, column] {
        isTouched[row / side * across + column / side] = true
      }
    }
    return isTouched.count { $0 }
  }
}
