internal import Foundation
internal import Imaging

extension Importer {
  /// Sets stored label files aside that differ from the ones given by hand, so that these can take
  /// their names; the former stay beside them, named by their hash, and no reader looks for them.
  ///
  /// - Returns: what was set aside.
  /// - Throws: `LibraryError.labelsDiffer` unless the study replaces labels: a mask that was named
  ///   must not be passed over in silence, nor may it take the place of another unasked.
  func setDifferingLabelsAside(
    _ study: ImportedStudy, subject: String, in folder: URL
  ) throws -> FormerLabels {
    let differing = LabelRole.allCases.filter { role in
      guard let label = study.labels[role] else { return false }
      let url = labelURL(subject, role, in: folder)
      guard study.namedRoles.contains(role) || isPart(url, replacedBy: label, of: study) else {
        return false
      }
      return !holdsSame(url, label)
    }
    guard let first = differing.first else { return FormerLabels() }
    guard study.replacesLabels else {
      throw LibraryError.labelsDiffer(
        subject: subject, kept: labelURL(subject, first, in: folder).path,
        differing.map(\.rawValue))
    }
    var former = FormerLabels()
    for role in differing { try former.setAside(labelURL(subject, role, in: folder)) }
    return former
  }

  /// Whether a stored mask was taken from a file of many structures and one that takes its place brings
  /// the mask anew: what is left of the former would be beside the vertebrae of the latter.
  private func isPart(
    _ url: URL, replacedBy label: ImportedStudy.Label, of study: ImportedStudy
  ) -> Bool {
    guard study.replacesLabels, study.namedRoles.contains(.spine),
      label.values[Sidecar.sourceConvention] != nil
    else { return false }
    return (try? Provenance.text(Sidecar.sourceConvention, in: Sidecar.url(of: url))) != nil
  }

  /// The file of a label that this program writes.
  func labelURL(_ subject: String, _ role: LabelRole, in folder: URL) -> URL {
    folder.appendingPathComponent("sub-\(subject)_T2w\(role.ending).nii.gz")
  }

  /// Whether a stored label file is absent or says what a label says, however it is compressed.
  private func holdsSame(_ url: URL, _ label: ImportedStudy.Label) -> Bool {
    guard FileManager.default.fileExists(atPath: url.path) else { return true }
    guard let stored = try? FileBytes.read(url) else { return false }
    if stored == label.bytes { return true }
    guard let a = try? NIfTI.decode(stored, path: url.path).volume,
      let b = try? NIfTI.decode(label.bytes, path: url.path).volume
    else { return false }
    return a.shape == b.shape && a.affine == b.affine && a.voxels == b.voxels
  }
}

/// Label files that were set aside for others, until those are in place.
struct FormerLabels {
  private var moved: [(from: URL, to: URL)] = []

  /// Whether nothing was set aside.
  var isEmpty: Bool { moved.isEmpty }

  /// Renames a label file and its sidecar; on failure all that was set aside is back.
  ///
  /// - Throws: `LibraryError.cannotWrite`, `ReadError`.
  mutating func setAside(_ url: URL) throws {
    let hash = try SHA256.hexDigest(ofFile: url).prefix(16)
    for (file, ending) in [(Sidecar.url(of: url), ".json"), (url, ".nii.gz")] {
      let name = "\(file.lastPathComponent.dropLast(ending.count)).\(hash)\(ending)"
      let former = file.deletingLastPathComponent().appendingPathComponent(name)
      if rename(file.path, former.path) == 0 {
        moved.append((file, former))
      } else if errno != ENOENT {
        let why = String(cString: strerror(errno))
        restore()
        throw LibraryError.cannotWrite(former.path, why)
      }
    }
  }

  /// Gives the former files their names back: what should replace them could not be written.
  func restore() {
    for (from, to) in moved { rename(to.path, from.path) }
  }
}

extension ImportItem.Outcome {
  /// The subject that the source is in the library.
  var subject: String? {
    switch self {
    case .imported(let subject), .alreadyThere(let subject, _), .labelsReplaced(let subject, _):
      subject
    case .label, .leftAlone, .refused: nil
    }
  }

  /// The roles whose label files the import may have placed.
  var placedRoles: [LabelRole] {
    switch self {
    case .imported: LabelRole.allCases
    case .alreadyThere(_, let roles), .labelsReplaced(_, let roles): roles
    case .label, .leftAlone, .refused: []
    }
  }
}
