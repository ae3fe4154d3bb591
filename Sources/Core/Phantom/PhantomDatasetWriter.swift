internal import Foundation
internal import Imaging

/// Writes single studies into the folders of a BIDS dataset.
struct PhantomDatasetWriter {
  let root: URL
  let generator: PhantomGenerator
  /// What sidecars and descriptions call the maker of phantoms.
  static let toolName = "Cordscope phantom"

  private struct Tool: Codable {
    var name: String
    var version: String
    var description: String?
    enum CodingKeys: String, CodingKey {
      case name = "Name"
      case version = "Version"
      case description = "Description"
    }
  }

  private struct Description: Codable {
    var name: String
    var version = "1.9.0"
    var type: String
    var generatedBy: [Tool]
    enum CodingKeys: String, CodingKey {
      case name = "Name"
      case version = "BIDSVersion"
      case type = "DatasetType"
      case generatedBy = "GeneratedBy"
    }
  }

  private struct ImageSidecar: Codable {
    var modality = "MR"
    var sequence: String
    var sliceThickness: Double
    var spacing: Double
    var description = "Synthetic phantom, no patient"
    enum CodingKeys: String, CodingKey {
      case modality = "Modality"
      case sequence = "PulseSequenceDetails"
      case sliceThickness = "SliceThickness"
      case spacing = "SpacingBetweenSlices"
      case description = "SeriesDescription"
    }
  }

  private struct LabelSidecar: Codable {
    var reference: String
    var generatedBy: [Tool]
    enum CodingKeys: String, CodingKey {
      case reference = "SpatialReference"
      case generatedBy = "GeneratedBy"
    }
  }

  private func tool(_ description: String? = nil) -> Tool {
    Tool(name: Self.toolName, version: PhantomGenerator.version, description: description)
  }

  private func json(_ value: some Encodable, to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var data = try encoder.encode(value)
    data.append(0x0A)
    try AtomicFile.write(data, to: url)
  }

  /// Refuses a folder that holds somebody's data: phantoms replace files of their subjects' names.
  private func checkFolder() throws {
    let url = root.appendingPathComponent("dataset_description.json")
    let entries = try Provenance.read(url)?["GeneratedBy"] as? [[String: Any]]
    let isOurs = entries?.contains { $0["Name"] as? String == tool().name } ?? false
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    guard isOurs || !names.contains(where: { $0 == url.lastPathComponent || $0.hasPrefix("sub-") })
    else {
      throw LibraryError.cannotWrite(
        root.path, "it holds a dataset that is not a phantom's; choose another folder")
    }
  }

  /// The dataset's descriptions and the meaning of its columns.
  ///
  /// - Throws: `LibraryError` or `WriteError`; `ReadError` when a description there is damaged.
  func writeDescriptions(_ recipes: [PhantomRecipe]) throws {
    try checkFolder()
    let labels = root.appendingPathComponent("derivatives/labels")
    let truth = root.appendingPathComponent("derivatives/truth")
    for folder in [root, labels, truth] { try SharedFolder.make(folder) }
    let domains = Set(recipes.map(\.domain.rawValue)).sorted().joined(separator: " and ")
    try json(
      Description(
        name: "Cordscope phantom (\(domains))", type: "raw",
        generatedBy: [tool("Procedural sagittal T2 studies of the cervical spine; no patients")]),
      to: root.appendingPathComponent("dataset_description.json"))
    try json(
      Description(
        name: "Labels as an automatic tool would deliver them", type: "derivative",
        generatedBy: [tool()]), to: labels.appendingPathComponent("dataset_description.json"))
    try json(
      Description(name: "Truth of the phantom", type: "derivative", generatedBy: [tool()]),
      to: truth.appendingPathComponent("dataset_description.json"))
    try AtomicFile.write(
      """
      {
        "age": {"Description": "age in years (imaginary)", "Units": "year"},
        "mjoa": {"Description": "modified Japanese Orthopaedic Association score, 0-18 (imaginary)"},
        "sex": {"Description": "F or M (imaginary)"}
      }

      """, to: root.appendingPathComponent("participants.json"))
  }

  /// Writes one study's image, labels and truth.
  func write(_ study: PhantomStudy) throws {
    let truth = study.truth
    let subject = "sub-\(truth.recipe.subject)"
    let anat = root.appendingPathComponent("\(subject)/anat")
    let labels = root.appendingPathComponent("derivatives/labels/\(subject)/anat")
    let hidden = root.appendingPathComponent("derivatives/truth/\(subject)/anat")
    for folder in [anat, labels, hidden] { try SharedFolder.make(folder) }

    let stem = "\(subject)_T2w"
    let spacing = study.image.affine.spacing.z
    try json(
      ImageSidecar(
        sequence: truth.recipe.domain == .clinical ? "2D TSE (simulated)" : "3D TSE (simulated)",
        sliceThickness: study.sliceThicknessMM, spacing: spacing),
      to: anat.appendingPathComponent("\(stem).json"))

    let reference = "bids::\(subject)/anat/\(stem).nii.gz"
    let parts: [(name: String, volume: LabelVolume?)] = [
      ("label-SC_seg", study.labels.cord), ("label-canal_seg", study.labels.canal),
      ("label-spine_dseg", study.labels.spine),
    ]
    for part in parts {
      guard let volume = part.volume else { continue }
      try write(volume, named: "\(stem)_\(part.name)", into: labels, reference: reference)
    }
    try writeTruth(truth, stem: stem, into: hidden, reference: reference)
    try json(
      PhantomTruthRecord(truth), to: hidden.appendingPathComponent("\(subject)_truth.json"))
    // The image comes last: a study with an image is whole, whenever the program was stopped.
    try NIfTI.write(
      study.image, to: anat.appendingPathComponent("\(stem).nii.gz"), as: .int16,
      description: "Cordscope phantom")
  }

  /// The masks and maps of what was painted; maps have their lookup tables beside them.
  private func writeTruth(
    _ truth: PhantomTruth, stem: String, into folder: URL, reference: String
  ) throws {
    let parts: [(name: String, volume: LabelVolume)] = [
      ("label-lesion_seg", truth.lesion), ("label-SC_seg", truth.cord),
      ("label-canal_seg", truth.canal), ("label-spine_dseg", truth.spine),
      ("label-tissues_dseg", truth.tissues),
    ]
    for part in parts {
      try write(part.volume, named: "\(stem)_\(part.name)", into: folder, reference: reference)
    }
    try AtomicFile.write(
      PhantomTissue.spineLookup,
      to: folder.appendingPathComponent("\(stem)_label-spine_dseg.tsv"))
    try AtomicFile.write(
      PhantomTissue.lookup, to: folder.appendingPathComponent("\(stem)_label-tissues_dseg.tsv"))
  }

  private func write(
    _ volume: LabelVolume, named name: String, into folder: URL, reference: String
  ) throws {
    try NIfTI.write(volume, to: folder.appendingPathComponent("\(name).nii.gz"))
    try json(
      LabelSidecar(reference: reference, generatedBy: [tool()]),
      to: folder.appendingPathComponent("\(name).json"))
  }
}
