import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("A reader's own texts")
struct ReaderFileTests {
  private struct Refusal: Error {}

  @Test(
    "they lie beside the PINs, one file a reader and kind, the reader's own",
    arguments: ReaderFile.allCases)
  func files(_ file: ReaderFile) throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    #expect(try library.readerText(file, reader: "anna").text.isEmpty)
    let kept = try library.changeReaderText(file, reader: "anna") { $0.text + "[a]\n" }
    let path = "derivatives/cordscope/readers/anna.\(file.rawValue).txt"
    #expect(kept.text == "[a]\n" && kept.path.hasSuffix(path))
    #expect(try library.readerText(file, reader: "anna") == kept)
    #expect(try library.readerText(file, reader: "bert").text.isEmpty)
    let attributes = try FileManager.default.attributesOfItem(atPath: folder(path).path)
    #expect((attributes[.posixPermissions] as? Int) == 0o600)
  }

  @Test("one that is refused, unreadable or too large is never replaced")
  func kept() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    _ = try library.changeReaderText(.macros, reader: "anna") { _ in "[a]\n" }
    #expect(throws: Refusal.self) {
      try library.changeReaderText(.macros, reader: "anna") { _ in throw Refusal() }
    }
    #expect(throws: LibraryError.self) {
      try library.changeReaderText(.macros, reader: "anna") { _ in
        String(repeating: "x", count: ReaderFile.largest + 1)
      }
    }
    #expect(try library.readerText(.macros, reader: "anna").text == "[a]\n")
    let url = folder("derivatives/cordscope/readers/anna.macros.txt")
    try Data([0x5b, 0xff, 0xfe]).write(to: url)
    #expect(throws: ReadError.self) {
      try library.changeReaderText(.macros, reader: "anna") { _ in "" }
    }
    #expect(try Data(contentsOf: url) == Data([0x5b, 0xff, 0xfe]))
  }
}
