internal import Foundation
internal import Imaging

extension Importer {
  /// Imports a NIfTI image with the labels given or found beside it.
  ///
  /// - Throws: `ReadError`, `LibraryError`, `WriteError`.
  func importNIfTI(_ url: URL, _ options: ImportOptions) throws -> ImportItem {
    let stem = ImportSource.stem(url.lastPathComponent)
    var files = LabelFiles(stem: stem, in: [url.deletingLastPathComponent()])
    for (role, label) in options.labels { files[role] = LabelFiles.File(url: label, role: role) }
    if options.labels[.spine] != nil { files[.spine]?.convention = options.spineConvention }
    var notes: [String] = []
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
    var study = ImportedStudy(
      source: url, hash: try SHA256.hexDigest(ofFile: url),
      wantedSubject: subject ?? SubjectNaming.name(for: url),
      isSubjectGiven: options.subject != nil,
      isPseudonymous: options.pseudonymises && subject == nil,
      image: try compressed(url, image, float: volume), sourceSidecar: Sidecar.url(of: url),
      participant: participant, namedRoles: Set(options.labels.keys),
      replacesLabels: options.replacesLabels, notes: notes + image.findings.map(\.description),
      volume: volume)
    if image.affineSource == .pixdim {
      study.notes.append("it does not say where it lies in the patient: left and right are unknown")
    }
    for role in LabelRole.allCases {
      guard let file = files[role] else { continue }
      study.labelNotes[role] = [files.choiceNote(role)].compactMap(\.self)
      try add(file, to: &study, image: volume)
    }
    return try place(study)
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

  private func add(
    _ file: LabelFiles.File, to study: inout ImportedStudy, image: ImageVolume
  ) throws {
    let label = try NIfTI.read(file.url)
    try LabelCheck.check(label.volume.voxels, file.role, path: file.url.path)
    let name = file.url.lastPathComponent.cleaned
    if file.role != .levels, file.role != .discs, label.volume.shape != image.shape {
      study.labelNotes[file.role, default: []].append(
        "\(name) lies on another voxel grid than the image and will be resampled")
    }
    let origin = Provenance.Entry(
      name: study.isPseudonymous ? ImportedStudy.unnamedOrigin : name, version: nil,
      details: "source of the labels")
    if file.role == .spine, let convention = file.convention, convention != .totalSpineSeg {
      return try addConverted(file, convention, origin, to: &study)
    }
    let sidecar = Sidecar.url(of: file.url)
    study.labels[file.role] = ImportedStudy.Label(
      bytes: try compressed(file.url, label, float: label.volume), origin: origin,
      sidecar: study.isPseudonymous ? nil : sidecar,
      values: study.isPseudonymous ? ImportedStudy.harmless(sidecar) : [:])
  }

  /// Converts vertebrae of another tool to the TotalSpineSeg numbering; cord and canal that the same
  /// file holds are taken where no own file gives them.
  private func addConverted(
    _ file: LabelFiles.File, _ convention: LabelConvention, _ origin: Provenance.Entry,
    to study: inout ImportedStudy
  ) throws {
    let labels = convention.studyLabels(from: try NIfTI.readLabels(file.url))
    study.labelNotes[.spine, default: []] += labels.quality.map { "\($0.flag): \($0.text)" }
    try study.add(labels, origin: origin, convention: convention)
  }

  /// A file's bytes, compressed where they are not; a pair of files becomes one.
  private func compressed(
    _ url: URL, _ image: NIfTIImage, float volume: ImageVolume
  ) throws -> [UInt8] {
    if image.header.isPair { return try GZip.compress(try NIfTI.encode(volume)) }
    let bytes = try FileBytes.read(url)
    return GZip.isGZip(bytes) ? bytes : try GZip.compress(bytes)
  }
}

extension ImportedStudy {
  /// Adds masks and vertebrae that were converted from a convention; files given apart win.
  ///
  /// - Throws: `WriteError`.
  mutating func add(
    _ labels: StudyLabels, origin: Provenance.Entry, convention: LabelConvention
  ) throws {
    let volumes: [(LabelRole, LabelVolume?)] = [
      (.cord, labels.cord), (.canal, labels.canal), (.spine, labels.spine),
    ]
    if let doubt = labels.quality.first(where: { $0.flag == "levels-missing" }) {
      sidecar[Sidecar.levelDoubt] = .text(doubt.text)
    }
    for (role, volume) in volumes {
      guard let volume, self.labels[role] == nil else { continue }
      var label = Label(bytes: try GZip.compress(try NIfTI.encode(volume)), origin: origin)
      label.values["SourceConvention"] = .text(convention.name)
      if role == .spine {
        label.values[Sidecar.levelSource] = .text(labels.levelSource.rawValue)
      }
      self.labels[role] = label
    }
  }
}
