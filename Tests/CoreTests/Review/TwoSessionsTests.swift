import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Two sessions of one reader")
struct TwoSessionsTests {
  private let disk = MemoryJournal()

  private func verdict(_ segment: SpinalSegment, _ verdict: Verdict, seen: Int?) -> ReviewDraft {
    ReviewDraft(action: .verdict, segment: segment, verdict: verdict, seen: seen)
  }

  @Test("A verdict on a segment that the other session judged meanwhile is refused")
  func verdicts() throws {
    let a = try ReviewJournal(storage: disk, reader: "anna")
    let b = try ReviewJournal(storage: disk, reader: "anna")
    _ = try a.append(verdict(.c4c5, .present, seen: 0))
    _ = try b.append(verdict(.c4c5, .absent, seen: 1))
    let error = #expect(throws: JournalError.self) {
      try a.append(verdict(.c4c5, .present, seen: 1))
    }
    #expect(error == .overtaken("absent on C4-5"))
    #expect(disk.bytes.count { $0 == 0x0A } == 2)
    // On another segment nothing was overtaken; having seen it, the reader may speak.
    #expect(try a.append(verdict(.c5c6, .present, seen: 1)).seq == 3)
    #expect(try a.append(verdict(.c4c5, .present, seen: 3)).seq == 4)
  }

  @Test("Whose the study is is asked under the journal's lock; who lost it writes nothing")
  func holdUnderLock() throws {
    let journal = try ReviewJournal(storage: disk, reader: "anna")
    _ = try journal.append(verdict(.c4c5, .present, seen: 0))
    let (before, lost) = (disk.bytes, JournalError.refused("the study is open elsewhere"))
    disk.note("lost")
    #expect(throws: lost) {
      try journal.append(verdict(.c5c6, .absent, seen: 1)) {
        disk.note("asked")
        throw lost
      }
    }
    #expect(Array(disk.calls.drop { $0 != "lost" }) == ["lost", "open", "lock", "asked", "close"])
    #expect(disk.bytes == before && journal.contents.records.count == 1)
    disk.note("held")
    let record = try journal.append(verdict(.c5c6, .absent, seen: 1)) { disk.note("asked") }
    #expect(record.seq == 2)
    #expect(
      Array(disk.calls.drop { $0 != "held" }) == [
        "held", "open", "lock", "asked", "write", "sync", "close",
      ])
  }

  @Test("A grade or a confidence for a verdict that the other session changed meanwhile is refused")
  func belonging() throws {
    let a = try ReviewJournal(storage: disk, reader: "anna")
    let b = try ReviewJournal(storage: disk, reader: "anna")
    func late(_ draft: ReviewDraft, _ seen: Int) -> ReviewDraft {
      var draft = draft
      draft.seen = seen
      return draft
    }
    let belonging: [ReviewDraft] = [.grade(2, on: .c4c5), .confidence(3, on: .c4c5)]
    _ = try a.append(verdict(.c4c5, .present, seen: 0))
    _ = try b.append(verdict(.c4c5, .absent, seen: 1))
    for draft in belonging {
      #expect(throws: JournalError.overtaken("absent on C4-5")) { try a.append(late(draft, 1)) }
    }
    // What is said of the picture, or of another segment, goes with no verdict there.
    #expect(try a.append(late(.difficulty(.hard, on: .c4c5), 1)).seq == 3)
    #expect(try a.append(late(.confidence(3, on: .c5c6), 1)).seq == 4)
    // Having seen it, the reader may speak; of verdicts taken over the same holds.
    #expect(try a.append(late(.confidence(1, on: .c4c5), 4)).seq == 5)
    #expect(ReviewState(a.contents.records).confidence(.c4c5) == 1)
    _ = try b.append(ReviewDraft(action: .compare))
    _ = try b.append(.adopt([StatedVerdict(.c4c5, .present)], of: ["liu", "wu"]))
    for draft in belonging {
      #expect(throws: JournalError.self) { try a.append(late(draft, 5)) }
      #expect(try a.append(late(draft, 100)).action == draft.action)
    }
  }

  @Test("Undo and redo are refused when anything was stated meanwhile; remarks never are")
  func others() throws {
    let a = try ReviewJournal(storage: disk, reader: "anna")
    let b = try ReviewJournal(storage: disk, reader: "anna")
    _ = try a.append(verdict(.c4c5, .present, seen: 0))
    _ = try b.append(ReviewDraft(action: .comment, comment: "faint", seen: 1))
    _ = try b.append(verdict(.c2c3, .present, seen: 2))
    #expect(throws: JournalError.overtaken("present on C2-3")) {
      try a.append(ReviewDraft(action: .undo, segment: .c4c5, reverts: 1, seen: 1))
    }
    for draft in [
      ReviewDraft(action: .comment, comment: "second look", seen: 1),
      ReviewDraft(action: .flag, seen: 0),
    ] { _ = try a.append(draft) }
    let undone = try a.append(ReviewDraft(action: .undo, segment: .c2c3, reverts: 3, seen: 5))
    #expect(undone.seq == 6)
    #expect(throws: JournalError.overtaken("took back present on C2-3")) {
      try b.append(ReviewDraft(action: .redo, segment: .c2c3, reverts: 6, seen: 5))
    }
  }
}
