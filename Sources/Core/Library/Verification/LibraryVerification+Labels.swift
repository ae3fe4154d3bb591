internal import Foundation
internal import Imaging

extension LibraryVerification {
  /// Finds label files that a detection was made with and that are gone, or are others now.
  ///
  /// - Parameters:
  ///   - files: the study's label files as they are now.
  ///   - path: the detection's.
  mutating func checkLabels(
    _ files: LabelFiles, of detection: Detection, at path: String, _ study: LibraryStudy
  ) {
    guard let stem = study.stem, let known = detection.labelSha256 else { return }
    let record = record(of: study)
    var lost: [(hash: String, roles: [LabelRole])] = []
    var changed: Set<URL> = []
    for role in LabelRole.allCases {
      guard let hash = known[role.rawValue] else { continue }
      if let file = files[role] {
        guard (try? SHA256.hexDigest(ofFile: file.url)) != hash,
          changed.insert(file.url).inserted
        else { continue }
        let path = String(file.url.path.dropFirst(library.root.path.count + 1))
        do {
          _ = try NIfTI.read(file.url)
          add(.note, path, "is another than the detection was made with: run detect again")
        } catch {
          add(.failure, path, "is damaged: \(error); put it back from a backup".cleaned)
        }
        continue
      }
      let name = stem + role.ending + ".nii.gz"
      let own = "derivatives/cordscope/\(study.folder)/\(name)"
      let given = "derivatives/labels/\(study.folder)/\(name)"
      if record.labels.contains(name) {
        addMissingLabel(own, "the detection was made with it")
      } else if record.roles.contains(role.rawValue) {
        add(.note, own, "is no longer made by segment: run detect again")
      } else if FileManager.default.fileExists(atPath: Sidecar.url(of: url(given)).path) {
        addMissingLabel(given, "the detection was made with it")
      } else if let n = lost.firstIndex(where: { $0.hash == hash }) {
        lost[n].roles.append(role)
      } else {
        lost.append((hash, [role]))
      }
    }
    // A tool's file may have had any name in several places, and may have held several structures.
    for (hash, roles) in lost {
      let words = roles.map(\.rawValue).joined(separator: ", ")
      add(
        .failure, path,
        "a label file of role \(words) (SHA-256 \(hash.prefix(16))) that the detection used is gone: "
          + "put it back from a backup, or run segment and detect to make it anew")
    }
  }

  /// Finds label files that this program made and that are gone: its record or their sidecar names them.
  mutating func checkOwnLabels(_ study: LibraryStudy, _ names: [String]) {
    let sidecars = names.filter { name in
      guard let stem = study.stem, name.hasPrefix(stem + "_label-") else { return false }
      return name.hasSuffix(".json")
    }
    for name in sidecars where LabelShares.isShare(name) {
      let file = name.dropLast(".json".count) + ".nii.gz"
      let path = "derivatives/cordscope/\(study.folder)/\(file)"
      if !LabelShares.isWhole(library.root.appendingPathComponent(path)) {
        add(
          .failure, path,
          "is missing, damaged or changed, and not measured from: run segment --again on its study")
      }
    }
    let wanted =
      sidecars.filter { !LabelShares.isShare($0) }.map { $0.dropLast(".json".count) + ".nii.gz" }
      + record(of: study).labels
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
