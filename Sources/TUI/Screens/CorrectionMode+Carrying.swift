internal import Core
internal import Imaging

/// Edits that waited while what they rest on changed: a mask while a detection cut the slices anew, boundaries
/// while the reader saved disc labels.
extension CorrectionMode {
  /// Whether it must be read anew what the edits begin from before they go on.
  func isOutdated(on study: StudyScreenState) -> Bool {
    target.isMask ? grids != study.correctionGrids : savedDiscs != nil
  }

  /// The same edits on the study as it is now; `nil` where they cannot follow, as others changed the labels,
  /// too: saving them is refused then.
  ///
  /// - Parameter basis: what an edit would begin from now.
  func carried(onto basis: CorrectionBasis, of study: StudyScreenState) -> CorrectionMode? {
    target.isMask ? carriedMask(onto: basis, of: study) : carriedPoints(onto: basis)
  }

  private func carriedMask(
    onto basis: CorrectionBasis, of study: StudyScreenState
  ) -> CorrectionMode? {
    guard let mask, basis.masks.count == study.correctionGrids.count else { return nil }
    // Where others saved this mask meanwhile, saving it goes on to be refused.
    var own = basis
    own.files = files
    let grids = study.correctionGrids
    var mode = CorrectionMode(own, grids: grids, at: moved(place, on: study))
    mode.edit = .mask(mask.carried(from: self.grids, to: grids, basis: basis.masks))
    mode.anchor = moved(anchor, on: study)
    (mode.tool, mode.size) = (tool, size)
    return mode
  }

  private func carriedPoints(onto basis: CorrectionBasis) -> CorrectionMode? {
    guard let labels, let savedDiscs, !basis.points.isEmpty,
      Set(basis.files) == LabelCorrection.files(files, afterDiscs: savedDiscs)
    else { return nil }
    let edit = labels.following(basis.points)
    var mode = CorrectionMode(basis, grids: grids, at: place)
    mode.edit = .points(edit)
    mode.anchor = anchor
    mode.chosen = chosen.flatMap { edit.points[$0] == nil ? nil : $0 } ?? edit.numbers.first
    return mode
  }

  /// A place on the slice shown, where that slice's picture lies now.
  private func moved(_ place: SIMD2<Double>, on study: StudyScreenState) -> SIMD2<Double> {
    guard let picture = study.picture,
      let former = grids.first(where: { $0.index == picture.index })?.grid
    else { return study.onPicture(place) }
    let pixel = picture.grid.pixel(ras: former.ras(row: place.y, column: place.x))
    guard abs(pixel.row) < 1e6, abs(pixel.column) < 1e6 else { return study.onPicture(place) }
    return study.onPicture(SIMD2(pixel.column.rounded(), pixel.row.rounded()))
  }
}
