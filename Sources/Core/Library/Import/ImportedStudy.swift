internal import Foundation
internal import Imaging

/// A study about to be placed in a library: its files in memory, named by their roles.
struct ImportedStudy {
  /// Where it comes from.
  var source: URL
  /// SHA-256 of the source file's bytes.
  var hash: String
  /// The name wished for.
  var wantedSubject: SubjectName
  /// Whether the name was given by hand.
  var isSubjectGiven = false
  /// Whether a pseudonym takes the name's place.
  var isPseudonymous = false
  /// Whether nothing of the names of the source's files is kept, nor of who made its labels.
  var hidesNames = false
  /// Whether nothing of the names of the source's files is kept.
  var hidesFileNames = false
  /// Who the patient is, as far as the source's sidecar tells.
  var identity = SourceIdentity([:])
  /// Whether that is kept in the private part.
  var keepsIdentity = false
  /// The image as the bytes of a `.nii.gz` file.
  var image: [UInt8]
  /// Keys for the image's sidecar.
  var sidecar: [String: Provenance.Value] = [:]
  /// A sidecar that lies beside the source, of which what tells nothing of the patient is kept.
  var sourceSidecar: URL?
  /// Flags of an image that the reader takes in spite of its picture.
  var overriding: [QualityFlag] = []
  /// The label files to place.
  var labels: [LabelRole: Label] = [:]
  /// The subject's row for participants.tsv, by column.
  var participant: [String: String] = [:]
  /// The roles whose files were given by hand: they must not be passed over in silence.
  var namedRoles: Set<LabelRole> = []
  /// Whether those take the place of other ones that the library has.
  var replacesLabels = false
  /// What the user must know.
  var notes: [String] = []
  /// What the user must know of a study that becomes a new subject: what was left out of it.
  var newNotes: [String] = []
  /// What the user must know of label files, by role: said of those that are placed only.
  var labelNotes: [LabelRole: [String]] = [:]
  /// The image's voxels, for what detection will say of it; `nil` where that is not asked.
  var volume: ImageVolume?

  /// One label file to place.
  struct Label {
    /// The bytes of a `.nii.gz` file.
    var bytes: [UInt8]
    /// What made it, for `GeneratedBy`.
    var origin: Provenance.Entry
    /// Who made it and worked on it before, as a sidecar beside its source has it.
    var history: [Provenance.Entry] = []
    /// The author that such a sidecar names.
    var author: String?
    /// More keys for its sidecar.
    var values: [String: Provenance.Value] = [:]
  }
}

extension Importer {
  /// Places a study: what is known gets what it lacks, what is new becomes a subject of its own.
  ///
  /// - Throws: `ImportSite.NoLibrary`, `LibraryError`, `WriteError`, `ReadError`; nothing of the
  ///   study is left in the library then.
  func place(_ study: ImportedStudy) throws -> ImportItem {
    let site = try ImportSite(root)
    do {
      var item = try placeLocked(study)
      site.close()
      item.notes += forecast(item, study).map(\.cleaned)
      return item
    } catch {
      site.abandon()
      throw error
    }
  }

  private func placeLocked(_ study: ImportedStudy) throws -> ImportItem {
    if let subject = try hashes.subject(holding: study.hash, in: root),
      try !clearRemnant(of: subject, for: study)
    {
      var study = study
      if study.isSubjectGiven, !study.wantedSubject.isName(of: subject) {
        study.notes.append(
          "--subject \(study.wantedSubject.text) names new subjects only: this one stays \(subject)"
        )
      }
      let image = imageURL(subject, in: anatFolder(subject))
      // What a reader takes in spite of its picture may have been imported before.
      try state(study.overriding, in: Sidecar.url(of: image))
      try keepIdentity(of: study, as: subject)
      let labels = labelFolder(subject)
      let former = try setDifferingLabelsAside(study, subject: subject, in: labels)
      let added: [LabelRole]
      do { added = try writeLabels(study, subject: subject, to: labels) } catch {
        former.restore()
        throw error
      }
      if FileManager.default.fileExists(atPath: image.path) {
        return item(
          study,
          former.isEmpty
            ? .alreadyThere(subject: subject, labelsAdded: added)
            : .labelsReplaced(subject: subject, added))
      }
      // An import of an earlier version that was cut short before its image: finish it.
      try AtomicFile.write(study.image, to: image)
      return item(study, .imported(subject: subject))
    }
    var study = study
    if study.isPseudonymous {
      let name = try PrivateRegister(library: root).newPseudonym()
      study.wantedSubject = SubjectName(text: name, id: name)
    }
    let wanted = study.wantedSubject
    clearLabelRemnant(of: wanted.id, for: study)
    let subject = try freeSubject(wanted.id)
    if subject != wanted.id { study.notes.append("another study is called \(wanted.id) already") }
    study.notes += [wanted.note(placedAs: subject)].compactMap(\.self) + study.newNotes
    let staged = try StagedSubject(subject, library: root)
    do {
      try writeSidecar(study, of: imageURL(subject, in: staged.anat))
      try writeLabels(study, subject: subject, to: staged.labels)
      try AtomicFile.write(study.image, to: imageURL(subject, in: staged.anat))
    } catch {
      staged.discard()
      throw error
    }
    do { try keepIdentity(of: study, as: subject) } catch {
      staged.discard()
      throw error
    }
    try staged.settle(participant: study.participant)
    return item(study, .imported(subject: subject))
  }

  private func item(_ study: ImportedStudy, _ outcome: ImportItem.Outcome) -> ImportItem {
    let placed = outcome.placedRoles
    let notes =
      study.notes
      + LabelRole.allCases.filter(placed.contains).flatMap { study.labelNotes[$0] ?? [] }
    return ImportItem(
      source: study.source.path.cleaned, outcome: outcome, notes: notes.map(\.cleaned))
  }

  /// What detection will have to say of a study with the labels that the library now has, where the
  /// import brought some of them or the image.
  private func forecast(_ item: ImportItem, _ study: ImportedStudy) -> [String] {
    guard let subject = item.outcome.subject, !item.outcome.placedRoles.isEmpty,
      let volume = study.volume
    else { return [] }
    let files = LabelFiles(stem: "sub-\(subject)_T2w", in: [labelFolder(subject)])
    return Self.forecast(volume, files)
  }

  func labelFolder(_ subject: String) -> URL {
    root.appendingPathComponent("derivatives/labels/sub-\(subject)/anat")
  }

  func anatFolder(_ subject: String) -> URL { Self.anatFolder(subject, in: root) }

  static func anatFolder(_ subject: String, in root: URL) -> URL {
    root.appendingPathComponent("sub-\(subject)/anat")
  }

  func imageURL(_ subject: String, in folder: URL) -> URL {
    Self.imageURL(subject, in: folder)
  }

  static func imageURL(_ subject: String, in folder: URL) -> URL {
    folder.appendingPathComponent("sub-\(subject)_T2w.nii.gz")
  }

  /// The hash of the file that a subject was imported from, as its sidecar states it.
  ///
  /// A damaged sidecar of another subject is none of an import's business.
  static func sourceHash(of subject: String, in root: URL) -> String? {
    let image = imageURL(subject, in: anatFolder(subject, in: root))
    return try? Provenance.text(Sidecar.sourceHash, in: Sidecar.url(of: image))
  }

  private func writeSidecar(_ study: ImportedStudy, of image: URL) throws {
    let url = Sidecar.url(of: image)
    var values = study.sidecar
    if let source = study.sourceSidecar {
      values.merge(ImportedStudy.harmless(source, study.identity.filter)) { own, _ in own }
    }
    values[Sidecar.sourceHash] = .text(study.hash)
    if !study.hidesFileNames {
      values[Sidecar.sourceName] = .text(study.source.lastPathComponent.cleaned)
    }
    try Provenance.update(url, set: values, appending: .cordscope("import"))
    try state(study.overriding, in: url)
  }

  /// Adds the flags of an image that a reader takes in spite of its picture to those that its sidecar has.
  private func state(_ flags: [QualityFlag], in sidecar: URL) throws {
    let stated = SeriesSidecar.flags(in: try Provenance.read(sidecar) ?? [:])
    guard flags.contains(where: { !stated.contains($0) }) else { return }
    let others = stated.filter { !flags.names.contains($0.flag) }
    try Provenance.update(
      sidecar,
      set: [SeriesSidecar.flags: .list((others + flags).map { "\($0.flag): \($0.text)" })],
      appending: .cordscope("taken by the reader"))
  }

  /// An id that names no subject and no labels yet: the one wished for, or with "x2", "x3", ...
  func freeSubject(_ wanted: String) throws -> String {
    for number in 1...9999 {
      let subject = number == 1 ? wanted : "\(wanted)x\(number)"
      let places = ["sub-\(subject)", "derivatives/labels/sub-\(subject)"]
      if try places.allSatisfy({ try isFree(root.appendingPathComponent($0)) }) { return subject }
    }
    throw LibraryError.cannotWrite(root.path, "there are too many subjects named \(wanted)")
  }

  private func isFree(_ url: URL) throws -> Bool {
    var info = stat()
    if lstat(url.path, &info) == 0 { return false }
    guard errno == ENOENT else {
      throw LibraryError.cannotWrite(url.path, String(cString: strerror(errno)))
    }
    return true
  }

  /// Writes label files to a folder; existing ones are never overwritten.
  @discardableResult
  private func writeLabels(
    _ study: ImportedStudy, subject: String, to folder: URL
  ) throws -> [LabelRole] {
    guard !study.labels.isEmpty else { return [] }
    try DatasetDescription.write(
      to: root.appendingPathComponent("derivatives/labels"), name: "labels", isDerivative: true)
    try SharedFolder.make(folder)
    var added: [LabelRole] = []
    for role in LabelRole.allCases {
      guard let label = study.labels[role] else { continue }
      let url = labelURL(subject, role, in: folder)
      if FileManager.default.fileExists(atPath: url.path) { continue }
      try write(label, to: url)
      added.append(role)
    }
    return added
  }

  /// Writes a label file and its sidecar, or neither.
  private func write(_ label: ImportedStudy.Label, to url: URL) throws {
    let sidecar = Sidecar.url(of: url)
    let isNew = !FileManager.default.fileExists(atPath: sidecar.path)
    do {
      for entry in label.history.isEmpty ? [label.origin] : label.history {
        try Provenance.update(sidecar, appending: entry)
      }
      var values = label.values
      values["Author"] = label.author.map { .text($0) }
      values["SpatialReference"] = .text("orig")
      try Provenance.update(sidecar, set: values, appending: .cordscope("import"))
      try AtomicFile.write(label.bytes, to: url)
    } catch {
      if isNew { unlink(sidecar.path) }
      throw error
    }
  }
}
