internal import Foundation
internal import Imaging

/// Files as people and converters leave them: what they are called, and what lies beside them, may tell who
/// the patient is.
extension ImportedStudy {
  /// What the origin of a label file is called where its name is not kept.
  static let unnamedOrigin = "a file beside the image"

  /// What the user must know of a study that is not called as its file is.
  static let pseudonymNote =
    "its name may tell who the patient is (a date, or a word of the name or numbers in its sidecar): it is "
    + "called by a pseudonym here; --subject gives an id of your own"
  /// What the user must know of a study whose sidecar says who the patient is.
  static let identityNote =
    "its sidecar says who the patient is, and that was not taken over; --keep-identity keeps name, birth "
    + "date and ids in the library's private part"

  /// Decides what stands in the place of names that may tell who the patient is.
  ///
  /// - Parameter isSubjectKnown: whether the user or a dataset gives the subject's id.
  mutating func hide(_ options: ImportOptions, isSubjectKnown: Bool) {
    keepsIdentity = options.keepsIdentity
    isPseudonymous =
      options.subject == nil
      && (options.pseudonymises && !isSubjectKnown || identity.isNamed(by: wantedSubject.text))
    hidesNames = isPseudonymous || identity.isNamed(by: source.lastPathComponent)
    // Who gives another id, as is advised for names that cannot be told from other words, gives up the file's.
    hidesFileNames = hidesNames || options.subject != nil
    // Who asks for pseudonyms knows.
    guard !options.pseudonymises else { return }
    if isPseudonymous { newNotes.append(Self.pseudonymNote) }
    if identity.isStated, !keepsIdentity { newNotes.append(Self.identityNote) }
  }

  /// What a sidecar that lies beside a source says of how the picture was made, and nothing of whom: times
  /// and sizes, coded values, descriptions reduced to known words (`IdentityFilter`), and the quality flags
  /// that it has or, by the words that are left out, would have.
  ///
  /// - Returns: no keys where there is no sidecar that can be read.
  static func harmless(_ sidecar: URL, _ filter: IdentityFilter) -> [String: Provenance.Value] {
    (try? Provenance.read(sidecar)).map { harmless($0, filter) } ?? [:]
  }

  /// The same of a sidecar's keys.
  static func harmless(
    _ object: [String: Any], _ filter: IdentityFilter
  ) -> [String: Provenance.Value] {
    var result = ScannerWindow.harmless(object)
    var reduced = object
    for key in [
      "EchoTime", "RepetitionTime", "InversionTime", "FlipAngle", "MagneticFieldStrength",
      "SliceThickness", "SpacingBetweenSlices",
    ] {
      guard let value = (object[key] as? NSNumber)?.doubleValue, value.isFinite else { continue }
      result[key] = .number(value)
    }
    for key in [
      "Modality", "MRAcquisitionType", "ScanningSequence", "SequenceVariant", "ScanOptions",
      "ImageType",
    ] {
      let values = (object[key] as? [String]) ?? [object[key] as? String].compactMap(\.self)
      let kept = filter.codes(values)
      reduced[key] = kept
      guard !kept.isEmpty else { continue }
      result[key] = object[key] is String ? .text(kept[0]) : .list(kept)
    }
    for key in ["SeriesDescription", "ProtocolName", "BodyPartExamined"] {
      let kept = filter.description(object[key] as? String)
      reduced[key] = kept
      result[key] = kept.map { .text($0) }
    }
    if let source = (object[Sidecar.levelSource] as? String).flatMap(LevelSource.init) {
      result[Sidecar.levelSource] = .text(source.rawValue)
    }
    result[Sidecar.levelDoubt] = (object[Sidecar.levelDoubt] as? String).map {
      .text(filter.sentence($0).cleaned(limit: 400))
    }
    let stated = SeriesSidecar.flags(in: object)
    let left = StatedSeries(reduced).flags(beside: stated).names
    let flags =
      stated + StatedSeries(object).flags(beside: stated).filter { !left.contains($0.flag) }
    if !flags.isEmpty {
      result[SeriesSidecar.flags] = .list(
        flags.map { "\($0.flag): \(filter.sentence($0.text))" })
    }
    return result
  }
}

extension ImportedStudy.Label {
  /// Takes over what a label file's sidecar says and tells nothing of the patient: how the labels were made,
  /// and, where the study keeps names, by whom.
  mutating func take(_ sidecar: URL, of study: ImportedStudy) {
    guard let object = try? Provenance.read(sidecar) else { return }
    let own = SourceIdentity(object)
    let filter = IdentityFilter(own.filter, study.identity.filter)
    func plain(_ value: Any?) -> String? {
      guard let text = value as? String else { return nil }
      let kept = filter.sentence(text).cleaned(limit: 200)
      return kept.isEmpty ? nil : kept
    }
    values = ImportedStudy.harmless(object, filter)
    // Those are an image's.
    values[SeriesSidecar.flags] = nil
    for key in [Sidecar.sourceConvention, Sidecar.sourceMaker, LibrarySegmentation.uppermostKey] {
      values[key] = plain(object[key]).map { .text($0) }
    }
    if let corrected = object[Sidecar.corrects] as? [String] {
      values[Sidecar.corrects] = .list(corrected.prefix(50).compactMap { plain($0) })
    }
    guard !study.hidesNames else { return }
    author = plain(object["Author"])
    let entries = object["GeneratedBy"] as? [Any] ?? [object["GeneratedBy"]].compactMap(\.self)
    history = entries.prefix(50).compactMap { entry -> Provenance.Entry? in
      guard let entry = entry as? [String: Any], let name = plain(entry["Name"]) else {
        return nil
      }
      let details = plain(entry["Description"])
      let tells =
        own.isNamed(by: name) || study.identity.isNamed(by: name)
        || study.hidesFileNames && details == LabelMaker.importNote
      var kept = Provenance.Entry(
        name: tells ? ImportedStudy.unnamedOrigin : name, version: plain(entry["Version"]),
        details: details)
      kept.author = plain(entry["Author"])
      // Written anew: what follows a time in the text is none of it.
      kept.date = (entry["Date"] as? String).flatMap { text in
        UTCTime.date(text).map { UTCTime.text($0) } ?? plain(text)
      }
      return kept
    }
  }
}

extension Importer {
  /// Enters in the private part who the patient of a study is, where that is to be kept and is known: what
  /// the sidecar states, and what the study was called after where that stands in no other place.
  ///
  /// - Throws: `LibraryError.cannotWrite`, `WriteError`, `ReadError`.
  func keepIdentity(of study: ImportedStudy, as subject: String) throws {
    guard study.keepsIdentity else { return }
    var identity = study.identity.stated
    if study.hidesFileNames, identity["name"] == nil {
      // Of "Mueller_Hans/T2.nii.gz" the folder, as the subject's id would be.
      identity["name"] = SubjectNaming.name(for: study.source).text
    }
    guard !identity.isEmpty else { return }
    var register = try PrivateRegister(library: root)
    // Whoever knows a DICOM study again does so by other texts: this is one of a file.
    let key = register.hash("file\u{1F}" + study.hash)
    // After an import that was cut short, or where a subject was taken away.
    try register.move(study: key, to: subject)
    try register.enter(
      PrivateRegister.Row(
        subject: subject, patientKey: key, studyKey: key, identity: identity))
  }
}
