import Imaging
import Testing

@testable import Core

@Suite("Levels of which a vertebra is not named")
struct UnnamedLevelTests {
  /// A study of which vertebrae have no name, though the discs beside them have.
  private static func labels(without levels: Set<VertebralLevel>, bodies: Bool) -> StudyLabels {
    var labels = SyntheticStudy().studyLabels
    labels.landmarks = labels.landmarks.filter { !levels.contains($0.key) }
    let lost = Set(levels.map(\.totalSpineSegLabel))
    if !bodies { labels.spine = labels.spine?.map { lost.contains($0) ? 0 : $0 } }
    return labels
  }

  @Test(
    "what detection cannot assess for want of a name the report does not measure, and says the same",
    arguments: [[VertebralLevel.t1], [.c2], [.c7, .t1]], [false, true])
  func oneRule(levels: [VertebralLevel], bodies: Bool) throws {
    let labels = Self.labels(without: Set(levels), bodies: bodies)
    let study = try StudyPreparation.prepare(image: SyntheticStudy().image, labels: labels)
    let detection = try SyntheticStudy.detect(study).detection
    let slice = SegmentedSlice(try #require(study.scoredSlices.first), labels: labels)
    let measured = CervicalMeasurements(slice, subject: "a", image: "b")
    var unnamed = 0
    for segment in detection.segments {
      let level = try #require(measured.level(segment.name))
      if let reason = segment.reason, reason.hasPrefix("the level of ") {
        unnamed += 1
        #expect(!segment.assessable)
        for (key, value) in level.narrowing.entries + level.disc.entries {
          #expect(value.value == nil && value.reason == reason, "\(segment.name) \(key) \(value)")
        }
        #expect(level.disc.contactsCord == nil && !level.disc.isShown)
      } else {
        let value = level.narrowing.cordApMm
        #expect(segment.assessable && value.value != nil, "\(segment.name) \(value)")
      }
    }
    #expect(unnamed == levels.count)
  }

  /// A drawn neck with grey values, and the levels that detection knows.
  private static func slice(without levels: Set<VertebralLevel>) throws -> SegmentedSlice {
    var slice = DrawnNeck().slice()
    slice.image = try #require(slice.cord).map { $0 >= 0.5 ? 100 : 20 }
    slice.flagged = []
    slice.knownLevels = Set(DrawnNeck.levels).subtracting(levels)
    return slice
  }

  private static func measured(_ slice: SegmentedSlice) -> CervicalMeasurements {
    CervicalMeasurements(slice, subject: "a", image: "b")
  }

  @Test("a level without a name voids its own values, is no reference, and changes no other level")
  func reference() throws {
    let whole = Self.measured(try Self.slice(without: []))
    #expect(whole.signal?.reference == "C7-T1 disc level")
    let study = Self.measured(try Self.slice(without: [.t1]))
    #expect(study.signal?.reference?.hasPrefix("mid-") == true)
    #expect(study.signal?.referenceLeftOut == ["C7-T1 (not named)"])
    #expect(study.signal?.scrAtNarrowestRatio.quality.names == ["reference-substituted"])
    for level in whole.levels where level.level != "C7-T1" {
      #expect(study.level(level.level) == level)
    }
    #expect(study.level("C7-T1")?.narrowing.kangGrade.reason == "the level of T1 is not known")
    #expect(study.msccMaxPercent?.quality.names.contains("levels-unmeasured") == true)
    // Angles and diameters beside bodies rest on the bodies themselves.
    #expect(study.alignment == whole.alignment && study.vertebrae == whole.vertebrae)
  }

  @Test("a fault that voids the levels, or that none is named, is the reason that is given")
  func reasons() throws {
    var slice = try Self.slice(without: Set(DrawnNeck.levels))
    slice.quality = [QualityFlag("levels-missing", "Segments cannot be named: none is labelled.")]
    func reasons(_ slice: SegmentedSlice) -> Set<String?> {
      let levels = Self.measured(slice).levels
      return Set(
        levels.map(\.narrowing.cordApMm.reason) + levels.map(\.disc.displacementMm.reason))
    }
    #expect(reasons(slice) == ["levels-missing: Segments cannot be named: none is labelled"])
    slice.quality.append(QualityIssue.levelsImplausible.flag("C3 is not below C2."))
    #expect(reasons(slice) == ["levels-implausible: C3 is not below C2"])
  }
}
