import Testing

@testable import Core

@Suite("Hashes as files state them")
struct HashTextTests {
  private static let whole = String(repeating: "0aF9", count: 16)

  @Test("Hexadecimal digits are a hash, in either case", arguments: ["0", "00", "dEadBEEF", whole])
  func accepted(_ text: String) {
    #expect(HashText.isHash(text, digits: 1...HashText.sha256))
    #expect(HashText.isHash(text, digits: 64...64) == (text == Self.whole))
    #expect(CorrectionOrigin.isHash(text) == (text == Self.whole))
  }

  @Test(
    "Nothing else is: names, paths, signs of other scripts, too many digits, none",
    arguments: [
      "", "Meier", "../../etc", "0x00", "ab cd", "ab\n", "-1", "１２", "a\u{301}",
      String(repeating: "/", count: 64), "../" + String(repeating: "a", count: 61),
      // 64 characters of another script, and as many bytes of one.
      String(repeating: "ａ", count: 64), String(repeating: "é", count: 32), whole + "0",
    ])
  func refused(_ text: String) {
    #expect(!HashText.isHash(text, digits: 1...HashText.sha256))
    #expect(!CorrectionOrigin.isHash(text))
  }
}
