import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Import tells nobody who the patient of a NIfTI file is")
struct ImportIdentityTests: ImportTesting {
  let folder: TemporaryFolder
  let library: URL
  private let sidecar = """
    {"PatientName": "Mueller^Hans", "PatientID": "PID481516", "PatientBirthDate": "19501231",
     "InstitutionName": "St Elsewhere Clinic", "AcquisitionTime": "10:11:12", "Comment": "Hans M.",
     "EchoTime": 0.1, "RepetitionTime": 3.5, "Manufacturer": "Mueller Scanners",
     "SeriesDescription": "t2_tse_sag mueller", "ImageType": ["ORIGINAL", "M_SE"]}
    """

  init() throws {
    folder = try TemporaryFolder()
    library = folder("LIB")
  }

  /// All that a library passes on: names, texts, and the headers and extensions of images.
  private func published() throws -> String {
    var text = ""
    for (path, data) in try LibraryFixture.snapshot(library)
    where !path.hasPrefix("derivatives/cordscope/private/") {
      text += path + "\n"
      if path.hasSuffix(".nii.gz") {
        let raw = String(decoding: data.prefix(200), as: UTF8.self)
        text += raw + String(decoding: try GZip.decompress(Array(data)), as: UTF8.self) + "\n"
      } else {
        text += String(decoding: data, as: UTF8.self) + "\n"
      }
    }
    return text.lowercased()
  }

  /// An image whose header, extension, gzip header's place and sidecar hold a patient's name.
  private func writeNamed(_ path: String, seed: UInt64 = 1) throws {
    let bytes = try NIfTI.encode(LibraryFixture.image(seed: seed), description: "Mueller Hans")
    var named = Array(bytes.prefix(348)) + [1, 0, 0, 0] + Array("Mueller^Hans".utf8)
    named += [UInt8](repeating: 0, count: 36) + bytes[352...]
    // The voxels' offset, 400 as a float.
    named.replaceSubrange(108..<112, with: [0, 0, 0xC8, 0x43])
    named.replaceSubrange(228..<235, with: Array("Mueller".utf8))
    try folder.write("", to: path)
    try Data(named).write(to: folder(path))
    let stem = path.split(separator: ".", maxSplits: 1)[0]
    try folder.write(sidecar, to: "\(stem).json")
  }

  private func expectNothing(in text: String) {
    for word in [
      "mueller", "hans", "pid481516", "19501231", "elsewhere", "clinic", "comment", "10:11:12",
    ] {
      #expect(!text.contains(word), "\(word)")
    }
  }

  @Test("names, numbers and dates of file, sidecar and header stay out, the picture comes in whole")
  func plain() throws {
    let name = "Mueller_Hans_19501231_T2w"
    try writeNamed("in/\(name).nii")
    try LibraryFixture.write(
      LibraryFixture.cord(like: LibraryFixture.image()), to: folder("in/\(name)_seg.nii.gz"))
    try folder.write(
      #"{"GeneratedBy": [{"Name": "Manual", "Author": "Mueller"}]}"#, to: "in/\(name)_seg.json")
    let before = try LibraryFixture.snapshot(folder("in"))
    let items = try run(["in/\(name).nii"])
    let id = try subject(items)
    #expect(id.hasPrefix("P") && id.count == 7)
    #expect(items[0].notes.filter { $0 == ImportedStudy.pseudonymNote }.count == 1)
    #expect(items[0].notes.filter { $0 == ImportedStudy.identityNote }.count == 1)
    expectNothing(in: try published())
    #expect(try LibraryFixture.snapshot(folder("in")) == before)
    let opened = try StudyLibrary(opening: library)
    let loaded = try opened.load(opened.studies[0])
    #expect(loaded.volume.voxels == LibraryFixture.image().voxels)
    #expect(loaded.labels.cord != nil)
    let kept = try #require(
      try Provenance.read(library.appendingPathComponent("sub-\(id)/anat/sub-\(id)_T2w.json")))
    #expect(kept["EchoTime"] as? Double == 0.1)
    #expect(kept["SeriesDescription"] as? String == "t2 tse sag")
    #expect(kept["ImageType"] as? [String] == ["ORIGINAL", "M_SE"])
    #expect(kept["Manufacturer"] == nil && kept["SourceSHA256"] != nil)
    #expect(
      try !FileManager.default.contentsOfDirectory(
        atPath: PrivateRegister.folder(library: library).path
      ).contains("pseudonyms.tsv"))
    // The same file is the same subject, and there is nothing to say.
    let again = try run(["in/\(name).nii"])
    #expect(again.map(\.outcome) == [.alreadyThere(subject: id, labelsAdded: [])])
    #expect(again[0].notes == [])
  }

  @Test("what is kept goes into the private part, and nowhere else", arguments: [false, true])
  func kept(isNamed: Bool) throws {
    let path = isNamed ? "in/Mueller_T2w.nii" : "in/case7_T2w.nii"
    try writeNamed(path)
    var options = ImportOptions()
    options.keepsIdentity = true
    let items = try run([path], options)
    let id = try subject(items)
    #expect(isNamed ? id.hasPrefix("P") : id == "case7")
    #expect(!items[0].notes.contains(ImportedStudy.identityNote))
    expectNothing(in: try published())
    let rows = try PrivateRegister(library: library).rows
    #expect(rows.map(\.subject) == [id])
    #expect(
      rows.first?.identity == [
        "name": "Mueller^Hans", "patient_id": "PID481516", "birth_date": "19501231",
      ])
    #expect(
      !LibraryVerification.findings(in: try StudyLibrary(opening: library))
        .contains { $0.severity == .failure })
    // A subject that was taken away and comes back is one line, under its new id.
    try FileManager.default.removeItem(at: folder("LIB/sub-\(id)"))
    options.subject = "back"
    #expect(try run([path], options).map(\.outcome) == [.imported(subject: "back")])
    #expect(try PrivateRegister(library: library).rows.map(\.subject) == ["back"])
  }

  @Test("a name without a sidecar that tells is kept, and one with a date is not")
  func names() throws {
    try LibraryFixture.write(LibraryFixture.image(seed: 1), to: folder("a/p12_T2w.nii.gz"))
    try LibraryFixture.write(LibraryFixture.image(seed: 2), to: folder("b/p12_20240229_T2w.nii.gz"))
    try LibraryFixture.write(LibraryFixture.image(seed: 3), to: folder("c/q-31.12.1950/t2.nii.gz"))
    #expect(try run(["a"]).map(\.outcome) == [.imported(subject: "p12")])
    let named = library.appendingPathComponent("sub-p12/anat/sub-p12_T2w.json")
    #expect(try Provenance.text(Sidecar.sourceName, in: named) == "p12_T2w.nii.gz")
    let items = try run(["b", "c"])
    #expect(items.allSatisfy { $0.outcome.subject?.hasPrefix("P") == true })
    // Said once of an import.
    #expect(items.map { $0.notes.contains(ImportedStudy.pseudonymNote) } == [true, false])
    for word in ["20240229", "31.12.1950", "31121950"] { #expect(try !published().contains(word)) }
    // An id that the user gives holds; the file's name is not kept for that.
    var options = ImportOptions()
    options.subject = "mine"
    try LibraryFixture.write(LibraryFixture.image(seed: 4), to: folder("d/x_19990101_T2w.nii.gz"))
    #expect(try run(["d"], options).map(\.outcome) == [.imported(subject: "mine")])
    #expect(try !published().contains("19990101"))
    // Whoever asks for pseudonyms gets them for every name.
    options = ImportOptions()
    options.pseudonymises = true
    try LibraryFixture.write(LibraryFixture.image(seed: 5), to: folder("e/Zyxwell_T2w.nii.gz"))
    #expect(try subject(run(["e"], options)).hasPrefix("P"))
    #expect(try !published().contains("zyxwell"))
  }

  @Test("subjects of datasets keep their ids, but for those that tell")
  func dataset() throws {
    let source = try TemporaryFolder()
    _ = try LibraryFixture.library(["01", "MuellerHans"], in: source)
    for id in ["01", "MuellerHans"] {
      try source.write(sidecar, to: "sub-\(id)/anat/sub-\(id)_T2w.json")
    }
    let items = try Importer(library: library).run([source.url])
    let ids = items.compactMap(\.outcome.subject)
    #expect(ids.count == 2 && ids.contains("01") && ids.contains { $0.hasPrefix("P") })
    #expect(items.filter { $0.notes.contains(ImportedStudy.identityNote) }.count == 1)
    expectNothing(in: try published())
  }

  @Test("what a sidecar says against a picture is known after its words are gone")
  func flags() throws {
    try LibraryFixture.write(LibraryFixture.image(), to: folder("p_T2w.nii.gz"))
    try folder.write(#"{"SeriesDescription": "T1xyzSag"}"#, to: "p_T2w.json")
    _ = try run(["p_T2w.nii.gz"])
    let opened = try StudyLibrary(opening: library)
    let flags = try opened.load(opened.studies[0]).labels.quality
    #expect(flags.names == ["wrong-contrast"])
    #expect(try !published().contains("xyz"))
  }

  @Test("who made and corrected a mask is kept where names are")
  func makers() throws {
    let image = LibraryFixture.image()
    try LibraryFixture.write(image, to: folder("p_T2w.nii.gz"))
    try LibraryFixture.write(LibraryFixture.cord(like: image), to: folder("p_T2w_seg.nii.gz"))
    try folder.write(
      """
      {"Author": "Dr. Roe", "Corrects": ["cord 00"], "PatientName": "Zyx^W", "Other": "Zyx",
       "GeneratedBy": [{"Name": "SCT: sct_deepseg", "Version": "7.0", "CommandLine": "-i Zyx.nii"},
                       {"Name": "Manual", "Author": "Dr. Roe", "Date": "2026-01-02 03:04:05"}, 5]}
      """, to: "p_T2w_seg.json")
    _ = try run(["p_T2w.nii.gz"])
    let url = folder("LIB/derivatives/labels/sub-p/anat/sub-p_T2w_label-SC_seg.json")
    let kept = try #require(try Provenance.read(url))
    let entries = try #require(kept["GeneratedBy"] as? [[String: String]])
    #expect(entries.count == 3 && entries[0] == ["Name": "SCT: sct_deepseg", "Version": "7.0"])
    #expect(entries[1]["Author"] == "Dr. Roe" && entries[1]["Date"] == "2026-01-02 03:04:05")
    #expect(kept["Author"] as? String == "Dr. Roe" && kept["Corrects"] as? [String] == ["cord 00"])
    #expect(kept["PatientName"] == nil && kept["Other"] == nil)
    #expect(try !published().contains("zyx"))
  }

  @Test("what a mask's sidecar says is cleaned of what the image's says, and a time has no tail")
  func maskTexts() throws {
    let image = LibraryFixture.image()
    try LibraryFixture.write(image, to: folder("p_T2w.nii.gz"))
    try folder.write(#"{"PatientName": "Zyxwell^Abc"}"#, to: "p_T2w.json")
    try LibraryFixture.write(LibraryFixture.cord(like: image), to: folder("p_T2w_seg.nii.gz"))
    try folder.write(
      """
      {"ImageType": ["ORIGINAL", "ZYXWELL"],
       "GeneratedBy": [{"Name": "Manual", "Date": "2026-01-02T03:04:05.678Z Zyxwell"}]}
      """, to: "p_T2w_seg.json")
    _ = try run(["p_T2w.nii.gz"])
    let url = folder("LIB/derivatives/labels/sub-p/anat/sub-p_T2w_label-SC_seg.json")
    let kept = try #require(try Provenance.read(url))
    #expect(kept["ImageType"] as? [String] == ["ORIGINAL"])
    let entries = try #require(kept["GeneratedBy"] as? [[String: String]])
    #expect(entries.first?["Date"] == "2026-01-02T03:04:05.678Z")
    #expect(try !published().contains("zyxwell"))
  }

  @Test("a given id takes the place of every file's name; who made a mask and corrects it stays")
  func givenId() throws {
    var options = ImportOptions()
    options.subject = "mine"
    let image = LibraryFixture.image()
    try LibraryFixture.write(image, to: folder("Zyxwell_T2w.nii.gz"))
    let mask = LibraryFixture.cord(like: image)
    try LibraryFixture.write(mask, to: folder("Zyxwell_T2w_seg.nii.gz"))
    try folder.write(
      """
      {"Author": "Dr. Roe", "GeneratedBy": [
        {"Name": "Zyxwell_seg.nii.gz", "Description": "\(LabelMaker.importNote)"},
        {"Name": "SCT: sct_deepseg", "Version": "7.0"}]}
      """, to: "Zyxwell_T2w_seg.json")
    #expect(try run(["Zyxwell_T2w.nii.gz"], options).map(\.outcome) == [.imported(subject: "mine")])
    #expect(try !published().contains("zyxwell"))
    let url = folder("LIB/derivatives/labels/sub-mine/anat/sub-mine_T2w_label-SC_seg.json")
    #expect(try Provenance.text("Author", in: url) == "Dr. Roe")
    func maker() throws -> String? {
      let opened = try StudyLibrary(opening: library)
      return opened.labelOrigins(of: opened.studies[0]).first { $0.role == .cord }?.maker
    }
    #expect(try maker() == "SCT")
    try Provenance.update(
      url, set: [Sidecar.corrects: .list(["cord 00"])],
      appending: .manual(by: "liu", at: "2026-01-02T03:04:05.678Z", "a dot"))
    #expect(try maker() == "SCT, corrected by a reader")
  }

  @Test("the name that gave way is in the private part, also where a folder bears it")
  func nameKept() throws {
    try LibraryFixture.write(LibraryFixture.image(), to: folder("in/Zyxwell/T2.nii.gz"))
    var options = ImportOptions()
    options.pseudonymises = true
    options.keepsIdentity = true
    let id = try subject(run(["in"], options))
    let rows = try PrivateRegister(library: library).rows
    #expect(rows.map(\.subject) == [id] && rows.first?.identity == ["name": "Zyxwell"])
    #expect(try !published().contains("zyxwell"))
  }

  @Test("a sidecar that is damaged or hostile is none, and the image comes in")
  func damaged() throws {
    for (n, text) in [
      "[1, 2]", "{", #"{"PatientName": {"Alphabetic": ["Zyxwell", 7]}, "PatientID": 12345678}"#,
      #"{"EchoTime": "Zyxwell", "ImageType": {"a": 1}, "SeriesDescription": 5, "QualityFlags": 3}"#,
    ].enumerated() {
      try LibraryFixture.write(
        LibraryFixture.image(seed: UInt64(n + 1)), to: folder("\(n)/case\(n)_T2w.nii.gz"))
      try folder.write(text, to: "\(n)/case\(n)_T2w.json")
      #expect(try run(["\(n)"]).map(\.outcome) == [.imported(subject: "case\(n)")])
    }
    #expect(try !published().contains("zyxwell"))
  }

  @Test(
    "dates in names",
    arguments: [
      ("p_20240229", true), ("31121950", true), ("12311950", true), ("p-1950-12-31_T2w", true),
      ("31.12.1950", true), ("20240229101112", true), ("Hans1950_1_2x", true), ("p_0815", false),
      ("errsm_23", false), ("20241329", false), ("123456789", false), ("t2_3_4", false),
      ("2024_02", false), ("1950--12-31", false), ("18991231", false), ("", false),
    ])
  func dates(name: String, isDate: Bool) {
    #expect(SourceIdentity.holdsDate(name) == isDate)
  }

  @Test("words of the patient in any spelling; placeholders and words of sequences are none")
  func words() {
    let identity = SourceIdentity([
      "PatientName": "Müller^Jörg", "PatientID": "A-4711", "InstitutionName": "Elsewhere",
    ])
    for name in ["Mueller_T2w", "MULLER", "muellerjoerg12", "x_4711", "JÖRG"] {
      #expect(identity.isNamed(by: name), "\(name)")
    }
    for name in ["p12_T2w", "t2_sag", "Elsewhere", "A"] {
      #expect(!identity.isNamed(by: name), "\(name)")
    }
    // Two ideographs are a whole name; two short Latin words are one together, in either order.
    for stated in ["Wang^Wei=王^伟", "王伟"] {
      let wang = SourceIdentity(["PatientName": stated])
      for name in ["王伟_T2w", "王_伟", "t2王伟2024"] { #expect(wang.isNamed(by: name), "\(name)") }
      #expect(!wang.isNamed(by: "王_T2w") && !wang.isNamed(by: "李明_T2w"))
    }
    let short = SourceIdentity(["PatientName": ["Alphabetic": "Wu^Li", "Ideographic": "吴^丽"]])
    for name in ["Wu_Li_T2", "LiWu", "li-wu_t2", "吴丽"] {
      #expect(short.isNamed(by: name), "\(name)")
    }
    #expect(!short.isNamed(by: "li_T2") && !short.isNamed(by: "p12_wu"))
    let nobody = SourceIdentity(["PatientName": "Anonymous T2 sag", "PatientID": "01"])
    #expect(nobody.isStated && !nobody.isNamed(by: "sub-01_T2_sag_anonymous"))
    #expect(!SourceIdentity([:]).isStated && !SourceIdentity(["PatientName": ""]).isStated)
  }
}
