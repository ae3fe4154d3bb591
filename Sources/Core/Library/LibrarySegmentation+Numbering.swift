internal import Foundation
internal import Imaging

/// The guard of the names that another tool gave, where nothing has to be found for a detection.
extension LibrarySegmentation {
  /// Whether the names that another tool gave have yet to be compared with the picture by these weights.
  ///
  /// Where this program's own vertebrae or discs complete theirs it was done when those were found.
  /// - Throws: `ReadError` naming the label file, sidecar or record that cannot be read.
  func isNumberingOpen(_ study: LibraryStudy) throws -> Bool {
    guard try library.areLevelsOfTool(study), let url = Self.record(of: study, in: library.root)
    else { return false }
    guard let record = try Provenance.read(url), isOfTheseWeights(record) else { return true }
    return try !Self.isOfSameNames(record, study, in: library)
  }

  /// Does what a detection waits for: finds what a study lacks where that is its cord or its levels, else
  /// looks at names that another tool gave. A canal alone is left to whoever asks for it.
  /// - Throws: as `run`.
  func supply(_ study: LibraryStudy, isCancelled: () -> Bool) throws {
    if try Self.lacksCordOrLevels(study, in: library) {
      _ = try run(on: study, isCancelled: isCancelled)
    } else if try isNumberingOpen(study) {
      try checkNumbering(of: study, isCancelled: isCancelled)
    }
  }

  /// Compares the names that others gave with the picture, and notes what came of it; no label is written.
  ///
  /// - Throws: as `run`.
  func checkNumbering(of study: LibraryStudy, isCancelled: () -> Bool) throws {
    guard let url = Self.record(of: study, in: library.root) else { return }
    let (volume, given) = try library.read(study, own: false)
    let found = try segmenter.segment(
      volume, uppermost: try named(study), given: given, isCancelled: isCancelled)
    if isCancelled() { throw CancellationError() }
    try SharedFolder.make(url.deletingLastPathComponent())
    try DerivativeWriter(library: library.root).describeDataset()
    try Provenance.update(
      url, set: try numberingValues(found, study), appending: .cordscope("segment, names alone"))
  }

  /// Whether the latest look that a record tells of was by these weights and this revision.
  func isOfTheseWeights(_ record: [String: Any]) -> Bool {
    // Records of versions without the keys tell of looks and of own labels at once.
    let weights = record[Self.namesWeightsKey] ?? record[Self.weightsKey]
    let revision = (record[Self.namesRevisionKey] as? NSNumber)?.intValue ?? Self.revision(record)
    return weights as? String == segmenter.engine.sha256 && revision == SegmentedStudy.revision
  }

  /// What a record says of the look at a study: by which weights, beside which labels, and what speaks
  /// against the names that others gave; nothing where no cord was found.
  ///
  /// Of this program's own labels it says nothing: those may be older than what others gave since.
  func numberingValues(
    _ found: SegmentedStudy?, _ study: LibraryStudy
  ) throws -> [String: Provenance.Value] {
    [
      Self.namesWeightsKey: .text(segmenter.engine.sha256),
      Self.namesRevisionKey: .number(Double(SegmentedStudy.revision)),
      Self.lookedKey: .list(try library.labelsOfOthers(study)),
      Self.namesKey: .list(try library.labelsOfOthers(study, namesOnly: true)),
      Self.disagreementKey: .text(
        found?.labels.quality.first { $0.issue == .levelsContradicted }?.text ?? ""),
      "Notice": .text(Notice.researchUse),
    ]
  }

  /// Whether a record is of the names that others give now: a cord that was corrected since says nothing of
  /// them.
  /// - Throws: `ReadError` naming a label file that cannot be read.
  static func isOfSameNames(
    _ record: [String: Any], _ study: LibraryStudy, in library: StudyLibrary
  ) throws -> Bool {
    guard let known = record[namesKey] as? [String] else {
      // Records of versions without the key tell of all labels at once.
      return record[besideKey] as? [String] ?? [] == (try library.labelsOfOthers(study))
    }
    return known == (try library.labelsOfOthers(study, namesOnly: true))
  }

  /// The key of the label files of others that name levels, as "role SHA-256".
  static let namesKey = "LevelsOfOthers"
  /// The key of the labels of others that were there at the latest look, as ``besideKey``.
  static let lookedKey = "LookedBeside"
  /// The key of the weights of the latest look.
  static let namesWeightsKey = "NamesWeights"
  /// The key of the ``SegmentedStudy/revision`` of the latest look.
  static let namesRevisionKey = "NamesRevision"
}

extension StudyLibrary {
  /// What the anatomy network had against the names that others gave, if they are still the same.
  ///
  /// - Throws: `ReadError` naming the label file or the record that cannot be read.
  func disagreement(_ study: LibraryStudy) throws -> String? {
    guard let url = LibrarySegmentation.record(of: study, in: root),
      let record = try Provenance.read(url),
      let text = record[LibrarySegmentation.disagreementKey] as? String, !text.isEmpty,
      try LibrarySegmentation.isOfSameNames(record, study, in: self)
    else { return nil }
    return text
  }

  /// Whether a detection says otherwise of the names that others gave than a look at them that came after
  /// it, or a reader who answered.
  func isOfOtherNumbering(_ study: LibraryStudy, _ stored: DetectionDigest) -> Bool {
    guard
      let looked = LibrarySegmentation.record(of: study, in: root).flatMap({
        FileTime(written: $0)
      }),
      let detected = study.derivative("_detection.json", library: root).flatMap({
        FileTime(written: $0)
      }), looked > detected
    else { return false }
    let isFlagged = stored.quality.contains { $0.issue == .levelsContradicted }
    return ((try? disagreement(study)) != nil) != isFlagged
  }

  /// Whether the names of a study's levels are those of another tool's vertebrae or discs: no reader gave
  /// them here, this program did not find them, and they are no phantom's.
  ///
  /// Points alone are looked at when vertebrae are found for them.
  /// - Throws: `ReadError` naming a sidecar that is no JSON object.
  func areLevelsOfTool(_ study: LibraryStudy) throws -> Bool {
    let files = labelFiles(of: study)
    guard files[.spine] != nil, files.spineAddition?.isFoundByNetwork != true else { return false }
    let named = [LabelRole.spine, .levels, .discs].compactMap { files[$0] }
    return try named.allSatisfy { try !isOwn($0, of: study) && $0.isOfTool }
  }
}

extension LabelFiles.File {
  /// Whether another tool made the file, as far as its sidecar tells: nobody saved it in this program, and
  /// neither the anatomy network nor the phantoms' generator made it.
  fileprivate var isOfTool: Bool {
    get throws {
      let sidecar = try Provenance.read(VersionedLabel(url: url).telling) ?? [:]
      guard sidecar[Sidecar.corrects] == nil, networkPart == nil else { return false }
      let makers = sidecar["GeneratedBy"] as? [[String: Any]] ?? []
      // A phantom's names are those it was painted with; imported they are labels as all others.
      return makers.isEmpty
        || makers.contains { $0["Name"] as? String != PhantomDatasetWriter.toolName }
    }
  }
}
