import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Identity")
struct IdentityTests {
  private func patient(_ texts: [DICOMTag: (vr: String, text: String)]) throws -> DICOMPatient {
    let folder = try TemporaryFolder()
    var writer = TinyDICOMSeries()
    writer.texts = texts
    let files = try writer.write(TinyStudy.sagittal(seed: 1, slices: 1), to: folder.url)
    return try #require(DICOMScan(files: files).series.first).patient
  }

  @Test("Descriptions keep known words only, and never words of the patient")
  func descriptions() throws {
    let filter = IdentityFilter(
      try patient([.patientName: ("PN", "Müller-Long^Sag"), .patientID: ("LO", "A123")]))
    let cases: [(String, String?)] = [
      ("t2_tse_sag_p2_320 HWS", "t2 tse p2 320 hws"),
      ("MULLER t2 long", "t2"), ("Dr. Smith asked for t1", "t1"), ("20240229 axial", "axial"),
      ("A123", nil), ("", nil), ("\u{1B}]0;x\u{7}stir", "0 stir"),
      ("C-Spine T2 TSE 3D", "c spine t2 tse 3d"),
    ]
    for (text, kept) in cases { #expect(filter.description(text) == kept, "\(text)") }
    #expect(filter.description(nil) == nil)
    #expect(filter.device("SIEMENS Muller") == "SIEMENS")
    #expect(filter.codes(["ORIGINAL", "MULLER", "a b", "M_SE", ""]) == ["ORIGINAL", "M_SE"])
  }

  @Test("A name in ISO 2022 Japanese is known in all its writings")
  func japanese() throws {
    let filter = IdentityFilter(
      try patient([
        .specificCharacterSet: ("CS", "\\ISO 2022 IR 87"),
        .patientName: (
          "PN",
          "Yamada^Tarou=\u{1B}$B;3ED\u{1B}(B^\u{1B}$BB@O:\u{1B}(B=\u{1B}$B$d$^$@\u{1B}(B^"
            + "\u{1B}$B$?$m$&\u{1B}(B"
        ),
      ]))
    #expect(filter.sentence("the 山田 T2 of yamada やまだ is") == "the T2 of is")
  }

  @Test("HMAC-SHA256 as RFC 4231 has it, test case 2")
  func hmac() {
    let digest = PrivateRegister.hmac(
      Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
    let expected: [UInt8] = [
      0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75,
      0xc7, 0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec,
      0x38, 0x43,
    ]
    #expect(digest == expected)
  }

  @Test("Key and table are for their owner only; a lost key and a link are errors, not a new start")
  func register() throws {
    let folder = try TemporaryFolder()
    var register = try PrivateRegister(library: folder.url)
    let row = PrivateRegister.Row(
      subject: register.newPseudonym(), patientKey: register.hash("a"), studyKey: register.hash("b")
    )
    try register.enter(row)
    let place = PrivateRegister.folder(library: folder.url)
    #expect(try LibraryFixture.mode(place).map { $0 & 0o777 } == 0o700)
    for name in ["key", "pseudonyms.tsv"] {
      #expect(try LibraryFixture.mode(place.appendingPathComponent(name)) == 0o600)
      chmod(place.appendingPathComponent(name).path, 0o644)
    }
    let again = try PrivateRegister(library: folder.url)
    #expect(
      again.rows == [row] && again.hash("a") == row.patientKey && again.hash("b") != row.patientKey)
    #expect(try LibraryFixture.mode(place.appendingPathComponent("pseudonyms.tsv")) == 0o600)
    try FileManager.default.removeItem(at: place.appendingPathComponent("key"))
    #expect(throws: ReadError.self) { try PrivateRegister(library: folder.url) }
    try FileManager.default.removeItem(at: place)
    try FileManager.default.createSymbolicLink(
      at: place, withDestinationURL: folder.url.appendingPathComponent("elsewhere"))
    #expect(throws: LibraryError.self) { try PrivateRegister(library: folder.url) }
  }
}
