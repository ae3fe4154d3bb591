import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("What a reader may do and see on a study")
struct StudyAccessTests {
  private func state(
    _ verdict: Verdict, by reader: String, in library: StudyLibrary, signed: Bool
  ) throws {
    let journal = try library.openJournal(library.study("01"), reader: reader)
    _ = try journal.append(ReviewDraft(action: .verdict, segment: .c4c5, verdict: verdict))
    if signed { _ = try journal.append(.signOff(.reviewed, name: reader)) }
  }

  @Test("Other readers' verdicts are hidden until one's own signature, and again after reopening")
  func blinded() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    try state(.present, by: "anna", in: library, signed: true)
    try state(.cannotTell, by: "bob", in: library, signed: false)
    #expect(try library.access(to: "01", reader: "liu").others.isEmpty)
    try state(.absent, by: "liu", in: library, signed: false)
    #expect(try library.access(to: "01", reader: "liu").others.isEmpty)
    let journal = try library.openJournal(library.study("01"), reader: "liu")
    _ = try journal.append(.signOff(.secondReader, name: "Liu"))
    // Bob has not signed: what he has stated so far stays his.
    let others = try library.access(to: "01", reader: "liu").others
    #expect(others.map(\.reader) == ["anna"])
    #expect(others.first?.verdict(.c4c5) == .present && others.first?.verdict(.c2c3) == nil)
    #expect(others.first?.verdict(nil) == nil && others.first?.meaning == .reviewed)
    _ = try journal.append(ReviewDraft(action: .reopen, comment: "slip"))
    #expect(try library.access(to: "01", reader: "liu").others.isEmpty)
  }

  @Test("A journal of another reader that cannot be read is said, not passed over")
  func unreadable() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    try state(.present, by: "liu", in: library, signed: true)
    try folder.write(
      "{}\n{}\n", to: "derivatives/cordscope/sub-01/anat/sub-01_T2w_reader-anna_review.jsonl")
    let others = try library.access(to: "01", reader: "liu").others
    #expect(others.count == 1 && others[0].problem?.contains("reader-anna") == true)
  }

  @Test(
    "The same reader's second session is read-only; another reader's is not, nor a guest's held")
  func holds() throws {
    let folder = try TemporaryFolder()
    let first = try LibraryFixture.library(["01"], in: folder)
    let second = try StudyLibrary(opening: folder.url)
    #expect(try first.access(to: "01", reader: "liu").hold == .mine(recovered: nil))
    let access = try second.access(to: "01", reader: "liu")
    #expect(access.hold.owner?.reader == "liu" && access.hold.owner?.pid == getpid())
    #expect(access.refusal(of: .verdict)?.contains("open elsewhere") == true)
    #expect(access.refusal(of: .comment) != nil)
    #expect(try second.access(to: "01", reader: "anna").hold == .mine(recovered: nil))
    // The library opened again in the same session keeps what it holds.
    #expect(try first.reopened().access(to: "01", reader: "liu").hold == .mine(recovered: nil))
    first.leave()
    #expect(try second.access(to: "01", reader: "liu").refusal(of: .verdict) == nil)
    second.leave()
    try ReaderTable.set(.guest, of: "liu", library: folder.url)
    let guest = try second.access(to: "01", reader: "liu")
    #expect(guest.hold == .free && guest.refusal(of: .comment)?.contains("guest") == true)
    let anat = folder("derivatives/cordscope/sub-01/anat").path
    #expect(try FileManager.default.contentsOfDirectory(atPath: anat).isEmpty)
    #expect(LibraryVerification.findings(in: second).allSatisfy { $0.severity == .note })
  }
}
