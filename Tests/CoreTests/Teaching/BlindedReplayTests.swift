import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("A replay of another reader's reading of a study")
struct BlindedReplayTests {
  @Test("A replay of another's reading shows what is signed, and who has not signed is noted first")
  func blindedReplay() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["zebra01"], in: folder)
    let study = try library.study("zebra01")
    func journal(_ reader: String) throws -> ReviewJournal {
      try library.openJournal(study, reader: reader)
    }
    func state(_ segment: SpinalSegment, _ verdict: Verdict, by reader: String) throws {
      _ = try journal(reader).append(
        ReviewDraft(action: .verdict, segment: segment, verdict: verdict, blind: true))
    }
    func sign(_ reader: String) throws {
      var draft = ReviewDraft.signOff(.reviewed, name: reader)
      draft.blind = true
      _ = try journal(reader).append(draft)
    }
    func shown(to viewer: String, compares: Bool = false) throws -> [ReviewAction] {
      try JournalReplay(
        of: "bob", subject: "zebra01", in: library, for: viewer, compares: compares
      ).journal("1", reader: viewer).records.map(\.action)
    }
    func refusal(to viewer: String, compares: Bool = false) throws -> String {
      do {
        _ = try shown(to: viewer, compares: compares)
        return "shown"
      } catch let error as TeachingError { return error.description }
    }
    try folder.write("reader_id\trole\nanna\tteacher\nben\tteacher\n", to: "readers.tsv")
    try state(.c3c4, .absent, by: "bob")
    // Unsigned it is shown to nobody but himself, and nothing is noted.
    for compares in [false, true] {
      let words = try refusal(to: "anna", compares: compares)
      #expect(words == "bob has not signed: there is nothing to replay yet")
    }
    #expect(try shown(to: "bob") == [.verdict] && journal("anna").glance().isEmpty)
    try sign("bob")
    #expect(try refusal(to: "anna").contains("--compare"))
    #expect(try journal("anna").glance().isEmpty)
    #expect(try shown(to: "anna", compares: true) == [.verdict, .signOff])
    let note = try #require(journal("anna").glance().first)
    #expect(note.action == .compare && note.blind)
    // Once is enough; from then on no reading of her own is signed.
    #expect(try shown(to: "anna") == [.verdict, .signOff])
    #expect(try journal("anna").glance().count == 1)
    try state(.c3c4, .absent, by: "anna")
    for meaning in [SignatureMeaning.reviewed, .secondReader] {
      #expect(throws: JournalError.self) {
        try journal("anna").append(.signOff(meaning, name: "Anna"))
      }
    }
    // Who has begun a reading signs it first, and then needs nothing.
    try state(.c3c4, .present, by: "ben")
    #expect(try refusal(to: "ben", compares: true).contains("sign the study in cordscope review"))
    try sign("ben")
    #expect(try shown(to: "ben") == [.verdict, .signOff])
    #expect(try journal("ben").glance().map(\.action) == [.verdict, .signOff])
    // What was opened again is shown as it was signed.
    _ = try journal("bob").append(ReviewDraft(action: .reopen, comment: "discussed"))
    try state(.c3c4, .present, by: "bob")
    #expect(try shown(to: "ben") == [.verdict, .signOff])
    try sign("bob")
    #expect(try shown(to: "ben").count == 5)
    // Bob opened it again in sight of the AI's result: what Ben states from now on is not blind, and is noted once.
    #expect(try shown(to: "ben").count == 5)
    #expect(try journal("ben").glance().map(\.action) == [.verdict, .signOff, .reveal])
    // Where a supervisor is named, no teacher compares; the supervisor does.
    try ReaderTable.set(.supervisor, of: "sup", library: folder.url)
    try ReaderTable.set(.teacher, of: "eva", library: folder.url)
    let eva = try refusal(to: "eva", compares: true)
    #expect(eva.hasPrefix(StudyAccess.onlySupervisors) && eva.contains("sign the study"))
    #expect(try journal("eva").glance().isEmpty)
    #expect(try shown(to: "sup", compares: true).count == 5)
    let last = try journal("sup").glance()
    // Bob opened it again in sight of the AI's result, which the replay shows from there on.
    #expect(last.map(\.action) == [.compare] && last.map(\.blind) == [false])
  }
}
