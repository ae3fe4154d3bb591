internal import Foundation
internal import Imaging

/// The copies of the sources of a planted cohort, and whose images they are.
struct PlantedOriginals {
  /// One image of a source: its item so far, its subject among the copies, and its patient.
  struct Copy {
    var item: PlantedCohort.Item
    /// `nil` where the image is refused.
    var subject: String?
    var sourceSubject: String
  }

  /// The folder of the copies.
  let root: URL
  private let importer: Importer
  /// The patients so far, by the place of their images.
  private var patients: [String: String] = [:]
  /// The datasets that sources lie in, by their roots.
  private var datasets: [String: StudyLibrary] = [:]

  /// In the sidecar of a copy: the folder of the subject that it was taken from.
  static let placeKey = "SourcePlace"
  /// In the sidecar of a copy: the patient, shared by all copies from that place.
  static let patientKey = "SourceSubject"

  /// Opens the copies, and remembers the patients of former calls.
  ///
  /// - Throws: `LibraryError.cannotWrite` when something else than a folder is there; `ReadError`
  ///   when the sidecar of a copy is damaged.
  init(_ root: URL) throws {
    self.root = root
    importer = try Importer(library: root)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    for name in names.sorted() where name.hasPrefix("sub-") {
      let sidecar = try Provenance.read(sidecar(of: String(name.dropFirst(4))))
      guard let place = sidecar?[Self.placeKey] as? String,
        let patient = sidecar?[Self.patientKey] as? String
      else { continue }
      patients[place] = patient
    }
  }

  private func sidecar(of subject: String) -> URL {
    root.appendingPathComponent("sub-\(subject)/anat/sub-\(subject)_T2w.json")
  }

  /// Copies the images of one source, but those that nothing may be planted in.
  ///
  /// - Throws: `LibraryError`, `WriteError`, when the copies cannot be written at all.
  mutating func keep(_ source: URL) throws -> [Copy] {
    try ImportSource.find(source.standardizedFileURL).flatMap { found in
      switch found {
      case .dataset(let root): return try keepStudies(of: root)
      case .dicom(let url, _, _):
        let reason = "it is DICOM: import it into a library first, and plant in that"
        return [Copy(importer.refused(url, reason))]
      case .nifti(let url), .numpy(let url), .unusable(let url, _), .leftAlone(let url):
        return try [keep(url) { importer in try importer.run([url])[0] }]
      }
    }
  }

  /// Copies the studies of a dataset with its labels and participants, as an import takes them.
  private mutating func keepStudies(of root: URL) throws -> [Copy] {
    let library: StudyLibrary
    do {
      library = try dataset(root)
      guard PlantedCohort.members(of: library).isEmpty else { throw PlantingError(Self.isPlanted) }
      if library.studies.isEmpty { throw PlantingError("the dataset has no subjects") }
    } catch {
      return [Copy(importer.refused(root, "\(error)"))]
    }
    return try library.studies.map { study in
      let image = root.appendingPathComponent(study.image ?? study.folder)
      guard study.image != nil else {
        return Copy(importer.refused(image, study.problem ?? "no image"))
      }
      var name = SubjectNaming.name(from: study.subject)
      name.text = study.subject
      return try keep(image) { importer in
        try importer.attempt(image) {
          try importer.importNIfTI(
            image, labels: library.labelFiles(of: study), subject: name,
            notes: [study.leftOutNote].compactMap(\.self),
            participant: library.participants[study.participant].cells, ImportOptions())
        }
      }
    }
  }

  /// Copies one image unless nothing may be planted in it; sessions of one subject of a dataset are
  /// one patient, whether they are given as the dataset or file by file, at once or call by call.
  private mutating func keep(
    _ image: URL, _ take: (Importer) throws -> ImportItem
  ) throws -> Copy {
    if let reason = refusal(of: image) { return Copy(importer.refused(image, reason)) }
    let imported = try take(importer)
    guard let subject = imported.outcome.subject else { return Copy(imported) }
    return try Copy(imported, subject: subject, sourceSubject: patient(of: subject, from: image))
  }

  /// The patient of a copy, remembered beside it.
  private mutating func patient(of subject: String, from image: URL) throws -> String {
    let sidecar = sidecar(of: subject)
    let known = try Provenance.read(sidecar)
    // A copy of another cohort's copy is of where that one was taken from.
    let source = try? Provenance.read(Sidecar.url(of: image))
    let own = known?[Self.placeKey] as? String
    let stored = own ?? source?[Self.placeKey] as? String
    let places = [stored, Self.place(of: image)].compactMap(\.self)
    guard let place = places.first else { return subject }
    let patient = places.compactMap { patients[$0] }.first ?? subject
    for place in places where patients[place] == nil { patients[place] = patient }
    if own == nil || known?[Self.patientKey] as? String != patient {
      try Provenance.update(
        sidecar, set: [Self.placeKey: .text(place), Self.patientKey: .text(patient)],
        appending: .cordscope("plant"))
    }
    return patient
  }

  /// The folder of the subject that an image lies in; of a file elsewhere, its folder and label; `nil`
  /// where its name has no subject.
  private static func place(of image: URL) -> String? {
    guard let label = BIDSName(image.lastPathComponent)?["sub"] else { return nil }
    if let folder = subjectFolder(of: image), folder.lastPathComponent == "sub-\(label)" {
      return folder.path
    }
    return image.deletingLastPathComponent().appendingPathComponent("sub-\(label)").path
  }

  /// The innermost folder of a subject around an image.
  private static func subjectFolder(of image: URL) -> URL? {
    var folder = image.deletingLastPathComponent()
    while folder.path.count > 1 {
      if folder.lastPathComponent.hasPrefix("sub-") { return folder }
      folder.deleteLastPathComponent()
    }
    return nil
  }
}

extension PlantedOriginals {
  private static let isPlanted = "it is a planted cohort itself"

  /// Why nothing may be planted in an image: the dataset around it says that there is a lesion, or
  /// cannot be read; `nil` where nothing speaks against it.
  private mutating func refusal(of image: URL) -> String? {
    guard let subject = Self.subjectFolder(of: image) else { return nil }
    let folder = image.deletingLastPathComponent()
    do {
      let library = try dataset(subject.deletingLastPathComponent())
      guard PlantedCohort.members(of: library).isEmpty else { return Self.isPlanted }
      // All images of a session share its truth, not the one alone that detection takes.
      let hasLesion = try library.studies.contains { study in
        try library.root.appendingPathComponent(study.folder).path == folder.path
          && LibraryEvaluation.truth(of: study, in: library, folder: nil)?.hasLesion == true
      }
      return hasLesion ? "its truth names a lesion: a cord without one is needed" : nil
    } catch {
      return "\(error)"
    }
  }

  /// Opens a dataset, each once.
  private mutating func dataset(_ root: URL) throws -> StudyLibrary {
    if let known = datasets[root.path] { return known }
    let library = try StudyLibrary(opening: root)
    datasets[root.path] = library
    return library
  }
}

extension PlantedOriginals.Copy {
  /// What an import made of an image, or why it made nothing.
  fileprivate init(_ imported: ImportItem, subject: String? = nil, sourceSubject: String = "") {
    (self.subject, self.sourceSubject) = (subject, sourceSubject)
    item = PlantedCohort.Item(
      source: imported.source, outcome: .refused(""), notes: imported.notes)
    if case .refused(let reason) = imported.outcome { item.outcome = .refused(reason) }
  }
}

extension Participants.Row {
  /// What a planted study inherits, by column.
  var cells: [String: String] {
    var cells: [String: String] = [:]
    (cells["age"], cells["sex"], cells["mjoa"]) = (age, sex, mjoa)
    return cells
  }
}
