import Foundation
import Imaging
import Testing

@testable import Core

@Suite("What was adjudicated is marked as deciding, in every file")
struct FinalResultTests {
  private static func signed(
    _ verdicts: [SpinalSegment: Verdict], _ meaning: SignatureMeaning, _ name: String
  ) -> StudySheet.Reader {
    let stated = verdicts.sorted { $0.key < $1.key }.enumerated().map { index, verdict in
      SheetCase.record(index + 1, .verdict, verdict.key, verdict.value, reader: name)
    }
    var signature = SheetCase.record(stated.count + 1, .signOff, reader: name)
    signature.signature = Signature(
      meaning, name: "Dr \(name.capitalized)", state: ReviewState(stated).digest(head: ""))
    return SheetCase.reader(stated + [signature], name)
  }

  /// Anna and carla differ on C4-5, sup decides.
  private static let readers = [
    signed([.c4c5: .present, .c5c6: .absent], .reviewed, "anna"),
    signed([.c4c5: .absent, .c5c6: .absent], .secondReader, "carla"),
    signed([.c4c5: .present, .c5c6: .cannotTell], .adjudicated, "sup"),
  ]

  private func text(_ sheet: StudySheet) -> String {
    SheetText.report(sheet).split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// The cells of a segment's rows by their heads; no cell but the notice may hold a comma.
  private func rows(_ sheet: StudySheet, _ segment: String) throws -> [[String: String]] {
    let heads = SheetCSV.header.split(separator: ",").map(String.init)
    let rows = SheetCSV.rows(sheet).split(separator: "\n")
      .filter { $0.hasPrefix("01,\(SheetCase.image),\(segment),") }
    return try rows.map { row in
      let cells = row.replacing("\"\(Notice.researchUse)\"", with: "notice")
        .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      try #require(cells.count == heads.count)
      return Dictionary(uniqueKeysWithValues: zip(heads, cells))
    }
  }

  @Test("text, Markdown and figure have it before what led to it")
  func page() {
    let sheet = SheetCase.sheet(readers: Self.readers)
    let words = "FINAL present; anna: present; carla: absent; sup: present (adjudicated)"
    #expect(SheetContent(sheet: sheet).segmentRows[2].last == words)
    #expect(
      text(sheet).contains(
        "FINAL case present: C4-5; cannot tell C5-6 adjudicated by sup, Dr Sup, "
          + "2026-11-20 10:43:07Z AI call"))
    // Where columns of words have no room, the readers' are letters, and what is final is not said twice.
    let lines = SheetText.lines(sheet)
    let head = "segment  AI, score          2nd opinion        FINAL        anna  carla"
    #expect(lines.contains(head), "\(lines)")
    #expect(
      lines.contains("C4-5     flagged 0.041      not flagged 0.200  present      p     a"))
    #expect(
      lines.contains("C5-6     not flagged 0.010  flagged 0.200      cannot tell  a     a"))
    #expect(text(sheet).contains("p present, a absent, ? cannot tell, - nothing stated"))
    #expect(SheetText.lines(sheet).allSatisfy { $0.count <= SheetText.width })
    #expect(SheetMarkdown.report(sheet).contains("## Final result"))
    let figure = SheetFigure(sheet, study: nil).statements
    #expect(figure.count == 4)
    #expect(figure[0].hasPrefix("FINAL, case present: C2-3 open"))
    #expect(figure[0].hasSuffix("; adjudicated by sup"))
  }

  @Test("where not even letters have room, who differs is named, and what was agreed is one line")
  func crowded() {
    var adopted = SheetCase.record(1, .adopt, reader: "sup")
    adopted.verdicts = [
      StatedVerdict(.c2c3, .absent), StatedVerdict(.c3c4, .absent), StatedVerdict(.c5c6, .absent),
    ]
    let others: [SpinalSegment: Verdict] = [.c2c3: .absent, .c3c4: .absent, .c5c6: .absent]
    let long = "reader-of-the-other-hospital"
    let sheet = SheetCase.sheet(readers: [
      Self.signed(others.merging([.c4c5: .present]) { $1 }, .reviewed, long),
      Self.signed(others.merging([.c4c5: .absent]) { $1 }, .secondReader, "bob"),
      SheetCase.signed(
        [adopted, SheetCase.record(2, .verdict, .c4c5, .present, reader: "sup")], .adjudicated,
        "sup"),
    ])
    let lines = SheetText.lines(sheet)
    func row(_ segment: String) -> String? { lines.first { $0.hasPrefix("\(segment) ") } }
    #expect(row("C2-3")?.hasSuffix("  FINAL absent") == true, "\(lines)")
    #expect(text(sheet).contains("FINAL present; bob: absent C5-6"), "\(lines)")
    #expect(text(sheet).contains("readers not named on a segment state there what is final"))
    #expect(lines.contains("sup on C2-3, C3-4, C5-6: readers agree"))
    #expect(lines.count { $0.contains("readers agree") } == 1)
    #expect(lines.allSatisfy { $0.count <= SheetText.width })
  }

  @Test("what was stated under other labels is marked in the row of the new score, in each layout")
  func relabelled() {
    let marked = " (under other labels)"
    let legend = "≠ stated under other labels: the segment was another place"
    var readers = Self.readers
    (readers[0].relabelled, readers[2].relabelled) = ([.c4c5], [.c4c5])
    let sheet = SheetCase.sheet(readers: readers)
    let rows = SheetContent(sheet: sheet).segmentRows
    let words =
      "FINAL present\(marked); anna: present\(marked); carla: absent; sup: present\(marked) (adjudicated)"
    #expect(rows[2].last == words)
    #expect(rows[3].last?.contains(marked) == false)
    // In letters; other rows stay as they are.
    let lines = SheetText.lines(sheet)
    #expect(
      lines.contains("C4-5     flagged 0.041      not flagged 0.200  present ≠    p ≠   a"),
      "\(lines)")
    #expect(
      lines.contains("C5-6     not flagged 0.010  flagged 0.200      cannot tell  a     a"))
    #expect(lines.contains(legend) && lines.allSatisfy { SheetText.cells($0) <= SheetText.width })
    #expect(text(sheet).contains("labels changed since: C4-5 adjudicated by sup"), "\(lines)")
    let figure = SheetFigure(sheet, study: nil).statements
    #expect(figure[0].hasSuffix("; labels changed since: C4-5; adjudicated by sup"), "\(figure)")
    #expect(figure[1].contains("; labels changed since: C4-5; "), "\(figure)")
    #expect(!figure[2].contains("labels changed"), "\(figure)")
    // In words, without an adjudication.
    let alone = SheetText.lines(SheetCase.sheet(readers: [readers[0]]))
    #expect(
      alone.contains { $0.hasPrefix("C4-5 ") && $0.hasSuffix("  present ≠") }, "\(alone)")
    #expect(alone.contains { $0.hasPrefix("C5-6 ") && $0.hasSuffix("  absent") }, "\(alone)")
    #expect(alone.contains(legend))
    // Without any there is no legend.
    #expect(!text(SheetCase.sheet(readers: Self.readers)).contains("≠"))
  }

  @Test("who states what is final, but of another place, is named where only who differs is")
  func relabelledInCrowd() {
    let long = "reader-of-the-other-hospital"
    var bob = Self.signed([.c3c4: .absent, .c4c5: .absent], .secondReader, "bob")
    bob.relabelled = [.c3c4]
    var sup = Self.signed([.c3c4: .absent, .c4c5: .present], .adjudicated, "sup")
    let anna = Self.signed([.c3c4: .absent, .c4c5: .present], .reviewed, long)
    let named = text(SheetCase.sheet(readers: [anna, bob, sup]))
    #expect(named.contains("FINAL absent; bob: absent (under other labels) C4-5"), "\(named)")
    #expect(named.contains("FINAL present; bob: absent C5-6"), "\(named)")
    // The mark of who decides stands once.
    sup.relabelled = [.c4c5]
    let decided = text(SheetCase.sheet(readers: [anna, bob, sup]))
    #expect(
      decided.contains("FINAL present (under other labels); bob: absent C5-6"), "\(decided)")
  }

  @Test("JSON and table have it once for each segment, whoever's row it is")
  func tables() throws {
    let sheet = SheetCase.sheet(readers: Self.readers)
    let page = try #require(
      try JSONSerialization.jsonObject(with: SheetJSON.data(sheet)) as? [String: Any])
    let decided = try #require(page["adjudication"] as? [String: Any])
    #expect(decided["case_verdict"] as? String == "present")
    #expect(decided["verdict_on_study"] is NSNull)
    let signatures = try #require(decided["signatures"] as? [[String: Any]])
    #expect(signatures.compactMap { $0["reader"] as? String } == ["sup"])
    #expect(signatures.first?["name"] as? String == "Dr Sup")
    let segments = try #require(page["segments"] as? [[String: Any]])
    #expect(
      segments.compactMap { $0["final_verdict"] as? String }
        == ["open", "open", "present", "cannot-tell", "open", "open"])
    let cells = try rows(sheet, "C4-5")
    #expect(cells.compactMap { $0["verdict"] } == ["present", "absent", "present"])
    for row in cells {
      #expect(row["final_verdict"] == "present" && row["final_case_verdict"] == "present")
      #expect(row["adjudicated_by"] == "sup")
    }
  }

  @Test("where nobody adjudicated, or it was opened again, nothing decides")
  func undecided() throws {
    let reopened = StudySheet.Reader(
      reader: "sup",
      review: {
        var review = Self.readers[2].review
        review.apply(SheetCase.record(4, .reopen, comment: "axial", reader: "sup"))
        return review
      }())
    for readers in [Array(Self.readers.prefix(2)), Array(Self.readers.prefix(2)) + [reopened]] {
      let sheet = SheetCase.sheet(readers: readers)
      #expect(sheet.finalVerdicts == nil && sheet.finalConclusion == nil)
      #expect(!text(sheet).contains("FINAL") && !text(sheet).contains("Final result"))
      #expect(!text(sheet).contains("(adjudicated)"))
      let page = try #require(
        try JSONSerialization.jsonObject(with: SheetJSON.data(sheet)) as? [String: Any])
      #expect(page["adjudication"] is NSNull)
      let segments = try #require(page["segments"] as? [[String: Any]])
      #expect(segments.allSatisfy { $0["final_verdict"] is NSNull })
      #expect(try rows(sheet, "C4-5").allSatisfy { $0["final_verdict"] == "" })
    }
  }

  @Test("two adjudicators who differ decide nothing there, and what one of them states alone")
  func differing() throws {
    let other = Self.signed([.c4c5: .absent, .c6c7: .absent], .adjudicated, "max")
    let sheet = SheetCase.sheet(readers: Self.readers + [other])
    let decided = try #require(sheet.finalVerdicts)
    #expect(decided.adjudicators == "max, sup")
    #expect(decided.decision(.c4c5) == .differ && decided.verdict(.c4c5) == nil)
    #expect(decided.decision(.c6c7) == .decided(.absent))
    #expect(decided.decision(.c2c3) == .open && decided.decision(nil) == .open)
    #expect(sheet.finalConclusion?.verdict == .open)
    #expect(text(sheet).contains("FINAL adjudicators differ; anna: present"))
    #expect(try rows(sheet, "C4-5").first?["final_verdict"] == "differ")
    #expect(try rows(sheet, "C4-5").first?["adjudicated_by"] == "max; sup")
  }

  @Test("a supervisor's own signature, and a journal that cannot be read, decide nothing")
  func others() {
    #expect(FinalVerdicts([]) == nil)
    var unread = OtherReading(reader: "sup")
    (unread.meaning, unread.problem) = (.adjudicated, "line 3 is torn")
    #expect(FinalVerdicts([unread]) == nil)
    var supervised = OtherReading(reader: "sup")
    supervised.meaning = .supervised
    #expect(FinalVerdicts([supervised]) == nil)
  }
}
