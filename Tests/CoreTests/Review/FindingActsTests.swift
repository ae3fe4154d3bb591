import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Findings, cleared statements and confidences in the journal")
struct FindingActsTests {
  private let journal: ReviewJournal

  init() throws { journal = try ReviewStatementTests.journal() }

  private var state: ReviewState { ReviewState(journal.contents.records) }
  private var findings: [String] { state.findings.compactMap(\.comment) }

  private func find(_ words: String, revising seq: Int? = nil) throws {
    _ = try journal.append(
      .finding(words, at: ReviewStatementTests.place, revising: seq))
  }

  private func undo() throws {
    _ = try journal.append(try #require(state.undoDraft(blind: false, detectionSHA256: nil)))
  }

  private func takeBack(_ seq: Int) throws {
    let draft = state.takeBackDraft(ofFinding: seq, blind: false, detectionSHA256: nil)
    _ = try journal.append(try #require(draft))
  }

  private func restore(_ seq: Int) throws {
    let draft = state.restoreDraft(ofFinding: seq, blind: false, detectionSHA256: nil)
    _ = try journal.append(try #require(draft))
  }

  private func say(_ verdict: Verdict) throws {
    _ = try journal.append(ReviewDraft(action: .verdict, segment: .c4c5, verdict: verdict))
  }

  @Test("Any finding is taken back by its number and comes back, whatever was done since")
  func takeBackAny() throws {
    for words in ["a", "b", "c"] { try find(words) }
    try say(.present)
    try takeBack(1)
    #expect(findings == ["b", "c"] && state.findingsTakenBack.compactMap(\.comment) == ["a"])
    #expect(state.history.last?.text == "took back the finding \"a\"")
    #expect(state.standing[.c4c5] == .present)
    try restore(1)
    #expect(findings == ["a", "b", "c"] && state.findingsTakenBack.isEmpty)
    try takeBack(2)
    try say(.absent)
    // Redo has ended: it comes back as a finding of its own, at the same place.
    try restore(2)
    #expect(findings == ["a", "c", "b"])
    #expect(state.findings.last?.place == ReviewStatementTests.place)
    #expect(state.takeBackDraft(ofFinding: 2, blind: false, detectionSHA256: nil) == nil)
    #expect(state.restoreDraft(ofFinding: 1, blind: false, detectionSHA256: nil) == nil)
  }

  @Test("Other words stand for the finding, go and come back with it, and are taken back alone")
  func otherWords() throws {
    try find("syrinx")
    try find("mass")
    try find("syrinx, 3 mm", revising: 1)
    #expect(findings == ["syrinx, 3 mm", "mass"] && state.findings.first?.seq == 1)
    try takeBack(1)
    #expect(findings == ["mass"])
    #expect(state.history.last?.text == "took back the finding \"syrinx, 3 mm\"")
    // Words of a finding that is gone are nothing to take back.
    #expect(state.nextUndo?.comment == "mass")
    try restore(1)
    #expect(findings == ["syrinx, 3 mm", "mass"])
    #expect(throws: JournalError.self) { try find("x", revising: 3) }
    #expect(throws: JournalError.self) { try find("x", revising: 7) }
    #expect(throws: JournalError.self) { try find("", revising: 1) }
    // The latest act restored it: that is what is taken back first, then what stands before it.
    try undo()
    #expect(findings == ["mass"])
    try undo()
    #expect(findings.isEmpty)
  }

  @Test("The line of other words has revises, and no other line has; it reads as it was written")
  func line() throws {
    let disk = MemoryJournal()
    let journal = try ReviewStatementTests.journal(disk)
    _ = try journal.append(.finding("a", at: ReviewStatementTests.place))
    _ = try journal.append(.finding("b", at: ReviewStatementTests.place, revising: 1))
    let lines = String(decoding: disk.bytes, as: UTF8.self).split(separator: "\n")
    #expect(!lines[0].contains("revises") && lines[1].contains(",\"revises\":1,"))
    let again = try ReviewStatementTests.journal(disk).contents.records
    #expect(again == journal.contents.records && again.last?.revises == 1)
  }

  @Test("Two sessions: words for a finding that the other has changed or taken back are refused")
  func overtaken() throws {
    try find("a")
    try find("b", revising: 1)
    func late(_ seen: Int) -> ReviewDraft {
      var draft = ReviewDraft.finding("c", at: ReviewStatementTests.place, revising: 1)
      draft.seen = seen
      return draft
    }
    let words = "the new words \"b\" of a finding at slice 5, z -83.5 mm"
    #expect(throws: JournalError.overtaken(words)) {
      try journal.append(late(1))
    }
    _ = try journal.append(late(2))
    #expect(findings == ["c"])
  }

  @Test("What is stated is cleared by an act without a value, which undo takes back")
  func cleared() throws {
    try say(.present)
    let values: [ReviewDraft] = [
      .quality(.fail), .grade(2, on: .c4c5), .confidence(3, on: .c4c5), .difficulty(.hard, on: nil),
    ]
    let clearing: [ReviewDraft] = [
      .quality(nil), .grade(nil, on: .c4c5), .confidence(nil, on: .c4c5), .difficulty(nil, on: nil),
    ]
    for draft in clearing { #expect(throws: JournalError.self) { try journal.append(draft) } }
    for draft in values { _ = try journal.append(draft) }
    for draft in clearing {
      #expect(draft.clears)
      let record = try journal.append(draft)
      #expect(record.clears && state.history.last?.text.contains("cleared") == true)
      #expect(throws: JournalError.self) { try journal.append(draft) }
    }
    #expect(state.quality == nil && state.grade(.c4c5) == nil)
    #expect(state.confidence(.c4c5) == nil && state.difficulty(nil) == nil)
    for _ in clearing { try undo() }
    #expect(state.quality == .fail && state.grade(.c4c5) == 2)
    #expect(state.confidence(.c4c5) == 3 && state.difficulty(nil) == .hard)
  }

  @Test("A confidence stands with the verdict it was given with, and with no other")
  func confidence() throws {
    try say(.present)
    _ = try journal.append(.confidence(3, on: .c4c5))
    #expect(state.confidence(.c4c5) == 3)
    try say(.absent)
    #expect(state.confidence(.c4c5) == nil)
    let act = try #require(state.history.first { $0.record.action == .confidence })
    #expect(state.told(act).hasSuffix("which stands no more: the verdict is another"))
    try undo()
    #expect(state.confidence(.c4c5) == 3 && state.told(act) == act.text)
    try say(.cannotTell)
    #expect(state.confidence(.c4c5) == nil)
    try say(.present)
    #expect(state.confidence(.c4c5) == 3)
    // Said before any verdict it is the first one's.
    _ = try journal.append(.confidence(1, on: .c5c6))
    #expect(state.confidence(.c5c6) == 1)
    let then: [(Verdict, Int?)] = [(.absent, 1), (.present, nil), (.absent, 1)]
    for (verdict, stands) in then {
      _ = try journal.append(ReviewDraft(action: .verdict, segment: .c5c6, verdict: verdict))
      #expect(state.confidence(.c5c6) == stands)
    }
  }
}
