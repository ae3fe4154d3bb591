import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("DICOM: copies, and what the library knows")
struct KnownStudyTests: ImportTesting {
  let folder: TemporaryFolder
  let library: URL

  init() throws {
    folder = try TemporaryFolder()
    library = folder("LIB")
  }

  @Test(
    "Two objects of one UID with other pixels: the series is not used, and both files are named")
  func conflict() throws {
    let files = try TinyStudy.withTraps().write(to: folder("in"))
    let first = try #require(files[2]?.first)
    var bytes = [UInt8](try Data(contentsOf: first))
    let copy = folder("in/copy/IM")
    try FileManager.default.createDirectory(
      at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: copy)
    #expect(try Importer.table(of: [folder("in")]).contains("1 file is a copy of another"))
    // The last byte but one is the low one of the last pixel.
    bytes[bytes.count - 2] ^= 1
    try Data(bytes).write(to: copy)
    let items = try run(["in"])
    guard case .refused(let why)? = items.first?.outcome, items.count == 1 else {
      Issue.record("\(items.map(\.text))")
      return
    }
    #expect(why.contains("no series is a sagittal T2"))
    for words in [first.path, copy.path, "the pixels differ", "keep the right one"] {
      #expect(items[0].text.contains(words), "\(words): \(items[0].text)")
    }
    try FileManager.default.removeItem(at: copy)
    _ = try subject(try run(["in"]))
  }

  @Test(
    "A listing says what the library has: nothing before the import, each image by name after it")
  func listing() throws {
    try TinyStudy.withTraps().write(to: folder("in"))
    let before = try Importer.table(of: [folder("in")], library: library)
    #expect(before.contains("files, new"), "\(before)")
    #expect(!FileManager.default.fileExists(atPath: library.path))
    let id = try subject(try run(["in"]))
    let snapshot = try LibraryFixture.snapshot(library)
    let lines = try Importer.table(of: [folder("in")], library: library).split(separator: "\n")
    #expect(lines[0].contains("in the library as \(id)"), "\(lines)")
    #expect(lines.first { $0.hasPrefix("*") }?.contains("as T2w") == true)
    #expect(lines.contains { $0.contains("as acq-ax_T2w") })
    #expect(lines.first { $0.contains("localizer") }?.contains("new") == true)
    #expect(try LibraryFixture.snapshot(library) == snapshot)
  }

  @Test("A wished id holds where only the register's line is left, and is refused where more is")
  func wishedRemnant() throws {
    try TinyStudy.withTraps().write(to: folder("in"))
    let id = try subject(try run(["in"]))
    var options = ImportOptions()
    options.subject = "p1"
    guard case .refused(let why)? = try run(["in"], options).first?.outcome else {
      Issue.record("the wish was passed over")
      return
    }
    #expect(why.contains("subject \(id) in the library already"))
    options.subject = id
    #expect(
      try run(["in"], options).map(\.outcome) == [.alreadyThere(subject: id, labelsAdded: [])])
    try FileManager.default.removeItem(at: library.appendingPathComponent("sub-\(id)"))
    options.subject = "p1"
    // Something of the patient is left.
    let work = "LIB/derivatives/cordscope/sub-\(id)/anat/sub-\(id)_T2w_reader-a_review.jsonl"
    try folder.write("", to: work)
    guard case .refused? = try run(["in"], options).first?.outcome else {
      Issue.record("a reader's work was left behind")
      return
    }
    try FileManager.default.removeItem(
      at: library.appendingPathComponent("derivatives/cordscope/sub-\(id)"))
    #expect(try subject(try run(["in"], options)) == "p1")
    #expect(try PrivateRegister(library: library).rows.map(\.subject) == ["p1"])
    #expect(try run(["in"]).map(\.outcome) == [.alreadyThere(subject: "p1", labelsAdded: [])])
  }

  @Test("Sidecars bear a keyed hash of the series; the plain one of former versions is still read")
  func sourceKey() throws {
    let files = try TinyStudy.withTraps().write(to: folder("in"))
    let id = try subject(try run(["in"]))
    let image = library.appendingPathComponent("sub-\(id)/anat/sub-\(id)_T2w.nii.gz")
    let sidecar = Sidecar.url(of: image)
    let hashes = try #require(files[2]).map { try SHA256.hexDigest(ofFile: $0) }.sorted()
    let plain = SHA256.hexDigest(of: hashes.joined(separator: "\n") + "\n0")
    let sidecars = try LibraryFixture.snapshot(library).filter { $0.key.hasSuffix(".json") }
    #expect(sidecars.values.allSatisfy { !String(decoding: $0, as: UTF8.self).contains(plain) })
    let key = try #require(try Provenance.text(SeriesSidecar.sourceKey, in: sidecar))
    #expect(key.count == 32 && !plain.hasPrefix(key))
    // Other bytes of the same picture: only the hash tells that the series is known.
    let bytes = try GZip.decompress([UInt8](try Data(contentsOf: image)))
    try Data(try GZip.compress(bytes + [0])).write(to: image)
    #expect(try run(["in"])[0].notes.isEmpty)
    func state(_ hash: String) throws {
      try Provenance.update(
        sidecar, set: [Sidecar.sourceHash: .text(hash)], removing: [SeriesSidecar.sourceKey],
        appending: .cordscope("import from DICOM"))
    }
    try state(plain)
    #expect(try run(["in"])[0].notes.isEmpty)
    try state(String(repeating: "0", count: 64))
    #expect(try run(["in"])[0].text.contains("came with other pixels"))
  }
}
