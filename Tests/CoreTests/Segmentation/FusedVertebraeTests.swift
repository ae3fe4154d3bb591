import Imaging
import TestSupport
import Testing

@testable import Core

@Suite(
  "Vertebrae that ran together on a real study",
  .enabled(if: SharedData.has("data/sct_testing_data/history/data_t2/t2.nii.gz")),
  .enabled(if: (try? Assets.url(Assets.anatomyWeights)) != nil))
struct FusedVertebraeTests {
  @Test("data_t2: one disc and one point are C7-T1, and nothing of that level is measured")
  func history() throws {
    let image = try NIfTI.read(
      SharedData.url("data/sct_testing_data/history/data_t2/t2.nii.gz")
    ).volume
    let segmenter = AnatomySegmenter(
      engine: try AnatomyEngine(contentsOf: try Assets.url(Assets.anatomyWeights), threads: 2))
    let found = try #require(try segmenter.segment(image))
    #expect(found.labels.quality.names == ["levels-partial"], "\(found.numbering)")
    let spine = try #require(found.labels.spine)
    try Self.expectSpacing(
      LabelledBodies.discs(spine).sorted { $0.key < $1.key }.map(\.value), "discs")
    let points = try #require(DiscPoints.tips(of: spine))
    try Self.expectSpacing(
      LabelMoments(points) { _ in true }.centres.sorted { $0.key < $1.key }.map(\.value), "points")

    var options = PreparationOptions()
    options.neighbours = 0
    let study = try StudyPreparation.prepare(
      image: image, labels: found.labels, options: options)
    let slice = SegmentedSlice(try #require(study.scoredSlices.first), labels: found.labels)
    let measured = CervicalMeasurements(slice, subject: "hist", image: "t2.nii.gz")
    let last = try #require(measured.level("C7-T1"))
    for (key, value) in last.narrowing.entries + last.disc.entries {
      #expect(value.reason == "the level of T1 is not known", "\(key) \(value)")
    }
    #expect(measured.signal?.reference?.contains("C7-T1") == false)
    #expect(measured.level("C6-7")?.narrowing.cordApMm.value != nil)
    let rows = MeasurementCSV.vertebralRows(measured).split(separator: "\n")
      .map { $0.split(separator: ",") }
    let c7 = try #require(rows.first { $0[1] == "7" }.flatMap { Double($0[6]) })
    #expect(c7 > 12 && c7 < 21, "C7 is \(c7) mm from disc to disc")
  }

  /// Discs from C2-3 on lie one vertebra apart: 16 to 20 mm on this volunteer.
  private static func expectSpacing(_ places: [SIMD3<Double>], _ what: String) throws {
    try #require(places.count == 6, "\(what) \(places)")
    for (upper, lower) in zip(places, places.dropFirst()) {
      let d = lower - upper
      let distance = (d * d).sum().squareRoot()
      #expect(distance > 12 && distance < 23, "\(what) \(distance) mm apart")
    }
  }
}
