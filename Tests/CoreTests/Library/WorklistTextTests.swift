import Imaging
import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Worklist text")
struct WorklistTextTests {
  @Test("The table as a whole")
  func table() {
    var entries = [
      WorklistEntry(
        subject: "01", state: .unread, score: 0.0415, threshold: 0.03,
        thresholdSource: "calibration: 204 patients", scoring: "core", weights: "small 01234567",
        topSegment: .c4c5, flagged: [.c4c5, .c5c6],
        secondOpinionFlagged: [.c5c6], quality: [QualityFlag("canal-estimated", "...")]),
      WorklistEntry(
        subject: "02", state: .read, score: -0.0049, threshold: 0.03,
        thresholdSource: ModelCard.startSource, scoring: "head-joint",
        weights: "small-adapted-1a2b3c4 89abcdef", flagged: [.c6c7]),
      WorklistEntry(subject: "longer17", state: .waiting),
      WorklistEntry(subject: "03", state: .problem("there is no cord mask")),
      WorklistEntry(
        subject: "04", state: .problem("journal: line 3\u{1B}[2J"), score: 0.5, threshold: 0.03),
    ]
    entries[2].isForDiscussion = true
    #expect(
      WorklistText.table(entries) == """
        subject   score        flagged       2nd opinion  state    remarks
        01        0.042   !    C4-5 C5-6     C5-6         unread   canal-estimated
        02        -0.005  (!)  C6-7          -            read
        longer17  -            -             -            waiting  for discussion
        03        -            -             -            problem  not assessable: there is no cord mask
        04        0.500   !    patient only  -            problem  journal: line 3·[2J
        ! from 0.030 by core: calibration: 204 patients
        ! from 0.030 by head-joint: starting value, not calibrated
        ! from 0.030 by an unknown scoring: source not stated
        (!) a segment reaches its threshold, the patient's score does not reach its own
        weights small 01234567 (1 of 2)
        weights small-adapted-1a2b3c4 89abcdef (1 of 2)
        research use only, not for diagnosis

        """)
  }

  @Test("A detection in one line says what the table says: patient only, flags of all slices")
  func words() {
    var detection = LibraryFixture.detection()
    // A flag of a slice that decides nothing comes last.
    detection.quality.append(QualityFlag("out-of-plane", "...", slices: [9]))
    detection.quality.append(QualityFlag("motion", "..."))
    let remarks = "not assessable: C7-T1, canal-estimated, motion, out-of-plane"
    #expect(WorklistText.words(detection) == "flagged: C4-5; \(remarks)")
    detection.segments[3].flagged = true
    #expect(WorklistText.words(detection) == "flagged: C4-5, C5-6; \(remarks)")
    for index in detection.segments.indices { detection.segments[index].flagged = false }
    #expect(WorklistText.words(detection) == "flagged: patient only; \(remarks)")
    detection.patient.score = 0.01
    detection.patient.flagged = false
    #expect(WorklistText.words(detection) == "nothing flagged; \(remarks)")
    detection.quality = []
    for index in detection.segments.indices { detection.segments[index].assessable = true }
    #expect(WorklistText.words(detection) == "nothing flagged")
    var none = LibraryFixture.unassessable(subject: "01", reason: "wrong-contrast: no T2\u{1B}")
    none.quality = [QualityFlag("wrong-contrast", "no T2")]
    #expect(
      WorklistText.words(none) == "not assessable: wrong-contrast: no T2·; wrong-contrast")
  }

  @Test("A score of the whole cord has no call, in files of earlier versions either")
  func wholeCord() throws {
    for score in [0.01, 0.5] {
      var old = LibraryFixture.detection(score: score)
      for index in old.segments.indices {
        old.segments[index].assessable = false
        (old.segments[index].score, old.segments[index].flagged) = (nil, false)
        old.segments[index].secondOpinionFlagged = nil
      }
      old.patient.reason = "levels-missing: the score is the maximum over the whole cord"
      old.opinions = [
        Detection.Opinion(
          detector: "lc61", patientScore: score, threshold: 0.03, flagged: score > 0.03,
          segmentScores: Array(repeating: nil, count: 6))
      ]
      old.quality = [QualityFlag("levels-missing", "none is labelled")]
      let folder = try TemporaryFolder()
      try Data(try DetectionFile.encode(old)).write(to: folder("d.json"))
      let read = try #require(try DetectionFile.read(folder("d.json"))).detection
      #expect(read.patient.isUncalled && !read.patient.flagged && read.patient.score == score)
      #expect(read.secondOpinion?.flagged == nil && read.secondOpinion?.patientScore == score)
      #expect(read.scores["lc61"]?.patient == nil)
      let digest = try #require(try DetectionFile.digest(folder("d.json")))
      #expect(digest == DetectionDigest(read, sha256: digest.sha256))
      #expect(digest.secondOpinionFlagsPatient == nil)
      #expect(digest.notAssessed?.hasPrefix("not assessed by segment: levels missing") == true)
      // Once without a call it is written and read so: a script finds null, not "not flagged".
      let again = try #require(
        try JSONSerialization.jsonObject(with: read.json()) as? [String: Any])
      #expect((again["patient"] as? [String: Any])?["flagged"] is NSNull)
      #expect(read.callingNamedSegmentsOnly == read)

      let words = WorklistText.words(read)
      let number = score == 0.5 ? "0.500" : "0.010"
      #expect(words.hasPrefix("score \(number) without a call; not assessed"), "\(words)")
      #expect(!words.contains("flagged"), "\(words)")
      for state in [StudyState.problem(digest.notAssessed ?? ""), .reading] {
        var entry = WorklistEntry(subject: "01", state: state)
        entry.add(digest)
        let table = WorklistText.table([entry])
        #expect(table.contains("not assessed by segment: levels missing"), "\(table)")
        #expect(!table.contains("!") && !table.contains("patient only"), "\(table)")
      }

      var sheet = SheetCase.sheet(readers: [], detection: read)
      sheet.labels = []
      #expect(sheet.call.word == "not assessed")
      let page = SheetText.report(sheet)
      #expect(page.contains("not assessed by segment") && page.contains("none for the whole cord"))
      #expect(!page.contains("not flagged") && !page.contains(" flagged"), "\(page)")
      #expect(!SheetCSV.rows(sheet).contains("flagged"))
      let figure = SheetFigure(sheet, study: nil).drawn()
      #expect(figure.columns == SheetFigure.width)
    }
  }

  @Test("One kind of weights is named without a count")
  func weights() {
    #expect(WeightsInUse.words([]) == [])
    #expect(WeightsInUse.words(["a", "a"]) == ["a"])
    #expect(WeightsInUse.words(["a", "b", "a"]) == ["a (2 of 3)", "b (1 of 3)"])
  }

  @Test("An empty library has a table too")
  func empty() {
    #expect(WorklistText.table([]).hasPrefix("subject"))
  }
}
