internal import Imaging

extension StudyLibrary {
  /// The signal at a place of a study over the reference that its measurements use; nothing is written.
  ///
  /// The slice has the lesions that the measurements place on it. Those of other slices count on a
  /// slice without any of its own, on the same rows: no reference is taken beside them.
  /// - Parameters:
  ///   - place: Where; its RAS position counts, its row and column may be of another grid.
  ///   - reader: The only reader whose verdicts count, and who may see the lesion mask that is measured.
  /// - Returns: The ratio, or no value with the reason why it cannot be measured.
  /// - Throws: `LibraryError`, `ReadError` naming the file, `PreparationError`.
  public func signal(
    at place: FindingPlace, subject: String, reader: String
  ) throws -> MeasuredValue {
    let study = try usableStudy(subject)
    let found = try segmented(
      study, allSlices: true, for: lesionSight(of: study, for: reader))
    guard let measured = found.slice else { return SignalReader.cursor.missing(found.reason) }
    let parts = [measured] + found.lesions.beside
    guard
      let slice = parts.first(where: { $0.index == place.slice })
        ?? found.lesions.segmented(place.slice).map({ $0.withLesions(of: parts, as: measured) })
    else { return SignalReader.cursor.missing("the slice cannot be measured") }
    let at = slice.grid.pixel(ras: [place.x, place.y, place.z])
    guard at.row.isFinite, at.column.isFinite, abs(at.row) < 1e6, abs(at.column) < 1e6 else {
      return SignalReader.cursor.missing("the place is outside of the slice")
    }
    return CervicalMeasurements.signal(
      row: Int(at.row.rounded()), column: Int(at.column.rounded()), on: slice, measured: measured,
      beside: found.lesions.beside,
      confirmed: verdicts(of: study, reader: ReaderIdentity.sanitised(reader)).present)
  }
}

extension SegmentedSlice {
  /// The slice with the rows of other slices' lesions as its own, and what is known of the study.
  fileprivate func withLesions(
    of others: [SegmentedSlice], as measured: SegmentedSlice
  ) -> SegmentedSlice {
    var result = self
    result.flagged = measured.isSignalKnown ? measured.flagged ?? [] : nil
    result.signalDoubt = measured.signalDoubt
    result.lesions = lesions(of: others)
    return result
  }
}
