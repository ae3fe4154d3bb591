internal import Foundation
internal import Imaging

/// What the anatomy network has to do with a label file, as its sidecar tells wherever it lies: an import
/// or a planted study takes the sidecar's word along.
struct NetworkPart: Equatable {
  /// SHA-256 of the weights that made the labels.
  let weights: String
  /// SHA-256 of the file as the network left it; `nil` where the sidecar is of a version without it.
  let hash: String?
  /// The ``SegmentedStudy/revision`` that made them.
  let revision: Int
  /// Whether a reader has changed the file since.
  let isCorrected: Bool
}

extension LabelFiles.File {
  /// What the anatomy network has to do with the file; `nil` where nothing says that it made it.
  var networkPart: NetworkPart? {
    // A sidecar that cannot be read tells nothing: the file then counts as given by a person.
    guard let sidecar = try? Provenance.read(VersionedLabel(url: url).telling),
      let weights = Self.hexadecimal(sidecar[LibrarySegmentation.weightsKey])
    else { return nil }
    let hash = Self.hexadecimal(sidecar[LibrarySegmentation.hashKey])
    let now = hash == nil ? nil : try? SHA256.hexDigest(ofFile: url)
    return NetworkPart(
      weights: weights, hash: hash, revision: LibrarySegmentation.revision(sidecar),
      isCorrected: hash != nil && now != nil && now != hash)
  }

  /// Whether the anatomy network made the file, and nobody has corrected it since.
  var isFoundByNetwork: Bool { networkPart.map { !$0.isCorrected } ?? false }

  /// A hash, which can hold nobody's name.
  private static func hexadecimal(_ value: Any?) -> String? {
    guard let text = value as? String, HashText.isHash(text, digits: 1...HashText.sha256) else {
      return nil
    }
    return text
  }
}
