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

  @Test(
    "the cord by vertebral level is a cord, and its seams are discs, whichever way it is stored")
  func cordByLevel() throws {
    // 8 voxels of C2, 10 of C3, 12 of C4, 4 of C5, downwards from z = 0.
    let levels = [(8, 2), (10, 3), (12, 4), (4, 5)].flatMap {
      [UInt16](repeating: UInt16($0.1), count: $0.0)
    }
    let down = Affine(i: [1, 0, 0], j: [0, 1, 0], k: [0, 0, -1.5], origin: .zero)
    let up = Affine(
      i: [1, 0, 0], j: [0, 1, 0], k: [0, 0, 1.5], origin: [0, 0, -1.5 * Double(levels.count - 1)])
    for (voxels, affine) in [(levels, down), (levels.reversed(), up)] {
      let volume = LabelVolume(shape: [1, 1, levels.count], voxels: voxels, affine: affine)
      let labels = LabelConvention.sctCordLevels.studyLabels(from: volume)
      #expect(labels.cord?.voxels.allSatisfy { $0 == 1 } == true && labels.canal == nil)
      // Seams below voxels 7, 17 and 29.
      #expect(Set(labels.landmarks.keys) == [.c2, .c3, .c4] && labels.levelSource == .discs)
      let c3 = try #require(labels.landmarks[.c3])
      let c4 = try #require(labels.landmarks[.c4])
      #expect(abs(c3.z + 1.5 * 12.5) < 1e-9 && abs(c4.z + 1.5 * 23.5) < 1e-9)
    }
    // A number that is skipped is no disc, nor is one alone.
    for values: [UInt16] in [[2, 2, 4, 4], [3, 3], [5, 4]] {
      let volume = LabelVolume(shape: [1, 1, values.count], voxels: values, affine: down)
      let labels = LabelConvention.sctCordLevels.studyLabels(from: volume)
      #expect(labels.levelSource == .missing && labels.cord != nil)
    }
  }

  @Test(
    "the cord by level of a real volume has its C2-3 seam where the disc was set by hand",
    .enabled(if: SharedData.has("data/sct_testing_data/t2/t2_seg-manual_labeled.nii.gz")))
  func realCordByLevel() throws {
    let volume = try SampleStudies.sctLabels("t2/t2_seg-manual_labeled.nii.gz")
    let discs = LabelConvention.sctCordLevels.cordDiscs(volume)
    // Slice 34 from below is disc 3 (init_label_vertebrae.txt).
    let disc = try #require(discs[.c2])
    #expect(abs(disc.z - (-19.32 + 34)) < 3)
    let c3 = try #require(discs[.c3])
    let c4 = try #require(discs[.c4])
    #expect(disc.z > c3.z + 10 && c3.z > c4.z + 10)
  }

  @Test(
    "values tell the convention of vertebrae, or those between which they do not",
    arguments: [
      ([1, 2, 12, 13, 14, 15, 16, 17, 21, 63, 64, 65, 66, 67, 71], ["totalspineseg"]),
      ([12, 13, 14, 15, 16, 17, 21], ["totalspineseg"]), ([1, 2, 50, 63, 64], ["totalspineseg"]),
      ([1, 2, 12, 13, 63, 115], ["totalspineseg"]),
      ([2, 3, 4, 8, 9, 102, 103, 202], ["spineps-instance"]),
      ([26, 41, 42, 48, 49, 60, 61, 62, 100], ["spineps-subregion"]),
      ([12, 13, 14, 15], ["totalspineseg", "spineps-instance", "sct-cord-levels"]),
      ([2, 3, 4, 5, 6, 7, 8], ["spineps-instance", "sct-cord-levels"]),
      ([1, 2, 3, 4], ["spineps-instance", "sct-cord-levels", "u2ad"]),
      ([2, 3, 5, 6], ["spineps-instance", "sct-cord-levels", "u2ad"]),
      ([], []), ([500, 501], []), ([34, 35, 200, 201, 224], []), ([1, 2, 12, 300], []),
    ] as [([UInt16], [String])])
  func fitting(values: [UInt16], names: [String]) {
    #expect(LabelNumbering.fitting(Set(values)).map(\.convention.name) == names)
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
