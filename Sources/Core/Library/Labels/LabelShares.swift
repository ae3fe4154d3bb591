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
  /// The key under which it names the SHA-256 of the probabilities' own file.
  static let ownKey = "ShareSHA256"

  /// Where the probabilities behind a mask of this program lie; `nil` for other names and roles.
  static func url(of mask: LabelFiles.File) -> URL? {
    let name = mask.url.lastPathComponent
    guard let ending = mask.role.shareEnding, name.hasSuffix(mask.role.ending + ".nii.gz") else {
      return nil
    }
    let stem = name.dropLast((mask.role.ending + ".nii.gz").count)
    return mask.url.deletingLastPathComponent().appendingPathComponent(stem + ending + ".nii.gz")
  }

  /// Whether a file name is that of a share or of its sidecar.
  static func isShare(_ name: String) -> Bool {
    LabelRole.allCases.compactMap(\.shareEnding).contains {
      name.hasSuffix($0 + ".nii.gz") || name.hasSuffix($0 + ".json")
    }
  }

  /// Takes the probabilities behind a mask away, before it is another; the sidecar first, without which
  /// the file counts for nothing.
  static func remove(behind mask: LabelFiles.File) {
    guard let url = url(of: mask) else { return }
    unlink(Sidecar.url(of: url).path)
    unlink(url.path)
  }

  /// Writes the probabilities behind a mask that is to be written next, so that a mask never waits for
  /// them in vain; takes former ones away where there are none.
  ///
  /// The sidecar comes last: cut off before it, the file is another than the sidecar says and counts for
  /// nothing.
  /// - Parameters:
  ///   - maskHash: SHA-256 of the mask's file.
  ///   - source: the image, as a path in the library.
  /// - Throws: `WriteError`, `ReadError` naming the sidecar.
  static func write(
    _ share: ImageVolume?, behind mask: LabelFiles.File, maskHash: String, source: String
  ) throws {
    guard let share, let url = url(of: mask) else { return remove(behind: mask) }
    let bytes = try GZip.compress(
      try NIfTI.encode(share, as: .uint8, description: Notice.researchUse, path: url.path))
    try AtomicFile.write(bytes, to: url)
    try Provenance.update(
      Sidecar.url(of: url),
      set: [
        "Description": .text("probability of the \(mask.role.rawValue), by the anatomy network"),
        "Sources": .list(["bids:raw:\(source)"]), "SpatialReference": .text("orig"),
        maskKey: .text(maskHash), ownKey: .text(SHA256.hexDigest(of: bytes)),
        "Notice": .text(Notice.researchUse),
      ], appending: .cordscope("segment"))
  }

  /// The probabilities behind a mask; `nil` where there are none, where the mask is another by now, or
  /// where they are not as they were written (`verify` tells).
  ///
  /// - Throws: `ReadError` naming the sidecar that cannot be read.
  static func read(behind mask: LabelFiles.File, shape: SIMD3<Int>) throws -> ImageVolume? {
    guard let url = url(of: mask), let part = mask.networkPart, !part.isCorrected,
      let hash = part.hash, try Provenance.text(maskKey, in: Sidecar.url(of: url)) == hash,
      isWhole(url), let volume = try? NIfTI.read(url).volume, volume.shape == shape
    else { return nil }
    return volume
  }

  /// Whether a share is there as it was written.
  static func isWhole(_ url: URL) -> Bool {
    guard let known = try? Provenance.text(ownKey, in: Sidecar.url(of: url)) else { return false }
    return (try? SHA256.hexDigest(ofFile: url)) == known
  }
}
