/// A person's name in up to three writings (PS3.5 section 6.2, PN).
public struct DICOMPersonName: Hashable, Sendable, CustomStringConvertible {
  /// In Latin letters, or in the only writing given: `Family^Given^Middle^Prefix^Suffix`.
  public let alphabetic: String
  /// In ideographs; empty when not given.
  public let ideographic: String
  /// As it is spoken (kana, hangul); empty when not given.
  public let phonetic: String

  /// Takes a decoded value apart; every part is cleaned of control characters and of padding.
  public init(_ text: String) {
    let groups = text.split(separator: "=", maxSplits: 2, omittingEmptySubsequences: false)
      .map { Self.tidy($0) }
    alphabetic = groups.first ?? ""
    ideographic = groups.count > 1 ? groups[1] : ""
    phonetic = groups.count > 2 ? groups[2] : ""
  }

  /// Whether no writing is given.
  public var isEmpty: Bool { alphabetic.isEmpty && ideographic.isEmpty && phonetic.isEmpty }

  /// The writings joined as in the file, trailing delimiters left out.
  public var description: String {
    var groups = [alphabetic, ideographic, phonetic]
    while groups.count > 1, groups.last?.isEmpty == true { groups.removeLast() }
    return groups.joined(separator: "=")
  }

  /// The family name, then the other parts, as worklists show it: `Yamada, Tarou`.
  public var displayed: String {
    let writing = [alphabetic, ideographic, phonetic].first { !$0.isEmpty } ?? ""
    let parts = writing.split(separator: "^").map(String.init)
    guard let family = parts.first, parts.count > 1 else { return parts.first ?? "" }
    return family + ", " + parts.dropFirst().joined(separator: " ")
  }

  private static func tidy(_ group: some StringProtocol) -> String {
    var scalars = Substring(group).unicodeScalars
    while let last = scalars.last, last == " " || last == "\0" || last == "^" {
      scalars.removeLast()
    }
    while let first = scalars.first, first == " " { scalars.removeFirst() }
    return String(scalars).cleaned(limit: 256)
  }
}
