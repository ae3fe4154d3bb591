import Foundation
import Imaging
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

  private func redo() throws {
    _ = try journal.append(try #require(state.redoDraft(blind: false, detectionSHA256: nil)))
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
    // Redo has ended for all else: the finding comes back as the one that it was.
    #expect(state.nextRedo == nil)
    try restore(2)
    #expect(findings == ["a", "b", "c"] && state.findings.map(\.seq) == [1, 2, 3])
    #expect(journal.contents.records.last?.action == .redo)
    #expect(state.history.last?.text == "restored the finding \"b\"")
    #expect(state.restoreDraft(ofFinding: 2, blind: false, detectionSHA256: nil) == nil)
    #expect(state.restoreDraft(ofFinding: 1, blind: false, detectionSHA256: nil) == nil)
  }

  @Test("A finding taken back, restored after other acts, reworded, and so on, is listed once")
  func oneIdentity() throws {
    func isListed(standing: [String], gone: [String] = []) -> Bool {
      findings == standing && state.findingsTakenBack.compactMap(\.comment) == gone
    }
    try find("a")
    try undo()
    try say(.present)
    try restore(1)
    #expect(isListed(standing: ["a"]))
    try undo()
    #expect(isListed(standing: [], gone: ["a"]))
    // Undo goes on past what was restored; redo brings the verdict back, then the finding.
    try undo()
    #expect(state.standing.isEmpty && isListed(standing: [], gone: ["a"]))
    try redo()
    try redo()
    #expect(state.standing[.c4c5] == .present && isListed(standing: ["a"]))
    try find("a, 3 mm", revising: 1)
    #expect(isListed(standing: ["a, 3 mm"]))
    try takeBack(1)
    try say(.absent)
    #expect(isListed(standing: [], gone: ["a, 3 mm"]))
    try restore(1)
    #expect(isListed(standing: ["a, 3 mm"]))
    // Stated anew at the same place in the same words it is the same finding again.
    try takeBack(1)
    try find("a, 3 mm")
    #expect(isListed(standing: ["a, 3 mm"]))
    try find("b", revising: 14)
    #expect(isListed(standing: ["b"]))
    try takeBack(14)
    #expect(isListed(standing: [], gone: ["b"]))
  }

  @Test("A finding restored out of turn leaves redo as it was, and is not changed once signed")
  func restoredOutOfTurn() throws {
    try find("a")
    try undo()
    try say(.present)
    try undo()
    try restore(1)
    #expect(findings == ["a"] && state.nextRedo?.verdict == .present)
    try redo()
    #expect(state.standing[.c4c5] == .present)
    _ = try journal.append(.signOff(.reviewed, name: "Anna"))
    #expect(state.isSigned)
    let again = state.takeBackDraft(ofFinding: 1, blind: false, detectionSHA256: nil)
    #expect(throws: JournalError.refused("the study is signed: reopen it first")) {
      try journal.append(try #require(again))
    }
  }

  /// Records as former versions wrote them, which restored a finding as a record of its own.
  private func former(_ acts: [(ReviewAction, String?, Int?)]) -> [ReviewRecord] {
    zip(1..., acts).map { seq, act in
      var record = ReviewRecord(
        seq: seq, time: "2026-11-21T12:00:00.062Z", reader: "anna", action: act.0, comment: act.1,
        blind: false, detection: nil, reverts: act.0 == .undo ? act.2 : nil, previous: "",
        digest: "\(seq)")
      if act.0 == .finding {
        (record.place, record.revises) = (ReviewStatementTests.place, act.2)
      }
      if act.0 == .quality { record.quality = .pass }
      return record
    }
  }

  /// Taken back and, after another act, restored twice at once: the record 4, and 5 like it.
  private static let restoredTwice: [(ReviewAction, String?, Int?)] = [
    (.finding, "a", nil), (.undo, nil, 1), (.quality, nil, nil), (.finding, "a", nil),
    (.finding, "a", nil),
  ]

  @Test("A journal of former versions that holds a finding twice shows it once, in all its words")
  func formerDoubles() {
    func doubled(_ more: (ReviewAction, String?, Int?)...) -> ReviewState {
      ReviewState(former(Self.restoredTwice + more))
    }
    var state = doubled()
    #expect(state.findings.map(\.seq) == [4] && state.findingsTakenBack.isEmpty)
    // Other words for it are not said beside the former ones.
    state = doubled((.finding, "b", 4))
    #expect(state.findings.compactMap(\.comment) == ["b"])
    // The one that is not shown is taken back by itself.
    state = doubled((.undo, nil, 5))
    #expect(state.findings.map(\.seq) == [4] && state.findingsTakenBack.isEmpty)
    state = doubled((.undo, nil, 4), (.undo, nil, 5))
    #expect(state.findings.isEmpty && state.findingsTakenBack.map(\.seq) == [5])
    // What was said of each in other words stands: nothing said is lost.
    state = doubled((.finding, "b", 4), (.finding, "c", 5))
    #expect(state.findings.compactMap(\.comment) == ["b", "c"])
  }

  @Test("A finding that a journal holds twice goes and comes back as one, by the record shown")
  func formerDoubleTakenBack() throws {
    func doubled(_ more: (ReviewAction, String?, Int?)...) -> ReviewState {
      ReviewState(former(Self.restoredTwice + more))
    }
    var state = doubled((.undo, nil, 4))
    #expect(state.findings.isEmpty && state.findingsTakenBack.map(\.seq) == [4])
    // The record that went along is nothing to take back by itself, and not to be reworded.
    #expect(state.nextUndo?.action == .quality)
    #expect(state.takeBackDraft(ofFinding: 5, blind: false, detectionSHA256: nil) == nil)
    let draft = try #require(state.restoreDraft(ofFinding: 4, blind: false, detectionSHA256: nil))
    var redo = former(Self.restoredTwice + [(.undo, nil, 4), (.redo, nil, nil)])
    redo[6].reverts = draft.reverts
    #expect(draft.reverts == 6)
    state = ReviewState(redo)
    #expect(state.findings.map(\.seq) == [4] && state.findingsTakenBack.isEmpty)
    // In other words it goes in these, and the former ones do not come up.
    state = doubled((.finding, "b", 4), (.undo, nil, 4))
    #expect(state.findings.isEmpty && state.findingsTakenBack.compactMap(\.comment) == ["b"])
    // Stated anew it stands by the new record, and goes with that.
    state = doubled((.undo, nil, 4), (.finding, "a", nil))
    #expect(state.findings.map(\.seq) == [7] && state.findingsTakenBack.isEmpty)
    state = doubled((.undo, nil, 4), (.finding, "a", nil), (.undo, nil, 7))
    #expect(state.findings.isEmpty && state.findingsTakenBack.map(\.seq) == [7])
    // What the other record says in words of its own is another finding, and stays.
    state = doubled((.finding, "c", 5), (.undo, nil, 4))
    #expect(state.findings.compactMap(\.comment) == ["c"])
    state = doubled((.undo, nil, 4), (.finding, "c", 5))
    #expect(state.findings.compactMap(\.comment) == ["c"])
    #expect(state.findingsTakenBack.compactMap(\.comment) == ["a"])
  }

  @Test("Of three records alike all go with the first, also where another is taken back after it")
  func formerTriple() {
    let acts = Self.restoredTwice + [(.finding, "a", nil), (.undo, nil, 4)]
    #expect(ReviewState(former(acts)).findings.isEmpty)
    let both = ReviewState(former(acts + [(.undo, nil, 5)]))
    #expect(both.findings.isEmpty && both.findingsTakenBack.map(\.seq) == [5])
  }

  @Test("What a finding of former versions was before it was restored comes back beside it no more")
  func formerGhost() {
    var records = former(Self.restoredTwice)
    records[4].revises = 4
    records[4].comment = "b"
    let state = ReviewState(records)
    #expect(state.findings.compactMap(\.comment) == ["b"] && state.findingsTakenBack.isEmpty)
    #expect(state.restoreDraft(ofFinding: 1, blind: false, detectionSHA256: nil) == nil)
  }

  @Test("What reads otherwise, or lies elsewhere, are two findings")
  func twoFindings() {
    var records = former([(.finding, "a", nil), (.finding, "b", nil)])
    #expect(ReviewState(records).findings.count == 2)
    records[1].comment = "a"
    #expect(ReviewState(records).findings.count == 1)
    records[1].place?.row += 1
    #expect(ReviewState(records).findings.count == 2)
  }

  @Test("What a signature of former versions is bound to is as it was, also with a finding twice")
  func formerSignature() {
    let records = former(Self.restoredTwice)
    let bound = SHA256.hexDigest(of: "3 3\n4 4\n5 5\nhead\n")
    #expect(ReviewState(records).digest(head: "head") == bound)
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

  @Test("A verdict taken back from below its confidence takes it along: it is no other verdict's")
  func confidenceAlone() throws {
    try say(.present)
    _ = try journal.append(.confidence(3, on: .c4c5))
    // As another program may: this one takes back the latest act first.
    _ = try journal.append(ReviewDraft(action: .undo, segment: .c4c5, reverts: 1))
    #expect(state.standing.isEmpty && state.confidence(.c4c5) == nil)
    try redo()
    #expect(state.confidence(.c4c5) == 3)
    _ = try journal.append(ReviewDraft(action: .undo, segment: .c4c5, reverts: 1))
    try say(.absent)
    #expect(state.confidence(.c4c5) == nil)
    try say(.present)
    #expect(state.confidence(.c4c5) == 3)
  }

  @Test("Whose mind changes twice has grade and confidence of the verdict that stands only")
  func mindChangedTwice() throws {
    try say(.present)
    for draft: ReviewDraft in [
      .grade(2, on: .c4c5), .confidence(3, on: .c4c5), .difficulty(.hard, on: .c4c5),
    ] { _ = try journal.append(draft) }
    try say(.absent)
    #expect(state.grade(.c4c5) == nil && state.confidence(.c4c5) == nil)
    // How hard it is to read is said of the picture, whatever is seen on it.
    #expect(state.difficulty(.c4c5) == .hard)
    _ = try journal.append(.confidence(1, on: .c4c5))
    #expect(state.confidence(.c4c5) == 1)
    try say(.present)
    #expect(state.grade(.c4c5) == 2 && state.difficulty(.c4c5) == .hard)
    // The latest confidence was said of absent: the one before it is not dug out again.
    #expect(state.confidence(.c4c5) == nil)
    try say(.absent)
    #expect(state.grade(.c4c5) == nil && state.confidence(.c4c5) == 1)
  }
}
