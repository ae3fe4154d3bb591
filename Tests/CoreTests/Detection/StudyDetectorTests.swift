import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Study detector")
struct StudyDetectorTests {
  @Test("a lesion is flagged in its segment, with its length and a second opinion")
  func lesion() throws {
    let result = try SyntheticStudy.detect(SyntheticStudy(lesion: (128...137, 0.5)).prepared())
    let d = result.detection
    #expect(d.patient.flagged && d.patient.assessable && d.patient.reason == nil)
    #expect(d.segments.map(\.name) == ["C2-3", "C3-4", "C4-5", "C5-6", "C6-7", "C7-T1"])
    #expect(d.segments.map(\.flagged) == [false, false, true, false, false, false])
    let segment = d.segments[2]
    #expect(segment.secondOpinionFlagged == true && segment.sliceIndex == 2)
    // Ten rows of lesion; half a five-row mean on each side still reaches a third of 0.5.
    #expect(abs((segment.lengthMm ?? 0) - 12 * SagittalGrid.spacing) < 2)
    #expect((128...137).contains(segment.peakRow ?? 0))
    #expect(segment.rowFrom == 124 && segment.rowTo == 146)
    #expect(d.sliceIndex == 2 && d.slices.map(\.index) == [2, 1, 3])
    #expect(abs(d.curve.zMm[0] - (80 - Double(d.curve.row[0]) * 0.78125)) < 0.01)
    #expect(d.opinions.map(\.detector).prefix(3) == ["u2ad-core", "u2ad-paper", "u2ad-z"])
    #expect(d.opinions.count == SyntheticStudy.detectors)
    #expect(d.opinions.allSatisfy { $0.segmentScores.count == 6 })
  }

  @Test("the anomaly map is the signed error in steps, NaN outside cord and CSF")
  func maps() throws {
    let study = try SyntheticStudy(lesion: (128...137, 0.5), noise: 0).prepared()
    let result = try SyntheticStudy.detect(study)
    let map = try #require(result.maps.first { $0.index == 2 })
    #expect(abs(map.anomaly[132, 128] - 0.5) < 0.02)
    #expect(abs(map.anomaly[60, 128]) < 0.02 && map.anomaly[60, 60].isNaN)
    #expect(abs(map.anomaly[60, 120] - 1) < 0.05)
    #expect(map.reconstruction[132, 128] == 0.35)
  }

  @Test("a healthy study is assessable and not flagged")
  func healthy() throws {
    let d = try SyntheticStudy.detect(SyntheticStudy().prepared()).detection
    #expect(d.patient.assessable && !d.patient.flagged)
    #expect(d.segments.allSatisfy { $0.assessable && !$0.flagged && $0.lengthMm == nil })
  }

  @Test("a patient over threshold without a segment over it says so")
  func patientOnly() throws {
    var card = ModelCard(name: "constant", sha256: "00")
    card.thresholds["u2ad-core"] = ModelCard.Thresholds(patient: 0.15, segment: 0.9)
    card.thresholdSource = "calibration"
    let d = try SyntheticStudy.detect(
      SyntheticStudy(lesion: (128...137, 0.5)).prepared(), card: card
    ).detection
    #expect(d.patient.flagged && !d.segments.contains { $0.flagged })
    #expect(d.patient.reason?.contains("no segment reaches its own") == true)
    #expect(d.model.thresholdSource == "calibration" && d.segments[0].threshold == 0.9)
  }

  @Test("segments without cord are not assessable, and the patient says which")
  func partial() throws {
    var source = SyntheticStudy()
    source.cordRows = 30...150
    let d = try SyntheticStudy.detect(source.prepared()).detection
    #expect(d.segments.map(\.assessable) == [true, true, true, false, false, false])
    #expect(d.segments[4].score == nil && d.segments[4].reason == "no cord is seen in it")
    #expect(d.segments[3].reason == "cord is seen on 4 of its 23 rows")
    #expect(d.patient.assessable && d.patient.reason == "not assessable: C5-6, C6-7, C7-T1")
  }

  @Test("without a mask nothing is scored and nothing is called normal")
  func noMask() throws {
    let study = try StudyPreparation.prepare(
      image: SyntheticStudy().image, labels: StudyLabels())
    let result = try SyntheticStudy.detect(study)
    let d = result.detection
    #expect(!d.patient.assessable && d.patient.score == nil && !d.patient.flagged)
    #expect(d.patient.reason?.contains("no cord mask") == true && d.sliceIndex == nil)
    #expect(d.segments.count == 6 && d.segments.allSatisfy { $0.score == nil && $0.reason != nil })
    #expect(result.maps.isEmpty && d.curve.row.isEmpty)
  }

  @Test("without levels the whole cord is scored, and there is no call, as no threshold is for it")
  func noLevels() throws {
    let source = SyntheticStudy(lesion: (128...137, 0.5))
    var labels = source.studyLabels
    (labels.landmarks, labels.spine, labels.levelSource) = ([:], nil, .missing)
    let study = try StudyPreparation.prepare(image: source.image, labels: labels)
    let d = try SyntheticStudy.detect(study).detection
    #expect(d.patient.score ?? 0 > d.patient.threshold && !d.patient.flagged)
    #expect(!d.patient.assessable && d.patient.isUncalled)
    let reason =
      "not assessed by segment: levels missing; the score is the maximum over the whole cord in the "
      + "window, for which no threshold is calibrated"
    #expect(d.patient.reason == reason)
    #expect(d.opinions.allSatisfy { $0.flagged == nil } && d.secondOpinion?.patientScore != nil)
    #expect(d.secondOpinionAgrees == nil && d.scores.values.allSatisfy { $0.patient == nil })
    #expect(d.segments.allSatisfy { !$0.assessable && $0.reason == "levels-missing" })
    #expect(d.quality.contains { $0.flag == "levels-missing" } && d.levelSource == "missing")
  }

  @Test("the paper's scoring decides when asked; both are stored either way")
  func paper() throws {
    let study = try SyntheticStudy(lesion: (128...137, 0.5)).prepared()
    let core = try SyntheticStudy.detect(study).detection
    let paper = try SyntheticStudy.detect(study, scoring: .paper).detection
    #expect(paper.model.scoring == "paper" && paper.patient.threshold == 0.03)
    #expect(paper.patient.score == paper.opinions[1].patientScore)
    #expect(core.opinions == paper.opinions && core.patient.score == core.opinions[0].patientScore)
  }

  @Test("what the engine throws reaches the caller")
  func throwing() throws {
    struct Failure: Error {}
    let study = try SyntheticStudy().prepared()
    #expect(throws: Failure.self) {
      try StudyDetector(card: ModelCard(name: "x", sha256: ""), settings: SampleStudies.settings)
        .detect(study, subject: "1", image: "x") { _ in throw Failure() }
    }
  }

  @Test("a study becomes an evaluation case with every detector's scores")
  func evaluationCase() throws {
    let d = try SyntheticStudy.detect(SyntheticStudy().prepared()).detection
    #expect(
      d.scores.count == SyntheticStudy.detectors
        && d.scores["u2ad-core"]?.patient == d.patient.score)
  }

  @Test(
    "the hand-painted blob of a real volume is the highest peak, where it was painted",
    .enabled(if: SharedData.has("data/sct_testing_data/t2/t2_fake_lesion.nii.gz")))
  func fakeLesion() throws {
    let study = try StudyPreparation.prepare(
      image: try SampleStudies.sct("t2/t2_fake_lesion.nii.gz"),
      labels: StudyLabels(cord: try SampleStudies.sctLabels("t2/t2_fake_lesion_sc_seg.nii.gz")))
    let d = try SyntheticStudy.detect(study).detection
    // Half a cord-to-CSF step of the slice (decision 007); healthy cords stay under 0.15.
    // Its levels are not known: a score, and no call.
    #expect(d.patient.isUncalled && d.patient.score ?? 0 > 0.5)
    let truth = try SampleStudies.sctLabels("t2/t2_fake_lesion_lesion_seg.nii.gz")
    var heights: [Double] = []
    for k in 0..<truth.shape.z {
      for j in 0..<truth.shape.y {
        for i in 0..<truth.shape.x where truth[i, j, k] != 0 {
          heights.append(truth.affine([Double(i), Double(j), Double(k)]).z)
        }
      }
    }
    let peak = d.curve.value.indices.max { d.curve.value[$0] < d.curve.value[$1] } ?? 0
    let z = d.curve.zMm[peak]
    #expect(z > (heights.min() ?? 0) - 3 && z < (heights.max() ?? 0) + 3)
  }

  @Test(
    "healthy volunteers stay below the starting threshold in every segment",
    .enabled(if: SharedData.has("data/sct_errsm/errsm_23")), arguments: ["11", "23"])
  func healthyVolunteers(number: String) throws {
    let source = try SampleStudies.errsm(number)
    let study = try StudyPreparation.prepare(image: source.image, labels: source.labels)
    let d = try SyntheticStudy.detect(study).detection
    #expect(d.patient.assessable && d.patient.score ?? 1 < 0.15)
    #expect(d.segments.allSatisfy { $0.assessable })
    #expect(d.segments.allSatisfy { $0.secondOpinionScore ?? 1 < 0.15 })
  }

  @Test(
    "the released arrays: one patient slice assessable, one too short, one without cord",
    .enabled(if: SharedData.has("data/u2ad/private1.npy")))
  func released() throws {
    var reasons: [String: String?] = [:]
    for name in ["private1", "private3", "public3"] {
      let source = try SampleStudies.u2ad(name)
      let study = try StudyPreparation.prepare(
        image: source.image, labels: LabelConvention.u2ad.studyLabels(from: source.labels))
      let d = try SyntheticStudy.detect(study).detection
      reasons[name] = study.reason
      #expect(d.patient.assessable == (name == "private1"))
      if name == "private1" {
        #expect(d.segments.allSatisfy { $0.assessable })
        #expect(d.segments[0].rowFrom == 73 && d.segments[5].rowTo == 242)
      }
    }
    #expect(reasons["private3"]??.contains("41 rows") == true)
    #expect(reasons["public3"]??.contains("no cord mask") == true)
  }
}
