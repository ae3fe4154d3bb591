/// Hashes as files state them: texts that may hold anything until they are looked at.
enum HashText {
  /// Whether a text is so many hexadecimal digits and nothing else: it can hold nobody's name then, and no
  /// path.
  ///
  /// - Parameter digits: how many there may be; a whole SHA-256 has ``sha256``.
  static func isHash(_ text: String, digits: ClosedRange<Int>) -> Bool {
    digits.contains(text.utf8.count) && text.allSatisfy { $0.isASCII && $0.isHexDigit }
  }

  /// The digits of a SHA-256.
  static let sha256 = 64
}
