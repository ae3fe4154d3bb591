import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Quality flags on real files")
struct RealQualityTests {
  /// Flags that would be false on studies known to be good.
  private static let faults = Set(
    [
      QualityIssue.wrongPlane, .wrongContrast, .wrongRegion, .tooCoarse, .motion, .noise,
      .segmentationImplausible, .levelsImplausible, .absoluteLevelLow,
    ].map(\.rawValue))

  private func expectClean(_ image: ImageVolume, _ labels: StudyLabels, _ name: String) throws {
    let figures = try QualityCases.figures(image, labels)
    print("FIG real", name, figures)
    #expect(Self.faults.isDisjoint(with: figures.flags), "\(name) \(figures)")
    #expect(!figures.flags.contains("cord-leaves-view"), "\(name) \(figures)")
    if let ratio = figures.signalToNoise { #expect(ratio > 10, "\(name)") }
    if let share = figures.ghostShare { #expect(share < 0.05, "\(name)") }
    if let likeness = figures.echoLikeness { #expect(likeness < 0.06, "\(name)") }
    if let likeness = figures.rowLikeness { #expect(likeness < 0.12, "\(name)") }
  }

  @Test(
    "errsm 11 and 23, their automatic mask and their crop are clean",
    .enabled(if: SharedData.has("data/sct_errsm/errsm_23")))
  func errsm() throws {
    for number in ["11", "23"] {
      let source = try SampleStudies.errsm(number)
      try expectClean(source.image, source.labels, "errsm_\(number)")
    }
    let source = try SampleStudies.errsm("23")
    var labels = source.labels
    labels.cord = try NIfTI.readLabels(
      SharedData.url("data/sct_errsm/errsm_23/t2/t2_segmentation_PropSeg.nii.gz"))
    try expectClean(source.image, labels, "errsm_23 PropSeg")
    let crop = try NIfTI.read(SharedData.url("data/sct_errsm/errsm_23/t2/t2_crop.nii.gz")).volume
    try expectClean(crop, source.labels, "errsm_23 crop")
    // Air at 95 is no motion.
    let lifted = try QualityCases.figures(source.image.map { $0 + 95 }, source.labels)
    #expect(try #require(lifted.ghostShare) < 0.05 && !lifted.flags.contains("motion"), "\(lifted)")
    // A jump of 2.5 mm between shots is motion.
    let moved = try QualityCases.figures(
      QualityCases.jumped(source.image, mm: 2.5, shots: 16), source.labels)
    #expect(try #require(moved.rowLikeness) > 0.2 && moved.flags.contains("motion"), "\(moved)")
    // Without a mask nothing is known of the cord, and nothing else is said.
    let other = try NIfTI.read(SharedData.url("data/sct_errsm/errsm_22/t2/t2.nii.gz")).volume
    let study = try StudyPreparation.prepare(image: other, labels: StudyLabels())
    #expect(study.quality.names == ["levels-missing"])
  }

  @Test(
    "the cropped T2 of the SCT test data and its painted lesion are clean",
    .enabled(if: SharedData.has("data/sct_testing_data/t2/t2.nii.gz")))
  func sct() throws {
    try expectClean(
      try SampleStudies.sct("t2/t2.nii.gz"),
      StudyLabels(cord: try SampleStudies.sctLabels("t2/t2_seg-manual.nii.gz")), "t2")
    try expectClean(
      try SampleStudies.sct("t2/t2_fake_lesion.nii.gz"),
      StudyLabels(cord: try SampleStudies.sctLabels("t2/t2_fake_lesion_sc_seg.nii.gz")), "fake")
  }

  @Test(
    "the released U2AD slice is clean but for its canal; one with a piece of the cord says what is missing",
    .enabled(if: SharedData.has("data/u2ad/private1.npy")))
  func u2ad() throws {
    let (image, labels) = try SampleStudies.u2ad("private1")
    try expectClean(image, LabelConvention.u2ad.studyLabels(from: labels), "private1")
    let whole = try StudyPreparation.prepare(
      image: image, labels: LabelConvention.u2ad.studyLabels(from: labels))
    #expect(whole.quality.names.contains("canal-implausible"))
    let piece = try SampleStudies.u2ad("private3")
    let study = try StudyPreparation.prepare(
      image: piece.image, labels: LabelConvention.u2ad.studyLabels(from: piece.labels))
    #expect(study.reason?.contains("rows only") == true)
  }

  @Test(
    "T1, axial T2* and a back are named",
    .enabled(if: SharedData.has("data/sct_testing_data/t1/t1w.nii.gz")))
  func wrong() throws {
    let t1 = try StudyPreparation.prepare(
      image: try SampleStudies.sct("t1/t1w.nii.gz"),
      labels: StudyLabels(cord: try SampleStudies.sctLabels("t1/t1w_seg-manual.nii.gz")))
    #expect(t1.quality.names.contains("wrong-contrast") && t1.reason != nil)
    let axial = try StudyPreparation.prepare(
      image: try SampleStudies.sct("t2s/t2s.nii.gz"),
      labels: StudyLabels(cord: try SampleStudies.sctLabels("t2s/t2s_seg.nii.gz")))
    #expect(axial.quality.names.contains("wrong-plane") && axial.reason != nil)
  }

  @Test(
    "a T1 and a head under the network's own masks: not assessable, for the right reason",
    .enabled(if: SharedData.has("data/nifti_reader_js/data/avg152T1_LR_nifti.nii.gz")),
    .enabled(if: (try? Assets.url(Assets.anatomyWeights)) != nil))
  func foundMasks() throws {
    let segmenter = AnatomySegmenter(
      engine: try AnatomyEngine(contentsOf: try Assets.url(Assets.anatomyWeights), threads: 2))
    func prepared(_ image: ImageVolume) throws -> PreparedStudy {
      try StudyPreparation.prepare(
        image: image, labels: try segmenter.segment(image)?.labels ?? StudyLabels())
    }
    let t1 = try prepared(try SampleStudies.sct("t1/t1w.nii.gz"))
    #expect(t1.reason?.hasPrefix("wrong-contrast") == true, "\(t1.quality)")
    #expect(t1.scoredSlices.allSatisfy { $0.unassessableReason != nil })
    let head = try prepared(
      try NIfTI.read(SharedData.url("data/nifti_reader_js/data/avg152T1_LR_nifti.nii.gz")).volume)
    #expect(head.reason?.hasPrefix("wrong-region: No cord") == true, "\(head.quality)")
    let t2 = try prepared(try SampleStudies.sct("t2/t2.nii.gz"))
    #expect(t2.reason == nil && !t2.quality.names.contains("wrong-contrast"), "\(t2.quality)")
    #expect(!t2.quality.names.contains("wrong-region"))
  }

  @Test(
    "a healthy neck under ghosts of itself has no compression and no lost height: nothing is measured",
    .enabled(if: SharedData.has("data/sct_errsm/errsm_23")),
    .enabled(if: (try? Assets.url(Assets.anatomyWeights)) != nil))
  func ghosts() throws {
    let segmenter = AnatomySegmenter(
      engine: try AnatomyEngine(contentsOf: try Assets.url(Assets.anatomyWeights), threads: 2))
    func measured(_ image: ImageVolume) throws -> CervicalMeasurements {
      let labels = try #require(try segmenter.segment(image)).labels
      let study = try StudyPreparation.prepare(image: image, labels: labels)
      let chosen = try #require(study.scoredSlices.first)
      var slice = SegmentedSlice(chosen, labels: labels).withNeighbours(of: labels)
      slice.quality += study.quality.filter { !slice.quality.contains($0) }
      return CervicalMeasurements(slice, subject: "a", image: "b")
    }
    let image = try SampleStudies.errsm("23").image
    let clean = try measured(image)
    #expect(clean.msccMaxPercent?.value != nil && clean.alignment?.cobbDeg.value != nil)
    let ghosts = try measured(QualityCases.doubled(image, strength: 0.4, shiftMM: 40, along: 2))
    #expect(ghosts.quality.names.contains("motion"))
    for row in ghosts.rows where row.measurement.value != nil {
      Issue.record("\(row.measure) \(row.level) has a value")
    }
  }

  @Test(
    "an import's look at the picture says of a T1 what detection will say, and nothing of a T2",
    .enabled(if: SharedData.has("data/sct_testing_data/t1/t1w.nii.gz")),
    .enabled(if: (try? Assets.url(Assets.anatomyWeights)) != nil))
  func look() throws {
    let look = try #require(PictureLook.byAnatomyNetwork(threads: 2))
    let t1 = try look.look(try SampleStudies.sct("t1/t1w.nii.gz"))
    #expect(t1.hasCord && t1.notT2?.contains("no T2-weighted image") == true, "\(t1)")
    let t2 = try look.look(try SampleStudies.sct("t2/t2.nii.gz"))
    #expect(t2.hasCord && t2.notT2 == nil, "\(t2)")
  }

  @Test(
    "vertebrae T9 to L5 are no neck, whatever numbering they are taken for",
    .enabled(if: SharedData.has("data/healthivert/datasets/raw/0007/0007_msk.nii.gz")))
  func back() throws {
    let mask = try NIfTI.readLabels(
      SharedData.url("data/healthivert/datasets/raw/0007/0007_msk.nii.gz"))
    // Right numbering (VerSe: T9 = 16, L5 = 24), renamed as TotalSpineSeg does.
    let named = mask.map { $0 >= 16 && $0 <= 19 ? $0 + 13 : $0 >= 20 && $0 <= 24 ? $0 + 21 : 0 }
    let renamed = StudyLabels(spine: named)
    let none = StudyLevels(points: [:], source: .missing)
    #expect(RegionCheck.flag(renamed, levels: none)?.text.contains("T9 to L5") == true)
    // Taken for TotalSpineSeg numbers, 17 is a C7 that the edge cuts, and 21 to 23 are T1 to T3.
    let labels = LabelConvention.totalSpineSeg.studyLabels(from: mask)
    let levels = LevelRules.resolve(labels, along: nil)
    #expect(RegionCheck.flag(labels, levels: levels)?.flag == "wrong-region", "\(levels)")
  }
}
