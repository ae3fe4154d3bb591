import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Who sees as a case's truth what others signed has it noted")
struct SeenReadingsTests {
  /// A library of one study without truth, which bob and max signed, and its session.
  private struct Class {
    let folder: TemporaryFolder
    let library: StudyLibrary
    let session: TeachingSession

    init() throws {
      folder = try TemporaryFolder()
      library = try LibraryFixture.library(["zebra01"], in: folder)
      let study = try library.study("zebra01")
      for reader in ["bob", "max"] {
        let journal = try library.openJournal(study, reader: reader)
        _ = try journal.append(ReviewDraft(action: .verdict, segment: .c4c5, verdict: .present))
        _ = try journal.append(.signOff(.reviewed, name: reader))
      }
      try folder.write(
        "reader_id\trole\nanna\tteacher\neva\tteacher\ngil\tguest\nann\tannotator\n",
        to: "readers.tsv")
      session = try TeachingSession(
        making: "monday", of: [study], in: library, by: "anna", usesReadings: true)
    }

    func room(_ reader: String, _ role: TeachingRole = .learner) throws -> TeachingSource {
      try TeachingSource(session, in: library, role: role, reader: reader)
    }

    /// What a reader's own journal of the study says.
    func noted(_ reader: String) throws -> [ReviewRecord] {
      try library.openJournal(library.study("zebra01"), reader: reader).glance()
    }

    func reveal(to reader: String, _ role: TeachingRole = .learner) throws {
      _ = try room(reader, role).append(
        ReviewDraft(action: .reveal), subject: "1", reader: reader)
    }
  }

  @Test("The reveal is noted once, and no reading of the own is signed after it")
  func reveals() throws {
    let lesson = try Class()
    let room = try lesson.room("liu")
    #expect(try room.truth(of: "1")?.source == .readings(2))
    #expect(try room.notesReveal(of: "1", reader: "liu"))
    try room.opened("1", reader: "liu")
    _ = try room.append(
      ReviewDraft(action: .verdict, segment: .c4c5, verdict: .absent), subject: "1",
      reader: "liu")
    #expect(try lesson.noted("liu").isEmpty)
    try lesson.reveal(to: "liu")
    let note = try #require(lesson.noted("liu").first)
    // The study is not detected: nothing of the AI was seen.
    #expect(note.action == .compare && note.blind)
    try lesson.reveal(to: "liu")
    try room.opened("1", reader: "liu")
    #expect(try lesson.noted("liu").count == 1)
    #expect(try !room.notesReveal(of: "1", reader: "liu"))
    let journal = try lesson.library.openJournal(lesson.library.study("zebra01"), reader: "liu")
    _ = try journal.append(ReviewDraft(action: .verdict, segment: .c4c5, verdict: .absent))
    #expect(throws: JournalError.self) { try journal.append(.signOff(.reviewed, name: "Liu")) }
    // Nor is what is signed so counted as a reading.
    _ = try journal.append(.signOff(.adjudicated, name: "Liu"))
    #expect(try SignedReading(journal.glance(), reader: "liu") == nil)
  }

  @Test("A teacher's reveal is noted as a learner's; who signed, guests and annotators are not")
  func others() throws {
    let lesson = try Class()
    try lesson.room("anna", .presenter).opened("1", reader: "anna")
    #expect(try lesson.noted("anna").isEmpty)
    try lesson.reveal(to: "anna", .presenter)
    #expect(try lesson.noted("anna").map(\.action) == [.compare])
    let bob = try lesson.noted("bob")
    try lesson.reveal(to: "bob")
    #expect(try lesson.noted("bob") == bob)
    try lesson.reveal(to: "ann")
    #expect(try lesson.noted("ann").isEmpty)
    #expect(try !lesson.room("gil").notesReveal(of: "1", reader: "gil"))
    // The library's own truth is nobody's reading.
    try lesson.folder.write(
      #"{"class": "focal", "lesion": true, "segments": ["C4-5"]}"#,
      to: "derivatives/truth/sub-zebra01/anat/sub-zebra01_truth.json")
    try lesson.reveal(to: "zoe")
    #expect(try lesson.noted("zoe").isEmpty)
  }

  @Test("A truth that a former version showed is noted when the case is opened")
  func former() throws {
    let lesson = try Class()
    let file = lesson.session.folder(library: lesson.folder.url)
      .appendingPathComponent("learner-liu_case-1.jsonl")
    let journal = lesson.library.cache.journal(file, reader: "liu")
    _ = try journal.append(ReviewDraft(action: .reveal))
    try lesson.room("liu").opened("1", reader: "liu")
    #expect(try lesson.noted("liu").map(\.action) == [.compare])
  }

  @Test("What cannot be noted is not shown, and the study is not named")
  func unwritable() throws {
    let lesson = try Class()
    let study = try lesson.library.study("zebra01")
    let url = try #require(study.journal(reader: "zoe", library: lesson.folder.url))
    try Data("{}\n{}\n".utf8).write(to: url)
    do {
      try lesson.reveal(to: "zoe")
      Issue.record("it was shown")
    } catch let error as TeachingError {
      #expect(error.description.hasPrefix("case 1 cannot be used: "))
      #expect(!error.description.contains("zebra01"))
    }
    #expect(try lesson.room("zoe").journal("1", reader: "zoe").records.isEmpty)
  }

  @Test("Others' scores leave a case out that the teacher has not seen, or note that he has")
  func scores() throws {
    let lesson = try Class()
    let learner = try lesson.room("liu")
    _ = try learner.append(
      ReviewDraft(action: .verdict, segment: .c4c5, verdict: .present), subject: "1",
      reader: "liu")
    try lesson.reveal(to: "liu")
    #expect(try learner.scores(reader: "liu").scores.map(\.learner) == ["liu"])
    let teacher = try lesson.room("eva", .presenter)
    let hidden = try teacher.scores(reader: "eva")
    #expect(hidden.scores.isEmpty)
    #expect(hidden.remarks == [TeachingRemarks.uncounted([1])])
    #expect(try lesson.noted("eva").isEmpty)
    let counted = try teacher.scores(reader: "eva", compares: true)
    #expect(counted.scores.map(\.learner) == ["liu"] && counted.remarks.isEmpty)
    #expect(try lesson.noted("eva").map(\.action) == [.compare])
    // From then on it needs no leave; who signed needs none at all.
    #expect(try teacher.scores(reader: "eva") == counted)
    try ReaderTable.set(.teacher, of: "bob", library: lesson.folder.url)
    #expect(try lesson.room("bob", .presenter).scores(reader: "bob") == counted)
  }

  @Test("A replay of a case with such a truth is refused, or noted")
  func replays() throws {
    let lesson = try Class()
    try lesson.reveal(to: "liu")
    func replay(_ viewer: String, compares: Bool = false) throws -> JournalReplay {
      try JournalReplay(
        of: "liu", case: 1, of: lesson.session, in: lesson.library, for: viewer,
        compares: compares)
    }
    do {
      _ = try replay("eva")
      Issue.record("it was shown")
    } catch let error as TeachingError {
      #expect(error.description.contains("look now with --compare"))
    }
    // Who may not look at all is not noted, either.
    #expect(throws: TeachingError.self) { try replay("zoe", compares: true) }
    for reader in ["eva", "zoe"] { #expect(try lesson.noted(reader).isEmpty) }
    #expect(try replay("eva", compares: true).truth(of: "1")?.source == .readings(2))
    #expect(try lesson.noted("eva").map(\.action) == [.compare])
    #expect(try replay("eva").truth(of: "1") != nil && replay("liu").truth(of: "1") != nil)
  }
}
