import Imaging
import TestSupport
import Testing

/// Names in the character sets of PS3.3 section C.12.1.1.2; expected texts are those of PS3.5 annex H
/// to K and of the test files' own table.
@Suite struct DICOMTextTests {
  static let charsets = "data/pydicom/charset_files"

  @Test(
    .enabled(if: SharedData.has(charsets)),
    arguments: [
      ("chrArab", "قباني^لنزار"), ("chrFren", "Buc^Jérôme"), ("chrFrenMulti", "Buc^Jérôme"),
      ("chrGerm", "Äneas^Rüdiger"), ("chrGreek", "Διονυσιος"),
      ("chrH31", "Yamada^Tarou=山田^太郎=やまだ^たろう"), ("chrH32", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"),
      ("chrHbrw", "שרון^דבורה"), ("chrI2", "Hong^Gildong=洪^吉洞=홍^길동"),
      ("chrJapMulti", "やまだ^たろう"), ("chrJapMultiExplicitIR6", "やまだ^たろう"),
      ("chrKoreanMulti", "김희중"), ("chrRuss", "Люкceмбypг"), ("chrX1", "Wang^XiaoDong=王^小東"),
      ("chrX2", "Wang^XiaoDong=王^小东"),
    ])
  func patientNamesAreDecoded(file: String, name: String) throws {
    let set = try DICOMFile.read(SharedData.url("\(Self.charsets)/\(file).dcm")).dataSet
    #expect(set.personName(.patientName)?.description == name)
    #expect(
      set.personName(.patientName)?.alphabetic == name.split(separator: "=").first.map(String.init))
  }

  @Test(
    .enabled(if: SharedData.has(charsets)),
    arguments: [
      ("chrFrenMulti", "Buc^Jérôme"), ("chrJapMulti", "やまだ^たろう"), ("chrKoreanMulti", "김희중"),
    ])
  func everyValueOfOneElementIsDecoded(file: String, name: String) throws {
    let set = try DICOMFile.read(SharedData.url("\(Self.charsets)/\(file).dcm")).dataSet
    #expect(set.strings(.otherPatientNames) == [name, name])
  }

  @Test(.enabled(if: SharedData.has(charsets)), arguments: ["chrSQEncoding", "chrSQEncoding1"])
  func itemsHaveOrInheritTheirCharacterSets(file: String) throws {
    let set = try DICOMFile.read(SharedData.url("\(Self.charsets)/\(file).dcm")).dataSet
    let item = try #require(set.items(DICOMTag(0x0032, 0x1064)).first)
    #expect(item.personName(.patientName)?.description == "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう")
  }

  static func decode(_ text: [UInt8], _ terms: String...) -> String {
    DICOMCharacterSets(terms: terms).decode(text[...], isName: true)
  }

  @Test func oneByteSets() {
    #expect(Self.decode([0xBF, 0xB6, 0xE6], "ISO_IR 101") == "żść")
    #expect(Self.decode([0xD5, 0xDE], "ISO_IR 109") == "ĠŜ")
    #expect(Self.decode([0xBF, 0xD1], "ISO_IR 110") == "ŋŅ")
    #expect(Self.decode([0xF0, 0xFD, 0xDE], "ISO_IR 148") == "ğıŞ")
    #expect(Self.decode([0xA1, 0xD2, 0xC3], "ISO_IR 166") == "การ")
    #expect(Self.decode([0xA4], "ISO_IR 203") == "€")
    #expect(Self.decode([0xB1, 0x7E], "ISO_IR 13") == "ｱ‾")
  }

  @Test func escapesSwitchBetweenSets() {
    // GB 2312 and Latin-2 inside an ASCII text; "^" and the end of the value bring ASCII back.
    let chinese: [UInt8] = [0x1B, 0x24, 0x29, 0x41, 0xCD, 0xF5, 0x5E, 0x61]
    #expect(Self.decode(chinese, "", "ISO 2022 IR 58") == "王^a")
    let mixed: [UInt8] = [0xE9, 0x1B, 0x2D, 0x42, 0xB1, 0x5E, 0xE9]
    #expect(Self.decode(mixed, "ISO 2022 IR 100", "ISO 2022 IR 101") == "éą^é")
    // JIS X 0212: 丄 is row 16, column 2.
    let rare: [UInt8] = [0x1B, 0x24, 0x28, 0x44, 0x30, 0x22, 0x1B, 0x28, 0x42]
    #expect(Self.decode(rare, "", "ISO 2022 IR 159") == "丄")
    // A backslash inside a two-byte character is no delimiter.
    let backslash: [UInt8] = [0x1B, 0x24, 0x42, 0x3B, 0x5C, 0x1B, 0x28, 0x42, 0x5C, 0x62]
    #expect(Self.decode(backslash, "", "ISO 2022 IR 87") == "施\\b")
  }

  @Test func whatCannotBeDecodedIsSeen() {
    #expect(Self.decode([0x1B, 0x25, 0x7A, 0x61], "", "ISO 2022 IR 87") == "\u{FFFD}%za")
    #expect(Self.decode([0xFF, 0x61], "ISO_IR 192") == "\u{FFFD}a")
    #expect(Self.decode([0xFF, 0x61], "GB18030") == "\u{FFFD}a")
    #expect(Self.decode([0xA1, 0x61], "ISO 2022 IR 6") == "\u{FFFD}a")
    #expect(
      DICOMCharacterSets(terms: ["ISO_IR 9999", "KOI8"]).unknownTerms == ["ISO_IR 9999", "KOI8"])
  }

  @Test func termsAreSpelledLoosely() {
    for term in ["ISO_IR 100", "ISO IR 100", "ISO-IR 100", "ISO 2022 IR 100", "iso_ir 100"] {
      #expect(Self.decode([0xE9], term) == "é")
    }
    #expect(Self.decode(Array("é".utf8), "UTF-8") == "é")
    // Nothing stated: UTF-8 where it is valid, else Latin-1.
    #expect(Self.decode(Array("é".utf8)) == "é")
    #expect(Self.decode([0x4A, 0xE9, 0x72]) == "Jér")
  }

  @Test func namesHaveGroupsAndAreCleaned() {
    let name = DICOMPersonName("Yamada^Tarou^^=山田^太郎=  ")
    #expect(name.alphabetic == "Yamada^Tarou" && name.ideographic == "山田^太郎")
    #expect(name.phonetic.isEmpty && name.description == "Yamada^Tarou=山田^太郎")
    #expect(name.displayed == "Yamada, Tarou")
    #expect(DICOMPersonName("Doe\u{1B}[2J^J\u{202E}x").alphabetic == "Doe·[2J^J·x")
    #expect(DICOMPersonName("^^^^").isEmpty && DICOMPersonName("").displayed == "")
    #expect(DICOMPersonName("=洪^吉洞").displayed == "洪, 吉洞")
  }
}
