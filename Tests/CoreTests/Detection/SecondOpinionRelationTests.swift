import Testing

@testable import Core

@Suite("The second opinion beside the AI, on patient and segments")
struct SecondOpinionRelationTests {
  private func detection(
    ours: [SpinalSegment], _ patient: Bool, theirs: [SpinalSegment], _ second: Bool?
  ) -> Detection {
    var detection = LibraryFixture.detection()
    detection.patient.assessable = true
    detection.patient.flagged = patient
    for index in detection.segments.indices {
      let name = detection.segments[index].name
      detection.segments[index].flagged = ours.contains { $0.name == name }
      detection.segments[index].secondOpinionFlagged = theirs.contains { $0.name == name }
    }
    detection.opinions = [
      Detection.Opinion(
        detector: SignalDetector.lc61.rawValue, patientScore: 0.3, threshold: 0.2, flagged: second,
        segmentScores: [])
    ]
    return detection
  }

  @Test("agreement on the patient is none on the segments")
  func words() {
    let patientOnly = detection(ours: [], true, theirs: [.c5c6], true)
    #expect(
      patientOnly.secondOpinionRelation
        == "agrees with the AI on the patient; by segment it flags C5-6, the AI none")
    #expect(!patientOnly.secondOpinionFlagsPatientAlone)
    #expect(
      detection(ours: [.c4c5], true, theirs: [.c4c5], true).secondOpinionRelation
        == "agrees with the AI on the patient and on the segments")
    #expect(
      detection(ours: [], false, theirs: [], false).secondOpinionRelation
        == "agrees with the AI on the patient")
    #expect(detection(ours: [], false, theirs: [], nil).secondOpinionRelation == nil)
  }

  @Test("the patient alone is flagged where no segment is, and not by a part of the score")
  func alone() {
    var alone = detection(ours: [], false, theirs: [], true)
    #expect(alone.secondOpinionFlagsPatientAlone)
    #expect(alone.secondOpinionRelation == "disagrees with the AI on the patient")
    alone.model.scoring = "head-joint"
    #expect(!alone.secondOpinionFlagsPatientAlone)
    #expect(alone.secondOpinionRelation == "part of the AI's score")
    #expect(!detection(ours: [], false, theirs: [], false).secondOpinionFlagsPatientAlone)
  }
}
