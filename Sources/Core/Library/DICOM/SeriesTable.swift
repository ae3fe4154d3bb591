public import Foundation
internal import Imaging

/// The series of a source as a table for the terminal, and which one an import would choose.
enum SeriesTable {
  /// The table of some studies, each with a title line; where a library is known, with what it has of
  /// them.
  static func text(
    _ studies: [DICOMStudy], wish: String?, acceptsContrast: Bool, in library: LibraryContents?
  ) throws -> String {
    try studies.enumerated().map { number, study in
      let picking = try SeriesPicking(
        study.series, wish: wish, acceptsContrast: acceptsContrast)
      let present = library?.present(study, picking)
      let description = study.series[0].description
      let words = [
        description.studyDate,
        IdentityFilter(study.patient).description(description.studyDescription),
      ].compactMap(\.self).joined(separator: " ")
      let title =
        "study \(number + 1) of \(studies.count)\(words.isEmpty ? "" : ": \(words)"): "
        + "\(study.series.count) series, \(self.files(study))"
        + (library == nil ? "" : ", \(standing(picking, present))")
      let names = library.map { _ in present?.names ?? [:] }
      return ([title] + table(study, picking, names, present)).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  /// How many files the series have, and how many of these give no slice; the series say why.
  private static func files(_ study: DICOMStudy) -> String {
    let used = Set(study.series.flatMap { $0.slices.map(\.file) }).count
    let passedOver = study.series.map(\.passedOverCount).reduce(0, +)
    let files = used + passedOver
    return "\(files) \(files == 1 ? "file" : "files")"
      + (passedOver > 0 ? " (\(passedOver) passed over)" : "")
  }

  /// What the library has of a study, and how many series it would get.
  private static func standing(_ picking: SeriesPicking, _ present: PresentStudy?) -> String {
    guard let present else { return "new" }
    let more = picking.series.indices.count {
      picking.verdicts[$0].isKept && present.names[$0] == nil
    }
    return more == 0
      ? "in the library as \(present.study)"
      : "in the library already: \(more) series more for \(present.study)"
  }

  /// - Parameter names: what the library calls the series that it has; `nil` where none is known.
  private static func table(
    _ study: DICOMStudy, _ picking: SeriesPicking, _ names: [Int: String]?,
    _ present: PresentStudy?
  ) -> [String] {
    let titles =
      ["", "no.", "description", "is", "slices", "mm", "TE", "TR"]
      + (names == nil ? [] : ["library"]) + ["why"]
    let rows = study.series.indices.map { index in
      var row = row(study.series[index], picking, index, present)
      if let names { row.insert(names[index].map { "as \($0)" } ?? "new", at: row.count - 1) }
      return row
    }
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

  /// A series' description as the table has it.
  static func description(_ series: DICOMSeries) -> String? {
    series.description.seriesDescription?.cleaned(limit: 40)
  }

  private static func row(
    _ series: DICOMSeries, _ picking: SeriesPicking, _ index: Int, _ present: PresentStudy?
  ) -> [String] {
    let (description, verdict) = (series.description, picking.verdicts[index])
    let isPicked = index == picking.chosen
    var isChosen = isPicked
    // Without a wish a study's first choice stays.
    if let present, present.hasChosen, !picking.isWished {
      isChosen = present.names[index] == present.detectedOn
    }
    let other = isPicked ? "\(SeriesText.late); --series chooses this one" : picking.passedOver
    let said =
      isChosen
      ? verdict.reasons.joined(separator: "; ")
      : verdict.leftOut.map { "left out: \($0)" } ?? verdict.unfit ?? other
    let unseen = verdict.isT2Unseen ? SeriesText.unseen : nil
    let why = (passedOver(series, besides: said) + [said, unseen].compactMap(\.self))
      .joined(separator: "; ")
    func number(_ value: Double?) -> String { value.map(SeriesText.number) ?? "" }
    return [
      isChosen ? "*" : "", SeriesPicking.number(series),
      self.description(series) ?? "", verdict.kind(series),
      "\(series.slices.count)", number(series.spacingMM ?? description.thicknessMM),
      number(description.echoTimeMS), number(description.repetitionTimeMS),
      why.cleaned(limit: 2400),
    ]
  }
}

extension SeriesTable {
  /// How many files of a series were passed over and why, and what else of its files cannot be used.
  ///
  /// - Parameter said: what is said of the series anyhow.
  private static func passedOver(_ series: DICOMSeries, besides said: String) -> [String] {
    let count = series.passedOverCount
    let kinds: [DICOMFinding.Kind] = [.duplicates, .conflict, .notDecodable]
    let reasons = series.findings.filter { kinds.contains($0.kind) && !said.contains($0.text) }
    return (count > 0 ? ["\(count) of \(series.fileCount) files passed over"] : [])
      + reasons.map(\.text)
  }
}

extension Importer {
  /// The series of sources as a table, and other images one a line, without importing anything: what
  /// `--series` can name and which would be chosen, what is a copy of another, and what a library has.
  ///
  /// - Parameters:
  ///   - wish: the series that a reader would ask for.
  ///   - acceptsContrast: whether any contrast would be taken, as ``ImportOptions/acceptsContrast`` has it.
  ///   - library: its root; without it nothing is said of a library, and one that is not there yet
  ///     has nothing.
  /// - Throws: `LibraryError.cannotImport` when there is no image among them, or the wish names none;
  ///   `ReadError` when the library's register is damaged.
  public static func table(
    of sources: [URL], wish: String? = nil, acceptsContrast: Bool = false, library: URL? = nil
  ) throws -> String {
    let found = ImportSource.find(sources, acceptsContrast: acceptsContrast)
    let (studies, notes, _) = dicomStudies(found)
    let contents = try library.map(LibraryContents.init)
    let files = FileList.lines(found, in: contents)
    guard !studies.isEmpty || found.contains(where: { !$0.imageFiles.isEmpty }) else {
      let names = sources.map(\.path.cleaned).joined(separator: ", ")
      let more = files.count > 20 ? ["and \(files.count - 20) more"] : []
      let reasons = notes.prefix(1) + files.prefix(20) + more
      throw LibraryError.cannotImport(
        names, reasons.isEmpty ? "no image was found in it" : reasons.joined(separator: "; "))
    }
    let table =
      studies.isEmpty
      ? []
      : [
        try SeriesTable.text(
          studies, wish: wish, acceptsContrast: acceptsContrast, in: contents)
      ]
    return (table + files + notes.map(\.cleaned)).joined(separator: "\n")
  }

  /// The studies among sources; a study may lie in several of them. What is said of files that are part
  /// of none comes with them, and which of these could not be used.
  static func dicomStudies(
    _ sources: [ImportSource], isCancelled: () -> Bool = { false }
  ) -> (studies: [DICOMStudy], notes: [String], leftOut: SeriesShare) {
    var files: [URL] = []
    var seen: Set<String> = []
    var notes: [String] = []
    var places: [URL] = []
    for case .dicom(let url, let own, let problems) in sources {
      places.append(url)
      files += own.filter { seen.insert($0.standardizedFileURL.path).inserted }
      notes += problems
    }
    guard let first = places.first else { return ([], [], SeriesShare()) }
    // Files given one by one are called by their folder.
    let place = places.count == 1 ? first : first.deletingLastPathComponent()
    let found = DICOMStudy.studies(of: files, place: place, isCancelled: isCancelled)
    var leftOut = found.leftOut
    leftOut.damaged = notes + leftOut.damaged
    return (found.studies, notes + found.notes, leftOut)
  }
}
