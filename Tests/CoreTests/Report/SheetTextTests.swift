import Foundation
import Imaging
import Testing

@testable import Core

@Suite("The report as text and Markdown")
struct SheetTextTests {
  @Test("who, when, what, method and notice stand on one page")
  func golden() {
    let expected = """
      Study report sub-01
      research use only, not for diagnosis
      patient       age 63, sex M
      image         sub-01/anat/sub-01_T2w.nii.gz
      made          2026-11-22 10:00:00Z by Cordscope \(Notice.version)
      AI call       flagged: C4-5; score 0.041, slice 3 from the patient's left; not
                    assessed: C7-T1
      threshold     0.030, of segments 0.030, from test
      2nd opinion   not assessed
      segment  AI, score          2nd opinion        liu
      C2-3     not flagged 0.010  not flagged 0.200  absent
      C3-4     not flagged 0.010  not flagged 0.200  -
      C4-5     flagged 0.041      not flagged 0.200  present
      C5-6     not flagged 0.010  flagged 0.200      -
      C6-7     not flagged 0.010  not flagged 0.200  -
      C7-T1    not assessed       not flagged 0.200  -
      signed                                         no
      C7-T1: no cord in these rows

      Readers
      liu: case present: C4-5; 2 of 6 segments stated; flagged for discussion; not
        signed
      liu on C2-3, absent: partial volume with CSF
      liu on C4-5, present: hazy, 2 mm

      Measurements
      not measured: there is no canal

      Quality and method
      canal-estimated: The canal was estimated from the cord.
      model test, weights 00, no head; scoring core, revision \(StudyDetector.scoringRevision), curve by rows;
        nearest(128), 10 passes, seed 7, scalar; detection d00d, by Cordscope 0.1.0,
        levels labelled
      cord: SCT
      research use only, not for diagnosis

      """
    #expect(SheetText.report(SheetCase.sheet()) == expected)
  }

  @Test("the acts stand apart, those taken back among them, and add no line to the page")
  func acts() throws {
    let expected = """
      Acts on sub-01
      research use only, not for diagnosis

      Reader liu
      2026-11-20 10:41:07Z present on C4-5: hazy, 2 mm
      2026-11-20 10:42:07Z absent on C2-3 (partial volume with CSF)
      2026-11-20 10:43:07Z present on C5-6
      2026-11-20 10:44:07Z took back present on C5-6
      2026-11-20 10:45:07Z flagged the study for discussion
      research use only, not for diagnosis

      """
    #expect(SheetText.acts(SheetCase.sheet()) == expected)
    var stated = SpinalSegment.allCases.enumerated().map { index, segment in
      SheetCase.record(index + 1, .verdict, segment, .absent, comment: "said of \(segment.name)")
    }
    var sheet = SheetCase.sheet(readers: [SheetCase.reader(stated)])
    sheet.measurements = CervicalMeasurements(
      DrawnNeck().slice(), subject: "01", image: SheetCase.image)
    let page = SheetText.report(sheet)
    #expect(SheetText.lines(sheet).count <= 60, "\(page)")
    for turn in 0..<20 {
      stated.append(SheetCase.record(7 + 2 * turn, .verdict, .c4c5, .present))
      stated.append(SheetCase.record(8 + 2 * turn, .undo, .c4c5, reverts: 7 + 2 * turn))
    }
    sheet.readers = [SheetCase.reader(stated)]
    #expect(SheetText.report(sheet) == page)
    #expect(SheetText.acts(sheet).split(separator: "\n").count == 46 + 4)
    let nobody = SheetText.acts(SheetCase.sheet(readers: []))
    #expect(nobody.contains("nobody has stated anything"))
    let broken = StudySheet.Reader(reader: "wu", review: ReviewState(), problem: "it was altered")
    let told = SheetText.acts(SheetCase.sheet(readers: [broken]))
    #expect(told.contains("Reader wu\nthe journal cannot be read"))
  }

  @Test("thresholds that differ keep their column, flags of a kind stand once with their slices")
  func condensed() throws {
    var sheet = SheetCase.sheet()
    #expect(SheetContent(sheet: sheet).commonThreshold == "0.030")
    sheet.detection?.segments[0].threshold = 0.05
    #expect(SheetContent(sheet: sheet).commonThreshold == nil)
    sheet.detection?.quality = [
      QualityFlag("out-of-plane", "The cord leaves the slice on 9 rows.", slices: [4]),
      QualityFlag("out-of-plane", "The cord leaves the slice on 7 rows.", slices: [6]),
    ]
    let text = SheetText.report(sheet)
    #expect(text.contains("segment  AI, score          threshold  2nd opinion"))
    #expect(!text.contains("of segments 0.0"))
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(
      words.contains(
        "out-of-plane: The cord leaves the slice on 9 rows. (slices 5, 7; 1 more of the kind)"))
    #expect(!words.contains("7 rows"))
  }

  @Test("columns of readers stay apart up to the page's edge, with what decides and without")
  func readerColumns() {
    func stated(
      _ verdict: Verdict, _ name: String, _ meaning: SignatureMeaning = .reviewed
    ) -> StudySheet.Reader {
      SheetCase.signed(
        [SheetCase.record(1, .verdict, .c4c5, verdict, reader: name)], meaning, name)
    }
    var detection = LibraryFixture.unassessable(subject: "01", reason: "there is no cord mask")
    for n in detection.segments.indices { detection.segments[n].secondOpinionScore = nil }
    let four = SheetText.lines(
      SheetCase.sheet(
        readers: [
          stated(.cannotTell, "anna"), stated(.present, "carla"), stated(.present, "liu"),
          stated(.absent, "wu"),
        ], detection: detection))
    let lead = "C4-5     not assessed  not assessed  cannot tell  "
    #expect(four.contains(lead + "present  present  absent"), "\(four)")
    let decided = SheetText.lines(
      SheetCase.sheet(
        readers: [
          stated(.cannotTell, "anna", .adjudicated), stated(.absent, "carla", .secondReader),
          stated(.absent, "liu"),
        ], detection: detection))
    #expect(decided.contains(lead + "cannot tell  absent  absent"), "\(decided)")
    #expect(
      decided.contains {
        $0.hasPrefix("signed ") && $0.hasSuffix(" yes          adjudicated  yes     yes")
      }, "\(decided)")
    #expect((four + decided).allSatisfy { $0.count <= SheetText.width })
  }

  @Test("segments without a score are named, once, whatever else the detection says of them")
  func unseenSegments() {
    func text(_ reason: String) -> String {
      var detection = LibraryFixture.detection()
      detection.patient.reason = reason
      return SheetText.report(SheetCase.sheet(detection: detection))
        .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    let score = "slice 3 from the patient's left; "
    let other = "the cord touches the edge at C7-T1"
    #expect(text(other).contains("\(score)\(other); not assessed: C7-T1 threshold"))
    let own = Detection.Patient.unseen(["C7-T1"])
    #expect(text("\(other); \(own)").contains("\(score)\(other); not assessed: C7-T1 threshold"))
    #expect(text(own).contains("\(score)not assessed: C7-T1 threshold"))
    // A clause of other segments is not the page's, and stays.
    let more = Detection.Patient.unseen(["C6-7", "C7-T1"])
    #expect(text(more).contains("\(score)\(more); not assessed: C7-T1 threshold"))
  }

  @Test("a signature has its name unless that is the reader's id, whatever signs the name has")
  func signatureNames() {
    func text(_ name: String) -> String {
      let stated = [SheetCase.record(1, .verdict, .c4c5, .present)]
      var signature = SheetCase.record(2, .signOff)
      signature.signature = Signature(
        .reviewed, name: name, state: ReviewState(stated).digest(head: ""))
      return SheetText.report(SheetCase.sheet(readers: [SheetCase.reader(stated + [signature])]))
        .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    #expect(text("liu").contains("; signed 2026-11-20 10:42:07Z: "))
    #expect(text("Anna Liu").contains("; signed by Anna Liu, 2026-11-20 10:42:07Z: "))
    #expect(text("liu, MD").contains("; signed by liu, MD, 2026-11-20 10:42:07Z: "))
  }

  @Test("without a detection nothing looks normal")
  func undetected() {
    var sheet = SheetCase.sheet(readers: [], detection: nil)
    sheet.labels = []
    let text = SheetText.report(sheet)
    #expect(text.contains("AI call       not assessed: no detection yet"))
    #expect(text.contains("2nd opinion   not assessed"))
    #expect(text.contains("Quality and method\nnot assessed\ndetection none; labels none\n"))
    #expect(text.contains("nobody has stated anything"))
    #expect(!text.contains("not flagged") && !text.contains("no flag"))
    for segment in SpinalSegment.allCases {
      #expect(sheet.call(segment) == .notAssessed("no detection yet"))
      #expect(text.contains("\(segment.name.padded(to: 7))  not assessed  not assessed"))
    }
    sheet.problem = "the detection cannot be read: damaged"
    #expect(SheetText.report(sheet).contains("the detection cannot be read: damaged"))
  }

  @Test("a study that was detected and cannot be assessed says why")
  func unassessable() {
    let detection = LibraryFixture.unassessable(subject: "01", reason: "there is no cord mask")
    let text = SheetText.report(SheetCase.sheet(detection: detection))
    #expect(text.contains("AI call       not assessed: there is no cord mask"))
    #expect(!text.contains("not flagged "))
  }

  @Test("an SCR in doubt says so, with its reference and what that spares, in text and Markdown")
  func doubtedSignal() throws {
    let reference = "reference 100.0 grey values: mid-C6, left out: C5-6 C7-T1 (lesion)"
    func value(_ number: Double, isDoubted: Bool) -> MeasuredValue {
      MeasuredValue(
        value: number, reason: nil, method: "drawn",
        inputs: ["brightest part 278.0 grey values", reference],
        quality: isDoubted ? [QualityFlag("reference-substituted", "mid-C6 was.")] : [])
    }
    func report(isDoubted: Bool) -> (text: String, markdown: String, report: String) {
      var study = CervicalMeasurements(DrawnNeck().slice(), subject: "01", image: SheetCase.image)
      let plain = MeasuredValue(value: 8, reason: nil, method: "drawn")
      study.lesions = [
        LesionSignal(
          source: .detection, sliceIndex: 3, rowFrom: 100, rowTo: 110, segments: ["C5-6"],
          scrRatio: value(2.78, isDoubted: isDoubted), lengthMm: plain, areaMm2: plain,
          yukawaGrade: value(2, isDoubted: isDoubted))
      ]
      study.signal = CordSignalSummary(
        reference: "mid-C6", scrAtNarrowestRatio: value(1.31, isDoubted: isDoubted),
        combinedType: plain)
      var sheet = SheetCase.sheet()
      sheet.measurements = study
      func flat(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      }
      return (
        flat(SheetText.report(sheet)), SheetMarkdown.report(sheet),
        SheetMeasures(study: study).entries.map { "\($0.name): \($0.text)" }
          .joined(separator: "\n")
      )
    }
    let words = "reference 100.0: mid-C6, left out: C5-6 C7-T1 (lesion)"
    let doubted = report(isDoubted: true)
    #expect(
      doubted.report.contains(
        "; SCR ?1.31 at the narrowest level, \(words) (reference-substituted)"))
    #expect(
      doubted.report.contains(
        "lesion: C5-6, by detection: SCR ?2.78, length 8.00 mm, area 8.00 mm2, suggested Yukawa "
          + "grade ?2; \(words); SCR, Yukawa grade in doubt: reference-substituted"))
    for text in [doubted.text, doubted.markdown] {
      #expect(text.contains("?2.78") && text.contains("?1.31") && text.contains(words))
      #expect(text.contains("reference-substituted"))
    }
    // What nothing speaks against has its reference without a mark.
    let sure = report(isDoubted: false)
    #expect(sure.text.contains("SCR 2.78,") && sure.text.contains(words))
    #expect(!sure.report.contains("?") && !sure.report.contains("in doubt"))
  }

  @Test("texts of files are cleaned, long words broken, no line too long")
  func hostile() {
    let evil = "a\u{1b}[2J\u{202e}b" + String(repeating: "漢", count: 200)
    var sheet = SheetCase.sheet(readers: [
      SheetCase.reader(
        [SheetCase.record(1, .verdict, .c4c5, .absent, reason: evil, comment: evil)], "x\u{7}y")
    ])
    sheet.image = evil
    sheet.detection?.quality = [QualityFlag("flag\n", evil)]
    let text = SheetText.report(sheet)
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202e })
    for line in SheetText.lines(sheet) {
      #expect(!line.contains("\n"))
      let cells = line.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x1100 ? 2 : 1) }
      #expect(cells <= SheetText.width, "\(line)")
    }
    // Nothing is lost where words are broken.
    #expect(text.filter { $0 == "漢" }.count >= 3 * 200)
  }

  @Test("a journal that cannot be read is said, and so is a verdict on another detection")
  func doubtful() {
    var other = SheetCase.record(1, .verdict, .c4c5, .present)
    other.detection = "beef"
    let sheet = SheetCase.sheet(readers: [
      SheetCase.reader([other]),
      StudySheet.Reader(reader: "wu", review: ReviewState(), problem: "line 2 was altered"),
    ])
    let text = SheetText.report(sheet)
    #expect(text.contains("on another detection"))
    #expect(
      text.contains("the journal cannot be read, no verdict is known: line 2 was altered"))
  }

  @Test("grade, confidence and later comments stand beside the verdict they are about")
  func besideVerdict() {
    var grade = SheetCase.record(3, .grade, .c4c5)
    grade.grade = 2
    var sure = SheetCase.record(4, .confidence, .c2c3)
    sure.confidence = 1
    let sheet = SheetCase.sheet(readers: [
      SheetCase.reader([
        SheetCase.record(1, .verdict, .c4c5, .present, reason: "bright"),
        SheetCase.record(2, .verdict, .c2c3, .absent), grade, sure,
        SheetCase.record(5, .comment, .c4c5, comment: "see T1"),
        SheetCase.record(6, .comment, .c6c7, comment: "no verdict"),
      ])
    ])
    let text = SheetText.report(sheet)
    for line in [
      "liu on C2-3, absent: confidence 1", "liu on C4-5, present: grade 2; bright; see T1",
      "liu on C6-7: no verdict",
    ] { #expect(text.contains("\n\(line)\n"), "\(line)") }
    let markdown = SheetMarkdown.report(sheet)
    #expect(markdown.contains("\n- liu on C4-5, present: grade 2; bright; see T1\n"))
  }

  @Test("Markdown says the same, and no comment becomes markup")
  func markdown() {
    let evil = "a|b <script> [x](y) `c` *d*"
    let reader = SheetCase.reader([
      SheetCase.record(1, .verdict, .c4c5, .absent, comment: evil)
    ])
    let text = SheetMarkdown.report(
      SheetCase.sheet(readers: [reader]), figure: "sub-01_report.png")
    #expect(text.hasPrefix("# Study report sub-01\n\n**research use only, not for diagnosis**\n"))
    #expect(text.contains("](<sub-01_report.png>)"))
    #expect(text.contains("| AI call | flagged: C4-5; score 0.041, slice 3"))
    #expect(text.contains("a\\|b \\<script\\> \\[x\\](y) \\`c\\` \\*d\\*"))
    #expect(text.contains("\n- liu on C4-5, absent: a\\|b "))
  }
}
