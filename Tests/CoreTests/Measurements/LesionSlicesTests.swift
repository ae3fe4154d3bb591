import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Lesions on the slices where they lie")
struct LesionSlicesTests {
  private static func prepared(_ source: SyntheticStudy) throws -> PreparedStudy {
    var options = PreparationOptions()
    options.neighbours = 0
    options.allSlices = true
    return try source.prepared(options)
  }

  private static func main(_ study: PreparedStudy, _ labels: StudyLabels) throws -> SegmentedSlice {
    SegmentedSlice(try #require(study.scoredSlices.first), labels: labels)
  }

  private static func measured(
    _ slice: SegmentedSlice, _ lesions: LesionSlices,
    verdicts: [SpinalSegment: [String]] = [:], confirmed: Set<SpinalSegment> = []
  ) -> CervicalMeasurements {
    CervicalMeasurements(
      slice, beside: lesions.beside, subject: "a", image: "b", verdicts: verdicts,
      confirmed: confirmed)
  }

  @Test("a mask beside the measured slice is measured where it is largest, once")
  func beside() throws {
    // A cord as wide on three slices: none of them has half of it beside it.
    let source = SyntheticStudy(halfWidth: { slice, _ in abs(slice - 2) <= 1 ? 4 : 2 })
    let study = try Self.prepared(source)
    var slice = try Self.main(study, source.studyLabels)
    let other = slice.index == 2 ? 3 : 2
    // Large on the other slice, a single column on the measured one at the same rows.
    let mask = source.each { n, row, column -> UInt16 in
      guard (140...152).contains(row), source.isCord(n, row, column) else { return 0 }
      return n == other || (n == slice.index && column == SyntheticStudy.centreColumn) ? 1 : 0
    }
    var lesions = LesionSlices(study, labels: source.studyLabels)
    lesions.place(mask, on: &slice)
    #expect(slice.lesions.isEmpty && lesions.beside.map(\.index) == [other])
    let found = Self.measured(slice, lesions)
    #expect(found.lesions.map(\.sliceIndex) == [other])
    let lesion = try #require(found.lesions.first)
    #expect(lesion.scrRatio.value != nil, "\(lesion.scrRatio.reason ?? "")")
    #expect(lesion.areaMm2.value != nil, "\(lesion.areaMm2.reason ?? "")")
    #expect(found.quality.names.contains("lesion-on-other-slice"))
    #expect(found.signal?.combinedType.value != 1)
    let text = MeasurementText.report(StudyReport(measurements: found, detection: nil))
    #expect(text.contains(", on slice \(other + 1)"))
  }

  @Test("a mask on the measured slice is measured there, and nothing is said of others")
  func onSlice() throws {
    let source = SyntheticStudy()
    let study = try Self.prepared(source)
    var slice = try Self.main(study, source.studyLabels)
    let mask = source.each { n, row, column -> UInt16 in
      n == slice.index && (140...152).contains(row) && source.isCord(n, row, column) ? 1 : 0
    }
    var lesions = LesionSlices(study, labels: source.studyLabels)
    lesions.place(mask, on: &slice)
    let found = Self.measured(slice, lesions)
    #expect(found.lesions.map(\.sliceIndex) == [slice.index])
    #expect(!found.quality.names.contains("lesion-on-other-slice"))
  }

  @Test("a mask of which nothing can be placed is not called no lesion; an empty one is")
  func unplaced() throws {
    let source = SyntheticStudy()
    let study = try Self.prepared(source)
    func found(_ isLesion: (Int, Int) -> Bool) throws -> CervicalMeasurements {
      var slice = try Self.main(study, source.studyLabels)
      let index = slice.index
      let mask = source.each { n, row, column -> UInt16 in
        n == index && isLesion(row, column) ? 1 : 0
      }
      var lesions = LesionSlices(study, labels: source.studyLabels)
      lesions.place(mask, on: &slice)
      return Self.measured(slice, lesions)
    }
    let none = try found { _, _ in false }
    #expect(none.signal?.combinedType.value == 1)
    #expect(!none.quality.names.contains("lesion-mask-unplaced"))
    // One pixel is a speck.
    let speck = try found { row, column in row == 140 && column == SyntheticStudy.centreColumn }
    let type = try #require(speck.signal?.combinedType)
    #expect(type.value == nil && type.reason?.hasPrefix("the lesion mask is not empty") == true)
    #expect(speck.quality.names.contains("lesion-mask-unplaced"))
  }

  @Test("a lesion between the middles of two partitions of thin slices is on both")
  func thinSlices() {
    func volume<Voxel: Sendable>(_ millimetres: Double, _ voxel: (Int) -> Voxel) -> Volume<Voxel> {
      Volume(
        shape: [8, 2, 2], voxels: (0..<32).map { voxel($0 % 8) },
        affine: Affine(
          i: [millimetres, 0, 0], j: [0, -1, 0], k: [0, 0, -1], origin: .zero))
    }
    let mask = volume(1) { UInt16($0 == 3 || $0 == 4 ? 1 : 0) }
    let placed = mask.lesions(inPartitionsOf: volume(1) { _ in Float(1) })
    #expect(placed.shape == [2, 2, 2] && placed.voxels.allSatisfy { $0 == 1 })
    let thick = volume(3) { UInt16($0 == 3 ? 1 : 0) }
    let kept = thick.lesions(inPartitionsOf: volume(3) { _ in Float(1) })
    #expect(kept.shape == thick.shape && kept.voxels == thick.voxels)
  }

  @Test("an arch behind the cord is no body where it alone is labelled")
  func arch() throws {
    let source = SyntheticStudy()
    var labels = source.studyLabels
    let spine = try #require(labels.spine)
    let c5 = VertebralLevel.c5.totalSpineSegLabel
    let prepared = try #require(try Self.prepared(source).slices.first { $0.index == 2 })
    #expect(SegmentedSlice(prepared, labels: labels).bodies[.c5] != nil)
    labels.spine = source.each { n, row, column -> UInt16 in
      if n == 2, (140...152).contains(row), (150...162).contains(column) { return c5 }
      return spine[n, column, row] == c5 ? 0 : spine[n, column, row]
    }
    let slice = SegmentedSlice(prepared, labels: labels)
    #expect(slice.bodies[.c5] == nil && slice.bodies[.c4] != nil)
  }

  @Test("a segment that a detection flags on another slice is measured there")
  func detected() throws {
    let source = SyntheticStudy(lesion: (rows: 140...152, height: 0.8))
    var detection = try SyntheticStudy.detect(try source.prepared()).detection
    let n = try #require(
      detection.segments.indices.max {
        (detection.segments[$0].score ?? 0) < (detection.segments[$1].score ?? 0)
      })
    detection.patient.assessable = true
    detection.segments[n].threshold = 0.1
    detection.segments[n].flagged = true
    let at = try #require(detection.segments[n].sliceIndex)
    let study = try Self.prepared(source)
    let elsewhere = try #require(study.slices.first { $0.index != at && $0.index == 1 })
    var slice = SegmentedSlice(elsewhere, labels: source.studyLabels)
    var lesions = LesionSlices(study, labels: source.studyLabels)
    lesions.place(detection, map: nil, on: &slice)
    #expect(slice.lesions.isEmpty && lesions.beside.map(\.index) == [at])
    #expect(lesions.beside.first?.lesions.first?.rows.overlaps(140...152) == true)
  }

  /// The detection of a study with runs drawn into its curves; every segment over 0.1 is flagged on the slice
  /// on which it is highest.
  private static func detection(
    _ source: SyntheticStudy, _ runs: [(slice: Int, rows: ClosedRange<Int>, height: Double)]
  ) throws -> Detection {
    var detection = try SyntheticStudy.detect(try source.prepared()).detection
    for n in detection.slices.indices {
      let slice = detection.slices[n]
      detection.slices[n].curve.value = slice.curve.row.map { row in
        runs.first { $0.slice == slice.index && $0.rows.contains(row) }?.height ?? 0
      }
    }
    for n in detection.segments.indices {
      let from = try #require(detection.segments[n].rowFrom)
      let to = try #require(detection.segments[n].rowTo)
      var best: (score: Double, slice: Int, row: Int)?
      for slice in detection.slices {
        for (row, value) in zip(slice.curve.row, slice.curve.value)
        where (from...to).contains(row) && value > best?.score ?? 0.1 {
          best = (value, slice.index, row)
        }
      }
      detection.segments[n].threshold = 0.1
      detection.segments[n].flagged = best != nil
      if let best {
        detection.segments[n].score = best.score
        detection.segments[n].sliceIndex = best.slice
        detection.segments[n].peakRow = best.row
      }
    }
    detection.patient.assessable = true
    return detection
  }

  /// What is measured of a study with a detection.
  private static func measured(
    _ source: SyntheticStudy, _ detection: Detection
  ) throws -> CervicalMeasurements {
    let study = try prepared(source)
    var slice = try main(study, source.studyLabels)
    var lesions = LesionSlices(study, labels: source.studyLabels)
    lesions.place(detection, map: nil, on: &slice)
    return measured(slice, lesions)
  }

  @Test("runs of two slices that overlap are one lesion, and both flagged levels have its values")
  func overlapping() throws {
    let source = SyntheticStudy()
    let detection = try Self.detection(
      source, [(slice: 1, rows: 140...148, height: 0.3), (slice: 2, rows: 147...156, height: 0.5)])
    #expect(detection.flaggedSegments == [.c4c5, .c5c6])
    #expect(detection.segments[2].sliceIndex == 1 && detection.segments[3].sliceIndex == 2)
    let found = try Self.measured(source, detection)
    let lesion = try #require(found.lesions.first)
    #expect(found.lesions.count == 1 && lesion.segments == ["C4-5", "C5-6"])
    // Measured where the score is highest.
    #expect(lesion.sliceIndex == 2 && lesion.rowFrom == 147 && lesion.rowTo == 156)
    let ratio = try #require(lesion.scrRatio.value)
    let measures = StudyMeasures(found)
    #expect(measures[.c4c5]?.scrRatio.value == ratio && measures[.c5c6]?.scrRatio.value == ratio)
    let type = try #require(found.signal?.combinedType)
    #expect(try #require(type.value) >= 4 && !type.quality.names.contains("level-barely-touched"))
    // Apart along the cord they are two, each with its own level.
    let apart = try Self.measured(
      source,
      try Self.detection(
        source,
        [(slice: 1, rows: 130...136, height: 0.3), (slice: 2, rows: 150...156, height: 0.5)]))
    #expect(apart.lesions.map(\.segments) == [["C4-5"], ["C5-6"]])
    #expect(apart.lesions.map(\.sliceIndex) == [1, 2])
  }

  @Test("a level that is flagged for one row of a run bears the lesion, and the type says so")
  func barely() throws {
    let source = SyntheticStudy()
    // C5's centre lies on row 147: C4-5 ends on row 146.
    let detection = try Self.detection(source, [(slice: 2, rows: 146...156, height: 0.5)])
    #expect(detection.flaggedSegments == [.c4c5, .c5c6])
    let found = try Self.measured(source, detection)
    #expect(found.lesions.map(\.segments) == [["C4-5", "C5-6"]])
    let type = try #require(found.signal?.combinedType)
    #expect(type.quality.names.contains("level-barely-touched"))
    #expect(type.quality.contains { $0.text.hasPrefix("C4-5 counts as flagged") })
    let text = MeasurementText.report(StudyReport(measurements: found, detection: nil))
    #expect(text.contains("combined type ?"))
    // Where the same run is no flagged one of C4-5, C4-5 is not touched.
    var other = detection
    other.segments[2].flagged = false
    let one = try Self.measured(source, other)
    #expect(one.lesions.map(\.segments) == [["C5-6"]])
    #expect(try #require(one.signal?.combinedType.value) <= 3)
  }

  @Test("a flagged level of which no run is kept is a lesion without values, and never none")
  func withoutRun() throws {
    let source = SyntheticStudy()
    let whole = try Self.detection(source, [(slice: 2, rows: 130...138, height: 0.5)])
    func reason(_ change: (inout Detection) throws -> Void) throws -> String? {
      var detection = whole
      try change(&detection)
      let found = try Self.measured(source, detection)
      let lesion = try #require(found.lesions.first)
      #expect(found.lesions.count == 1 && lesion.segments == ["C4-5"])
      #expect(lesion.source == .detection && lesion.scrRatio.value == nil)
      #expect(found.signal?.combinedType.value == nil)
      #expect(StudyMeasures(found)[.c4c5]?.scrRatio.reason == lesion.scrRatio.reason)
      return lesion.scrRatio.reason
    }
    #expect(
      try reason { $0.segments[2].peakRow = nil }?.contains("keeps no curve of it") == true)
    #expect(try reason { $0.slices = [] }?.contains("keeps no curve of it") == true)
    let gone = try reason { detection in
      var slice = try #require(detection.slices.first { $0.index == 2 })
      slice.index = 9
      detection.slices.append(slice)
      detection.segments[2].sliceIndex = 9
    }
    #expect(gone == "flagged on slice 10, which is not there now: run detect again")
    let found = try Self.measured(source, whole)
    #expect(found.lesions.count == 1 && found.lesions.first?.scrRatio.value != nil)
  }

  @Test("a mask's lesion reaches what any slice shows of it")
  func extent() throws {
    let source = SyntheticStudy()
    let study = try Self.prepared(source)
    var slice = try Self.main(study, source.studyLabels)
    let mask = source.each { n, row, column -> UInt16 in
      let middle = abs(column - SyntheticStudy.centreColumn)
      let isLarge = n == 2 && (130...140).contains(row) && middle <= 4
      return isLarge || (n == 1 && (138...152).contains(row) && middle <= 1) ? 1 : 0
    }
    var lesions = LesionSlices(study, labels: source.studyLabels)
    lesions.place(mask, on: &slice)
    let placed = try #require((slice.lesions + lesions.beside.flatMap(\.lesions)).first)
    #expect(placed.rows == 130...140 && placed.extent == 130...152)
    let found = Self.measured(slice, lesions)
    #expect(found.lesions.map(\.segments) == [["C4-5", "C5-6"]])
  }

  @Test("a phantom's outlined lesions touch the segments of its truth, in leaning necks, too")
  func phantoms() throws {
    var options = PreparationOptions()
    options.neighbours = 0
    options.allSlices = true
    options.coversLongCords = false
    let plan = PhantomCohort.plan(patients: 17, seed: 777, domain: .clinical, mix: .benchmark)
    let recipes = plan.filter(\.kind.hasLesion)
    #expect(recipes.count == PhantomClass.lesions.count)
    for recipe in recipes {
      let phantom = PhantomGenerator().study(recipe)
      let study = try StudyPreparation.prepare(
        image: phantom.image, labels: phantom.labels, options: options)
      var slice = try Self.main(study, phantom.labels)
      var lesions = LesionSlices(study, labels: phantom.labels)
      lesions.place(phantom.truth.lesion, on: &slice)
      let touched = Set(Self.measured(slice, lesions).lesions.flatMap(\.segments))
      #expect(touched == Set(phantom.truth.segments.map(\.name)), "\(recipe)")
    }
  }

  @Test("no lesion is not called none where the patient is flagged or nothing could be assessed")
  func doubts() throws {
    let source = SyntheticStudy()
    let study = try Self.prepared(source)
    var detection = try SyntheticStudy.detect(try source.prepared()).detection
    for n in detection.segments.indices { detection.segments[n].flagged = false }
    detection.patient.assessable = true
    func type(_ detection: Detection) throws -> MeasuredValue? {
      var slice = try Self.main(study, source.studyLabels)
      var lesions = LesionSlices(study, labels: source.studyLabels)
      lesions.place(detection, map: nil, on: &slice)
      return Self.measured(slice, lesions).signal?.combinedType
    }
    detection.patient.flagged = false
    #expect(try type(detection)?.value == 1)
    detection.patient.flagged = true
    #expect(try type(detection)?.value == nil)
    #expect(try type(detection)?.reason?.contains("over the threshold") == true)
    detection.patient.flagged = false
    for n in detection.segments.indices { detection.segments[n].assessable = false }
    #expect(try type(detection)?.reason == "detection could assess no segment")
  }

  @Test(
    "readers' verdicts stand beside lesions; one that nothing outlines is listed without values")
  func readers() throws {
    let source = SyntheticStudy()
    let study = try Self.prepared(source)
    var slice = try Self.main(study, source.studyLabels)
    let lesions = LesionSlices(study, labels: source.studyLabels)
    slice.flagged = []
    let segment = try #require(SpinalSegment(name: "C4-5"))
    let found = Self.measured(
      slice, lesions, verdicts: [segment: ["liu: present", "ott: absent"]], confirmed: [segment])
    let lesion = try #require(found.lesions.first)
    #expect(lesion.source == .reader && lesion.segments == ["C4-5"])
    #expect(lesion.readers == ["C4-5 liu: present", "C4-5 ott: absent"])
    #expect(lesion.scrRatio.value == nil && lesion.scrRatio.reason?.contains("reader") == true)
    #expect(found.signal?.combinedType.value == nil)
  }

  @Test("verdicts of all readers are read from their journals; a damaged journal is said")
  func journals() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let study = try #require(library.studies.first)
    for (reader, verdict) in [("liu", Verdict.present), ("ott", .absent)] {
      _ = try library.openJournal(study, reader: reader).append(
        ReviewDraft(action: .verdict, segment: .c4c5, verdict: verdict, seen: 0))
    }
    let found = library.verdicts(of: study)
    #expect(found.words == [.c4c5: ["liu: present", "ott: absent"]])
    #expect(found.present == [.c4c5] && found.quality.isEmpty)
    try folder.write(
      "broken\nbroken\n", to: "derivatives/cordscope/sub-01/anat/sub-01_T2w_reader-zoe_review.jsonl"
    )
    let damaged = library.verdicts(of: study)
    #expect(damaged.words == found.words && damaged.quality.names == ["verdicts-unread"])
  }
}
