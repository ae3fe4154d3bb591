import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Comments are taken back and restored, and bind no signature")
struct CommentTurnTests {
  private let journal: ReviewJournal

  init() throws { journal = try ReviewJournal(storage: MemoryJournal(), reader: "anna") }

  private var state: ReviewState { ReviewState(journal.contents.records) }

  private func comment(_ words: String, on segment: SpinalSegment? = .c4c5) throws {
    _ = try journal.append(ReviewDraft(action: .comment, segment: segment, comment: words))
  }

  private func verdict(_ verdict: Verdict, on segment: SpinalSegment = .c4c5) throws {
    _ = try journal.append(
      ReviewDraft(action: .verdict, segment: segment, verdict: verdict))
  }

  private func undo() throws {
    _ = try journal.append(try #require(state.undoDraft(blind: false, detectionSHA256: nil)))
  }

  private func redo() throws {
    _ = try journal.append(try #require(state.redoDraft(blind: false, detectionSHA256: nil)))
  }

  @Test("Undo takes back a comment by its name before the act before it, redo restores it")
  func turns() throws {
    try verdict(.present)
    try comment("first")
    try comment("second")
    try comment("of all", on: nil)
    #expect(state.comments(.c4c5) == ["first", "second"] && state.comments(nil) == ["of all"])
    try undo()
    #expect(state.history.last?.text == "took back comment on the study")
    try undo()
    #expect(state.history.last?.text == "took back comment on C4-5")
    #expect(state.comments(.c4c5) == ["first"] && state.comments(nil).isEmpty)
    #expect(state.standing == [.c4c5: .present])
    let gone = state.history.filter { state.isTakenBack($0.record) }
    #expect(gone.map(\.record.seq) == [3, 4])
    try redo()
    #expect(state.history.last?.text == "restored comment on C4-5")
    // Restored, it stands where it was said.
    #expect(state.comments(.c4c5) == ["first", "second"] && state.comments(nil).isEmpty)
    for _ in 0..<3 { try undo() }
    #expect(state.comments(.c4c5).isEmpty && state.standing.isEmpty && state.nextUndo == nil)
    #expect(state.history[2].text == "comment on C4-5: second")
    // Nothing is lost: the words are in the journal for good.
    #expect(journal.contents.records.compactMap(\.comment) == ["first", "second", "of all"])
  }

  @Test("A comment ends the redo of comments and of nothing else, as in journals of before")
  func redoStays() throws {
    try verdict(.present)
    try undo()
    try comment("said meanwhile")
    #expect(state.nextRedo?.verdict == .present)
    try redo()
    #expect(state.standing == [.c4c5: .present] && state.comments(.c4c5) == ["said meanwhile"])
    try undo()
    try undo()
    #expect(state.comments(.c4c5).isEmpty && state.nextRedo?.action == .comment)
    try comment("another")
    #expect(state.nextRedo?.action == .verdict && state.comments(.c4c5) == ["another"])
    try verdict(.absent)
    #expect(state.nextRedo == nil)
  }

  @Test("A journal of a former version reads as it did: verdict, remark, undo of the verdict")
  func formerJournal() {
    let records = [
      SheetCase.record(1, .verdict, .c4c5, .present),
      SheetCase.record(2, .comment, .c4c5, comment: "faint"),
      SheetCase.record(3, .undo, .c4c5, reverts: 1),
      SheetCase.record(4, .comment, .c4c5, comment: "after all"),
      SheetCase.record(5, .redo, .c4c5, reverts: 3),
    ]
    let before = ReviewState(Array(records.prefix(4)))
    #expect(before.standing.isEmpty && before.comments(.c4c5) == ["faint", "after all"])
    #expect(before.nextRedo?.seq == 1)
    let state = ReviewState(records)
    #expect(state.standing == [.c4c5: .present] && state.comments(.c4c5) == ["faint", "after all"])
    #expect(
      state.history.map(\.text) == [
        "present on C4-5", "comment on C4-5: faint", "took back present on C4-5",
        "comment on C4-5: after all", "restored present on C4-5",
      ])
  }

  @Test("A signature is bound to what it was bound to: comments are not among the acts it signs")
  func signature() throws {
    try comment("before")
    try verdict(.absent)
    try comment("after")
    let records = journal.contents.records
    let signed = try journal.append(.signOff(.reviewed, name: "Anna Liu"))
    // As a former version made it: the verdict's line, and the head.
    let expected = SHA256.hexDigest(of: "2 \(records[1].digest)\n\(signed.previous)\n")
    #expect(signed.signature?.state == expected && state.isSigned)
    try comment("told the ward")
    #expect(state.isSigned && state.nextUndo?.comment == "told the ward")
    #expect(state.comments(.c4c5) == ["before", "after", "told the ward"])
    _ = try journal.append(ReviewDraft(action: .reopen, comment: "a slip"))
    try undo()
    #expect(state.comments(.c4c5) == ["before", "after"])
    _ = try journal.append(.signOff(.reviewed, name: "Anna Liu"))
    #expect(state.isSigned && state.standing == [.c4c5: .absent])
  }

  @Test(
    "A comment made after the signature says so, and comes and goes under it; nothing else does")
  func addendum() throws {
    try comment("before")
    try verdict(.absent)
    try comment("gone")
    try undo()
    let signature = try journal.append(.signOff(.reviewed, name: "Anna Liu"))
    // Nothing of what was signed is offered, nor taken where it is named.
    #expect(state.nextUndo == nil && state.nextRedo == nil)
    #expect(state.undoDraft(blind: false, detectionSHA256: nil) == nil)
    #expect(state.redoDraft(blind: false, detectionSHA256: nil) == nil)
    let closed = JournalError.refused("the study is signed: reopen it first")
    for draft in [
      ReviewDraft(action: .undo, reverts: 1), ReviewDraft(action: .undo, reverts: 2),
      ReviewDraft(action: .redo, reverts: 4), ReviewDraft(action: .undo, reverts: 99),
    ] { #expect(throws: closed) { try journal.append(draft) } }
    try comment("told the ward")
    #expect(state.history.last?.text == "comment on C4-5, after signing: told the ward")
    #expect(state.history.first?.text == "comment on C4-5: before")
    let holds = { state.signOff?.seq == signature.seq && !state.isReopened }
    try undo()
    #expect(state.comments(.c4c5) == ["before"] && state.nextUndo == nil && holds())
    let said = state.history[state.history.count - 2]
    #expect(state.told(said) == "comment on C4-5, after signing, taken back")
    try redo()
    #expect(state.comments(.c4c5) == ["before", "told the ward"] && holds())
    try undo()
    #expect(throws: closed) {
      try journal.append(ReviewDraft(action: .undo, segment: .c4c5, reverts: 2))
    }
    #expect(state.standing == [.c4c5: .absent] && holds())
    // A journal that takes back what was signed is opened by that, as it ever was.
    var record = SheetCase.record(journal.contents.records.count + 1, .undo, .c4c5, reverts: 1)
    record.reader = "anna"
    let forced = ReviewState(journal.contents.records + [record])
    #expect(!forced.isSigned && forced.isReopened)
  }

  @Test("Reports tell a comment made after the signature, and when, from what was signed")
  func addendumInReports() throws {
    let before = [
      SheetCase.record(1, .verdict, .c4c5, .present),
      SheetCase.record(2, .comment, .c4c5, comment: "thin"),
    ]
    let signed = SheetCase.signed(before).review.history.map(\.record)
    let late = SheetCase.record(4, .comment, .c4c5, comment: "told the ward")
    let sheet = SheetCase.sheet(readers: [SheetCase.reader(signed + [late])])
    let mark = "told the ward (after signing, 2026-11-20 10:44:07Z)"
    let json = String(decoding: try SheetJSON.data(sheet), as: UTF8.self)
    #expect(SheetCSV.rows(sheet).contains("thin; " + mark))
    for page in [SheetText.report(sheet), SheetMarkdown.report(sheet)] {
      let words = page.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(words.contains("thin; " + mark), "\(page)")
    }
    for acts in [SheetText.acts(sheet), json] {
      #expect(acts.contains("comment on C4-5, after signing: told the ward"))
      #expect(acts.contains("comment on C4-5: thin"))
    }
    // What was signed anew with it is signed.
    let reopened = signed + [late, SheetCase.record(5, .reopen, nil, comment: "slip")]
    let again = SheetCase.signed(reopened)
    #expect(again.review.isSigned && again.review.remarks(.c4c5) == ["thin", "told the ward"])
  }

  @Test("Many long comments on one segment are in the report to their ends")
  func longRemarks() {
    let records = (1...3).map {
      SheetCase.record(
        $0, .comment, .c4c5, comment: String(repeating: "x", count: 60 * $0 * 20) + " end\($0)")
    }
    let sheet = SheetCase.sheet(readers: [SheetCase.reader(records)])
    for text in [SheetText.report(sheet), SheetMarkdown.report(sheet)] {
      for end in ["end1", "end2", "end3"] { #expect(text.contains(end), "\(end)") }
    }
  }

  @Test("The longest text that is taken is kept to its last scalar; a longer one is refused")
  func longest() throws {
    let most = ReviewJournal.longestText
    // Two scalars a character.
    let accents = String(repeating: "e\u{301}", count: most / 2)
    try comment(accents)
    #expect(journal.contents.records.last?.comment?.unicodeScalars.count == most)
    #expect(ReviewState(journal.contents.records).comments(.c4c5) == [accents])
    #expect(throws: JournalError.refused("the text is longer than \(most) characters")) {
      try comment(accents + "x")
    }
  }

  @Test("Another session's comment is seen before undo; nothing else waits for it")
  func sessions() throws {
    let disk = MemoryJournal()
    let (a, b) = (
      try ReviewJournal(storage: disk, reader: "anna"),
      try ReviewJournal(storage: disk, reader: "anna")
    )
    _ = try a.append(ReviewDraft(action: .verdict, segment: .c4c5, verdict: .present, seen: 0))
    _ = try b.append(ReviewDraft(action: .comment, segment: .c4c5, comment: "faint", seen: 1))
    #expect(throws: JournalError.overtaken("comment on C4-5: faint")) {
      try a.append(ReviewDraft(action: .undo, segment: .c4c5, reverts: 1, seen: 1))
    }
    _ = try b.append(ReviewDraft(action: .undo, segment: .c4c5, reverts: 2, seen: 2))
    #expect(throws: JournalError.overtaken("took back comment on C4-5")) {
      try a.append(ReviewDraft(action: .undo, segment: .c4c5, reverts: 1, seen: 2))
    }
    let again = ReviewDraft(action: .verdict, segment: .c4c5, verdict: .absent, seen: 1)
    #expect(try a.append(again).seq == 4)
    _ = try b.append(ReviewDraft(action: .comment, comment: "of all", seen: 4))
    var signOff = ReviewDraft.signOff(.reviewed, name: "Anna")
    signOff.seen = 4
    #expect(try a.append(signOff).seq == 6)
  }

  @Test("What was said and taken back is in no report, table or JSON; that it was is")
  func reports() throws {
    let words = "wrong patient"
    let records = [
      SheetCase.record(1, .verdict, .c4c5, .present),
      SheetCase.record(2, .comment, .c4c5, comment: words),
      SheetCase.record(3, .comment, .c4c5, comment: "see T1"),
      SheetCase.record(4, .comment, nil, comment: words),
      SheetCase.record(5, .undo, nil, reverts: 4), SheetCase.record(6, .undo, .c4c5, reverts: 2),
    ]
    let sheet = SheetCase.sheet(readers: [SheetCase.reader(records)])
    let texts = [
      SheetText.report(sheet), SheetMarkdown.report(sheet), SheetCSV.rows(sheet),
      String(decoding: try SheetJSON.data(sheet), as: UTF8.self), SheetText.acts(sheet),
    ]
    for text in texts { #expect(!text.contains(words) && text.contains("see T1"), "\(text)") }
    #expect(texts[4].contains("comment on C4-5, taken back"))
    #expect(texts[4].contains("took back comment on the study"))
    #expect(texts[3].contains("comment on C4-5, taken back"))
    // Without it the study has no row of its own.
    #expect(texts[2].split(separator: "\n").count == 6)
    // Restored, it is there again.
    let restored = records + [SheetCase.record(7, .redo, .c4c5, reverts: 6)]
    let again = SheetText.report(SheetCase.sheet(readers: [SheetCase.reader(restored)]))
    #expect(again.contains("wrong patient; see T1"))
  }
}
