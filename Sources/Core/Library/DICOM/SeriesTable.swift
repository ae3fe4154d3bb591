public import Foundation
internal import Imaging

/// The series of a source as a table for the terminal, and which one an import would choose.
enum SeriesTable {
  /// The table of some studies, each with a title line.
  static func text(_ studies: [DICOMStudy], wish: String?) throws -> String {
    try studies.enumerated().map { number, study in
      let picking = try SeriesPicking(study.series, wish: wish)
      let description = study.series[0].description
      let words = [
        description.studyDate,
        IdentityFilter(study.patient).description(description.studyDescription),
      ].compactMap(\.self).joined(separator: " ")
      let files = Set(study.series.flatMap { $0.slices.map(\.file) }).count
      let title =
        "study \(number + 1) of \(studies.count)\(words.isEmpty ? "" : ": \(words)"): "
        + "\(study.series.count) series, \(files) files"
      return ([title] + table(study, picking)).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  private static let titles = ["", "no.", "description", "is", "slices", "mm", "TE", "TR", "why"]

  private static func table(_ study: DICOMStudy, _ picking: SeriesPicking) -> [String] {
    let rows = study.series.indices.map { row(study.series[$0], picking, $0) }
    let all = [titles] + rows
    // The last column is a sentence and needs no width.
    let widths = titles.indices.dropLast().map { column in
      all.map { $0[column].count }.max() ?? 0
    }
    return all.map { row in
      let cells = zip(row, widths).map { cell, width in
        cell + String(repeating: " ", count: max(0, width - cell.count))
      }
      return (cells + [row[titles.count - 1]]).joined(separator: "  ")
    }
  }

  private static func row(
    _ series: DICOMSeries, _ picking: SeriesPicking, _ index: Int
  ) -> [String] {
    let (description, verdict) = (series.description, picking.verdicts[index])
    let isChosen = index == picking.chosen
    let why =
      isChosen
      ? verdict.reasons.joined(separator: "; ")
      : verdict.leftOut.map { "left out: \($0)" } ?? verdict.unfit ?? "another suits better"
    func number(_ value: Double?) -> String { value.map(SeriesText.number) ?? "" }
    return [
      isChosen ? "*" : "", SeriesPicking.number(series),
      (description.seriesDescription ?? "").cleaned(limit: 40), verdict.kind(series),
      "\(series.slices.count)", number(series.spacingMM ?? description.thicknessMM),
      number(description.echoTimeMS), number(description.repetitionTimeMS),
      why.cleaned(limit: 300),
    ]
  }
}

extension Importer {
  /// The series of sources as a table, without importing anything: what `--series` can name, and which
  /// would be chosen.
  ///
  /// - Throws: `LibraryError.cannotImport` when there is no DICOM among them, or the wish names none.
  public static func table(of sources: [URL], wish: String? = nil) throws -> String {
    let (studies, notes) = dicomStudies(sources.flatMap { ImportSource.find($0) })
    guard !studies.isEmpty else {
      let names = sources.map(\.path.cleaned).joined(separator: ", ")
      throw LibraryError.cannotImport(names, notes.first ?? "no DICOM series was found in it")
    }
    return ([try SeriesTable.text(studies, wish: wish)] + notes.map(\.cleaned))
      .joined(separator: "\n")
  }

  /// The studies among sources; a study may lie in several of them.
  static func dicomStudies(
    _ sources: [ImportSource], isCancelled: () -> Bool = { false }
  ) -> (studies: [DICOMStudy], notes: [String]) {
    var files: [URL] = []
    var seen: Set<String> = []
    var notes: [String] = []
    var places: [URL] = []
    for case .dicom(let url, let own, let problems) in sources {
      places.append(url)
      files += own.filter { seen.insert($0.standardizedFileURL.path).inserted }
      notes += problems
    }
    guard let first = places.first else { return ([], []) }
    // Files given one by one are called by their folder.
    let place = places.count == 1 ? first : first.deletingLastPathComponent()
    let found = DICOMStudy.studies(of: files, place: place, isCancelled: isCancelled)
    return (found.studies, notes + found.notes)
  }
}
