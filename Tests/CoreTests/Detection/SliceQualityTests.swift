import Imaging
import Testing

@testable import Core

@Suite("Quality flags of all scored slices")
struct SliceQualityTests {
  @Test("a neighbour's flags are reported with its number; the same words are one flag")
  func neighbours() throws {
    var source = SyntheticStudy(lesion: (128...137, 0.5))
    // The cord leaves slice 3 in the lower half: it is narrower there than on slice 2.
    source.halfWidth = { slice, row in slice == 3 && row > 150 ? 1 : 4 }
    var labels = source.studyLabels
    labels.canal = nil
    let study = try StudyPreparation.prepare(image: source.image, labels: labels)
    let d = try SyntheticStudy.detect(study).detection
    #expect(d.sliceIndex == 2 && d.scoredSlices == [1, 2, 3])
    let oblique = d.quality.filter { $0.flag == "out-of-plane" }
    #expect(oblique.contains { $0.slices == [3] })
    #expect(oblique.allSatisfy { $0.slices?.contains(2) == false })
    let canal = d.quality.filter { $0.flag == "canal-estimated" }
    #expect(canal.count == 1 && canal.first?.slices == [1, 2, 3])
    #expect(d.quality(onSlice: 2).names == ["canal-estimated"])
    #expect(d.quality.names.filter { $0 == "out-of-plane" }.count == 1)
    // Slice 2 gave the score: what is wrong with slice 3 does not bear on it.
    #expect(d.decisiveQuality.names == ["canal-estimated"])
    var other = d
    other.sliceIndex = 3
    #expect(other.decisiveQuality.names.contains("out-of-plane"))
    other.sliceIndex = nil
    for n in other.segments.indices { other.segments[n].flagged = false }
    #expect(other.decisiveQuality == other.quality)
  }

  @Test("a slice that could not be scored lends no flags to what was")
  func unscored() throws {
    var study = try SyntheticStudy(lesion: (128...137, 0.5)).prepared()
    for n in study.slices.indices where study.slices[n].index == 1 {
      study.slices[n].unassessableReason = "test"
      study.slices[n].quality = [QualityFlag("csf-effaced", "test")]
    }
    let d = try SyntheticStudy.detect(study).detection
    #expect(d.scoredSlices == [2, 3] && !d.quality.names.contains("csf-effaced"))
  }

  @Test("an incomplete reconstruction is told of the slice it happened on")
  func incomplete() throws {
    let study = try SyntheticStudy(lesion: (128...137, 0.5)).prepared()
    let detector = StudyDetector(
      card: ModelCard(name: "x", sha256: "00"), settings: SampleStudies.settings)
    let d = try detector.detect(study, subject: "1", image: "x") { slice in
      var maps = SampleStudies.constantMaps(slice)
      if slice.index == 3 { maps.fewestReconstructions = 0 }
      return maps
    }.detection
    let flag = try #require(d.quality.first { $0.flag == "reconstruction-incomplete" })
    #expect(flag.slices == [3])
  }
}
