internal import Foundation
internal import Imaging

/// What imports left in a library that were cut short.
extension Importer {
  /// Clears away a former import of the same file that never got its image, where the study is to bear
  /// another name: then it is placed anew under that.
  ///
  /// - Returns: whether the former subject is gone.
  /// - Throws: `LibraryError.cannotImport` when labels or detections refer to the former name.
  func clearRemnant(of subject: String, for study: ImportedStudy) throws -> Bool {
    let image = imageURL(subject, in: anatFolder(subject))
    guard study.isSubjectGiven, !study.wantedSubject.isName(of: subject),
      !FileManager.default.fileExists(atPath: image.path)
    else { return false }
    let others = ["derivatives/labels/sub-\(subject)", "derivatives/cordscope/sub-\(subject)"]
    if let other = others.first(where: {
      FileManager.default.fileExists(atPath: root.appendingPathComponent($0).path)
    }) {
      throw LibraryError.cannotImport(
        study.source.path.cleaned,
        "it was subject \(subject), whose image is gone: import it without --subject to put it back, "
          + "or move \(other) away")
    }
    unlink(Sidecar.url(of: image).path)
    // Only what is empty goes.
    rmdir(anatFolder(subject).path)
    rmdir(root.appendingPathComponent("sub-\(subject)").path)
    hashes.forget(study.hash)
    return true
  }

  /// Clears away the labels of an import that was killed before its image followed them: they are those
  /// of the study to the byte, and are written again with it. Where somebody else wrote a sidecar last,
  /// as a reader who signs what was checked, all of them stay.
  func clearLabelRemnant(of subject: String, for study: ImportedStudy) {
    let manager = FileManager.default
    let base = root.appendingPathComponent("derivatives/labels/sub-\(subject)")
    let folder = labelFolder(subject)
    guard !manager.fileExists(atPath: root.appendingPathComponent("sub-\(subject)").path),
      (try? manager.contentsOfDirectory(atPath: base.path)) == ["anat"],
      let names = try? manager.contentsOfDirectory(atPath: folder.path), !names.isEmpty
    else { return }
    var own: Set<String> = []
    for (role, label) in study.labels {
      let url = labelURL(subject, role, in: folder)
      guard names.contains(url.lastPathComponent) else { continue }
      guard (try? FileBytes.read(url)) == label.bytes else { return }
      let sidecar = Sidecar.url(of: url)
      guard !names.contains(sidecar.lastPathComponent) || isOwn(sidecar, of: label) else { return }
      own.formUnion([url.lastPathComponent, sidecar.lastPathComponent])
    }
    guard own.isSuperset(of: names) else { return }
    try? manager.removeItem(at: base)
  }

  /// Whether an import of this program, of whatever version, was the last to write a sidecar, and no
  /// reader put a name to it since.
  private func isOwn(_ sidecar: URL, of label: ImportedStudy.Label) -> Bool {
    guard let object = try? Provenance.read(sidecar),
      let last = (object["GeneratedBy"] as? [Any])?.last as? [String: Any]
    else { return false }
    let own = Provenance.Entry.cordscope("import")
    return Set(last.keys).isSubset(of: ["Name", "Version", "Description"])
      && last["Name"] as? String == own.name && last["Description"] as? String == own.details
      && object["Author"] as? String == label.author
  }
}
