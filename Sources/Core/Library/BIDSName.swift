/// A file name in the manner of BIDS: `sub-07_acq-sag_T2w.nii.gz`.
public struct BIDSName: Equatable, Sendable {
  /// Keys and values in the order of the name, such as ("sub", "07").
  public let entities: [(key: String, value: String)]
  /// The last word, such as "T2w".
  public let suffix: String
  /// The extension with its dot, such as ".nii.gz".
  public let fileExtension: String
  /// The name without its extension.
  public let stem: String

  /// Reads a file name; `nil` when its words are not `key-value` with one suffix at the end.
  public init?(_ fileName: String) {
    guard let dot = fileName.firstIndex(of: "."), dot > fileName.startIndex else { return nil }
    stem = String(fileName[..<dot])
    fileExtension = String(fileName[dot...])
    var words = stem.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
    suffix = words.removeLast()
    guard !suffix.isEmpty, !suffix.contains("-"), !words.isEmpty else { return nil }
    var entities: [(key: String, value: String)] = []
    for word in words {
      guard let dash = word.firstIndex(of: "-"), dash > word.startIndex else { return nil }
      let value = String(word[word.index(after: dash)...])
      guard !value.isEmpty else { return nil }
      entities.append((String(word[..<dash]), value))
    }
    self.entities = entities
  }

  /// The value of a key, if the name has it.
  public subscript(key: String) -> String? { entities.first { $0.key == key }?.value }

  /// Whether the name is that of a NIfTI image.
  public var isNIfTI: Bool { [".nii", ".nii.gz"].contains(fileExtension) }

  /// Whether two names say the same.
  public static func == (a: BIDSName, b: BIDSName) -> Bool {
    a.stem == b.stem && a.fileExtension == b.fileExtension
  }
}
