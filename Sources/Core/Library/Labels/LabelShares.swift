internal import Foundation
internal import Imaging

/// The probabilities behind a mask that the anatomy network found, in a file beside it: the edge lies at one
/// half, known to parts of a voxel.
///
/// They belong to that very mask, which their sidecar names by its hash; a mask that a reader corrected
/// has none.
enum LabelShares {
  /// The key under which the sidecar names the SHA-256 of the mask.
  static let maskKey = "MaskSHA256"

  /// Where the probabilities behind a mask of this program lie; `nil` for other names and roles.
  static func url(of mask: LabelFiles.File) -> URL? {
    let name = mask.url.lastPathComponent
    guard let ending = mask.role.shareEnding, name.hasSuffix(mask.role.ending + ".nii.gz") else {
      return nil
    }
    let stem = name.dropLast((mask.role.ending + ".nii.gz").count)
    return mask.url.deletingLastPathComponent().appendingPathComponent(stem + ending + ".nii.gz")
  }

  /// Takes the probabilities behind a mask away, before it or its sidecar is another.
  static func remove(behind mask: LabelFiles.File) {
    guard let url = url(of: mask) else { return }
    unlink(url.path)
    unlink(Sidecar.url(of: url).path)
  }

  /// Writes the probabilities behind a mask, or takes former ones away where there are none.
  ///
  /// - Parameters:
  ///   - maskHash: SHA-256 of the mask's file.
  ///   - source: the image, as a path in the library.
  /// - Throws: `WriteError`, `ReadError` naming the sidecar.
  static func write(
    _ share: ImageVolume?, behind mask: LabelFiles.File, maskHash: String, source: String
  ) throws {
    remove(behind: mask)
    guard let share, let url = url(of: mask) else { return }
    try Provenance.update(
      Sidecar.url(of: url),
      set: [
        "Description": .text("probability of the \(mask.role.rawValue), by the anatomy network"),
        "Sources": .list(["bids:raw:\(source)"]), "SpatialReference": .text("orig"),
        maskKey: .text(maskHash), "Notice": .text(Notice.researchUse),
      ], appending: .cordscope("segment"))
    let bytes = try NIfTI.encode(
      share, as: .uint8, description: Notice.researchUse, path: url.path)
    try AtomicFile.write(try GZip.compress(bytes), to: url)
  }

  /// The probabilities behind a mask; `nil` where there are none, or the mask is another by now.
  ///
  /// - Throws: `ReadError` naming the file that cannot be read.
  static func read(
    behind mask: LabelFiles.File, shape: SIMD3<Int>
  ) throws -> ImageVolume? {
    guard let url = url(of: mask), FileManager.default.fileExists(atPath: url.path),
      let part = mask.networkPart, !part.isCorrected, let hash = part.hash,
      try Provenance.text(maskKey, in: Sidecar.url(of: url)) == hash
    else { return nil }
    let volume = try NIfTI.read(url).volume
    guard volume.shape == shape else {
      throw ReadError(
        path: url.path, field: "dim",
        problem: "is another shape than that of the image",
        advice: "remove the file and run segment --again")
    }
    return volume
  }
}
