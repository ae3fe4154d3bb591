internal import Foundation

extension LabelFiles.File {
  /// Whether a person made the mask or corrected it, as its sidecar tells: a reader in this program, or somebody
  /// by hand in the words of SCT's `manual_correction.py`.
  ///
  /// A lesion mask is truth: one of which nothing says that the network made it counts as a person's, as does a
  /// mask whose sidecar cannot be read.
  var isSavedByPerson: Bool {
    if role == .lesion { return !isFoundByNetwork }
    guard let isCorrected = try? isReadersWord,
      let sidecar = try? Provenance.read(VersionedLabel(url: url).telling) ?? [:]
    else { return true }
    let makers = sidecar["GeneratedBy"] as? [[String: Any]] ?? []
    return isCorrected || makers.contains { $0["Name"] as? String == "Manual" }
  }
}
