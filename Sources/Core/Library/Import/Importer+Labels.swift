internal import Foundation
internal import Imaging

extension Importer {
  /// Adds a label file to a study: masks and points as they are, others in this program's numbers.
  ///
  /// - Throws: `ReadError` naming the file, `WriteError`.
  func add(
    _ file: LabelFiles.File, to study: inout ImportedStudy, image: ImageVolume
  ) throws {
    let label = try NIfTI.read(file.url)
    try LabelCheck.check(label.volume.voxels, file, path: file.url.path)
    let name = file.url.lastPathComponent.cleaned
    if file.role != .levels, file.role != .discs, label.volume.shape != image.shape {
      study.labelNotes[file.role, default: []].append(
        "\(name) lies on another voxel grid than the image and will be resampled")
    }
    switch (file.role, file.convention?.kind) {
    case (.spine, _): try addSpine(file, label, to: &study, image: image)
    case (.cord, .some), (.canal, .some): try addStructure(file, label, to: &study, image: image)
    case (.discs, .cordLevels): try addCordDiscs(file, label, to: &study, image: image)
    default:
      study.labels[file.role] = study.label(
        file, try plain(file, label, float: label.volume), sidecar: Sidecar.url(of: file.url))
    }
  }

  /// Takes vertebrae in TotalSpineSeg's numbers as they are and converts those of another tool; cord
  /// and canal that the same file holds are taken where no own file gives them.
  private func addSpine(
    _ file: LabelFiles.File, _ label: NIfTIImage, to study: inout ImportedStudy, image: ImageVolume
  ) throws {
    let volume = try labels(file, label, image: image)
    let convention = try file.convention(telling: volume)
    let placed = study.placing(file)
    if convention == .totalSpineSeg {
      study.labels[.spine] = study.label(
        file, try plain(file, label, float: label.volume), sidecar: Sidecar.url(of: file.url))
      let masks = StudyLabels(
        cord: convention.cord(in: volume), canal: convention.canal(in: volume))
      return try study.add(masks, convention: convention, as: placed)
    }
    let found = convention.studyLabels(from: volume)
    study.labelNotes[.spine, default: []] += found.quality.map { "\($0.flag): \($0.text)" }
    try study.add(found, convention: convention, as: placed)
  }

  /// Takes cord or canal from a file that holds other structures, too.
  private func addStructure(
    _ file: LabelFiles.File, _ label: NIfTIImage, to study: inout ImportedStudy, image: ImageVolume
  ) throws {
    guard let convention = file.convention else { return }
    let volume = try labels(file, label, image: image)
    let masks =
      file.role == .cord
      ? StudyLabels(cord: convention.cord(in: volume))
      : StudyLabels(canal: convention.canal(in: volume))
    if masks.cord == nil, masks.canal == nil {
      study.notes.append("\(LabelFiles.shortName(file.url)) holds no \(file.role.rawValue)")
    }
    try study.add(masks, convention: convention, as: study.placing(file))
  }

  /// Takes disc points from the seams of a cord that is labelled by vertebral level.
  private func addCordDiscs(
    _ file: LabelFiles.File, _ label: NIfTIImage, to study: inout ImportedStudy, image: ImageVolume
  ) throws {
    guard let convention = file.convention else { return }
    let volume = try labels(file, label, image: image)
    guard let inverse = volume.affine.inverse else { return }
    var points = volume.map { _ in UInt16(0) }
    for (level, place) in convention.cordDiscs(volume) {
      let p = inverse(place).rounded(.toNearestOrAwayFromZero)
      let index = SIMD3<Int>(p).clamped(
        lowerBound: .zero, upperBound: volume.shape &- SIMD3(repeating: 1))
      points[index.x, index.y, index.z] = UInt16(level.rawValue + 1)
    }
    guard points.voxels.contains(where: { $0 != 0 }) else {
      study.notes.append(
        "\(LabelFiles.shortName(file.url)) names no two neighbouring vertebrae from C2 on")
      return
    }
    var stored = study.label(file, try GZip.compress(try NIfTI.encode(points)))
    stored.values[Sidecar.sourceConvention] = .text(convention.name)
    study.labels[.discs] = stored
  }

  /// A label map, in the image's place where it states none of its own.
  private func labels(
    _ file: LabelFiles.File, _ label: NIfTIImage, image: ImageVolume
  ) throws -> LabelVolume {
    var volume = try NIfTI.readLabels(file.url)
    if label.affineSource == .pixdim, volume.shape == image.shape { volume.affine = image.affine }
    return volume
  }
}

extension ImportedStudy {
  /// Adds masks and vertebrae that were converted from a convention; files given apart win.
  ///
  /// - Parameter label: makes a label to place of the bytes of its file.
  /// - Throws: `WriteError`.
  mutating func add(
    _ labels: StudyLabels, convention: LabelConvention, as label: ([UInt8]) -> Label
  ) throws {
    let volumes: [(LabelRole, LabelVolume?)] = [
      (.cord, labels.cord), (.canal, labels.canal), (.spine, labels.spine),
    ]
    if let doubt = labels.quality.first(where: { $0.flag == "levels-missing" }) {
      sidecar[Sidecar.levelDoubt] = .text(doubt.text)
    }
    for (role, volume) in volumes {
      guard let volume, self.labels[role] == nil else { continue }
      var label = label(try GZip.compress(try NIfTI.encode(volume)))
      label.values[Sidecar.sourceConvention] = .text(convention.name)
      if role == .spine {
        label.values[Sidecar.levelSource] = .text(labels.levelSource.rawValue)
      }
      self.labels[role] = label
    }
  }

  /// How the bytes of labels from a file are placed.
  fileprivate func placing(_ file: LabelFiles.File) -> ([UInt8]) -> Label {
    { [self] in label(file, $0) }
  }

  /// A label to place, which knows who made the file that it comes from, and its name where the study
  /// keeps names.
  fileprivate func label(_ file: LabelFiles.File, _ bytes: [UInt8], sidecar: URL? = nil) -> Label {
    let stored = file.url.lastPathComponent.cleaned
    let keepsName = !hidesFileNames && !identity.isNamed(by: stored)
    var label = Label(
      bytes: bytes,
      origin: Provenance.Entry(
        name: keepsName ? stored : Self.unnamedOrigin, version: nil,
        details: LabelMaker.importNote))
    if let sidecar { label.take(sidecar, of: self) }
    if keepsName {
      label.values[Sidecar.sourceName] = .text(LabelFiles.shortName(file.url).cleaned)
    }
    // What is kept of a sidecar is little, and converted masks have none of their own: both are the
    // network's where their file is.
    if let part = file.networkPart, sidecar != nil || !part.isCorrected {
      label.values[LibrarySegmentation.weightsKey] = .text(part.weights)
      if sidecar != nil {
        label.values[LibrarySegmentation.hashKey] = part.hash.map { .text($0) }
      }
    }
    if let maker = LabelMaker.words(of: file) { label.values[Sidecar.sourceMaker] = .text(maker) }
    return label
  }
}
