internal import Foundation
internal import Imaging

extension StudyLibrary {
  /// What a correction of a study's labels begins from: points as they name the levels now, or masks on
  /// the grids given, of lesions the one that the reader may see.
  ///
  /// - Parameter isBlind: whether the AI is hidden from the reader: a lesion mask that no reader drew is, too.
  /// - Throws: `LibraryError`, `JournalError`, `ReadError` naming the file that cannot be read.
  public func correctionBasis(
    _ target: CorrectionTarget, of subject: String, grids: [CorrectionGrid], reader: String,
    isBlind: Bool
  ) throws -> CorrectionBasis {
    let study = try usableStudy(subject)
    let sight =
      try target == .lesion
      ? lesionSight(of: study, for: reader, hidesGiven: isBlind) : LesionSight.standing
    let (image, labels) = try read(study)
    var basis = CorrectionBasis(
      target: target, files: try correctedFiles(target, of: study, for: sight), isBlind: isBlind)
    switch target {
    case .discs: basis.points = try discPoints(of: study, image, labels)
    case .boundaries:
      let line = labels.cord.flatMap(CordCentreline.init(cord:))
      let levels = LevelRules.resolve(labels, along: line).points
      for (level, point) in levels {
        let number = UInt16(level.rawValue)
        let isHeld = LabelCorrection.voxel(of: point, in: image) != nil
        if isHeld { basis.points[number] = point } else { basis.beyondImage.append(number) }
      }
      basis.beyondImage.sort()
    case .cord, .lesion:
      let mask = try mask(target, of: study, image, labels, for: sight)
      let shown = ThickPartitions(shape: mask.shape, affine: mask.affine)?.labels(mask) ?? mask
      basis.masks = grids.map { shown.resampled(on: $0.grid).raster.map { $0 != 0 } }
      basis.isSavedByPerson =
        labelFiles(of: study, for: sight)[target.role]?.isSavedByPerson ?? false
    }
    return basis
  }

  /// Writes a correction beside the labels of others, in `derivatives/labels`, with the reader as its
  /// author, and then the act; both or neither. What had the file's name stays as a version.
  ///
  /// - Parameter draft: the act, with a note of what is changed.
  /// - Returns: the act's record, with the file and its hashes.
  /// - Throws: `JournalError`, `EditRefusal`, `LibraryError`, `ReadError`, `WriteError`; nothing is
  ///   written then.
  public func correct(
    _ correction: LabelCorrection, _ draft: ReviewDraft, subject: String, reader: String
  ) throws -> ReviewRecord {
    let study = try usableStudy(subject)
    guard let stem = study.stem, var note = draft.correction else {
      throw JournalError.refused("a correction needs words of what was changed")
    }
    let access = try access(to: subject, reader: reader)
    if let why = access.refusal(of: .correct) { throw JournalError.refused(why) }
    let journal = try openJournal(study, reader: reader)
    try ReviewJournal.check(draft, against: ReviewState(try journal.reload().records))
    let stored = root.appendingPathComponent("derivatives/cordscope")
    try DerivativeWriter(library: root).describeDataset()
    // Two readers may correct one study: the second sees that what it began from is another now.
    let lock = try FolderLock(stored)
    defer { lock.release() }
    let sight = try sight(from: correction, of: study, reader)
    let folder = root.appendingPathComponent("derivatives/labels/\(study.folder)")
    let url = folder.appendingPathComponent(stem + correction.target.role.ending + ".nii.gz")
    let corrected = try volume(correction, of: study, for: sight)
    // A mask is drawn on another grid: what the file's voxels became is known here.
    if let change = corrected.change { note.change = change }
    let bytes = try GZip.compress(
      try NIfTI.encode(corrected.volume, description: Notice.researchUse, path: url.path))
    try SharedFolder.make(folder)
    try DatasetDescription.write(
      to: root.appendingPathComponent("derivatives/labels"), name: "labels", isDerivative: true)
    let label = VersionedLabel(url: url)
    let former = try label.keepBeforeNew()
    note.file = url.lastPathComponent
    note.before =
      former.contents?.file
      ?? labelFiles(of: study)[correction.target.role].flatMap {
        try? SHA256.hexDigest(ofFile: $0.url)
      }
    note.after = SHA256.hexDigest(of: bytes)
    // Who is not shown what stands may have drawn the same, and is not told so.
    guard sight.isBlinded || note.after != former.contents?.file else {
      throw EditRefusal("nothing has changed")
    }
    let superseded = try superseded(by: correction.target, in: folder, stem: stem)
    do {
      let sidecar = try sidecar(
        correction, note, over: label, of: study, reader: reader, for: sight)
      note.origin = CorrectionOrigin(
        files: correction.files, isVersionKept: former.contents != nil,
        sidecar: former.contents?.sidecar,
        newSidecar: SHA256.hexDigest(of: sidecar),
        boundaries: superseded?.former.contents?.file,
        boundariesSidecar: superseded?.former.contents?.sidecar)
      // In the place of another's, and never after it was removed: no mask is without its author for a moment.
      // First, as a new mask beside no sidecar, or a given one's, would be shown to all as nobody's; it names
      // the file to come, so that a kill leaves the one before as it was.
      try AtomicFile.write(sidecar, to: label.json)
      try AtomicFile.write(bytes, to: url)
      try superseded?.label.put(nil)
      var act = draft
      act.correction = note
      return try record(act, subject: subject, reader: reader)
    } catch {
      if let superseded { superseded.label.restore(superseded.former) }
      label.restore(former)
      throw error
    }
  }

  /// Detects a study again on its labels as they are now; the former detection stays as a version.
  ///
  /// - Returns: the study's line of the worklist.
  /// - Throws: `CancellationError` when cancelled before it was written, `LibraryDetection.Failure` with the reason, and what
  ///   preparing a detection throws.
  public func detectAgain(
    _ subject: String, reader: String, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> WorklistEntry {
    let study = try usableStudy(subject)
    let detection = try LibraryDetection(
      library: self, weights: LibraryModels(library: root).weights(),
      choice: DetectionChoice.read(library: root), threads: 1)
    let items = detection.run(on: [study], isCancelled: isCancelled)
    // What was written before the wish to stop came is the study's detection: who is told that it was stopped
    // would go on with the former one.
    guard let item = items.first else { throw CancellationError() }
    _ = try item.outcome.get()
    return try entry(of: subject, reader: reader)
  }

  // MARK: What is there

  /// The files that say what is corrected, as "role SHA-256".
  func correctedFiles(
    _ target: CorrectionTarget, of study: LibraryStudy, for sight: LesionSight = .standing
  ) throws -> [String] {
    let files = labelFiles(of: study, for: sight)
    return try target.sources.compactMap { role in
      try files[role].map { "\(role.rawValue) \(try SHA256.hexDigest(ofFile: $0.url))" }
    }
  }

  /// What differs between the files that a correction began from and those of now: "disc labels".
  static func changedWords(_ files: [String], _ former: [String]) -> String {
    let roles = LabelRole.allCases.filter { role in
      func own(_ files: [String]) -> [String] {
        files.filter { $0.hasPrefix("\(role.rawValue) ") }
      }
      return own(files) != own(former)
    }
    let words = roles.map { role in
      CorrectionTarget.allCases.first { $0.role == role }?.words ?? "labelled vertebrae"
    }
    return words.isEmpty ? "labels" : words.joined(separator: " and the ")
  }

  /// The points of the discs: those that a reader corrected; else those that others marked, completed by
  /// the tips of the discs that are labelled. Where others labelled the discs themselves, their tips.
  private func discPoints(
    of study: LibraryStudy, _ image: ImageVolume, _ labels: StudyLabels
  ) throws -> [UInt16: SIMD3<Double>] {
    let files = labelFiles(of: study)
    let tips =
      labels.spine.flatMap(DiscPoints.tips).map { LabelMoments($0) { _ in true }.centres } ?? [:]
    guard let file = files[.discs], let convention = file.convention else { return tips }
    let isWord = try file.isReadersWord
    let isSpineGiven = files[.spine].map { !$0.isFoundByNetwork } ?? false
    if isSpineGiven, !isWord, !tips.isEmpty { return tips }
    let volume = try LabelReading.points(file, shape: image.shape, affine: image.affine)
    var marked: [UInt16: SIMD3<Double>] = [:]
    if convention.kind == .cordLevels {
      for (level, place) in convention.cordDiscs(volume) {
        marked[UInt16(level.rawValue + 1)] = place
      }
    } else {
      marked = LabelMoments(volume) { _ in true }.centres
    }
    return isWord ? marked : tips.merging(marked) { _, given in given }
  }

  /// The mask as it is read now, on the image's voxels; empty where there is none.
  private func mask(
    _ target: CorrectionTarget, of study: LibraryStudy, _ image: ImageVolume,
    _ labels: StudyLabels, for sight: LesionSight
  ) throws -> LabelVolume {
    let empty = LabelVolume(
      shape: image.shape, voxels: [UInt16](repeating: 0, count: image.voxels.count),
      affine: image.affine)
    guard target == .lesion else { return labels.cord ?? empty }
    guard let file = labelFiles(of: study, for: sight)[.lesion] else { return empty }
    return try LabelReading.mask(file, shape: image.shape, affine: image.affine)
  }

  // MARK: What is written

  /// The labels on the image's voxels; of a mask what was changed, too, in words.
  private func volume(
    _ correction: LabelCorrection, of study: LibraryStudy, for sight: LesionSight
  ) throws -> (volume: LabelVolume, change: String?) {
    let (image, labels) = try read(study)
    switch correction.content {
    case .points(let points):
      let kind: LabelEdit.Kind = correction.target == .boundaries ? .boundaries : .discs
      guard !correction.target.role.isMask else { throw EditRefusal("a mask has no points") }
      if let fault = LabelEdit(kind, points).fault { throw EditRefusal(fault) }
      return (try LabelCorrection.volume(of: points, kind: kind, like: image), nil)
    case .mask(let changes):
      guard correction.target.role.isMask else { throw EditRefusal("points are no mask") }
      let (mask, changed) = try MaskWriteBack.write(
        changes, into: try mask(correction.target, of: study, image, labels, for: sight))
      guard changed.voxels > 0 else {
        throw EditRefusal(
          "no voxel of the image changes: its voxels are larger than what was drawn")
      }
      return (mask, changed.words)
    }
  }

  /// The sidecar of a corrected file: what is known of the one that is corrected stays, the reader is added.
  private func sidecar(
    _ correction: LabelCorrection, _ note: CorrectionNote, over label: VersionedLabel,
    of study: LibraryStudy, reader: String, for sight: LesionSight
  ) throws -> [UInt8] {
    let begun = labelFiles(of: study, for: sight)[correction.target.role]?.url
    // A sidecar of a file that it does not begin from, as another reader drew it, says nothing of it.
    let isOfAnother = sight.isBlinded && begun?.path != label.url.path
    let isThere = FileManager.default.fileExists(atPath: label.json.path)
    let source: URL? =
      isThere && !isOfAnother ? label.telling : begun.map { VersionedLabel(url: $0).telling }
    let bytes = try Provenance.data(
      on: try source.flatMap { try Provenance.read($0) } ?? [:],
      set: [
        "Description": .text("\(correction.target.words), corrected by a reader"),
        "Sources": .list(["bids:raw:\(study.image ?? "")"]), "SpatialReference": .text("orig"),
        Sidecar.corrects: .list(correction.files), "Notice": .text(Notice.researchUse),
        Sidecar.describes: .text(note.after),
        Sidecar.edits: .text(try CorrectionDraftFile.editsSHA256(of: correction)),
      ],
      appending: .manual(
        by: ReaderIdentity.sanitised(reader), at: UTCTime.text(Date()), note.change.cleaned))
    return [UInt8](bytes)
  }

  /// An earlier correction of boundaries, which is set aside when discs are corrected, as it would win over
  /// them: the latest word holds.
  private func superseded(
    by target: CorrectionTarget, in folder: URL, stem: String
  ) throws -> (label: VersionedLabel, former: VersionedLabel.Former)? {
    let url = folder.appendingPathComponent(stem + LabelRole.levels.ending + ".nii.gz")
    let label = VersionedLabel(url: url)
    guard target == .discs, try label.contents() != nil,
      try LabelFiles.File(url: url, role: .levels).isReadersWord
    else { return nil }
    return (label, try label.keepBeforeNew())
  }
}
