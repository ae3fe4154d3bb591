import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Wrong plane, region and contrast; what a flag voids")
struct StudyFaultTests {
  @Test("thick slices, another plane and coarse voxels each have their name")
  func plane() throws {
    func prepared(_ shape: SIMD3<Int>, _ spacing: SIMD3<Double>) throws -> PreparedStudy {
      let image = ImageVolume(
        shape: shape, voxels: (0..<shape.x * shape.y * shape.z).map { Float($0 % 97) },
        affine: Affine(
          i: [spacing.x, 0, 0], j: [0, spacing.y, 0], k: [0, 0, spacing.z], origin: .zero))
      return try StudyPreparation.prepare(image: image, labels: StudyLabels())
    }
    let axial = try prepared([64, 64, 12], [0.5, 0.5, 4])
    #expect(axial.quality.names.contains("wrong-plane") && axial.reason != nil)
    let coarse = try prepared([30, 60, 60], [3, 3, 3])
    #expect(coarse.quality.names.contains("too-coarse"))
    #expect(!coarse.quality.names.contains("wrong-plane"))
    #expect(coarse.reason?.contains("too coarse") == true)
    let thick = try prepared([9, 200, 200], [6.5, 0.8, 0.8])
    #expect(thick.quality.names.contains("too-coarse"))
    let fine = try prepared([9, 200, 200], [4, 0.8, 0.8])
    #expect(!fine.quality.names.contains("too-coarse"))
    #expect(!fine.quality.names.contains("wrong-plane"))
  }

  @Test("vertebrae of another region stop the study, those of a neck do not")
  func region() throws {
    let source = SyntheticStudy()
    var labels = source.studyLabels
    let neck = try #require(labels.spine)
    // C2 ... T1 renamed to T9 ... L3.
    let map: [UInt16: UInt16] = [12: 29, 13: 30, 14: 31, 15: 32, 16: 41, 17: 42, 21: 43]
    labels.spine = neck.map { map[$0] ?? ($0 <= 2 ? $0 : 0) }
    labels.landmarks = [:]
    labels.levelSource = .labelled
    let study = try StudyPreparation.prepare(image: source.image, labels: labels)
    let flag = try #require(study.quality.first { $0.flag == "wrong-region" })
    #expect(flag.text.contains("T9 to L3"))
    #expect(study.reason == flag.reason)
    let d = try SyntheticStudy.detect(study).detection
    #expect(!d.patient.assessable && d.segments.allSatisfy { !$0.assessable && !$0.flagged })
    #expect(d.patient.reason?.hasPrefix("wrong-region") == true)
    func found(_ labels: StudyLabels) -> QualityFlag? {
      RegionCheck.flag(labels, levels: LevelRules.resolve(labels, along: nil))
    }
    #expect(found(source.studyLabels) == nil && found(StudyLabels()) == nil)
    #expect(found(StudyLabels(landmarks: [.c1: .zero])) == nil)
    #expect(found(StudyLabels(landmarks: [.t2: .zero, .t3: [0, 0, -20]])) != nil)
  }

  @Test("a stated wrong contrast stops the study unless the reader chose it all the same")
  func stated() throws {
    let source = SyntheticStudy()
    var labels = source.studyLabels
    labels.quality = [QualityFlag("wrong-contrast", "The sidecar says T1-weighted.")]
    let refused = try StudyPreparation.prepare(image: source.image, labels: labels)
    #expect(refused.reason == "wrong-contrast: The sidecar says T1-weighted")
    #expect(refused.slices.allSatisfy { $0.unassessableReason != nil })
    labels.quality.append(QualityFlag("series-overridden", "The reader chose it."))
    let chosen = try StudyPreparation.prepare(image: source.image, labels: labels)
    #expect(chosen.reason == nil)
    #expect(Set(chosen.quality.names) == ["contrast-doubtful", "series-overridden"])
    // A text names the chest, the labels name the neck.
    labels.quality = [QualityFlag("wrong-region", "The sidecar names the thoracic region.")]
    let neck = try StudyPreparation.prepare(image: source.image, labels: labels)
    #expect(neck.reason == nil && neck.quality.names == ["region-doubtful"])
    // Scores are those of the study without the doubt.
    let plain = try SyntheticStudy.detect(try source.prepared()).detection
    let doubted = try SyntheticStudy.detect(neck).detection
    #expect(plain.curve == doubted.curve && plain.patient == doubted.patient)
  }

  @Test(
    "sidecars say what they are",
    arguments: [
      (#"{"EchoTime": 0.1, "RepetitionTime": 3.5}"#, []),
      (#"{"EchoTime": 98, "RepetitionTime": 3500, "BodyPartExamined": "CSPINE"}"#, []),
      (#"{"EchoTime": 0.12, "RepetitionTime": 1.5, "SeriesDescription": "t2_space_sag"}"#, []),
      (#"{"SeriesDescription": "Synthetic phantom, no patient"}"#, []),
      (#"{"EchoTime": "x", "RepetitionTime": [1], "SeriesDescription": 5}"#, []),
      (#"{"EchoTime": 0.011, "RepetitionTime": 0.6}"#, ["wrong-contrast"]),
      (#"{"EchoTime": 0.012, "RepetitionTime": 3}"#, ["wrong-contrast"]),
      (#"{"SeriesDescription": "t1_tse_sag"}"#, ["wrong-contrast"]),
      (#"{"ScanningSequence": ["EP"]}"#, ["wrong-contrast"]),
      (#"{"SeriesDescription": "sag FLAIR"}"#, ["wrong-contrast"]),
      (#"{"InversionTime": 0.16, "ScanningSequence": "SE_IR"}"#, ["contrast-doubtful"]),
      (#"{"SeriesDescription": "t2_tirm_sag"}"#, ["contrast-doubtful"]),
      (#"{"ScanningSequence": "GR", "EchoTime": 0.018}"#, ["contrast-doubtful"]),
      (#"{"EchoTime": 0.09, "RepetitionTime": 3, "ScanOptions": "FS"}"#, ["contrast-doubtful"]),
      (#"{"BodyPartExamined": "LSPINE"}"#, ["wrong-region"]),
      (#"{"ProtocolName": "head routine"}"#, ["wrong-region"]),
    ])
  func sidecars(json: String, names: [String]) throws {
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let flags = StatedSeries(object).flags(beside: [])
    #expect(flags.map(\.flag) == names, "\(json)")
    #expect(StatedSeries(object).flags(beside: flags).isEmpty)
  }

  @Test("every flag voids its families and nothing else", arguments: QualityIssue.allCases)
  func voids(issue: QualityIssue) {
    let neck = DrawnNeck()
    let isLocal = [.cordLeavesView, .cordLeavesSlice].contains(issue)
    let plain = CervicalMeasurements(Self.slice(neck), subject: "a", image: "b")
    var slice = Self.slice(neck)
    slice.quality.append(issue.flag("For the test."))
    let study = CervicalMeasurements(slice, subject: "a", image: "b")
    for (before, after) in zip(plain.rows, study.rows) {
      let isVoid = Self.families(before.measure, before.level).contains { issue.voids.contains($0) }
      guard before.measurement.value != nil else {
        #expect(after.measurement == before.measurement)
        continue
      }
      #expect((after.measurement.value == nil) == isVoid, "\(issue) \(before.measure)")
      if isVoid { #expect(after.measurement.reason == "\(issue.rawValue): For the test") }
    }
    let kinds = Set(plain.rows.filter { $0.measurement.value != nil }.map(\.measure))
    #expect(kinds.isSuperset(of: ["cobb_deg", "displacement_mm", "cord_ap_mm", "scr_ratio"]))
    #expect((study.profile == nil) == issue.voids.contains(.cord))
    let text = MeasurementText.report(StudyReport(measurements: study, detection: nil))
    #expect(text.contains("\(issue.rawValue): For the test."))
    #expect(text.contains("Not measured: ") == !issue.voids.isEmpty)
    #expect(text.contains("Not measured there: cord and canal, signal.") == isLocal)
    #expect(issue.severity == (issue == .regionUnconfirmed ? .warning : .refusal))
  }

  @Test(
    "every flag voids what it says of outlines that the network found, and keeps drawn ones",
    arguments: QualityIssue.allCases)
  func foundOutlines(issue: QualityIssue) {
    func measured(_ flags: [QualityFlag]) -> CervicalMeasurements {
      var slice = Self.slice(DrawnNeck())
      (slice.cordIsFound, slice.canalIsFound) = (true, true)
      (slice.bodiesAreFound, slice.discsAreFound) = (true, true)
      slice.quality = flags
      return CervicalMeasurements(slice, subject: "a", image: "b")
    }
    let (plain, study) = (measured([]), measured([issue.flag("For the test.")]))
    let voided = issue.voids.union(issue.voidsWhereFound)
    for (before, after) in zip(plain.rows, study.rows) where before.measurement.value != nil {
      let isVoid = !Self.families(before.measure, before.level).isDisjoint(with: voided)
      #expect((after.measurement.value == nil) == isVoid, "\(issue) \(before.measure)")
      if isVoid { #expect(after.measurement.reason == "\(issue.rawValue): For the test") }
    }
    #expect((study.profile == nil) == voided.contains(.cord))
    let text = MeasurementText.report(StudyReport(measurements: study, detection: nil))
    let isMore = [.motion, .noise].contains(issue)
    #expect(issue.voidsWhereFound.isEmpty != isMore)
    #expect(
      text.contains(
        "Not measured: signal. Not measured from found outlines: alignment and heights, cord and canal, "
          + "discs.") == isMore, "\(text)")
  }

  @Test("under ghosts only what rests on found outlines goes: cord, canal, vertebrae, discs")
  func foundInPart() {
    func kept(_ change: (inout SegmentedSlice) -> Void) -> Set<String> {
      var neck = DrawnNeck()
      // A gap to the cord is measured where a disc is displaced.
      neck.bulges[2] = 3
      var slice = Self.slice(neck)
      change(&slice)
      slice.quality = [QualityIssue.motion.flag("For the test.")]
      let study = CervicalMeasurements(slice, subject: "a", image: "b")
      let level = study.levels[2]
      let values: [(String, MeasuredValue?)] = [
        ("cord", level.narrowing.msccAdjacentPercent),
        ("canal", level.narrowing.mccAdjacentPercent),
        ("angle", study.alignment?.cobbDeg), ("height", study.vertebrae[2].heightMiddleMm),
        ("disc", level.disc.displacementMm), ("gap", level.disc.cordGapMm),
        ("line", study.modifiedKLine?.intMinMm), ("signal", study.lesions.first?.scrRatio),
      ]
      return Set(values.filter { $0.1?.value != nil }.map(\.0))
    }
    let all: Set = ["cord", "canal", "angle", "height", "disc", "gap", "line"]
    #expect(kept { _ in } == all)
    #expect(kept { $0.cordIsFound = true } == ["angle", "height", "disc"])
    #expect(kept { $0.canalIsFound = true } == all.subtracting(["canal"]))
    // A disc is displaced against the bodies, and a K-line is as far away as they are.
    #expect(kept { $0.bodiesAreFound = true } == ["cord", "canal"])
    #expect(kept { $0.discsAreFound = true } == ["cord", "canal", "angle", "height"])
  }

  @Test("thick slices leave angles and heights; an odd level of the cord leaves the anatomy")
  func whatStays() throws {
    func measured(_ issue: QualityIssue) -> CervicalMeasurements {
      var slice = Self.slice(DrawnNeck())
      slice.quality = [issue.flag("For the test.")]
      return CervicalMeasurements(slice, subject: "a", image: "b")
    }
    let thick = measured(.tooCoarse)
    #expect(thick.alignment?.cobbDeg.value != nil && thick.vertebrae[2].heightMiddleMm.value != nil)
    #expect(thick.levels.allSatisfy { $0.narrowing.msccAdjacentPercent.value == nil })
    #expect(thick.levels.allSatisfy { $0.disc.displacementMm.value == nil })
    for issue in [QualityIssue.absoluteLevelHigh, .absoluteLevelLow] {
      let study = measured(issue)
      #expect(study.lesions.first?.scrRatio.reason == "\(issue.rawValue): For the test")
      #expect(study.lesions.first?.yukawaGrade.value == nil)
      #expect(study.lesions.first?.lengthMm.value != nil)
      #expect(study.levels.contains { $0.narrowing.msccAdjacentPercent.value != nil })
    }
  }

  @Test("a wrong canal leaves the cord: diameters, MSCC, K-line, lesions and displacements")
  func wrongCanal() throws {
    var slice = Self.slice(DrawnNeck())
    let plain = CervicalMeasurements(slice, subject: "a", image: "b")
    slice.quality = [QualityIssue.canalImplausible.flag("For the test.")]
    let study = CervicalMeasurements(slice, subject: "a", image: "b")
    for (before, after) in zip(plain.levels, study.levels) {
      #expect(after.narrowing.cordApMm == before.narrowing.cordApMm)
      #expect(after.narrowing.msccAdjacentPercent == before.narrowing.msccAdjacentPercent)
      #expect(after.disc.displacementMm == before.disc.displacementMm)
      #expect(after.narrowing.canalApMm.value == nil && after.narrowing.kangGrade.value == nil)
    }
    #expect(study.modifiedKLine == plain.modifiedKLine && study.lesions == plain.lesions)
    #expect(study.canalKLine?.status == nil && study.canalKLine?.intervals.isEmpty == true)
    let (profile, known) = (try #require(study.profile), try #require(plain.profile))
    #expect(profile.cordApMm == known.cordApMm && profile.canalApMm.count == known.canalApMm.count)
    #expect(profile.canalApMm.allSatisfy { $0 == nil } && known.canalApMm.contains { $0 != nil })
    // A flag on the cord, too, gives its own reason.
    slice.quality.append(QualityIssue.segmentationImplausible.flag("Of the cord."))
    let both = CervicalMeasurements(slice, subject: "a", image: "b")
    #expect(both.profile == nil)
    #expect(both.levels.allSatisfy { $0.narrowing.cordApMm.value == nil })
  }

  @Test("a lesion where the cord is lost has no extent, and no ratio when nothing of it is seen")
  func lostLesion() throws {
    var slice = Self.slice(DrawnNeck())
    let whole = CervicalMeasurements(slice, subject: "a", image: "b")
    let rows = try #require(slice.lesions.first).rows
    slice.unseenRows = Set(rows.lowerBound...(rows.lowerBound + 2))
    let part = try #require(CervicalMeasurements(slice, subject: "a", image: "b").lesions.first)
    #expect(part.lengthMm.reason?.hasPrefix("cord-leaves-view: ") == true)
    #expect(part.scrRatio.value != nil)
    slice.unseenRows = Set((rows.lowerBound - 4)...(rows.upperBound + 4))
    let none = CervicalMeasurements(slice, subject: "a", image: "b")
    #expect(none.lesions.first?.scrRatio.reason == none.lesions.first?.lengthMm.reason)
    #expect(none.lesions.first?.scrRatio.value == nil)
    #expect(whole.lesions.first?.scrRatio.value != nil)
  }

  @Test("a fault that is named goes before the rows that it leaves")
  func namedFirst() throws {
    let source = SyntheticStudy()
    var short = source
    short.cordRows = 100...139
    let study = try StudyPreparation.prepare(
      image: source.image, labels: StudyLabels(cord: short.studyLabels.cord))
    let flag = try #require(study.quality.first { $0.flag == "wrong-region" })
    // Every slice says of itself how little of the cord it shows.
    let own = study.scoredSlices.compactMap(\.unassessableReason)
    #expect(own.count == study.scoredSlices.count && own.first != flag.reason, "\(own)")
    #expect(study.reason == flag.reason)
    #expect(try SyntheticStudy.detect(study).detection.patient.reason == flag.reason)
  }

  @Test("hardly any cord in view and no named neck: another region, and nothing is assessed")
  func shortCord() throws {
    let source = SyntheticStudy()
    var short = source
    short.cordRows = 100...139
    var labels = StudyLabels(cord: short.studyLabels.cord)
    let piece = try StudyPreparation.prepare(image: source.image, labels: labels)
    let flag = try #require(piece.quality.first { $0.flag == "wrong-region" })
    #expect(flag.text.hasPrefix("Only 30.") || flag.text.hasPrefix("Only 31."), "\(flag.text)")
    let d = try SyntheticStudy.detect(piece).detection
    #expect(!d.patient.assessable && !d.patient.flagged && d.patient.score == nil)
    labels.cord = labels.cord?.map { _ in 0 }
    let empty = try StudyPreparation.prepare(image: source.image, labels: labels)
    #expect(empty.reason?.hasPrefix("wrong-region: No cord is in view") == true)
    // A piece of the cord beside a neck that is labelled is a piece of a neck.
    #expect(!(try short.prepared().quality.names.contains("wrong-region")))
    // A crop of three vertebrae is one, too.
    var crop = source
    crop.cordRows = 100...170
    labels.cord = crop.studyLabels.cord
    let enough = try StudyPreparation.prepare(image: source.image, labels: labels)
    #expect(!enough.quality.names.contains("wrong-region"))
    // Where the network found none, that is the reason.
    let none = try StudyPreparation.prepare(
      image: source.image, labels: StudyLabels(quality: [QualityFlag("cord-not-found", "None.")]))
    #expect(none.reason == "cord-not-found: None")
  }

  /// A neck with a picture and a lesion.
  private static func slice(_ neck: DrawnNeck) -> SegmentedSlice {
    var slice = neck.slice()
    let (cord, canal) = (slice.cord, slice.canal)
    slice.image = cord?.map { _ in 100 }
    for n in slice.image?.pixels.indices ?? 0..<0 {
      let (c, f) = (cord?.pixels[n] ?? 0, canal?.pixels[n] ?? 0)
      slice.image?.pixels[n] = 100 + 200 * c + 500 * max(f - c, 0)
    }
    let rows = DrawnNeck.row(DrawnNeck.disc(2) - 4)...DrawnNeck.row(DrawnNeck.disc(2) + 4)
    slice.lesions = [SliceLesion(source: .mask, rows: rows)]
    slice.flagged = []
    return slice
  }

  /// What a measure rests on, written down a second time.
  private static func families(_ measure: String, _ level: String) -> Set<MeasurementFamily> {
    switch measure {
    case _ where measure.hasPrefix("cobb") || measure.contains("slope") || measure.contains("sva"):
      [.alignment]
    case _ where measure.hasPrefix("height"): [.alignment]
    case "displacement_mm", "extent_mm", "margin_overhang_mm": [.discs]
    case "displacement_canal_percent": [.discs, .cord, .canal]
    case "cord_gap_mm": [.discs, .cord]
    case "kang_grade": [.cord, .canal, .signal]
    case "canal_ap_mm", "mcc_adjacent_percent", "mcc_normal_percent", "mscc_normal_percent",
      "cord_occupation_percent",
      "csf_front_mm", "csf_back_mm", "canal_k_line_int_min_mm":
      [.cord, .canal]
    case "scr_ratio", "yukawa_grade", "combined_type", "scr_at_narrowest_ratio": [.signal]
    default: [.cord]
    }
  }
}
