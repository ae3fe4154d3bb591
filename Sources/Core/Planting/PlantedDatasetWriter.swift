internal import Foundation
internal import Imaging

/// Writes planted studies into the folders of a BIDS dataset.
struct PlantedDatasetWriter {
  let root: URL
  let options: PlantedCohort.Options

  /// The tool's name in `GeneratedBy`.
  static let tool = "Cordscope plant"
  /// Where copies of the sources lie, below the root.
  static let originals = "sourcedata/originals"

  private var entry: Provenance.Entry {
    Provenance.Entry(name: Self.tool, version: Notice.version, details: options.text)
  }

  /// Makes the dataset's folders and descriptions, or finds those of the same cohort.
  ///
  /// - Throws: `LibraryError.cannotWrite` when the folder holds anything else; `WriteError`.
  func prepare() throws {
    let url = root.appendingPathComponent("dataset_description.json")
    if let known = try Provenance.read(url) {
      let entries = known["GeneratedBy"] as? [[String: Any]] ?? []
      let mine = entries.filter { $0["Name"] as? String == Self.tool }
      guard !mine.isEmpty else {
        throw LibraryError.cannotWrite(
          root.path, "it holds a dataset that is no planted cohort; choose another folder")
      }
      guard mine.contains(where: { $0["Description"] as? String == options.text }) else {
        let former = (mine.last?["Description"] as? String ?? "unknown").cleaned(limit: 300)
        throw LibraryError.cannotWrite(
          root.path, "it was planted with other settings (\(former)); choose another folder")
      }
      return
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    guard !names.contains(where: { $0.hasPrefix("sub-") }) else {
      throw LibraryError.cannotWrite(root.path, "it holds studies already; choose another folder")
    }
    for (folder, name) in [
      ("derivatives/labels", "Labels of the sources, on the grids of the planted studies"),
      ("derivatives/truth", "Truth of the planted lesions"),
    ] {
      let url = root.appendingPathComponent(folder)
      try SharedFolder.make(url)
      try describe(url, name: name, type: "derivative")
    }
    try describe(root, name: "Real cords with planted lesions", type: "raw")
    try AtomicFile.write(Self.columns, to: root.appendingPathComponent("participants.json"))
  }

  /// Takes away what was made in a folder that was absent or empty, unless a study was made.
  func abandon(keepsFolder: Bool) {
    let manager = FileManager.default
    guard let names = try? manager.contentsOfDirectory(atPath: root.path),
      !names.contains(where: { $0.hasPrefix("sub-") })
    else { return }
    for name in [
      "dataset_description.json", "participants.json", "derivatives", "sourcedata",
      FolderLock.name,
    ] {
      try? manager.removeItem(at: root.appendingPathComponent(name))
    }
    if !keepsFolder { rmdir(root.path) }
  }

  private func describe(_ folder: URL, name: String, type: String) throws {
    try Provenance.update(
      folder.appendingPathComponent("dataset_description.json"),
      set: [
        "Name": .text(name), "BIDSVersion": .text("1.9.0"), "DatasetType": .text(type),
        "Notice": .text(Notice.researchUse),
      ], appending: entry)
  }

  private static let columns = """
    {
      "planted": {
        "Description": "whether lesions were planted in the image",
        "Levels": {"true": "lesions were planted", "false": "the image is as it was acquired"}
      },
      "source_subject": {
        "Description": "patient whose image this study was made from; studies sharing it are not independent"
      }
    }

    """

  /// Whether a study stands there, whole.
  func holds(_ unit: PlantedCohort.Unit) -> Bool {
    [image(unit), truth(unit).appendingPathComponent("sub-\(unit.subject)_truth.json")]
      .allSatisfy { FileManager.default.fileExists(atPath: $0.path) }
  }

  private func image(_ unit: PlantedCohort.Unit) -> URL {
    root.appendingPathComponent("sub-\(unit.subject)/anat/sub-\(unit.subject)_T2w.nii.gz")
  }

  private func truth(_ unit: PlantedCohort.Unit) -> URL {
    root.appendingPathComponent("derivatives/truth/sub-\(unit.subject)/anat")
  }

  /// Writes one study: truth and labels, its row in participants.tsv, and the image last, so that a
  /// study with an image is whole.
  ///
  /// - Throws: `LibraryError`, `WriteError`, `ReadError`.
  func write(_ study: PlantedStudy, _ unit: PlantedCohort.Unit, of source: PlantedSource) throws {
    let image = image(unit)
    let anat = image.deletingLastPathComponent()
    let truth = truth(unit)
    for folder in [anat, truth] { try SharedFolder.make(folder) }
    let stem = "sub-\(unit.subject)_T2w"
    try write(study.lesion, truth, "\(stem)\(LabelRole.lesion.ending)", source)
    if !study.lesions.isEmpty {
      let name = "\(stem)_label-lesion_probseg"
      try NIfTI.write(
        study.share, to: truth.appendingPathComponent(name + ".nii.gz"),
        description: Notice.researchUse)
      try sidecar(truth, name, source)
    }
    try write(source.truth(of: study, unit), to: truth, subject: unit.subject)
    try writeLabels(study, unit, source)
    try Provenance.update(
      anat.appendingPathComponent(stem + ".json"),
      set: [
        "Modality": .text("MR"), "SliceThickness": .number(source.thicknessMM(of: study)),
        "Sources": .list([source.reference]), "Notice": .text(Notice.researchUse),
        "SeriesDescription": .text("Made from a real image; lesions may have been planted in it"),
      ], appending: .cordscope("plant"))
    try writeRow(unit, source)
    let isWhole = study.image.voxels.allSatisfy { $0 == $0.rounded() && abs($0) < 32_768 }
    try NIfTI.write(
      study.image, to: image, as: isWhole ? .int16 : .float32, description: Notice.researchUse)
  }

  private func writeLabels(
    _ study: PlantedStudy, _ unit: PlantedCohort.Unit, _ source: PlantedSource
  ) throws {
    let folder = root.appendingPathComponent("derivatives/labels/sub-\(unit.subject)/anat")
    try SharedFolder.make(folder)
    let stem = "sub-\(unit.subject)_T2w"
    let volumes: [(LabelRole, LabelVolume?)] = [
      (.cord, study.labels.cord), (.canal, study.labels.canal), (.spine, study.labels.spine),
    ]
    for (role, volume) in volumes {
      guard let volume else { continue }
      var values: [String: Provenance.Value] = [:]
      // Read anew the labels must count as they did in the source.
      if let part = source.labelFiles[role]?.networkPart, !part.isCorrected {
        values[LibrarySegmentation.weightsKey] = .text(part.weights)
      }
      if role == .spine {
        values[Sidecar.levelSource] = .text(study.labels.levelSource.rawValue)
      }
      try write(volume, folder, stem + role.ending, source, values)
    }
    // Points state their places in mm: they serve every grid as they are.
    for role in [LabelRole.levels, .discs] {
      guard let file = source.labelFiles[role] else { continue }
      let name = stem + role.ending
      try sidecar(folder, name, source)
      try AtomicFile.write(
        try FileBytes.read(file.url), to: folder.appendingPathComponent(name + ".nii.gz"))
    }
  }

  private func write(
    _ volume: LabelVolume, _ folder: URL, _ name: String, _ source: PlantedSource,
    _ values: [String: Provenance.Value] = [:]
  ) throws {
    try sidecar(folder, name, source, values)
    try NIfTI.write(
      volume, to: folder.appendingPathComponent(name + ".nii.gz"),
      description: Notice.researchUse)
  }

  private func sidecar(
    _ folder: URL, _ name: String, _ source: PlantedSource,
    _ values: [String: Provenance.Value] = [:]
  ) throws {
    var values = values
    values["SpatialReference"] = .text("orig")
    values["Sources"] = .list([source.reference])
    try Provenance.update(
      folder.appendingPathComponent(name + ".json"), set: values, appending: .cordscope("plant"))
  }

  private func write(_ record: PlantedTruth, to folder: URL, subject: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var data = try encoder.encode(record)
    data.append(0x0A)
    try AtomicFile.write(data, to: folder.appendingPathComponent("sub-\(subject)_truth.json"))
  }

  /// Studies are written on several threads; the table is one.
  private func writeRow(_ unit: PlantedCohort.Unit, _ source: PlantedSource) throws {
    let lock = try FolderLock(root)
    defer { lock.release() }
    var cells = source.participant
    cells[Participants.sourceColumn] = unit.sourceSubject
    cells[Participants.plantedColumn] = unit.difficulty == nil ? "false" : "true"
    try Participants.add(
      [(unit.subject, cells)], columns: [Participants.sourceColumn, Participants.plantedColumn],
      library: root, replacing: true)
  }
}
