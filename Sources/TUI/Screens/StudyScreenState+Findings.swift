internal import Core
internal import Imaging

/// The reader's own findings, as far as they are shown.
extension StudyScreenState {
  /// Their marks on the slice shown, with their numbers in the list.
  var findingMarks: [PictureRequest.Marks.Point] {
    guard let picture else { return [] }
    return shownReview.findings.enumerated().compactMap { number, finding in
      guard let place = finding.place, place.slice == picture.index else { return nil }
      let at = place.pixel(on: picture.grid)
      return PictureRequest.Marks.Point(
        place: SIMD2(at.column, at.row), name: "\(number + 1)", isChosen: false)
    }
  }

  /// Shows the slice on which a finding lies, and selects the row at its height where there is one.
  ///
  /// - Returns: Whether the slice is among those that can be shown.
  mutating func show(_ place: FindingPlace) -> Bool {
    guard let position = study.pictures.firstIndex(where: { $0.index == place.slice }) else {
      return false
    }
    slice = position
    beside.focus = nil
    // A journal's line made by hand may say any number.
    let (columns, rows) = (loaded.bounds.columns, loaded.bounds.rows)
    let at = place.pixel(on: study.pictures[position].grid)
    let point = SIMD2(
      min(max(at.column, Double(columns.lowerBound)), Double(columns.upperBound)),
      min(max(at.row, Double(rows.lowerBound)), Double(rows.upperBound)))
    selectRow(under: point)
    pan = .zero
    if zoom > 0 { keptFocus = point }
    return true
  }
}
