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
    func found(_ isLesion: (Int, Int) -> Bool) throws -> MeasuredValue? {
      var slice = try Self.main(study, source.studyLabels)
      let index = slice.index
      let mask = source.each { n, row, column -> UInt16 in
        n == index && isLesion(row, column) ? 1 : 0
      }
      var lesions = LesionSlices(study, labels: source.studyLabels)
      lesions.place(mask, on: &slice)
      return Self.measured(slice, lesions).signal?.combinedType
    }
    let none = try found { _, _ in false }
    #expect(none?.value == 1)
    // One pixel is a speck.
    let speck = try found { row, column in row == 140 && column == SyntheticStudy.centreColumn }
    #expect(speck?.value == nil)
    #expect(speck?.reason?.hasPrefix("the lesion mask is not empty") == true)
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
