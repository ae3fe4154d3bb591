import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("The export of a library")
struct LibraryExportTests {
  /// A library of two studies of which the first is detected, with a verdict of two readers.
  private func library(in folder: TemporaryFolder) throws -> StudyLibrary {
    let library = try LibraryFixture.library(["01", "02"], in: folder)
    try DerivativeWriter(library: folder.url).write(
      LibraryFixture.detection(), maps: LibraryFixture.maps(), of: library.studies[0])
    for reader in ["liu", "wu"] {
      _ = try library.append(
        ReviewDraft(
          action: .verdict, segment: .c4c5, verdict: .absent, reason: "cord outlined wrongly"),
        subject: "01", reader: reader)
    }
    return library
  }

  private func text(_ url: URL) throws -> String { try String(contentsOf: url, encoding: .utf8) }

  @Test("a whole export: a folder per study, table, lists, BIDS description; again over its own")
  func whole() throws {
    let (folder, out) = (try TemporaryFolder(), try TemporaryFolder())
    let library = try library(in: folder)
    let before = try LibraryFixture.snapshot(folder.url)
    for _ in 0..<2 {
      let export = try LibraryExport(of: library, into: out("reports"))
      for study in library.studies { try export.write(study) }
      try export.finish()
    }
    #expect(try LibraryFixture.snapshot(folder.url) == before)
    let files = try LibraryFixture.snapshot(out("reports"))
    for subject in ["01", "02"] {
      for ending in ["txt", "md", "json", "csv", "png"] {
        #expect(files["sub-\(subject)/sub-\(subject)_report.\(ending)"] != nil, "\(ending)")
      }
    }
    #expect(files.keys.allSatisfy { !$0.hasSuffix(".tmp") })
    let page = try text(out("reports/sub-01/sub-01_report.txt"))
    #expect(page.contains("AI call       flagged"))
    for reader in ["liu", "wu"] {
      let part = try #require(page.split(separator: "\n\(reader): ").last)
      #expect(part.prefix(80).contains("1 of 6"), "\(reader)")
    }
    #expect(!page.contains(folder.url.path))
    let bare = try text(out("reports/sub-02/sub-02_report.txt"))
    #expect(bare.contains("AI call       not assessed: no detection yet"))
    let table = try text(out("reports/segments.csv")).split(separator: "\n")
    // Six segments of two readers, and six of a study that nobody has read.
    #expect(table.count == 1 + 12 + 6 && table.first.map(String.init) == SheetCSV.header)
    let failed = try text(out("reports/qc_fail.yml"))
    // Nobody has signed: the complaints are told, and ask for nothing yet.
    #expect(failed.contains("FILES_SEG: []\nFILES_LABEL: []\n"))
    let judged = try text(out("reports/qc_images.yml"))
    #expect(judged.contains("IMAGES_PASS: []\nIMAGES_ARTIFACT: []\n"))
    let flags =
      try JSONSerialization.jsonObject(
        with: Data(contentsOf: out("reports/qc_flags.json"))) as? [String: Any]
    let images = try #require(flags?["images"] as? [[String: Any]])
    #expect(images.map { ($0["faults"] as? [Any])?.count } == [2, 0])
    let description = try text(out("reports/dataset_description.json"))
    #expect(description.contains("\"derivative\"") && description.contains("Cordscope"))
    let picture = try PNG.readRGB(out("reports/sub-01/sub-01_report.png"))
    #expect(picture.columns == SheetFigure.width)
  }

  @Test("known readers have a journal or a row in the table, each once")
  func readers() throws {
    let (folder, unread) = (try TemporaryFolder(), try TemporaryFolder())
    #expect(try LibraryFixture.library(["03"], in: unread).knownReaders().isEmpty)
    let library = try library(in: folder)
    #expect(try library.knownReaders() == ["liu", "wu"])
    try ReaderTable.set(.supervisor, of: "anna", library: folder.url)
    try ReaderTable.set(.annotator, of: "wu", library: folder.url)
    #expect(try library.knownReaders() == ["anna", "liu", "wu"])
  }

  @Test("one reader's export tells nothing of another's verdicts")
  func oneReader() throws {
    let (folder, out) = (try TemporaryFolder(), try TemporaryFolder())
    let library = try library(in: folder)
    let export = try LibraryExport(
      of: library, into: out.url, formats: [.text, .json], reader: "wu")
    try export.write(library.studies[0])
    let names = try FileManager.default.contentsOfDirectory(atPath: out("sub-01").path)
    #expect(
      Set(names) == [
        "sub-01_report.txt", "sub-01_acts.txt", "sub-01_report.json", ".cordscope-export.json",
      ])
    for name in names where name.hasPrefix("sub") {
      let page = try text(out("sub-01/\(name)"))
      #expect(page.contains("wu") && !page.contains("liu"))
    }
    let sheet = library.sheet(of: library.studies[1], reader: "new")
    #expect(sheet.readers.map(\.reader) == ["new"])
    #expect(SheetText.report(sheet).contains("0 of 6 segments stated"))
  }

  @Test("a folder of somebody else is refused and left as it is")
  func foreign() throws {
    let (folder, out) = (try TemporaryFolder(), try TemporaryFolder())
    let library = try library(in: folder)
    try out.write("mine", to: "notes.txt")
    let error = #expect(throws: WriteError.self) {
      try LibraryExport(of: library, into: out.url)
    }
    #expect(error?.problem == "holds files that no export of Cordscope made")
    #expect(try FileManager.default.contentsOfDirectory(atPath: out.url.path) == ["notes.txt"])
    try FileManager.default.createSymbolicLink(
      at: out("link"), withDestinationURL: folder.url)
    #expect(throws: WriteError.self) { try LibraryExport(of: library, into: out("link")) }
    #expect(throws: WriteError.self) { try LibraryExport(of: library, into: out("notes.txt")) }
    // Among the library's own files, also through a link, there is no place; beside its derivatives
    // there is.
    for place in ["new", "sub-01/new", "derivatives/cordscope/new", "derivatives"] {
      #expect(throws: WriteError.self) { try LibraryExport(of: library, into: folder(place)) }
      #expect(throws: WriteError.self) {
        try LibraryExport(of: library, into: out("link/\(place)"))
      }
    }
    _ = try LibraryExport(of: library, into: folder("derivatives/reports"))
  }

  @Test("a report that somebody corrected is not replaced; a file beside it stays")
  func corrected() throws {
    let (folder, out) = (try TemporaryFolder(), try TemporaryFolder())
    let library = try library(in: folder)
    func export() throws {
      try LibraryExport(of: library, into: out.url, formats: [.text, .md]).write(library.studies[0])
    }
    try export()
    try out.write("remark", to: "sub-01/remark.txt")
    try export()
    try out.write("corrected by hand", to: "sub-01/sub-01_report.txt")
    let markdown = try text(out("sub-01/sub-01_report.md"))
    let error = #expect(throws: WriteError.self) { try export() }
    #expect(error?.path.hasSuffix("sub-01_report.txt") == true)
    #expect(try text(out("sub-01/sub-01_report.txt")) == "corrected by hand")
    #expect(try text(out("sub-01/sub-01_report.md")) == markdown)
    #expect(try text(out("sub-01/remark.txt")) == "remark")
  }

  @Test("two exports do not write into one folder at once")
  func busy() throws {
    let (folder, out) = (try TemporaryFolder(), try TemporaryFolder())
    let library = try library(in: folder)
    let first = try LibraryExport(of: library, into: out.url)
    #expect(throws: LibraryError.self) { try LibraryExport(of: library, into: out.url) }
    try first.write(library.studies[1])
  }

  @Test("a damaged detection, a damaged journal and an unusable image are said, never normal")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let library = try library(in: folder)
    let study = library.studies[0]
    let journal = try #require(study.journal(reader: "wu", library: folder.url))
    var bytes = try Data(contentsOf: journal)
    bytes.replaceSubrange(10..<12, with: Data("xx".utf8))
    try (bytes + bytes).write(to: journal)
    let detection = try #require(study.derivative("_detection.json", library: folder.url))
    try Data("{}".utf8).write(to: detection)
    let sheet = try StudyLibrary(opening: folder.url).sheet(of: study)
    #expect(
      sheet.call.word == "not assessed" && sheet.call.reason?.contains("cannot be read") == true)
    #expect(sheet.readers.map { $0.problem == nil } == [true, false])
    #expect(sheet.measurements.reason != nil)
    let text = SheetText.report(sheet)
    #expect(!text.contains("not flagged") && !text.contains(folder.url.path))

    try folder.write("no image", to: "sub-02/anat/sub-02_T2w.nii.gz")
    let broken = library.sheet(of: library.studies[1])
    #expect(broken.call.word == "not assessed")
    #expect(broken.measurements.reason != nil)
  }
}
