internal import Foundation
internal import Imaging

/// Where one of a study's label files comes from, in words for a reader.
public struct LabelOrigin: Equatable, Sendable {
  /// What the file holds.
  public var role: LabelRole
  /// Its name.
  public var file: String
  /// Who made it: "found by the anatomy network 1a2b3c4d, not corrected", "SPINEPS, by the file's
  /// name, imported from 07_mod-T2w_seg-vert_msk.nii.gz".
  public var maker: String

  /// Makes an origin.
  public init(role: LabelRole, file: String, maker: String) {
    self.role = role
    self.file = file
    self.maker = maker
  }
}

extension StudyLibrary {
  /// Where the labels of a study come from, in the order of their roles; a spine that this program
  /// completed has two.
  /// - Parameter namesSources: Whether the files that labels were imported from are named, which may
  ///   tell more than a pseudonym.
  public func labelOrigins(of study: LibraryStudy, namesSources: Bool = true) -> [LabelOrigin] {
    labelOrigins(of: labelFiles(of: study), namesSources: namesSources)
  }

  /// The same with the lesion mask that a reader may see, under the name that it would have alone: a version's
  /// would tell that another stands.
  func labelOrigins(
    of study: LibraryStudy, for sight: LesionSight, namesSources: Bool = true
  ) -> [LabelOrigin] {
    guard sight.isBlinded, let label = lesionLabel(of: study) else {
      return labelOrigins(of: study, namesSources: namesSources)
    }
    let files = labelFiles(of: study, for: sight)
    let isVersion = files[.lesion].map { label.isVersion($0.url) } ?? false
    return labelOrigins(of: files, namesSources: namesSources).map { origin in
      var origin = origin
      if isVersion, origin.role == .lesion { origin.file = label.url.lastPathComponent }
      return origin
    }
  }

  private func labelOrigins(of files: LabelFiles, namesSources: Bool) -> [LabelOrigin] {
    LabelRole.allCases.flatMap { role -> [LabelOrigin] in
      var used = [files[role]].compactMap(\.self)
      if role == .spine, let addition = files.spineAddition { used.append(addition) }
      return used.map { file in
        LabelOrigin(
          role: role, file: file.url.lastPathComponent.cleaned(limit: 200),
          maker: maker(of: file, namesSource: namesSources))
      }
    }
  }

  private func maker(of file: LabelFiles.File, namesSource: Bool) -> String {
    // A sidecar that cannot be read is no reason to show nothing of the study.
    let sidecar = (try? Provenance.read(VersionedLabel(url: file.url).telling)) ?? [:]
    let name = (sidecar[Sidecar.sourceName] as? String).map { $0.cleaned(limit: 200) }
    let source = name.map { namesSource ? "imported from \($0)" : "imported" }
    if let part = file.networkPart {
      let uppermost = sidecar[LibrarySegmentation.uppermostKey] as? String
      return [words(part, uppermost: uppermost), source].compactMap(\.self).joined(separator: ", ")
    }
    // Who made what was imported is not who corrected it here, also where the source's name is not kept.
    let isCorrected =
      (source != nil || LabelMaker.isImported(sidecar)) && sidecar[Sidecar.corrects] != nil
    let maker =
      (sidecar[Sidecar.sourceMaker] as? String)?.cleaned(limit: 100)
      ?? (isCorrected ? nil : LabelMaker.words(of: file))
    let words = [maker, source, isCorrected ? "corrected by a reader" : nil]
      .compactMap(\.self).joined(separator: ", ")
    return words.isEmpty ? "made by another tool or a reader" : words
  }

  private func words(_ part: NetworkPart, uppermost name: String?) -> String {
    let network = "the anatomy network \(part.weights.prefix(8))"
    if part.isCorrected { return "corrected after \(network)" }
    if name == LibrarySegmentation.byOthers {
      return "found by \(network), named \(LibrarySegmentation.byOthers), not corrected"
    }
    guard let name, name != LibrarySegmentation.byNetwork else {
      return "found by \(network), not corrected"
    }
    return "found by \(network), named by a reader (uppermost \(name.cleaned(limit: 10)))"
  }
}
