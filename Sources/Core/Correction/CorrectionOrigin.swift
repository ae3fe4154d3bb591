/// What a correction took the place of, noted with it so that it can be taken back and restored.
///
/// The hashes name files and sidecars that are kept beside the label file; see `VersionedLabel`.
public struct CorrectionOrigin: Codable, Equatable, Sendable {
  /// The label files that the correction began from, as "role SHA-256".
  public var files: [String]
  /// Whether a file had the name of the one written, which stays as a version; else the label of another
  /// place, or none, is used again once the correction is taken back.
  public var isVersionKept: Bool
  /// SHA-256 of that file's sidecar; `nil` where it had none.
  public var sidecar: String?
  /// SHA-256 of the sidecar written.
  public var newSidecar: String
  /// SHA-256 of the boundaries that corrected discs set aside; `nil` where there were none.
  public var boundaries: String?
  /// SHA-256 of their sidecar.
  public var boundariesSidecar: String?

  enum CodingKeys: String, CodingKey {
    case files, sidecar, boundaries
    case isVersionKept = "kept"
    case newSidecar = "new_sidecar"
    case boundariesSidecar = "boundaries_sidecar"
  }

  /// Makes what is noted with a correction.
  public init(
    files: [String], isVersionKept: Bool, sidecar: String?, newSidecar: String,
    boundaries: String? = nil, boundariesSidecar: String? = nil
  ) {
    (self.files, self.isVersionKept) = (files, isVersionKept)
    (self.sidecar, self.newSidecar) = (sidecar, newSidecar)
    (self.boundaries, self.boundariesSidecar) = (boundaries, boundariesSidecar)
  }

  /// Whether all that file names are made of is hashes: a journal is a file, too, and may hold anything.
  var namesHashesOnly: Bool {
    [sidecar, newSidecar, boundaries, boundariesSidecar].compactMap(\.self)
      .allSatisfy(Self.isHash)
  }

  /// Whether a text is a SHA-256 in hexadecimal digits.
  static func isHash(_ text: String) -> Bool {
    HashText.isHash(text, digits: HashText.sha256...HashText.sha256)
  }
}
