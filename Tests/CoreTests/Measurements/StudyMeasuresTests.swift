import Foundation
import Testing

@testable import Core

@Suite("Measurements level by level for screens")
struct StudyMeasuresTests {
  private static func lesion(_ segments: [String], scr: Double?, grade: Double) -> LesionSignal {
    func value(_ number: Double?) -> MeasuredValue {
      MeasuredValue(
        value: number, reason: number == nil ? "no cord pixel lies in the lesion" : nil,
        method: "drawn")
    }
    return LesionSignal(
      source: .detection, sliceIndex: 3, rowFrom: 100, rowTo: 110, segments: segments,
      scrRatio: value(scr), lengthMm: value(8), areaMm2: value(30), yukawaGrade: value(grade))
  }

  private static func signal(_ type: MeasuredValue) -> CordSignalSummary {
    CordSignalSummary(
      reference: "C7-T1 disc level",
      scrAtNarrowestRatio: MeasuredValue(value: nil, reason: "there is a lesion", method: "drawn"),
      combinedType: type)
  }

  private static let none = MeasuredValue(value: 1, reason: nil, method: "drawn")

  @Test("levels bear what the report has of them")
  func levels() throws {
    var neck = DrawnNeck()
    neck.narrowings = [(v: DrawnNeck.disc(3), share: 0.4, mm: 4)]
    let study = neck.measured()
    let measures = StudyMeasures(study)
    #expect(measures.levels.map(\.segment) == SpinalSegment.allCases && measures.reason == nil)
    for segment in SpinalSegment.allCases {
      let narrowing = try #require(study.level(segment.name)).narrowing
      let level = try #require(measures[segment])
      #expect(level.cordApMm == narrowing.cordApMm && level.kangGrade == narrowing.kangGrade)
      #expect(level.msccPercent == narrowing.msccAdjacentPercent)
      #expect(level.mccPercent == narrowing.mccAdjacentPercent)
    }
    #expect(measures.mostCompressed?.segment.name == study.msccMaxLevel)
  }

  @Test("a level has the brightest of its lesions, and another has none")
  func lesions() throws {
    var study = DrawnNeck().measured()
    study.signal = Self.signal(Self.none)
    study.lesions = [
      Self.lesion(["C4-5"], scr: 1.2, grade: 1), Self.lesion(["C4-5", "C5-6"], scr: 1.7, grade: 2),
      Self.lesion(["C6-7"], scr: nil, grade: 1),
    ]
    let measures = StudyMeasures(study)
    #expect(measures[.c4c5]?.scrRatio.value == 1.7 && measures[.c4c5]?.yukawaGrade.value == 2)
    #expect(measures[.c5c6]?.scrRatio.value == 1.7)
    #expect(measures[.c6c7]?.scrRatio.reason == "no cord pixel lies in the lesion")
    // What is flagged is named by a lesion.
    #expect(
      measures[.c3c4]?.scrRatio.reason
        == "no lesion reaches far enough into this level; measured in C4-5, C5-6")
    // What a reader sees and nothing outlines is measured nowhere.
    study.lesions = [Self.lesion(["C4-5"], scr: nil, grade: 1)]
    study.lesions[0].source = .reader
    #expect(
      StudyMeasures(study)[.c3c4]?.scrRatio.reason == "no lesion is flagged or outlined here")
    study.lesions.append(Self.lesion(["C5-6"], scr: nil, grade: 1))
    #expect(
      StudyMeasures(study)[.c3c4]?.scrRatio.reason
        == "no lesion reaches far enough into this level")
  }

  @Test("that there is no lesion is said only where it is known")
  func unknown() {
    func reason(_ change: (inout CervicalMeasurements) -> Void) -> String? {
      var study = DrawnNeck().measured()
      study.signal = Self.signal(Self.none)
      change(&study)
      let reasons = Set(StudyMeasures(study).levels.map { $0.scrRatio.reason })
      return reasons.count == 1 ? reasons.first ?? nil : "not the same for all levels"
    }
    #expect(reason { _ in } == "no lesion is flagged or outlined here")
    #expect(reason { $0.signal = nil }?.contains("no grey values") == true)
    let doubt = MeasuredValue(value: nil, reason: "nothing is known of lesions", method: "drawn")
    #expect(reason { $0.signal = Self.signal(doubt) } == "nothing is known of lesions")
    #expect(
      reason { $0.lesions = [Self.lesion([], scr: 1.4, grade: 1)] }?.contains("cannot be placed")
        == true)
    let motion = QualityIssue.motion.flag("Ghosts lie behind the neck.")
    #expect(reason { $0.quality = [motion] } == "motion: Ghosts lie behind the neck")
    let measures = StudyMeasures(unmeasured: "there is no cord mask")
    #expect(measures.reason == "there is no cord mask" && measures.mostCompressed == nil)
    #expect(measures.levels.allSatisfy { $0.scrRatio.reason == "there is no cord mask" })
  }

  @Test("reasons and flags are reworded, values stay")
  func reworded() {
    var study = DrawnNeck().measured()
    study.quality = [QualityIssue.motion.flag("sub-zebra moved.")]
    let measures = StudyMeasures(study)
    let clean = measures.reworded { $0.replacing("sub-zebra", with: "case 1") }
    #expect(clean[.c4c5]?.scrRatio.reason == "motion: case 1 moved")
    #expect(clean[.c4c5]?.cordApMm.value == measures[.c4c5]?.cordApMm.value)
    #expect("\(clean)".contains("zebra") == false)
  }
}
