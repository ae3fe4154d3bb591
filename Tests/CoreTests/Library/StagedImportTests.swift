import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Imports that fail leave nothing")
struct StagedImportTests {
  private func write(_ name: String, seed: UInt64, in folder: TemporaryFolder) throws -> URL {
    let image = LibraryFixture.image(seed: seed)
    let url = folder("\(name)_T2w.nii.gz")
    try NIfTI.write(image, to: url)
    try NIfTI.write(
      LibraryFixture.cord(like: image), to: folder("\(name)_T2w_label-SC_seg.nii.gz"))
    return url
  }

  private func outcome(_ url: URL, _ library: URL) throws -> ImportItem.Outcome? {
    try Importer(library: library).run([url]).first?.outcome
  }

  @Test("A failure after the files were moved takes them back")
  func takenBack() throws {
    let folder = try TemporaryFolder()
    let library = folder("LIB")
    let first = try write("a", seed: 1, in: folder)
    #expect(try outcome(first, library) == .imported(subject: "a"))
    let row = library.appendingPathComponent("participants.tsv")
    try FileManager.default.removeItem(at: row)
    // Nothing can be entered into a folder: the last step of the import fails.
    try FileManager.default.createDirectory(at: row, withIntermediateDirectories: true)
    let before = try FileManager.default.subpathsOfDirectory(atPath: library.path).sorted()
    guard case .refused(let why)? = try outcome(try write("b", seed: 2, in: folder), library) else {
      Issue.record("imported without a row")
      return
    }
    #expect(why.contains("participants.tsv"))
    #expect(try FileManager.default.subpathsOfDirectory(atPath: library.path).sorted() == before)
  }

  @Test("What a killed import left is removed by the next; subjects are kept apart from old labels")
  func leftovers() throws {
    let folder = try TemporaryFolder()
    let library = folder("LIB")
    try folder.write("x", to: "LIB/.cordscope-import-1-A.tmp/sub-a/anat/sub-a_T2w.json")
    try folder.write("x", to: "LIB/derivatives/labels/sub-a/anat/sub-a_T2w_label-SC_seg.nii.gz")
    #expect(
      try outcome(try write("a", seed: 1, in: folder), library) == .imported(subject: "ax2"))
    let names = try FileManager.default.contentsOfDirectory(atPath: library.path)
    #expect(!names.contains { $0.hasPrefix(".cordscope-import") })
    let opened = try StudyLibrary(opening: library)
    #expect(try opened.load(try opened.study("ax2")).labels.cord != nil)
  }

  @Test("A refused image makes no library; a place where none can be is an error")
  func noLibrary() throws {
    let folder = try TemporaryFolder()
    try folder.write("junk", to: "junk_T2w.nii.gz")
    guard case .refused? = try outcome(folder("junk_T2w.nii.gz"), folder("LIB")) else {
      Issue.record("junk was imported")
      return
    }
    #expect(!FileManager.default.fileExists(atPath: folder("LIB").path))
    let good = try write("a", seed: 1, in: folder)
    try folder.write("", to: "file")
    #expect(throws: LibraryError.self) { try outcome(good, folder("file")) }
    // A file where a parent should be.
    #expect(throws: LibraryError.self) { try outcome(good, folder("file/LIB")) }
    #expect(throws: LibraryError.self) {
      try outcome(good, URL(fileURLWithPath: "/proc/cordscope-test/LIB"))
    }
  }

  @Test("Folders that cannot be made end in an error, whatever the path", .timeLimit(.minutes(30)))
  func folders() throws {
    for path in ["/proc/cordscope-test", "/proc/cordscope-test/a/b", "/dev/null/a"] {
      #expect(throws: LibraryError.self) { try SharedFolder.make(URL(fileURLWithPath: path)) }
    }
    let folder = try TemporaryFolder()
    try SharedFolder.make(folder("a/b/c"))
    try SharedFolder.make(folder("a/b/c"))
    #expect(try LibraryFixture.mode(folder("a/b")) == 0o2770)
  }
}
