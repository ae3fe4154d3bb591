internal import Imaging

/// Looks at a study as a whole, once, before anything is detected or measured on it.
///
/// The slice that is scored first stands for the study; every flag goes to detection, worklist,
/// screen and report alike.
struct StudyQuality {
  /// What was found.
  private(set) var flags: [QualityFlag] = []

  /// Looks at a study on the voxels that are scored.
  /// - Parameters:
  ///   - chosen: The slice scored first, as prepared; `nil` where there is none.
  ///   - scored: All slices to be scored.
  ///   - canalIsFound: Whether the canal is the anatomy network's.
  init(
    _ job: SlicePreparation, chosen: PreparedSlice?, scored: [PreparedSlice], levels: StudyLevels,
    line: CordCentreline?, canalIsFound: Bool
  ) {
    add(LevelSpacingCheck.flag(levels, along: line))
    add(PlaneCheck.thickness(job.window.stack))
    add(ViewCheck.lengthwise(levels, line: line))
    add(ViewCheck.sideways(job.cordAreas, spacingMM: job.window.stack.spacingMM))
    if job.cord != nil { add(RegionCheck.shortCord(line, levels: levels)) }
    if canalIsFound { add(RegionCheck.unconfirmed(levels)) }
    guard let chosen else { return }
    add(ContrastCheck.flag(scored) ?? (canalIsFound ? ContrastCheck.fluid(chosen) : nil))
    look(at: chosen, job)
  }

  private mutating func add(_ flag: QualityFlag?) {
    if let flag { flags.append(flag) }
  }

  private mutating func look(at slice: PreparedSlice, _ job: SlicePreparation) {
    let cord = slice.anatomy.cord
    let acquired = job.image.resampled(on: slice.grid, interpolation: .nearest)
    add(ViewCheck.atEdge(cord, covered: acquired.covered))
    guard let mask = job.cord else { return }
    let stored = mask.resampled(on: slice.grid).raster.map { $0 != 0 }
    add(CordShapeCheck(stored: stored, cleaned: cord, weight: slice.rowWeight).flag)
    if let canal = job.canal {
      let canal = canal.resampled(on: slice.grid).raster.map { $0 != 0 }
      add(CanalShapeCheck(canal, cord: cord, rows: CanalShapeCheck.rows(of: slice)).flag)
    }
    let (axis, index) = (job.window.stack.axis, job.window.stack.voxelIndex(ofSlice: slice.index))
    let noise = NoiseCheck(
      job.image.slice(axis: axis, index: index).raster,
      cord: mask.slice(axis: axis, index: index).raster.map { $0 != 0 })?.flag
    add(noise)
    // In heavy noise the air is bright by itself.
    guard noise == nil else { return }
    add(
      MotionCheck(slice.image, cord: cord, acquired: acquired)?.flag
        ?? EchoCheck(slice.image, covered: acquired.covered)?.flag
        ?? EchoCheck(slice.image, covered: acquired.covered, .acrossCord)?.flag)
  }
}

/// Whether the picture has the contrast of T2: CSF brighter than cord.
enum ContrastCheck {
  /// A flag where CSF is not brighter than the cord on any scored slice.
  static func flag(_ scored: [PreparedSlice]) -> QualityFlag? {
    let levels = scored.compactMap(\.absoluteLevel)
    guard let lowest = levels.min(), lowest >= 1 else { return nil }
    return QualityIssue.wrongContrast.flag(
      "The cord is \(Double(lowest).hundredths) times as bright as CSF: this is no T2-weighted image, "
        + "or a mask is wrong.")
  }

  /// A flag where half of what the anatomy network calls CSF is darker than the cord.
  ///
  /// On T1 the network's canal holds brighter tissue beside the dark fluid, so that the brightest quarter
  /// alone can be brighter than the cord. CSF's median over the cord's is 0.85 to 0.91 on the T1 of the
  /// SCT test data with the network's masks and 0.43 to 0.47 on ten phantoms painted as T1; on T2 it is
  /// at least 1.47 (102 phantoms of all classes, true and found masks) and 1.88 (real files).
  /// Others' masks are not asked: a canal drawn wide, or coarse voxels, mix fluid with ligament.
  static func fluid(_ slice: PreparedSlice) -> QualityFlag? {
    guard
      let cord = Percentiles.median(
        of: slice.image.pixels, where: CorePixels.mask(of: slice.anatomy.cord).pixels), cord > 0,
      let fluid = Percentiles.median(of: slice.image.pixels, where: slice.anatomy.csf.pixels),
      fluid < cord
    else { return nil }
    return QualityIssue.wrongContrast.flag(
      "Half of the CSF has less than \(Double(fluid / cord).hundredths) of the cord's signal: this is "
        + "no T2-weighted image, or a mask is wrong.")
  }
}
