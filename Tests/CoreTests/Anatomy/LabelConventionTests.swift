import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Label conventions")
struct LabelConventionTests {
  @Test("each tool's numbers mean what the tool says")
  func numbers() {
    #expect(LabelConvention.u2ad.structures[6] == .hyperintensity)
    #expect(LabelConvention.u2ad.structures[1] == .unnamedDisc)
    let tss = LabelConvention.totalSpineSeg.structures
    #expect(tss[12] == .vertebra(.c2) && tss[17] == .vertebra(.c7) && tss[21] == .vertebra(.t1))
    #expect(tss[63] == .disc(below: .c2) && tss[67] == .disc(below: .c6))
    #expect(tss[71] == .disc(below: .c7) && tss[72] == .disc(below: .t1) && tss[68] == nil)
    let instance = LabelConvention.spinepsInstance.structures
    #expect(instance[2] == .vertebra(.c2) && instance[8] == .vertebra(.t1))
    #expect(instance[102] == .disc(below: .c2) && instance[202] == nil)
    #expect(LabelConvention.sctDiscs.structures[3] == .disc(below: .c2))
    #expect(LabelConvention.sctDiscs.structures[8] == .disc(below: .c7))
    #expect(LabelConvention.sctLevels.structures[9] == .vertebra(.t2))
    #expect(LabelConvention(named: "TotalSpineSeg") == .totalSpineSeg)
    #expect(LabelConvention(named: "unheard-of") == nil)
  }

  private func volume(_ labels: [UInt16]) -> LabelVolume {
    LabelVolume(shape: [labels.count, 1, 1], voxels: labels, affine: .identity)
  }

  @Test("an annotated lesion belongs to the cord, and the cord to the canal")
  func lesionInCord() {
    let labels = LabelConvention.u2ad.studyLabels(from: volume([0, 3, 6, 4, 5, 7]))
    #expect(labels.cord?.voxels == [0, 1, 1, 0, 0, 0])
    #expect(labels.canal?.voxels == [0, 1, 1, 1, 0, 0])
    #expect(labels.spine == nil)
  }

  @Test("without CSF there is no canal, without cord no cord")
  func missingStructures() {
    let cordOnly = LabelConvention.u2ad.studyLabels(from: volume([3, 0, 0]))
    #expect(cordOnly.canal == nil && cordOnly.cord != nil)
    let none = LabelConvention.totalSpineSeg.studyLabels(from: volume([0, 999, 0]))
    #expect(none.cord == nil && none.canal == nil && none.spine == nil)
  }

  @Test("named vertebrae are renumbered to TotalSpineSeg")
  func renumbers() {
    let labels = LabelConvention.spinepsInstance.studyLabels(from: volume([2, 102, 8, 25]))
    #expect(labels.spine?.voxels == [12, 63, 21, 0])
    #expect(labels.levelSource == .labelled)
  }

  @Test("labels complete one another without overwriting")
  func completes() {
    let cord = StudyLabels(
      cord: volume([1]), quality: [QualityFlag("levels-missing", "none")])
    let levels = StudyLabels(
      cord: volume([0]), landmarks: [.c2: .zero, .c3: [0, 0, -20]], levelSource: .labelled)
    let both = cord.completed(by: levels)
    #expect(both.cord?.voxels == [1] && both.landmarks.count == 2)
    #expect(both.levelSource == .labelled && both.quality.isEmpty)
  }

  @Test(
    "the SCT landmarks of a real volume are mid-C2 and mid-T2",
    .enabled(if: SharedData.has("data/sct_errsm/errsm_23")))
  func realLandmarks() throws {
    let study = try SampleStudies.errsm("23")
    #expect(study.labels.landmarks.keys.sorted() == [.c2, .t2])
    #expect(study.labels.levelSource == .interpolated)
    #expect(abs((study.labels.landmarks[.c2]?.z ?? 0) - 51.06) < 0.1)
  }
}
