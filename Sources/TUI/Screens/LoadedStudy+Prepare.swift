internal import Core
internal import Imaging

extension LoadedStudy {
  /// Prepares a study for the screen; made off the UI thread.
  init(study: ReviewStudy, journal: JournalContents) {
    self.study = study
    self.journal = journal
    presets = WindowPresets(study)
    spine = Self.spine(of: study)
  }

  /// All pixels of the study's grid, which is longer than one window where windows are joined.
  var bounds: PixelRect { Self.bounds(of: study) }

  private static func bounds(of study: ReviewStudy) -> PixelRect {
    let rows = study.pictures.map(\.grid.rows).max() ?? SagittalGrid.side
    return PixelRect(rows: 0..<rows, columns: 0..<SagittalGrid.side)
  }

  /// The cord of all slices with a margin: enough of the bodies in front and the processes behind.
  ///
  /// One rectangle for all slices, so that the picture stays where it is while scrolling.
  private static func spine(of study: ReviewStudy) -> PixelRect {
    let whole = bounds(of: study)
    var found: PixelRect?
    for picture in study.pictures {
      guard let cord = picture.cord, let rect = PixelRect(around: cord) else { continue }
      found = found.map { $0.union(rect) } ?? rect
    }
    guard let cord = found else { return whole }
    func pixels(_ millimetres: Double) -> Int { Int(millimetres / SagittalGrid.spacing) }
    let rows = (cord.rows.lowerBound - pixels(8))..<(cord.rows.upperBound + pixels(8))
    let columns = (cord.columns.lowerBound - pixels(30))..<(cord.columns.upperBound + pixels(16))
    return PixelRect(rows: rows, columns: columns).clamped(to: whole)
  }
}

extension PixelRect {
  /// The smallest rectangle around both.
  func union(_ other: PixelRect) -> PixelRect {
    PixelRect(
      rows: min(
        rows.lowerBound, other.rows.lowerBound)..<max(
          rows.upperBound, other.rows.upperBound),
      columns: min(
        columns.lowerBound, other.columns.lowerBound)..<max(
          columns.upperBound, other.columns.upperBound))
  }
}
