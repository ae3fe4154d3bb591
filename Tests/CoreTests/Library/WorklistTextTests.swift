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
