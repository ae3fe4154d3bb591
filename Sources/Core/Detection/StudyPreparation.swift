public import Imaging

/// Brings an image and its labels onto the canonical grid, ready for scoring (method, section 1).
public enum StudyPreparation {
  /// Prepares a study.
  ///
  /// Slices of less than 2 mm are averaged to about 3 mm; slice numbers count these partitions
  /// from the patient's left. What cannot be assessed is returned with its reason.
  /// - Throws: `PreparationError` when the image's geometry is unusable.
  public static func prepare(
    image: ImageVolume, labels: StudyLabels, options: PreparationOptions = PreparationOptions()
  ) throws -> PreparedStudy {
    guard let original = SagittalStack(image), image.affine.isFinite else {
      throw PreparationError(
        "The image's geometry is unusable (empty, singular or not finite); convert it again.")
    }
    let line = labels.cord.flatMap(CordCentreline.init(cord:))
    let levels = LevelRules.resolve(labels, along: line)
    if let fault = PlaneCheck.fault(image.affine, original) {
      return unassessable(fault, levels: levels, labels: labels, stack: original)
    }
    var (volume, masks) = aligned(image, labels)
    if let plan = ThickPartitions(shape: image.shape, affine: image.affine) {
      volume = plan.image(volume)
      masks.cord = masks.cord.map { plan.labels($0) }
      masks.canal = masks.canal.map { plan.labels($0) }
    }
    let centre = windowCentre(levels: levels, line: line, image: volume)
    guard
      let window = SagittalWindow(shape: volume.shape, affine: volume.affine, centre: centre)
    else { throw PreparationError("The image's geometry is unusable.") }
    let job = SlicePreparation(
      image: volume, cord: masks.cord, canal: masks.canal, window: window, levels: levels,
      options: options)
    return assemble(job, levels: levels, labels: labels, line: line, options: options)
  }

  /// How the reason begins where a study has no cord.
  static let noCordMask = "there is no cord mask"

  private static func assemble(
    _ job: SlicePreparation, levels: StudyLevels, labels: StudyLabels, line: CordCentreline?,
    options: PreparationOptions
  ) -> PreparedStudy {
    let stack = job.window.stack
    let (scored, reason) = choose(job, line: line, options: options)
    let wanted = options.allSlices ? Array(0..<stack.count) : scored.sorted()
    let slices = wanted.map { job.slice($0) }
    let further = further(job, scored, levels: levels, line: line)
    var study = PreparedStudy(
      slices: slices, scoredIndices: scored, levels: levels,
      quality: studyFlags(levels: levels, labels: labels), reason: nil,
      sliceSpacingMM: stack.spacingMM, sliceCount: stack.count)
    study.further = further
    if let flag = resolutionFlag(job.image.affine, stack) { study.quality.append(flag) }
    let found = StudyQuality(
      job, chosen: study.scoredSlices.first, scored: study.scoredSlices, levels: levels, line: line,
      canalIsFound: labels.canalIsFound)
    study.add(StatedQuality.settled(found.flags, chosenBeside: labels.quality))
    study.reason =
      study.reason ?? notFound(job, study.quality) ?? reason
      ?? sliceReason(slices + further, scored: scored)
    if let slice = study.scoredSlices.first {
      let rows = study.joinedRows
      let covered = slice.grid.cut(fromRow: rows.lowerBound, rows: rows.count)
      if let flag = windowFlag(covered, levels: levels, line: line) { study.quality.append(flag) }
    }
    return study
  }

  /// The scored slices on the windows beside the main one, as far as anything on them can be
  /// assessed.
  private static func further(
    _ job: SlicePreparation, _ scored: [Int], levels: StudyLevels, line: CordCentreline?
  ) -> [PreparedSlice] {
    guard job.options.coversLongCords, let first = scored.first else { return [] }
    let grid = job.window.grid(slice: first)
    let windows = WindowCover.firstRows(main: grid, levels: levels, line: line)
      .filter { $0 != 0 }
      .map { row in
        let window = job.moved(rows: row)
        return scored.sorted().map { index in
          var slice = window.slice(index)
          slice.firstRow = row
          return slice
        }
      }
    // A window at either end on which nothing can be assessed covers nothing.
    let useful = windows.filter { $0.contains { $0.unassessableReason == nil } }
      .compactMap(\.first?.firstRow)
    let rows = min(useful.min() ?? 0, 0)...max(useful.max() ?? 0, 0)
    return windows.flatMap(\.self).filter { rows.contains($0.firstRow) }
  }

  /// The chosen slice first, then its neighbours outwards; or why there is none.
  private static func choose(
    _ job: SlicePreparation, line: CordCentreline?, options: PreparationOptions
  ) -> (slices: [Int], reason: String?) {
    guard job.cord != nil else {
      return ([], "\(noCordMask): cordscope segment finds one, or import one (label-SC_seg)")
    }
    let areas = job.cordAreas
    guard areas.contains(where: { $0 > 0 }) else {
      return ([], "the cord mask holds no cord in the window")
    }
    let stack = job.window.stack
    let middle = job.canalCentre
    let offset = { (slice: Int) in
      abs(((stack.centre(ofSlice: slice) - middle) * stack.normal).sum())
    }
    let central = areas.indices.filter { areas[$0] > 0 && offset($0) <= options.centralMM }
    let candidates = central.isEmpty ? areas.indices.filter { areas[$0] > 0 } : central
    let best = candidates.max {
      (areas[$0], -offset($0)) < (areas[$1], -offset($1))
    }
    guard let best else { return ([], "the cord mask holds no cord in the window") }
    var chosen = [best]
    for distance in 1..<(max(options.neighbours, 0) + 1) {
      for slice in [best - distance, best + distance] where areas.indices.contains(slice) {
        chosen.append(slice)
      }
    }
    return (chosen, nil)
  }

  /// Why the study as a whole cannot be assessed: none of the slices to be scored can, on any
  /// window.
  private static func sliceReason(_ slices: [PreparedSlice], scored: [Int]) -> String? {
    let reasons = scored.flatMap { index in
      slices.filter { $0.index == index }.map(\.unassessableReason)
    }
    guard let first = reasons.first, reasons.allSatisfy({ $0 != nil }) else { return nil }
    return first
  }

  /// Where the anatomy network looked for a cord in vain, that is why nothing can be assessed.
  private static func notFound(_ job: SlicePreparation, _ quality: [QualityFlag]) -> String? {
    job.cord == nil ? quality.first { $0.flag == "cord-not-found" }?.reason : nil
  }

  private static func studyFlags(levels: StudyLevels, labels: StudyLabels) -> [QualityFlag] {
    var flags = levels.quality
    for flag in StatedQuality.settled(labels.quality, levels: levels) where !flags.contains(flag) {
      if flag.flag == "levels-missing" && levels.source != .missing { continue }
      flags.append(flag)
    }
    if let flag = RegionCheck.flag(labels, levels: levels), !flags.names.contains(flag.flag) {
      flags.append(flag)
    }
    return flags
  }

  private static func unassessable(
    _ fault: (QualityIssue, reason: String), levels: StudyLevels, labels: StudyLabels,
    stack: SagittalStack
  ) -> PreparedStudy {
    let flags = studyFlags(levels: levels, labels: labels)
    return PreparedStudy(
      slices: [], scoredIndices: [], levels: levels, quality: flags + [PlaneCheck.flag(fault)],
      reason: fault.reason, sliceSpacingMM: stack.spacingMM, sliceCount: stack.count)
  }
}
