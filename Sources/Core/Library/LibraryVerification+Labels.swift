internal import Foundation
internal import Imaging

extension LibraryVerification {
  /// Finds label files that a detection was made with and that are gone, or are others now.
  mutating func checkLabels(_ detection: Detection, of study: LibraryStudy) {
    guard let stem = study.stem, let known = detection.labelSha256 else { return }
    let files = library.labelFiles(of: study)
    for role in LabelRole.allCases {
      guard let hash = known[role.rawValue] else { continue }
      guard let file = files[role] else {
        let name = stem + role.ending + ".nii.gz"
        let record = record(of: study)
        let derivative = record.labels.contains(name) ? "cordscope" : "labels"
        let path = "derivatives/\(derivative)/\(study.folder)/\(name)"
        if record.roles.contains(role.rawValue), !record.labels.contains(name) {
          add(.note, path, "is no longer made by segment: run detect again")
        } else {
          addMissingLabel(path, "the detection was made with it")
        }
        continue
      }
      if (try? SHA256.hexDigest(ofFile: file.url)) != hash {
        let path = file.url.path.dropFirst(library.root.path.count + 1)
        add(.note, String(path), "is another than the detection was made with: run detect again")
      }
    }
  }

  /// Finds label files that this program made and that are gone: its record or their sidecar names them.
  mutating func checkOwnLabels(_ study: LibraryStudy, _ names: [String]) {
    let sidecars = names.filter { name in
      guard let stem = study.stem, name.hasPrefix(stem + "_label-") else { return false }
      return name.hasSuffix(".json")
    }
    let wanted = sidecars.map { $0.dropLast(".json".count) + ".nii.gz" } + record(of: study).labels
    for name in Set(wanted).subtracting(names).sorted() {
      addMissingLabel("derivatives/cordscope/\(study.folder)/\(name)", "the program made it")
    }
  }

  /// What the record of a study's segmentation says: the roles that were looked for, and the names of the
  /// label files that lay there afterwards.
  private func record(of study: LibraryStudy) -> (roles: [String], labels: [String]) {
    guard let record = LibrarySegmentation.record(of: study, in: library.root),
      let object = try? Provenance.read(record),
      let names = object[LibrarySegmentation.labelsKey] as? [String]
    else { return ([], []) }
    return (
      object["Roles"] as? [String] ?? [], names.filter { !$0.contains("/") }.map(\.cleaned)
    )
  }

  /// One finding for each file, however many tell of it.
  private mutating func addMissingLabel(_ path: String, _ why: String) {
    guard !hasFinding(at: path.cleaned) else { return }
    add(
      .failure, path,
      "is missing, but \(why): put it back from a backup, or run segment and detect to make it anew"
    )
  }
}
