import Foundation
import Imaging
import Testing

@testable import Core

@Suite("The report as JSON, table and figure")
struct SheetFilesTests {
  private func object(_ sheet: StudySheet) throws -> [String: Any] {
    let data = try SheetJSON.data(sheet)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// The first row of a segment by its heads; no cell but the notice may hold a comma.
  private func cells(_ sheet: StudySheet, _ segment: String) throws -> [String: String] {
    let heads = SheetCSV.header.split(separator: ",").map(String.init)
    let rows = SheetCSV.rows(sheet).split(separator: "\n")
    let row = try #require(rows.first { $0.hasPrefix("01,\(SheetCase.image),\(segment),") })
    let cells = row.replacing("\"\(Notice.researchUse)\"", with: "notice").split(
      separator: ",", omittingEmptySubsequences: false
    ).map(String.init)
    try #require(cells.count == heads.count)
    return Dictionary(uniqueKeysWithValues: zip(heads, cells))
  }

  @Test("JSON has calls, verdicts, acts, method and notice")
  func json() throws {
    let page = try object(SheetCase.sheet())
    #expect(page["subject"] as? String == "01" && page["call"] as? String == "flagged")
    #expect(page["score"] as? Double == 0.041 && page["threshold"] as? Double == 0.03)
    #expect(page["threshold_source"] as? String == "test")
    #expect(page["mjoa"] is NSNull && page["second_opinion"] is NSNull)
    #expect(page["detection_sha256"] as? String == "d00d")
    #expect(page["notice"] as? String == Notice.researchUse)
    #expect((page["model"] as? [String: Any])?["scoring_revision"] as? Int != nil)
    let segments = try #require(page["segments"] as? [[String: Any]])
    #expect(segments.compactMap { $0["segment"] as? String } == SpinalSegment.allCases.map(\.name))
    let verdicts = try #require(segments[2]["verdicts"] as? [[String: Any]])
    #expect(verdicts.compactMap { $0["verdict"] as? String } == ["present"])
    #expect(verdicts.first?["comment"] as? String == "hazy, 2 mm")
    #expect(segments[5]["call"] as? String == "not assessed" && segments[5]["score"] is NSNull)
    let readers = try #require(page["readers"] as? [[String: Any]])
    let acts = try #require(readers.first?["acts"] as? [[String: Any]])
    #expect(
      acts.compactMap { $0["action"] as? String } == [
        "verdict", "verdict", "verdict", "undo", "flag",
      ])
    #expect(readers.first?["is_for_discussion"] as? Bool == true)
  }

  @Test("JSON of a study without detection has every key, null where nothing is known")
  func undetectedJSON() throws {
    let whole = try object(SheetCase.sheet())
    let bare = try object(SheetCase.sheet(readers: [], detection: nil))
    #expect(Set(bare.keys) == Set(whole.keys))
    #expect(bare["call"] as? String == "not assessed")
    for key in ["score", "threshold", "model", "detection_sha256", "detection_outdated"] {
      #expect(bare[key] is NSNull, "\(key)")
    }
  }

  @Test("the score of a whole cord has neither call nor threshold in JSON and table")
  func uncalled() throws {
    var detection = LibraryFixture.detection()
    detection.patient.assessable = false
    for index in detection.segments.indices { detection.segments[index].assessable = false }
    let sheet = SheetCase.sheet(readers: [SheetCase.liu], detection: detection)
    let page = try object(sheet)
    #expect(page["call"] as? String == "not assessed" && page["score"] as? Double == 0.041)
    #expect(page["threshold"] is NSNull)
    let wu = SheetCase.reader([SheetCase.record(1, .verdict, nil, .cannotTell)], "wu")
    let rows = SheetCSV.rows(SheetCase.sheet(readers: [wu], detection: detection))
      .split(separator: "\n")
    let cells = try #require(rows.last).split(separator: ",", omittingEmptySubsequences: false)
    let heads = SheetCSV.header.split(separator: ",")
    #expect(cells[2] == "study" && cells[3] == "not assessed")
    let at = try #require(heads.firstIndex(of: "score"))
    #expect(!cells[at].isEmpty && heads[at + 1] == "threshold" && cells[at + 1].isEmpty)
  }

  @Test("the table has one row per segment and reader, as many cells as heads, no formulas")
  func table() throws {
    let wu = SheetCase.reader(
      [
        SheetCase.record(1, .verdict, .c4c5, .absent, comment: "=1+1"),
        SheetCase.record(2, .verdict, .c5c6, .absent, comment: "-1+1"),
        SheetCase.record(3, .verdict, nil, .cannotTell),
      ], "wu")
    let text = SheetCSV.rows(SheetCase.sheet(readers: [SheetCase.liu, wu]))
    let rows = text.split(separator: "\n").map(String.init)
    let heads = SheetCSV.header.split(separator: ",").map(String.init)
    #expect(rows.count == 6 * 2 + 1)
    #expect(heads.first == "subject" && heads.last == "notice")
    #expect(text.contains(",'=1+1,") && text.contains(",'-1+1,"))
    // The only comma within a cell is that of the comment and of the notice.
    let plain = rows.filter { !$0.contains("\"") }
    #expect(plain.isEmpty, "the notice is quoted in each row")
    let row = try #require(rows.first { $0.contains("C4-5") && $0.contains("wu") })
    let cells = row.replacing("\"\(Notice.researchUse)\"", with: "notice").split(
      separator: ",", omittingEmptySubsequences: false)
    #expect(cells.count == heads.count)
    let named = Dictionary(uniqueKeysWithValues: zip(heads, cells.map(String.init)))
    #expect(named["call"] == "flagged" && named["verdict"] == "absent" && named["reader"] == "wu")
    #expect(named["threshold_source"] == "test" && named["weights_sha256"] == "00")
    #expect(rows.contains { $0.hasPrefix("01,\(SheetCase.image),study,flagged,") })
    let bare = SheetCSV.rows(SheetCase.sheet(readers: [], detection: nil))
    #expect(bare.split(separator: "\n").count == 6 && !bare.contains(",flagged,"))
    #expect(
      bare.split(separator: "\n").allSatisfy { $0.contains(",not assessed,no detection yet,") })
  }

  @Test("the table has comments of every kind, with or without a verdict, and in one line")
  func comments() throws {
    let long = String(repeating: "word ", count: 1000)
    let wu = SheetCase.reader(
      [
        SheetCase.record(1, .comment, .c4c5, comment: "first"),
        SheetCase.record(2, .verdict, .c4c5, .absent, comment: "with it"),
        SheetCase.record(3, .comment, .c4c5, comment: "said \"so\",\r\n\tand more"),
        SheetCase.record(4, .comment, .c6c7, comment: "=1+1"),
        SheetCase.record(5, .comment, nil, comment: "on the study"),
        SheetCase.record(6, .comment, .c3c4, comment: long),
        SheetCase.record(7, .comment, .c3c4, comment: "after it"),
      ], "wu")
    let rows = SheetCSV.rows(SheetCase.sheet(readers: [wu])).split(separator: "\n").map(String.init)
    #expect(rows.count == 6 + 1)
    func row(_ segment: String) throws -> String {
      try #require(rows.first { $0.hasPrefix("01,\(SheetCase.image),\(segment),") })
    }
    #expect(try row("C4-5").contains(",\"with it; first; said \"\"so\"\",···and more\",false,"))
    #expect(try row("C6-7").contains(",wu,,,,'=1+1,,"))
    #expect(try row("study").contains(",wu,,,,on the study,,"))
    #expect(try row("C3-4").contains("word ; after it,"))
    #expect(try row("C2-3").contains(",wu,,,,,,"))
  }

  @Test("grades, axial types and what was said before the AI was seen are in table, page and JSON")
  func statements() throws {
    var blind = SheetCase.record(1, .verdict, .c4c5, .absent)
    blind.blind = true
    var grade = SheetCase.record(3, .grade, .c4c5)
    grade.grade = 2
    var type = SheetCase.record(4, .axccm, .c4c5)
    type.axccm = 3
    var other = SheetCase.record(5, .axccm, .c6c7)
    other.axccm = 0
    let sheet = SheetCase.sheet(readers: [
      SheetCase.reader([blind, SheetCase.record(2, .verdict, .c4c5, .present), grade, type, other])
    ])
    let row = try cells(sheet, "C4-5")
    #expect(row["verdict"] == "present" && row["blind"] == "false")
    #expect(row["blind_verdict"] == "absent")
    #expect(row["yukawa_grade"] == "2" && row["axccm_type"] == "3")
    // A type stands without a verdict, too.
    let alone = try cells(sheet, "C6-7")
    #expect(alone["axccm_type"] == "0" && alone["verdict"] == "")
    let none = try cells(sheet, "C2-3")
    #expect(none["axccm_type"] == "" && none["blind_verdict"] == "")
    let page = SheetText.report(sheet)
    let told = page.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(told.contains("changed after seeing the AI's result: C4-5 absent to present"))
    #expect(page.contains("\nliu on C4-5, present: grade 2, Ax-CCM 3\n"))
    #expect(page.contains("\nliu on C6-7: Ax-CCM 0\n"))
    let segments = try #require(try object(sheet)["segments"] as? [[String: Any]])
    let types = segments.map { ($0["axccm_types"] as? [[String: Any]])?.first?["type"] as? Int }
    #expect(types == [nil, nil, 3, nil, 0, nil])
  }

  @Test("the table has the confidence that stands, of a segment and of the study")
  func confidence() throws {
    func sure(_ seq: Int, _ segment: SpinalSegment?, _ value: Int) -> ReviewRecord {
      var record = SheetCase.record(seq, .confidence, segment)
      record.confidence = value
      return record
    }
    let sheet = SheetCase.sheet(readers: [
      SheetCase.reader([
        SheetCase.record(1, .verdict, .c4c5, .absent), sure(2, .c4c5, 1), sure(3, .c4c5, 3),
        sure(4, nil, 2),
      ])
    ])
    #expect(try cells(sheet, "C4-5")["confidence"] == "3")
    #expect(try cells(sheet, "C3-4")["confidence"] == "")
    #expect(try cells(sheet, "study")["confidence"] == "2")
  }

  @Test("case verdict, image quality and signature are in page, figure, table and JSON")
  func signed() throws {
    let verdict = SheetCase.record(1, .verdict, .c4c5, .present)
    var quality = SheetCase.record(2, .quality)
    quality.quality = .artifact
    var signature = SheetCase.record(3, .signOff)
    signature.signature = Signature(
      .reviewed, name: "Anna Liu", state: ReviewState([verdict, quality]).digest(head: ""))
    let records = [verdict, quality, signature]
    let sheet = SheetCase.sheet(readers: [SheetCase.reader(records)])
    let words = "signed by Anna Liu, 2026-11-20 10:43:07Z: I have reviewed this study"
    let text = SheetText.report(sheet).split(whereSeparator: \.isWhitespace)
    #expect(
      text.joined(separator: " ").contains(
        "liu: case present: C4-5; 1 of 6 segments stated; image quality Artifact; \(words)"))
    let figure = SheetFigure(sheet, study: nil).statements
    #expect(
      figure == ["Reader liu, case present: C4-5 present; image quality Artifact; \(words)"])
    let row = try cells(sheet, "C2-3")
    #expect(row["case_verdict"] == "present" && row["image_quality"] == "artifact")
    #expect(row["signed_by"] == "Anna Liu" && row["signed_as"] == "reviewed")
    #expect(row["signed_time"] == "2026-11-20T10:43:07.123Z" && row["difficulty"] == "")
    let readers = try #require(try object(sheet)["readers"] as? [[String: Any]])
    let json = try #require(readers.first?["signature"] as? [String: Any])
    #expect(json["name"] as? String == "Anna Liu" && json["meaning"] as? String == "reviewed")
    #expect(readers.first?["case_verdict"] as? String == "present")
    #expect(readers.first?["image_quality"] as? String == "artifact")
  }

  @Test("beside signed verdicts an unsigned one is marked, in text, Markdown and figure")
  func besideSigned() throws {
    let verdict = SheetCase.record(1, .verdict, .c4c5, .present)
    var signature = SheetCase.record(2, .signOff)
    signature.signature = Signature(
      .reviewed, name: "Anna Liu", state: ReviewState([verdict]).digest(head: ""))
    let other = SheetCase.record(1, .verdict, .c4c5, .absent, reader: "wu")
    let sheet = SheetCase.sheet(readers: [
      SheetCase.reader([verdict, signature]), SheetCase.reader([other], "wu"),
    ])
    let words = "liu: present; wu: absent (not signed)"
    #expect(SheetContent(sheet: sheet).segmentRows[2].last == words)
    // Side by side they have a row for it, which all that are signed need not.
    for line in [
      "C4-5     flagged 0.041      not flagged 0.200  present  absent",
      "signed                                         yes      no",
    ] { #expect(SheetText.report(sheet).contains("\n\(line)\n"), "\(line)") }
    #expect(SheetMarkdown.report(sheet).contains("| signed |  |  | yes | no |"))
    let both = SheetCase.sheet(readers: [SheetCase.reader([verdict, signature])])
    #expect(!SheetText.report(both).contains("\nsigned "))
    // Readers who have no room side by side stand in one column, in words.
    let long = String(repeating: "w", count: 40)
    let wide = SheetCase.sheet(readers: [
      SheetCase.reader([verdict, signature]), SheetCase.reader([other], long),
    ])
    let text = SheetText.report(wide).split(whereSeparator: \.isWhitespace)
    #expect(text.joined(separator: "").contains("liu:present;\(long):absent(notsigned)"))
    // The figure has no column of readers: each has a line that ends in what is signed.
    let figure = SheetFigure(sheet, study: nil).statements
    #expect(figure.count == 2 && figure[0].contains("; signed by Anna Liu"))
    #expect(figure[1].contains("C4-5 absent; not signed"))
    // What was opened again is signed no longer.
    let again = SheetCase.sheet(readers: [
      SheetCase.reader([verdict, signature, SheetCase.record(3, .reopen, comment: "axial")])
    ])
    #expect(SheetContent(sheet: again).segmentRows[2].last == "liu: present (not signed)")
  }

  @Test("what nobody signed, and what was opened again, says so in every file")
  func unsigned() throws {
    let verdict = SheetCase.record(1, .verdict, .c4c5, .cannotTell)
    var signature = SheetCase.record(2, .signOff)
    signature.signature = Signature(
      .reviewed, name: "Anna Liu", state: ReviewState([verdict]).digest(head: ""))
    let open = SheetCase.sheet(readers: [SheetCase.reader([verdict])])
    let reopened = SheetCase.sheet(readers: [
      SheetCase.reader([
        verdict, signature, SheetCase.record(3, .reopen, comment: "axial images came"),
      ])
    ])
    #expect(SheetText.report(open).contains("liu: case undecided; cannot tell C4-5; 1 of"))
    for (sheet, words, last) in [
      (open, "not signed", 1), (reopened, "opened again and not signed since", 3),
    ] {
      let text = SheetText.report(sheet).split(whereSeparator: \.isWhitespace)
      #expect(text.joined(separator: " ").contains("segments stated; \(words)"), "\(words)")
      #expect(
        SheetFigure(sheet, study: nil).statements == [
          "Reader liu, case undecided: C4-5 cannot tell; \(words), last act 2026-11-20 10:4\(last):07Z"
        ])
      let row = try cells(sheet, "C4-5")
      #expect(row["case_verdict"] == "open" && row["signed_by"] == "" && row["signed_time"] == "")
      let readers = try #require(try object(sheet)["readers"] as? [[String: Any]])
      #expect(readers.first?["signature"] is NSNull)
    }
    let none = SheetCase.sheet(readers: [SheetCase.reader([])])
    #expect(!SheetText.report(none).contains("case undecided"))
    #expect(try cells(none, "C4-5")["case_verdict"] == "")
  }

  @Test("a grade is in no file where its verdict is no longer present")
  func formerGrade() throws {
    var grade = SheetCase.record(2, .grade, .c4c5)
    grade.grade = 2
    let sheet = SheetCase.sheet(readers: [
      SheetCase.reader([
        SheetCase.record(1, .verdict, .c4c5, .present), grade,
        SheetCase.record(3, .verdict, .c4c5, .absent),
      ])
    ])
    let row = try cells(sheet, "C4-5")
    #expect(row["verdict"] == "absent" && row["yukawa_grade"] == "")
    let words = "grade 2 on C4-5, which stands no more: the verdict is not present"
    let told = SheetText.acts(sheet).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(told.contains(words) && !SheetMarkdown.report(sheet).contains("grade"))
    let readers = try #require(try object(sheet)["readers"] as? [[String: Any]])
    let acts = try #require(readers.first?["acts"] as? [[String: Any]])
    #expect(acts.count == 3 && acts[1]["words"] as? String == words)
  }

  @Test("a verdict is changed after the AI only where a blind one stands and another follows it")
  func unchanged() {
    func state(_ verdicts: [(Verdict, Bool)]) -> ReviewState {
      ReviewState(
        verdicts.enumerated().map { index, stated in
          var record = SheetCase.record(index + 1, .verdict, .c4c5, stated.0)
          record.blind = stated.1
          return record
        })
    }
    #expect(state([(.absent, true), (.present, true)]).changedAfterAI.isEmpty)
    #expect(state([(.absent, false), (.present, false)]).changedAfterAI.isEmpty)
    #expect(state([(.absent, true), (.absent, false)]).changedAfterAI.isEmpty)
    let changed = state([(.absent, true), (.cannotTell, true), (.present, false)]).changedAfterAI
    #expect(changed.map(\.words) == ["C4-5 cannot tell to present"])
  }

  /// Pixels of the first curve's colour where curves stand.
  private func curvePixels(_ picture: RGBRaster) -> Int {
    let place = SheetFigure.curvePlace
    return place.rows.reduce(0) { sum, row in
      sum + place.columns.count { picture[row, $0] == PlotStyle.palette[0] }
    }
  }

  /// Pixels of the black of the second opinion's curve; letters and axes are grey.
  private func secondPixels(_ picture: RGBRaster) -> Int {
    let place = SheetFigure.curvePlace
    return place.rows.reduce(0) { sum, row in
      sum + place.columns.count { picture[row, $0] == SheetFigure.secondStyle.colour }
    }
  }

  private func isPlain(_ picture: RGBRaster, _ place: PixelRect) -> Bool {
    place.rows.allSatisfy { row in place.columns.allSatisfy { picture[row, $0] == .white } }
  }

  @Test("the figure decodes and shows slice, map, curve and ladder")
  func figure() throws {
    var detection = LibraryFixture.detection()
    let rows = Array(40...160)
    detection.curve = Detection.Curve(
      row: rows, zMm: rows.map { 100 - Double($0) },
      value: rows.map { 0.02 + 0.02 * sin(Double($0) / 9) })
    for n in detection.segments.indices {
      detection.segments[n].rowFrom = 40 + 20 * n
      detection.segments[n].rowTo = 59 + 20 * n
    }
    let side = SagittalGrid.side
    var cord = MaskRaster(rows: side, columns: side, filledWith: false)
    var map = ImageRaster(rows: side, columns: side, filledWith: .nan)
    for row in 40..<160 {
      for column in 120..<130 { cord[row, column] = true }
      for column in 120..<130 where row > 90 && row < 110 { map[row, column] = 0.9 }
    }
    let grey = ImageRaster(
      rows: side, columns: side, pixels: (0..<side * side).map { Float($0 % 97) })
    let study = SheetCase.study(grey, cord: cord, map: map, detection: detection)
    let sheet = SheetCase.sheet(detection: detection)
    let bytes = try PNG.encode(SheetFigure(sheet, study: study).drawn())
    let picture = try PNG.decodeRGB(bytes)
    #expect(picture.columns == SheetFigure.width && picture.rows == SheetFigure.height)
    #expect(curvePixels(picture) > 100)
    let slice = SheetFigure.slicePlace
    #expect(!isPlain(picture, slice))
    // The map is coloured; nothing else on the slice is but its colour bar at the right edge.
    let inner = PixelRect(
      rows: slice.rows, columns: (slice.columns.lowerBound + 60)..<(slice.columns.upperBound - 80))
    func coloured(_ picture: RGBRaster) -> Int {
      inner.rows.reduce(0) { sum, row in
        sum
          + inner.columns.count {
            let c = picture[row, $0]
            return abs(Int(c.r) - Int(c.b)) > 60
          }
      }
    }
    #expect(coloured(picture) > 100)
    // The colours of the study screen: full at three times the threshold.
    let overlay = try #require(SheetFigure(sheet, study: study).overlay(study.pictures[0]))
    #expect(overlay.threshold == 0.03 && overlay.fullScale == 3 * overlay.threshold)
    var without = study
    without.pictures[0].anomaly = nil
    #expect(coloured(SheetFigure(sheet, study: without).drawn()) == 0)
  }

  @Test("the figure has the second opinion's curve, told apart by its strokes; an old one has none")
  func secondOpinion() {
    var detection = LibraryFixture.detection()
    let rows = Array(40...160)
    detection.curve = Detection.Curve(
      row: rows, zMm: rows.map { 100 - Double($0) }, value: rows.map { _ in 0.01 },
      secondOpinion: rows.map { $0 == 90 ? nil : 0.02 + 0.02 * sin(Double($0) / 9) })
    func picture() -> RGBRaster {
      SheetFigure(SheetCase.sheet(detection: detection), study: nil).drawn()
    }
    #expect(secondPixels(picture()) == 0, "without a threshold")
    detection.opinions = [
      .init(
        detector: "lc61", patientScore: 0.04, threshold: 0.05, flagged: false,
        segmentScores: Array(repeating: 0.04, count: 6), segmentThreshold: 0.05)
    ]
    #expect(secondPixels(picture()) > 30 && curvePixels(picture()) > 100)
    // Neither the slices' curves nor the thresholds' lines have its strokes.
    let others = (0..<3).map { PlotStyle.standard($0).dash } + [PlotStyle.reference.dash, .dotted]
    #expect(!others.contains(SheetFigure.secondStyle.dash))
    detection.curve.secondOpinion = nil
    #expect(secondPixels(picture()) == 0, "from before it was kept")
  }

  @Test("the figure of a study without detection or picture has words in their place")
  func bareFigure() {
    let sheet = SheetCase.sheet(readers: [], detection: nil)
    let picture = SheetFigure(sheet, study: nil).drawn()
    #expect(curvePixels(picture) == 0)
    #expect(!isPlain(picture, SheetFigure.curvePlace))
    #expect(!isPlain(picture, SheetFigure.slicePlace))
  }
}
