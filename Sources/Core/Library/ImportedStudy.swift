internal import Foundation
internal import Imaging

/// A study about to be placed in a library: its files in memory, named by their roles.
struct ImportedStudy {
  /// Where it comes from.
  var source: URL
  /// SHA-256 of the source file's bytes.
  var hash: String
  /// The id wished for.
  var wantedSubject: String
  /// The image as the bytes of a `.nii.gz` file.
  var image: [UInt8]
  /// Keys for the image's sidecar.
  var sidecar: [String: Provenance.Value] = [:]
  /// A sidecar that lies beside the source, to be kept and added to.
  var sourceSidecar: URL?
  /// The label files to place.
  var labels: [LabelRole: Label] = [:]
  /// The subject's row for participants.tsv, by column.
  var participant: [String: String] = [:]
  /// What the user must know.
  var notes: [String] = []

  /// One label file to place.
  struct Label {
    /// The bytes of a `.nii.gz` file.
    var bytes: [UInt8]
    /// What made it, for `GeneratedBy`.
    var origin: Provenance.Entry
    /// A sidecar beside its source.
    var sidecar: URL?
    /// More keys for its sidecar.
    var values: [String: Provenance.Value] = [:]
  }
}

extension Importer {
  /// Places a study; the image comes last, so that a study with an image is whole.
  ///
  /// - Throws: `LibraryError`, `WriteError`, `ReadError`.
  func place(_ study: ImportedStudy) throws -> ImportItem {
    if let subject = try subject(holding: study.hash) {
      let added = try placeLabels(study, subject: subject, replacing: false)
      if FileManager.default.fileExists(atPath: imageURL(subject).path) {
        return item(study, .alreadyThere(subject: subject, labelsAdded: added))
      }
      // An import that was cut short before its image: finish it.
      try writeImage(study, subject: subject)
      return item(study, .imported(subject: subject))
    }
    let subject = try claim(study.wantedSubject)
    var study = study
    if subject != study.wantedSubject {
      study.notes.append("another study is called \(study.wantedSubject) already")
    }
    try writeSidecar(study, subject: subject)
    try placeLabels(study, subject: subject, replacing: true)
    try Participants.add([(subject, study.participant)], library: root, replacing: false)
    try writeImage(study, subject: subject)
    return item(study, .imported(subject: subject))
  }

  private func item(_ study: ImportedStudy, _ outcome: ImportItem.Outcome) -> ImportItem {
    ImportItem(
      source: study.source.path.cleaned, outcome: outcome, notes: study.notes.map(\.cleaned))
  }

  private func anatFolder(_ subject: String) -> URL {
    root.appendingPathComponent("sub-\(subject)/anat")
  }

  private func imageURL(_ subject: String) -> URL {
    anatFolder(subject).appendingPathComponent("sub-\(subject)_T2w.nii.gz")
  }

  private func writeImage(_ study: ImportedStudy, subject: String) throws {
    try AtomicFile.write(study.image, to: imageURL(subject))
  }

  private func writeSidecar(_ study: ImportedStudy, subject: String) throws {
    let url = Sidecar.url(of: imageURL(subject))
    if let source = study.sourceSidecar, (try? Provenance.read(source)) != nil {
      try AtomicFile.write(try FileBytes.read(source, limit: 64 << 20), to: url)
    }
    var values = study.sidecar
    values[Sidecar.sourceHash] = .text(study.hash)
    values[Sidecar.sourceName] = .text(study.source.lastPathComponent.cleaned)
    try Provenance.update(url, set: values, appending: .cordscope("import"))
  }

  /// The subject whose image was imported from a file of this hash.
  private func subject(holding hash: String) throws -> String? {
    let names = try FileManager.default.contentsOfDirectory(atPath: root.path)
    for name in names.sorted() where name.hasPrefix("sub-") {
      let subject = String(name.dropFirst(4))
      // A damaged sidecar of another subject is none of this import's business.
      let sidecar = Sidecar.url(of: imageURL(subject))
      if (try? Provenance.text(Sidecar.sourceHash, in: sidecar)) == hash { return subject }
    }
    return nil
  }

  /// Makes the folder of a new subject: the id wished for, or the next free "x2", "x3", ...
  private func claim(_ wanted: String) throws -> String {
    for number in 1...9999 {
      let subject = number == 1 ? wanted : "\(wanted)x\(number)"
      let folder = root.appendingPathComponent("sub-\(subject)")
      if mkdir(folder.path, 0o770) == 0 {
        _ = chmod(folder.path, 0o2770)
        try SharedFolder.make(anatFolder(subject))
        return subject
      }
      guard errno == EEXIST else {
        throw LibraryError.cannotWrite(folder.path, String(cString: strerror(errno)))
      }
    }
    throw LibraryError.cannotWrite(root.path, "there are too many subjects named \(wanted)")
  }

  /// Writes label files to derivatives/labels; existing ones are never overwritten.
  @discardableResult
  private func placeLabels(
    _ study: ImportedStudy, subject: String, replacing: Bool
  ) throws -> [LabelRole] {
    guard !study.labels.isEmpty else { return [] }
    let derivative = root.appendingPathComponent("derivatives/labels")
    try DatasetDescription.write(to: derivative, name: "labels", isDerivative: true)
    let folder = derivative.appendingPathComponent("sub-\(subject)/anat")
    try SharedFolder.make(folder)
    var added: [LabelRole] = []
    for role in LabelRole.allCases {
      guard let label = study.labels[role] else { continue }
      let url = folder.appendingPathComponent("sub-\(subject)_T2w\(role.ending).nii.gz")
      if FileManager.default.fileExists(atPath: url.path) { continue }
      let sidecar = Sidecar.url(of: url)
      if let source = label.sidecar, (try? Provenance.read(source)) != nil {
        try AtomicFile.write(try FileBytes.read(source, limit: 64 << 20), to: sidecar)
      } else {
        try Provenance.update(sidecar, appending: label.origin)
      }
      var values = label.values
      values["SpatialReference"] = .text("orig")
      try Provenance.update(sidecar, set: values, appending: .cordscope("import"))
      try AtomicFile.write(label.bytes, to: url)
      added.append(role)
    }
    return added
  }
}
