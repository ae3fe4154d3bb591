import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Cords longer than a window")
struct LongCordTests {
  /// In the lower part of C7-T1, below the window that is centred between C2 and T1.
  private static let lowLesion = 352...361
  /// The study with that lesion, once: preparing takes most of a test's time.
  private static let lesion = Result { try LongStudy(lesion: lowLesion).detected() }
  /// The same on its main window alone.
  private static let alone = Result {
    try LongStudy(lesion: lowLesion).detected(coversLongCords: false)
  }

  @Test("one window cuts segments off and says so; joined windows score them")
  func cutSegments() throws {
    let alone = try Self.alone.get().detection
    #expect(alone.quality.names.contains("window-partial") && !alone.segments[5].flagged)
    #expect(alone.slices.allSatisfy { $0.gridRows == 256 })
    let d = try Self.lesion.get().detection
    #expect(!d.quality.names.contains("window-partial"))
    #expect(d.segments.allSatisfy { $0.assessable && $0.reason == nil })
    #expect(d.segments.map(\.flagged) == [false, false, false, false, false, true])
    #expect(d.slices.allSatisfy { $0.gridRows == 256 + 2 * 192 })
    #expect(d.patient.flagged && d.patient.reason == nil)
    // The whole of each segment lies on the joined grid: 50 rows of the volume.
    #expect(d.segments.allSatisfy { ($0.rowTo ?? 0) - ($0.rowFrom ?? 0) == 49 })
    let peak = try #require(d.segments[5].peakRow)
    let n = try #require(d.curve.row.firstIndex(of: peak))
    #expect(d.curve.zMm[n] < LongStudy.z(351) && d.curve.zMm[n] > LongStudy.z(362))
    #expect(abs(d.curve.value[n] - 0.5) < 0.05)
  }

  @Test("rows are joined without a gap, and the main window's own rows keep their values")
  func joinedCurve() throws {
    let alone = try Self.alone.get().detection
    let d = try Self.lesion.get().detection
    #expect(d.curve.row == Array(d.curve.row[0]...d.curve.row[d.curve.row.count - 1]))
    #expect(Double(d.curve.row.count) > 430)
    for (a, b) in zip(d.curve.zMm, d.curve.zMm.dropFirst()) {
      #expect(abs(a - b - SagittalGrid.spacing) < 0.011)
    }
    // The two neighbours take over 32 rows before the edges.
    for row in 32..<224 {
      let n = try #require(alone.curve.row.firstIndex(of: row))
      let m = try #require(d.curve.row.firstIndex(of: row + 192))
      #expect(alone.curve.value[n] == d.curve.value[m])
      #expect(alone.curve.zMm[n] == d.curve.zMm[m])
      #expect(alone.curve.secondOpinion?[n] == d.curve.secondOpinion?[m])
    }
    #expect(d.curve.secondOpinion?.count == d.curve.row.count)
    #expect(d.curve.secondOpinion?.allSatisfy { $0 != nil } == true)
    // A flat cord stays flat across the seams: nobody's running median ends there.
    let seams = d.curve.row.indices.filter { abs(d.curve.row[$0] - 224) < 4 }
    #expect(!seams.isEmpty && seams.allSatisfy { abs(d.curve.value[$0]) < 0.05 })
  }

  @Test("maps have the rows of the joined grid and lie where the lesion is")
  func joinedMaps() throws {
    let result = try LongStudy(lesion: Self.lowLesion, noise: 0).detected()
    let maps = try #require(result.maps.first { $0.index == 1 })
    #expect(maps.grid.rows == 640 && maps.anomaly.rows == 640 && maps.epistemic.rows == 640)
    let middle = LongStudy.z(356.5)
    let (row, column, _) = maps.grid.pixel(ras: [0, 100 - 128 * SagittalGrid.spacing, middle])
    #expect(abs(maps.anomaly[Int(row.rounded()), Int(column.rounded())] - 0.5) < 0.03)
    #expect(maps.anomaly[639, 128].isNaN && maps.anomaly[0, 128].isNaN)
    let volume = try #require(DerivativeMaps(result).volume(.anomaly))
    #expect(volume.shape == [256, 640, 1])
    let voxel = volume.affine([column, row, 0])
    #expect(abs(voxel.z - middle) < 1e-6)
  }

  @Test("without levels the whole cord is scored")
  func withoutLevels() throws {
    let source = LongStudy(lesion: 420...429, hasLevels: false)
    let alone = try source.detected(coversLongCords: false).detection
    #expect(alone.patient.score ?? 1 < alone.patient.threshold)
    #expect(alone.quality.names.contains("window-partial"))
    let d = try source.detected().detection
    #expect(d.patient.score ?? 0 >= d.patient.threshold && d.patient.isUncalled)
    #expect(!d.quality.names.contains("window-partial"))
    #expect(d.patient.reason?.contains("joined windows") == true)
  }

  @Test("a window on which nothing can be assessed is left out, and that is told")
  func uselessWindow() throws {
    let source = LongStudy(hasLevels: false)
    var labels = source.labels
    // The mask ends and goes on far below for a few rows: no curve can be made of these.
    for slice in 0..<3 {
      for column in 0..<256 {
        for row in 200..<430 { labels.cord?[slice, column, row] = 0 }
      }
    }
    let study = try StudyPreparation.prepare(image: source.image, labels: labels)
    #expect(study.further.isEmpty && study.joinedRows == 0..<256)
    #expect(study.quality.names.contains("window-partial"))
  }

  @Test("a cord that goes on outside C2 to T1 needs no further window")
  func ordinary() throws {
    var source = LongStudy()
    source.hasLevels = false
    var labels = source.labels
    for (level, row) in zip(VertebralLevel.allCases.dropFirst(), stride(from: 140, to: 280, by: 20))
    {
      labels.landmarks[level] = [0, 0, LongStudy.z(Double(row))]
    }
    let study = try StudyPreparation.prepare(image: source.image, labels: labels)
    #expect(study.levels.source == .labelled && study.further.isEmpty)
    #expect(!study.quality.names.contains("window-partial"))
  }

  @Test("flags that only one window has tell its rows")
  func windowFlags() throws {
    var study = try LongStudy().prepared(neighbours: 1)
    study.further[0].quality.append(QualityFlag("csf-effaced", "Test."))
    let d = try LongStudy.detect(study).detection
    #expect(d.scoredSlices == [0, 1, 2])
    let flag = try #require(d.quality.first { $0.flag == "csf-effaced" })
    #expect(flag.text == "Test. (Window of rows 0 to 255.)")
    #expect(flag.slices == [study.further[0].index])
  }

  @Test("every detector has its score on the joined windows")
  func detectors() throws {
    let study = try LongStudy(lesion: Self.lowLesion).prepared()
    let d = try LongStudy.detect(study, detectors: SignalDetector.allCases).detection
    for opinion in d.opinions where opinion.detector != RowHead.detectorName {
      #expect(opinion.segmentScores.allSatisfy { $0 != nil }, "\(opinion.detector)")
      let scores = opinion.segmentScores.map { $0 ?? 0 }
      #expect(scores.max() == scores[5], "\(opinion.detector)")
    }
    #expect(d.opinions.count == SyntheticStudy.detectors)
  }

  @Test("a row belongs to the window whose middle is nearest, the upper of two")
  func owners() {
    let join = WindowJoin(firstRows: [0, 192, 384], rows: 640)
    #expect(join.windows(at: 0) == [0] && join.windows(at: 639) == [2])
    #expect(join.windows(at: 223) == [0, 1] && join.windows(at: 224) == [1, 0])
    #expect(join.windows(at: 416) == [2, 1] && join.windows(at: 415) == [1, 2])
    let even = WindowJoin(firstRows: [0, 1], rows: 257)
    #expect(even.windows(at: 128) == [0, 1])
    let low = AnoCurve(rows: [10, 250], zMM: [1, 2], values: [3, 4])
    let high = AnoCurve(rows: [58], zMM: [5], values: [6])
    // Row 250 belongs to the second window, which has it as its row 58; where it has none, the
    // first window's value stands.
    #expect(join.curve([low, high, nil]).values == [3, 6])
    #expect(join.curve([low, nil, nil]).values == [3, 4])
  }

  @Test("the stored detection is read back and the study is shown on the joined grid")
  func stored() throws {
    let folder = try TemporaryFolder()
    try folder.write(#"{"Name": "test", "BIDSVersion": "1.9.0"}"#, to: "dataset_description.json")
    try LibraryFixture.write(
      LongStudy(lesion: Self.lowLesion).image, to: folder("sub-01/anat/sub-01_T2w.nii.gz"))
    let library = try StudyLibrary(opening: folder.url)
    let result = try Self.lesion.get()
    try DerivativeWriter(library: folder.url).write(
      result.detection, maps: DerivativeMaps(result), of: library.studies[0])
    let read = try #require(try library.detection(of: library.studies[0])?.detection)
    var expected = result.detection
    expected.mapSha256 = read.mapSha256
    #expect(read == expected && read.mapSha256 != nil)
    let shown = try library.loadStudy("01")
    #expect(shown.pictures.allSatisfy { $0.image.rows == 640 && $0.grid.rows == 640 })
    let picture = try #require(shown.pictures.first { $0.index == 1 })
    let map = try #require(result.maps.first { $0.index == 1 })
    #expect(picture.anomaly?.pixels.map(\.bitPattern) == map.anomaly.pixels.map(\.bitPattern))
    let drawn = try Showable(library: folder.url, subject: "01", slice: 1, map: .anomaly)
    #expect(drawn.map?.rows == 640)
    let found = LibraryVerification.findings(in: library)
    #expect(!found.contains { $0.severity == .failure }, "\(found.map(\.line))")
  }

  @Test("a detection with rows outside its own grid is refused")
  func hostileRows() throws {
    let d = try Self.lesion.get().detection
    for change: (inout Detection) -> Void in [
      { $0.slices[0].gridRows = 256 }, { for n in $0.slices.indices { $0.slices[n].gridRows = 1 } },
      { for n in $0.slices.indices { $0.slices[n].gridRows = 1_000_000 } },
      { $0.segments[0].rowFrom = 640 }, { $0.curve.row[0] = -1 },
    ] {
      var bad = d
      change(&bad)
      #expect(throws: ReadError.self) { try DetectionCheck.check(bad, path: "x.json") }
    }
    #expect(throws: Never.self) { try DetectionCheck.check(d, path: "x.json") }
  }
}
