internal import Foundation
internal import Imaging

/// Puts one DICOM study in its place in a library, under the patient's pseudonym. The library's lock is
/// held by the caller.
struct StudyPlacing {
  let study: DICOMStudy
  let picking: SeriesPicking
  let filter: IdentityFilter
  let root: URL
  let options: ImportOptions
  private(set) var register: PrivateRegister
  /// The study's row as far as it is known from its files.
  let row: PrivateRegister.Row

  /// Looks the study up in a library's private register.
  init(
    _ study: DICOMStudy, _ picking: SeriesPicking, _ filter: IdentityFilter, library root: URL,
    _ options: ImportOptions, _ register: PrivateRegister
  ) {
    (self.study, self.picking, self.filter, self.root, self.options) = (
      study, picking, filter, root, options
    )
    self.register = register
    row = PrivateRegister.Row(
      subject: "", patientKey: register.hash(study.patientText),
      studyKey: register.studyKey(study))
  }

  /// Places the series.
  ///
  /// A study that is there already gets the series that it lacks. Another study of a known patient
  /// becomes a session of the subject.
  /// - Parameter freeSubject: an id that is not in use, made from one that is wished for.
  /// - Throws: `LibraryError`, `WriteError`, `ReadError`; nothing of a new study stays then.
  mutating func place(
    _ series: [PlacedSeries], freeSubject: (String) throws -> String
  ) throws -> ImportItem {
    var row = self.row
    row.identity = options.keepsIdentity ? Self.identity(study) : [:]
    try heedWish(freeSubject)
    if let known = register.study(row.studyKey) {
      (row.subject, row.session) = (known.subject, known.session)
      if isThere(row) {
        try register.enter(row)
        // A kill between the images and the row of the table.
        try describe(row)
        return try complete(row, series)
      }
    } else if let subject = register.subject(ofPatient: row.patientKey) {
      row.subject = subject
      let others = register.rows.filter { $0.subject == subject }.count
      row.session = freeSession(of: subject, from: others + 1)
    } else if let wanted = options.subject {
      row.subject = try free(SubjectNaming.name(from: wanted), freeSubject)
    } else {
      row.subject = try freeSubject(register.newPseudonym())
    }
    guard series.contains(where: \.isChosen) else {
      throw LibraryError.cannotImport(
        study.label, "the study went from the library while this was read: import it again")
    }
    // Known before it is there: a kill in between costs a line, not a second pseudonym.
    try register.enter(row)
    return try stage(row, series)
  }

  /// Gives a patient of whom only the register's lines are left the id that is wished for.
  ///
  /// - Throws: `LibraryError.cannotImport` when the library has something of the patient under another id.
  private mutating func heedWish(_ freeSubject: (String) throws -> String) throws {
    guard let wanted = options.subject.map(SubjectNaming.name(from:)),
      let known = register.study(row.studyKey)?.subject
        ?? register.subject(ofPatient: row.patientKey),
      !wanted.isName(of: known)
    else { return }
    let places = [
      "sub-\(known)", "derivatives/labels/sub-\(known)", "derivatives/cordscope/sub-\(known)",
    ]
    if places.contains(where: {
      FileManager.default.fileExists(atPath: root.appendingPathComponent($0).path)
    }) {
      throw LibraryError.cannotImport(
        study.label,
        "this patient is subject \(known) in the library already: import the study without --subject"
      )
    }
    try register.rename(known, to: try free(wanted, freeSubject))
  }

  /// An id for a name that is wished for, which no other patient has had.
  private func free(
    _ wanted: SubjectName, _ freeSubject: (String) throws -> String
  ) throws -> String {
    let id = try freeSubject(wanted.id)
    if register.rows.contains(where: { $0.subject == id && $0.patientKey != row.patientKey }) {
      throw LibraryError.cannotImport(
        study.label, "another patient of the library was subject \(id): give another --subject")
    }
    return id
  }

  func anat(_ row: PrivateRegister.Row) -> URL { Self.anat(row, in: root) }

  private static func anat(_ row: PrivateRegister.Row, in root: URL) -> URL {
    let session = row.session.map { "/ses-\($0)" } ?? ""
    return root.appendingPathComponent("sub-\(row.subject)\(session)/anat")
  }

  static func stem(_ row: PrivateRegister.Row) -> String {
    "sub-\(row.subject)_" + (row.session.map { "ses-\($0)_" } ?? "")
  }

  static func identifier(_ row: PrivateRegister.Row) -> String {
    row.subject + (row.session.map { "_ses-\($0)" } ?? "")
  }

  /// Whether the study's image is in the library.
  func isThere(_ row: PrivateRegister.Row) -> Bool { Self.isThere(row, in: root) }

  /// Whether the image of a study that lesions are looked for on, unless a reader chose another, is in a
  /// library.
  static func isThere(_ row: PrivateRegister.Row, in root: URL) -> Bool {
    let image = anat(row, in: root)
      .appendingPathComponent("\(stem(row))\(SeriesNaming.chosen).nii.gz")
    return FileManager.default.fileExists(atPath: image.path)
  }

  /// The number of the next session, "02" for the second study; `nil` where the subject's folder is
  /// gone.
  private func freeSession(of subject: String, from first: Int) -> String? {
    let folder = root.appendingPathComponent("sub-\(subject)")
    guard FileManager.default.fileExists(atPath: folder.path) else { return nil }
    var number = max(first, 2)
    while true {
      let session = number < 10 ? "0\(number)" : "\(number)"
      if !FileManager.default.fileExists(
        atPath: folder.appendingPathComponent("ses-\(session)").path)
      {
        return session
      }
      number += 1
    }
  }

  // MARK: - New

  private func stage(_ row: PrivateRegister.Row, _ series: [PlacedSeries]) throws -> ImportItem {
    let staged = try StagedSubject(row.subject, session: row.session, library: root)
    let names = self.names(series) { _ in false }
    do {
      for one in series { try write(one, named: names[one.index] ?? "", row, to: staged.anat) }
    } catch {
      staged.discard()
      throw error
    }
    try staged.settle(participant: participant)
    try describe(row)
    return item(.imported(subject: Self.identifier(row)), names)
  }

  /// Age, "89+" from 90 on, and sex, as the tables have them.
  private var participant: [String: String] {
    var cells: [String: String] = [:]
    let patient = study.patient.withoutIdentity
    cells["age"] = patient.ageYears.map { $0 >= 90 ? "89+" : "\(Int($0))" }
    cells["sex"] = ["M", "F", "O"].first { $0 == patient.sex?.uppercased() }
    return cells
  }

  /// Enters the study in the tables of participants and sessions where it is missing.
  private func describe(_ row: PrivateRegister.Row) throws {
    if try !Participants(library: root).ids.contains(row.subject) {
      try Participants.add([(row.subject, participant)], library: root, replacing: false)
    }
    guard let session = row.session else { return }
    try SessionTable.add(session, age: participant["age"], subject: row.subject, library: root)
  }

  /// The names of series; the chosen one's is the plain one.
  func names(
    _ series: [PlacedSeries], isTaken: (String) -> Bool
  ) -> [Int: String] {
    let others = series.filter { !$0.isChosen }.map(\.index)
    let given = SeriesNaming.names(
      others.map { SeriesNaming(study.series[$0], picking.verdicts[$0]) }, isTaken: isTaken)
    var names = Dictionary(uniqueKeysWithValues: zip(others, given))
    if let chosen = series.first(where: \.isChosen) { names[chosen.index] = SeriesNaming.chosen }
    return names
  }

  func write(
    _ one: PlacedSeries, named name: String, _ row: PrivateRegister.Row, to folder: URL
  ) throws {
    let series = study.series[one.index]
    let verdict = picking.verdicts[one.index]
    let image = folder.appendingPathComponent("\(Self.stem(row))\(name).nii.gz")
    var values = SeriesSidecar.values(series, filter)
    values[SeriesSidecar.sourceKey] = .text(sourceKey(one))
    values[SeriesSidecar.seriesKey] = .text(key(of: series))
    values["FrameOfReferenceKey"] = series.description.frameOfReferenceUID.map {
      .text(register.hash("frame\u{1F}" + $0))
    }
    if one.isChosen {
      values.merge(SeriesSidecar.choice(verdict, filter)) { $1 }
    } else {
      values[SeriesSidecar.notChosen] = .list([
        filter.sentence(verdict.unfit ?? (one.isLate ? SeriesText.late : picking.passedOver))
      ])
    }
    // The image last where it is new, as it is what tells that both are there; first where it replaces
    // one, as the hash in the sidecar tells that another is wanted.
    let isNew = !FileManager.default.fileExists(atPath: image.path)
    let bytes = try one.bytes(of: series)
    if !isNew { try AtomicFile.write(bytes, to: image) }
    try Provenance.update(
      Sidecar.url(of: image), set: values, removing: [Sidecar.sourceHash],
      appending: .cordscope("import from DICOM"))
    if isNew { try AtomicFile.write(bytes, to: image) }
  }

  /// The keyed hash of a series' files.
  func sourceKey(_ one: PlacedSeries) -> String { register.hash("source\u{1F}" + one.hash) }

  func key(of series: DICOMSeries) -> String {
    let uid = series.description.seriesUID ?? series.slices.first?.file.lastPathComponent ?? ""
    return register.hash("series\u{1F}\(uid)\u{1F}\(series.part.index)")
  }

  // MARK: - Words

  private func item(_ outcome: ImportItem.Outcome, _ names: [Int: String]) -> ImportItem {
    var notes = study.notes + SeriesText.lines(picking, filter, names: names)
    if let chosen = picking.chosen {
      let said =
        study.series[chosen].findings.filter { $0.severity == .note }.map(\.text)
        + picking.verdicts[chosen].flags.map { "\($0.flag): \($0.text)" }
      notes += said.map(filter.sentence)
    }
    return ImportItem(
      source: study.label, outcome: outcome, notes: notes.map(\.cleaned))
  }

  /// What identifies the patient and the study, by the register's columns.
  private static func identity(_ study: DICOMStudy) -> [String: String] {
    let (patient, description) = (study.patient, study.series[0].description)
    var result: [String: String] = [:]
    result["patient_id"] = patient.id
    result["name"] = patient.name?.description
    result["birth_date"] = patient.birthDate
    result["accession_number"] = patient.accessionNumber
    result["study_date"] = description.studyDate
    result["study_uid"] = description.studyUID
    return result
  }
}
