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

  @Test(
    "one that others may write to, or that is a link, is refused by name and never replaced",
    arguments: ReaderFile.allCases)
  func planted(_ file: ReaderFile) throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    _ = try library.changeReaderText(file, reader: "anna") { _ in "[a]\n" }
    let url = folder("derivatives/cordscope/readers/anna.\(file.rawValue).txt")
    func refused() throws {
      for attempt in 0..<2 {
        let error = #expect(throws: ReadError.self) {
          if attempt == 0 { return try library.readerText(file, reader: "anna") }
          return try library.changeReaderText(file, reader: "anna") { _ in "[b]\n" }
        }
        #expect(error?.description.contains("anna.\(file.rawValue).txt") == true)
      }
    }
    for mode in [0o620, 0o602] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
      try refused()
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
    #expect(try library.readerText(file, reader: "anna").text == "[a]\n")
    try FileManager.default.moveItem(at: url, to: folder("elsewhere"))
    try FileManager.default.createSymbolicLink(
      at: url, withDestinationURL: folder("elsewhere"))
    try refused()
    #expect(try String(contentsOf: folder("elsewhere"), encoding: .utf8) == "[a]\n")
  }

  @Test("sessions that change one at once lose nothing of each other")
  func atOnce() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    _ = try library.changeReaderText(.macros, reader: "anna") { _ in "0\n" }
    DispatchQueue.concurrentPerform(iterations: 8) { number in
      // Who is told that another session writes there tries again, as a reader would.
      for _ in 0..<100 {
        let changed = try? library.changeReaderText(.macros, reader: "anna") { kept in
          usleep(5_000)
          return kept.text + "\(number + 1)\n"
        }
        if changed != nil { break }
      }
    }
    let lines = try library.readerText(.macros, reader: "anna").text.split(separator: "\n")
    #expect(Set(lines.compactMap { Int($0) }) == Set(0...8) && lines.count == 9)
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
