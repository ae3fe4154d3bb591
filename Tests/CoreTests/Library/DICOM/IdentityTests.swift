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

  @Test(
    "People and places around the patient are known too; words of any description are not theirs")
  func around() throws {
    let filter = IdentityFilter(
      try patient([
        DICOMTag(0x0008, 0x0080): ("LO", "St Elsewhere Spine Center"),
        DICOMTag(0x0008, 0x0090): ("PN", "Referrington^Doc"),
        DICOMTag(0x0018, 0x1000): ("LO", "SN448812"), DICOMTag(0x0010, 0x1000): ("LO", "OLD77"),
      ]))
    #expect(filter.device("SIEMENS Elsewhere SN448812 Referrington OLD77") == "SIEMENS")
    #expect(filter.description("t2 spine") == "t2 spine")
    #expect(filter.codes(["M_FFE", "20240229", "X12345", "TE1", "SN448812"]) == ["M_FFE", "TE1"])
  }

  @Test("A reason never quotes a word that only begins like one it knows")
  func quotedBeginnings() throws {
    let folder = try TemporaryFolder()
    var writer = TinyDICOMSeries()
    writer.texts[.seriesDescription] = ("LO", "lumbachinsky t2johnson sag")
    writer.texts[.studyDescription] = ("LO", "none")
    writer.texts[.repetitionTime] = ("DS", "500")
    writer.texts[.echoTime] = ("DS", "10")
    try writer.write(TinyStudy.sagittal(seed: 1), to: folder.url)
    let picking = try SeriesPicking(DICOMScan(files: try DICOMScan.files(at: folder.url)).series)
    let said = ([picking.refusal] + picking.verdicts.flatMap { $0.reasons + $0.flags.map(\.text) })
      .joined(separator: " ")
    #expect(!said.contains("chinsky") && !said.contains("johnson"), "\(said)")
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

  @Test("A damaged table is an error and for verify a failure, never the loss of a line")
  func damagedTable() throws {
    let folder = try TemporaryFolder()
    try TinyStudy.withTraps().write(to: folder("in"))
    let library = folder("LIB")
    var options = ImportOptions()
    options.keepsIdentity = true
    try Importer(library: library).run([folder("in")], options: options)
    let table = PrivateRegister.folder(library: library).appendingPathComponent("pseudonyms.tsv")
    let good = String(decoding: try Data(contentsOf: table), as: UTF8.self)
    let lines = good.split(separator: "\n").map(String.init)
    for bad in [
      "", lines[1] + "\n", lines[0] + "\n" + lines[1].prefix(30) + "\n",
      good + lines[1] + "\n", good.replacing("\t", with: " "),
    ] {
      try Data(bad.utf8).write(to: table)
      #expect(throws: ReadError.self, "\(bad)") { try PrivateRegister(library: library) }
      let found = LibraryVerification.findings(in: try StudyLibrary(opening: library))
      #expect(found.contains { $0.severity == .failure && $0.path.hasSuffix("pseudonyms.tsv") })
      #expect(String(decoding: try Data(contentsOf: table), as: UTF8.self) == bad)
    }
    try Data(good.utf8).write(to: table)
    let again = try Importer(library: library).run([folder("in")])
    #expect(again.first?.outcome.subject?.hasPrefix("P") == true)
    #expect(
      !LibraryVerification.findings(in: try StudyLibrary(opening: library))
        .contains { $0.severity == .failure })
    try FileManager.default.removeItem(
      at: table.deletingLastPathComponent().appendingPathComponent("key"))
    let found = LibraryVerification.findings(in: try StudyLibrary(opening: library))
    #expect(found.contains { $0.severity == .failure && $0.path.hasSuffix("private/key") })
  }

  @Test("A name with line ends of Unicode stays on its line")
  func lineEnds() throws {
    let folder = try TemporaryFolder()
    var study = TinyStudy.withTraps()
    study.texts[.patientName] = ("PN", "Zyx\u{2028}well^Quo\u{2029}rra")
    try study.write(to: folder("in"))
    var options = ImportOptions()
    options.keepsIdentity = true
    let library = folder("LIB")
    try Importer(library: library).run([folder("in")], options: options)
    #expect(
      try PrivateRegister(library: library).rows.map { $0.identity["name"] } == ["Zyx well^Quo rra"]
    )
  }

  @Test("Imports at the same time give a patient one pseudonym, and each study one place")
  func atTheSameTime() throws {
    let folder = try TemporaryFolder()
    var study = TinyStudy()
    study.series[1] = .init(TinyStudy.sagittal(seed: 1), "t2_tse_sag HWS", te: 98, tr: 3500)
    for number in 0..<6 {
      study.texts[.studyInstanceUID] = ("UI", "1.2.840.4711.\(number / 2)")
      study.texts[.patientID] = ("LO", number < 4 ? "PID1" : "PID2")
      try study.write(to: folder("in/\(number)"))
    }
    let library = folder("LIB")
    DispatchQueue.concurrentPerform(iterations: 6) { number in
      _ = try? Importer(library: library).run([folder("in/\(number)")])
    }
    let rows = try PrivateRegister(library: library).rows
    #expect(rows.count == 3 && Set(rows.map(\.subject)).count == 2)
    #expect(Set(rows.map(\.studyKey)).count == 3)
    let opened = try StudyLibrary(opening: library)
    #expect(opened.studies.count == 3 && opened.studies.allSatisfy { $0.problem == nil })
    #expect(!LibraryVerification.findings(in: opened).contains { $0.severity == .failure })
  }
}
