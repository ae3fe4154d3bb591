internal import Foundation
internal import Imaging

extension Importer {
  /// Imports a NIfTI image with the labels given or found beside it.
  ///
  /// - Throws: `ReadError`, `LibraryError`, `WriteError`.
  func importNIfTI(_ url: URL, _ options: ImportOptions) throws -> ImportItem {
    let stem = ImportSource.stem(url.lastPathComponent)
    var files = LabelFiles(stem: stem, in: labelFolders(beside: url), known: folders)
    for (role, label) in options.labels { files[role] = LabelFiles.File(url: label, role: role) }
    if options.labels[.spine] != nil {
      if let stated = options.spineConvention { files[.spine]?.convention = stated }
      files.addPartner()
    }
    var notes: [String] = Self.unclearNote(stem: stem, beside: url).map { [$0] } ?? []
    if !options.acceptsContrast {
      if let problem = NameHints.problem(stem) { return refused(url, problem) }
      if !NameHints.saysT2(stem) {
        notes.append("its name does not state the contrast: taken for T2-weighted")
      }
    }
    return try importNIfTI(
      url, labels: files, subject: options.subject.map(SubjectNaming.name(from:)), notes: notes,
      options)
  }

  /// The folders in which the labels of a single image are looked for: its own, and in that those into
  /// which tools write.
  private func labelFolders(beside image: URL) -> [URL] {
    let folder = image.deletingLastPathComponent()
    return [folder] + folders.listing(of: folder).outputFolders.map(folder.appendingPathComponent)
  }

  /// Says that a file of levels is not read, as tools number discs or vertebrae in files of that name:
  /// taken for the other they are off by half a level.
  private static func unclearNote(stem: String, beside image: URL) -> String? {
    let folder = image.deletingLastPathComponent()
    let found = LabelFiles.extensions.map { "\(stem)_levels\($0)" }.first {
      FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path)
    }
    return found.map {
      "\($0) is not read: its name does not say whether it numbers discs or vertebrae; give it with "
        + "--discs or --landmarks"
    }
  }

  /// Imports a NIfTI image with known label files.
  ///
  /// - Throws: `ReadError`, `LibraryError`, `WriteError`.
  func importNIfTI(
    _ url: URL, labels files: LabelFiles, subject: SubjectName?, notes: [String],
    participant: [String: String] = [:], _ options: ImportOptions
  ) throws -> ImportItem {
    // Read in full before anything is written: a truncated file must not become a study.
    let image = try NIfTI.read(url)
    guard image.layout.volumeCount == 1 else {
      return refused(url, "it holds \(image.layout.volumeCount) volumes, not one")
    }
    let volume = image.volume
    if let problem = SagittalCheck.problem(shape: volume.shape, affine: volume.affine) {
      return refused(url, problem)
    }
    guard let lowest = volume.voxels.min(), let highest = volume.voxels.max(), lowest < highest
    else { return refused(url, "all its voxels are equal: it holds no picture") }
    if let problem = PictureCheck.problem(volume) { return refused(url, problem) }
    var study = ImportedStudy(
      source: url, hash: try SHA256.hexDigest(ofFile: url),
      wantedSubject: subject ?? SubjectNaming.name(for: url),
      isSubjectGiven: options.subject != nil,
      image: try plain(url, image, float: volume), sourceSidecar: Sidecar.url(of: url),
      participant: participant, namedRoles: Set(options.labels.keys),
      replacesLabels: options.replacesLabels, notes: notes + image.findings.map(\.description),
      volume: volume)
    study.identity = SourceIdentity(sidecar: Sidecar.url(of: url))
    study.hide(options, isSubjectKnown: subject != nil)
    if files[.cord] == nil { look(at: volume, of: &study, options) }
    if image.affineSource == .pixdim {
      study.notes.append("it does not say where it lies in the patient: left and right are unknown")
    }
    for role in LabelRole.allCases {
      guard let file = files[role] else { continue }
      study.labelNotes[role] = [files.choiceNote(role)].compactMap(\.self)
      try add(file, to: &study, image: volume)
    }
    var item = try place(study)
    item.labelFiles = files.files.mapValues(\.url)
    return item
  }

  /// Says that a picture is not T2-weighted, where masks do not come with it that would tell; what a
  /// reader takes all the same is detected with a doubt.
  private func look(
    at volume: ImageVolume, of study: inout ImportedStudy, _ options: ImportOptions
  ) {
    guard let look = options.pictureLook, let why = (try? look.look(volume))?.notT2 else { return }
    let wrong = QualityIssue.wrongContrast.flag(why)
    guard options.acceptsContrast else {
      study.notes.append("\(wrong.reason); detect will not assess it")
      return
    }
    study.notes.append("\(wrong.reason); taken all the same, with that doubt")
    study.overriding = [
      wrong, QualityFlag(StatedQuality.overridden, "The reader took the image all the same."),
    ]
  }

  /// What detection will have to say of a study, found out now: what cannot be assessed and why.
  static func forecast(_ image: ImageVolume, _ files: LabelFiles) -> [String] {
    guard
      let labels = try? LabelReading.studyLabels(
        files, imageShape: image.shape, imageAffine: image.affine),
      let study = try? StudyPreparation.prepare(image: image, labels: labels)
    else { return [] }
    // Detection finds what nobody has labelled; that it is missing now is no fault of the study.
    if labels.cord == nil, study.reason?.hasPrefix(StudyPreparation.noCordMask) == true {
      return ["no cord mask comes with it: detect finds cord and levels, or import them"]
        + study.quality.filter { $0.flag != "levels-missing" }.map { "\($0.flag): \($0.text)" }
    }
    var notes = study.reason.map { ["not assessable yet: \($0)"] } ?? []
    if let level = study.scoredSlices.first?.absoluteLevel, level > 1 {
      notes.append("the CSF is darker than the cord: is this a T2-weighted image?")
    }
    return notes + study.quality.map { "\($0.flag): \($0.text)" }
  }

  /// A file's bytes without the texts that programs and people wrote into it (`NIfTI.withoutTexts`),
  /// compressed anew: gzip's headers name files and times (RFC 1952, 2.3.1), too. A pair of files becomes
  /// one.
  func plain(_ url: URL, _ image: NIfTIImage, float volume: ImageVolume) throws -> [UInt8] {
    if image.header.isPair { return try GZip.compress(try NIfTI.encode(volume)) }
    var bytes = try FileBytes.read(url)
    if GZip.isGZip(bytes) {
      // What follows the last voxel is not kept.
      bytes = try GZip.decompress(bytes, keeping: 0..<image.layout.endOffset, path: url.path)
    }
    return try GZip.compress(try NIfTI.withoutTexts(bytes, path: url.path))
  }

  /// A label file's bytes: those of the anatomy network's as it left them, which its hash is of; others
  /// as an image's.
  func plain(
    _ file: LabelFiles.File, _ image: NIfTIImage, float volume: ImageVolume
  ) throws -> [UInt8] {
    guard file.isFoundByNetwork, file.networkPart?.hash != nil else {
      return try plain(file.url, image, float: volume)
    }
    let bytes = try FileBytes.read(file.url)
    return GZip.isGZip(bytes) ? bytes : try GZip.compress(bytes)
  }
}
