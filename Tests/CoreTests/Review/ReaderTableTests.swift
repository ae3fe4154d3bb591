import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("readers.tsv")
struct ReaderTableTests {
  private func table(_ text: String) throws -> ReaderTable {
    try ReaderTable(text, path: "/lib/readers.tsv")
  }

  @Test(
    "Roles by reader; who does not stand there is a reader, and so is everybody without the file")
  func roles() throws {
    let table = try table(
      "\u{FEFF}reader_id\tlogin\tRole\r\nliu\tn/a\tsupervisor\r\n\r\nR1\tjdoe\tGuest\r\nanna\t\tn/a\r\n"
    )
    #expect(table.role(of: "liu") == .supervisor && table.role(of: "R1") == .guest)
    #expect(table.role(of: "anna") == .reader && table.role(of: "nobody") == .reader)
    #expect(table.reader(login: "jdoe") == "R1" && table.reader(login: "anna") == "anna")
    #expect(table.namesSupervisor)
    let folder = try TemporaryFolder()
    let none = try ReaderTable(library: folder.url)
    #expect(none.rows.isEmpty && none.role(of: "liu") == .reader && !none.namesSupervisor)
    #expect(try self.table("\n\n").rows.isEmpty)
  }

  @Test(
    "A damaged table is refused with the line",
    arguments: [
      ("reader_id\trole\nliu\treader\nanna\tboss\n", "line 3", "\"boss\" is no role"),
      ("name\trole\nliu\treader\n", "line 1", "no column reader_id"),
      ("reader_id\trole\n\nn/a\tguest\n", "line 3", "names no reader"),
      ("reader_id\trole\nliu\tguest\nliu\treader\n", "line 3", "guest on line 2"),
      ("login\treader_id\nx\tliu\nx\tanna\n", "line 3", "the login x"),
    ])
  func damaged(text: String, line: String, words: String) throws {
    let error = #expect(throws: (any Error).self) { try table(text) }
    let message = "\(try #require(error))"
    #expect(message.contains("readers.tsv: \(line)") && message.contains(words), "\(message)")
    // What was meant to be refused is not let through.
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    try folder.write(text, to: "readers.tsv")
    #expect(throws: (any Error).self) {
      try library.append(
        ReviewDraft(action: .verdict, segment: .c4c5, verdict: .present), subject: "01",
        reader: "liu")
    }
    #expect(try library.journal("01", reader: "liu").records.isEmpty)
    #expect(
      LibraryVerification.findings(in: library).contains {
        $0.path == "readers.tsv" && $0.severity == .failure
      })
  }

  @Test("Setting a role changes one cell, adds what is missing and keeps the rest")
  func setting() throws {
    let old = "login\treader\tnote\njdoe\tR1\tsince May\nx\tn/a\n"
    let first = ReaderTable.text(old, setting: .guest, of: "R1")
    #expect(first == "login\treader\tnote\trole\njdoe\tR1\tsince May\tguest\nx\tn/a\n")
    let second = ReaderTable.text(first, setting: .teacher, of: "x")
    #expect(second.hasSuffix("x\tn/a\tn/a\tteacher\n"))
    let third = ReaderTable.text(second, setting: .annotator, of: "anna")
    #expect(third.hasSuffix("n/a\tanna\tn/a\tannotator\n"))
    let table = try table(third)
    #expect(table.role(of: "R1") == .guest && table.role(of: "x") == .teacher)
    #expect(table.role(of: "anna") == .annotator)
    #expect(ReaderTable.text("", setting: .reader, of: "a") == "reader_id\trole\na\treader\n")

    let folder = try TemporaryFolder()
    try ReaderTable.set(.supervisor, of: "liu", library: folder.url)
    try ReaderTable.set(.guest, of: "anna", library: folder.url)
    #expect(try ReaderTable(library: folder.url).rows.map(\.role) == [.supervisor, .guest])
    #expect(try LibraryFixture.mode(folder("readers.tsv")) == 0o644)
    #expect(throws: LibraryError.self) {
      try ReaderTable.set(.guest, of: "a/b", library: folder.url)
    }
    try FileManager.default.createSymbolicLink(
      at: folder("other"), withDestinationURL: folder("readers.tsv"))
    try FileManager.default.removeItem(at: folder("readers.tsv"))
    try FileManager.default.moveItem(at: folder("other"), to: folder("readers.tsv"))
    #expect(throws: (any Error).self) {
      try ReaderTable.set(.guest, of: "anna", library: folder.url)
    }
  }

  @Test("A guest's journal takes nothing; an annotator's no verdict and none by redo")
  func enforced() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    func append(_ draft: ReviewDraft) throws {
      _ = try library.append(draft, subject: "01", reader: "anna")
    }
    let verdict = ReviewDraft(action: .verdict, segment: .c4c5, verdict: .present)
    try append(verdict)
    try append(ReviewDraft(action: .undo, reverts: 1))
    try ReaderTable.set(.annotator, of: "anna", library: folder.url)
    for draft in [
      verdict, .grade(1, on: .c4c5), .confidence(2, on: .c4c5),
      ReviewDraft(action: .redo, reverts: 2),
    ] {
      #expect(throws: JournalError.refused(ReaderRole.annotator.refusal(of: .verdict) ?? "")) {
        try append(draft)
      }
    }
    try append(.quality(.fail))
    try append(ReviewDraft(action: .comment, comment: "mask moved"))
    try ReaderTable.set(.guest, of: "anna", library: folder.url)
    for draft in [verdict, .quality(.pass), ReviewDraft(action: .flag)] {
      #expect(throws: JournalError.refused("a guest states nothing: nothing was saved")) {
        try append(draft)
      }
    }
    #expect(try library.journal("01", reader: "anna").records.count == 4)
    try ReaderTable.set(.reader, of: "anna", library: folder.url)
    try append(verdict)
  }

  @Test("Where there is a supervisor, nobody else signs as one")
  func supervising() throws {
    let table = try table("reader_id\trole\nliu\tsupervisor\n")
    #expect(table.refusal(of: .adjudicated, by: "liu") == nil)
    #expect(table.refusal(of: .adjudicated, by: "anna")?.contains("only a supervisor") == true)
    #expect(table.refusal(of: .secondReader, by: "anna") == nil)
    let none = try self.table("reader_id\trole\nliu\treader\n")
    #expect(none.refusal(of: .supervised, by: "anna") == nil)
    #expect(throws: JournalError.self) {
      try table.check(.signOff(.supervised, name: "Anna"), by: "anna") { [] }
    }
  }
}
