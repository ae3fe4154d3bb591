/// The character sets a data set names in Specific Character Set (0008,0005), and texts in them.
///
/// PS3.3 section C.12.1.1.2 and PS3.5 section 6.1: one set for the whole text, or several between
/// which ISO 2022 escape sequences switch. UTF-8, GB18030 and GBK stand alone.
public struct DICOMCharacterSets: Equatable, Sendable {
  /// One set that fills the left (G0, 0x21-0x7E) or right (G1, 0xA1-0xFF) half of the code table.
  enum Half: Equatable, Sendable {
    /// ASCII (ISO-IR 6): left.
    case ascii
    /// JIS X 0201 Roman (ISO-IR 14): left.
    case jisRoman
    /// JIS X 0201 Katakana (ISO-IR 13): right.
    case jisKatakana
    /// A right half of one byte a character, by iconv's name of the whole table.
    case single(String)
    /// JIS X 0208 (ISO-IR 87): left, two bytes.
    case jisX0208
    /// JIS X 0212 (ISO-IR 159): left, two bytes.
    case jisX0212
    /// KS X 1001 (ISO-IR 149): right, two bytes.
    case ksX1001
    /// GB 2312 (ISO-IR 58): right, two bytes.
    case gb2312
  }

  /// How a whole text is decoded.
  private enum Scheme: Equatable, Sendable {
    /// Nothing is stated: ASCII, with what lies beyond it guessed.
    case unstated
    /// One encoding without escapes, by iconv's name.
    case whole(String)
    /// Two halves, which escapes may change.
    case halves(left: Half, right: Half?)
  }

  private let scheme: Scheme
  /// The stated terms that are no character set known here.
  public let unknownTerms: [String]

  /// Nothing stated: the default repertoire.
  public init() {
    scheme = .unstated
    unknownTerms = []
  }

  /// Makes the sets from the values of (0008,0005).
  ///
  /// Spelling is taken loosely: `ISO_IR 100`, `ISO IR 100`, `ISO-IR-100` and `ISO 2022 IR 100` are one.
  public init(terms: [String]) {
    var unknown: [String] = []
    var schemes: [Scheme] = []
    for term in terms {
      if let scheme = Self.scheme(of: term) {
        schemes.append(scheme)
      } else {
        unknown.append(term)
      }
    }
    unknownTerms = unknown
    let first = schemes.first ?? .unstated
    // Later terms announce escapes; with them an unstated first set is ASCII.
    scheme = schemes.count > 1 && first == .unstated ? .halves(left: .ascii, right: nil) : first
  }

  private static func scheme(of term: String) -> Scheme? {
    let upper = term.uppercased()
    if upper.isEmpty { return .unstated }
    if upper.hasPrefix("GB18030") { return .whole("GB18030") }
    if upper.hasPrefix("GBK") { return .whole("GBK") }
    if upper.contains("UTF") { return .whole("UTF-8") }
    guard upper.hasPrefix("ISO") else { return nil }
    let digits = upper.reversed().prefix(while: \.isNumber).reversed()
    switch Int(String(digits)) {
    case 6: return .halves(left: .ascii, right: nil)
    case 13: return .halves(left: .jisRoman, right: .jisKatakana)
    case 192: return .whole("UTF-8")
    case 87, 159: return .halves(left: .ascii, right: nil)
    case 149: return .halves(left: .ascii, right: .ksX1001)
    case 58: return .halves(left: .ascii, right: .gb2312)
    case let number?:
      return singles[number].map { .halves(left: .ascii, right: .single($0)) }
    case nil: return nil
    }
  }

  /// Registration numbers of the one-byte right halves and iconv's names (PS3.3 table C.12-2).
  private static let singles: [Int: String] = [
    100: "ISO-8859-1", 101: "ISO-8859-2", 109: "ISO-8859-3", 110: "ISO-8859-4",
    144: "ISO-8859-5", 127: "ISO-8859-6", 126: "ISO-8859-7", 138: "ISO-8859-8",
    148: "ISO-8859-9", 203: "ISO-8859-15", 166: "TIS-620",
  ]

  /// Escape sequences without their ESC, and the half they put in place (PS3.3 table C.12-3, C.12-4).
  private static let escapes: [(bytes: [UInt8], half: Half)] = {
    let texts: [(String, Half)] = [
      ("(B", .ascii), ("(J", .jisRoman), (")I", .jisKatakana), ("$B", .jisX0208),
      ("$@", .jisX0208), ("$(D", .jisX0212), ("$)C", .ksX1001), ("$)A", .gb2312),
      ("-A", .single("ISO-8859-1")), ("-B", .single("ISO-8859-2")),
      ("-C", .single("ISO-8859-3")), ("-D", .single("ISO-8859-4")),
      ("-L", .single("ISO-8859-5")), ("-G", .single("ISO-8859-6")),
      ("-F", .single("ISO-8859-7")), ("-H", .single("ISO-8859-8")),
      ("-M", .single("ISO-8859-9")), ("-b", .single("ISO-8859-15")), ("-T", .single("TIS-620")),
    ]
    return texts.map { (Array($0.0.utf8), $0.1) }
  }()

  // MARK: - Decoding

  /// The text of bytes; what cannot be decoded becomes U+FFFD.
  ///
  /// Control characters other than the escapes used up are kept: clean the text before display.
  /// - Parameter isName: also "^" and "=" bring back the first sets (PS3.5 section 6.1.2.5.3).
  public func decode(_ bytes: ArraySlice<UInt8>, isName: Bool = false) -> String {
    switch scheme {
    case .unstated:
      // An escape tells that sets were used without being stated.
      if bytes.contains(0x1B) { return switched(bytes, .ascii, nil, isName) }
      if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
      if let text = String(validating: bytes, as: UTF8.self) { return text }
      return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    case .whole("UTF-8"): return String(decoding: bytes, as: UTF8.self)
    case .whole(let name): return CodePage.decode(bytes, from: name)
    case .halves(let left, let right): return switched(bytes, left, right, isName)
    }
  }

  /// Text in which escapes change the halves; delimiters bring the first ones back.
  private func switched(
    _ bytes: ArraySlice<UInt8>, _ firstLeft: Half, _ firstRight: Half?, _ isName: Bool
  ) -> String {
    var result = ""
    var (left, right) = (firstLeft, firstRight)
    var at = bytes.startIndex
    while at < bytes.endIndex {
      let byte = bytes[at]
      if byte == 0x1B {
        let rest = bytes[(at + 1)...]
        guard let escape = Self.escapes.first(where: { rest.starts(with: $0.bytes) }) else {
          result.unicodeScalars.append("\u{FFFD}")
          at += 1
          continue
        }
        if Self.isRight(escape.half) { right = escape.half } else { left = escape.half }
        at += 1 + escape.bytes.count
        continue
      }
      let isTwoByteLeft = left == .jisX0208 || left == .jisX0212
      if byte == 0x20 || byte == 0x7F {
        result.unicodeScalars.append(Unicode.Scalar(byte))
        at += 1
        continue
      }
      if byte < 0x20 || !isTwoByteLeft && Self.isDelimiter(byte, isName) {
        // The right half stays where the text began with none: some writers escape only once.
        (left, right) = (firstLeft, firstRight ?? right)
        result.unicodeScalars.append(Unicode.Scalar(byte))
        at += 1
        continue
      }
      var end = at + 1
      while end < bytes.endIndex, bytes[end] > 0x20, bytes[end] != 0x7F,
        (bytes[end] < 0x80) == (byte < 0x80), isTwoByteLeft || !Self.isDelimiter(bytes[end], isName)
      { end += 1 }
      result += Self.text(bytes[at..<end], byte < 0x80 ? left : right)
      at = end
    }
    return result
  }

  private static func isDelimiter(_ byte: UInt8, _ isName: Bool) -> Bool {
    byte == UInt8(ascii: "\\") || isName && (byte == UInt8(ascii: "^") || byte == UInt8(ascii: "="))
  }

  private static func isRight(_ half: Half) -> Bool {
    switch half {
    case .ascii, .jisRoman, .jisX0208, .jisX0212: false
    case .jisKatakana, .single, .ksX1001, .gb2312: true
    }
  }

  /// A run of bytes of one half.
  private static func text(_ run: ArraySlice<UInt8>, _ half: Half?) -> String {
    switch half {
    case nil: return String(repeating: "\u{FFFD}", count: run.count)
    case .ascii: return String(decoding: run, as: UTF8.self)
    case .jisRoman:
      return String(
        String.UnicodeScalarView(run.map { $0 == 0x7E ? "\u{203E}" : Unicode.Scalar($0) }))
    case .jisKatakana:
      // Half-width forms lie in the same order from U+FF61 on.
      return String(
        String.UnicodeScalarView(
          run.map { byte in
            guard (0xA1...0xDF).contains(byte) else { return "\u{FFFD}" }
            return Unicode.Scalar(0xFF61 + UInt32(byte) - 0xA1) ?? "\u{FFFD}"
          }))
    case .single(let name): return CodePage.decode(run, from: name)
    case .jisX0208: return CodePage.decode(run.map { $0 | 0x80 }[...], from: "EUC-JP")
    case .jisX0212: return CodePage.decode(threeByteForm(run), from: "EUC-JP")
    case .ksX1001: return CodePage.decode(run, from: "EUC-KR")
    case .gb2312: return CodePage.decode(run, from: "EUC-CN")
    }
  }

  /// JIS X 0212 as code set 3 of EUC-JP: 0x8F in front of each pair.
  private static func threeByteForm(_ run: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let bytes = Array(run)
    var result: [UInt8] = []
    for at in stride(from: 0, to: bytes.count, by: 2) {
      result.append(0x8F)
      result.append(contentsOf: bytes[at..<min(at + 2, bytes.count)].map { $0 | 0x80 })
    }
    return result[...]
  }
}
