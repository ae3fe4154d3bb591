import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("The second opinion's curve")
struct SecondOpinionCurveTests {
  private static func value(_ curve: Detection.Curve, _ row: Int) -> Double {
    guard let n = curve.row.firstIndex(of: row), let second = curve.secondOpinion else {
      return .nan
    }
    return second[n] ?? .nan
  }

  // MARK: What is stored

  @Test("ten rows of half a step: the mean of five rows less a median of nothing, row by row")
  func oracle() throws {
    let study = try SyntheticStudy(lesion: (128...137, 0.5), noise: 0).prepared()
    let d = try SyntheticStudy.detect(study).detection
    let curve = try #require(d.slices.first { $0.index == 2 }?.curve)
    #expect(curve.secondOpinion?.count == curve.row.count && d.curve == curve)
    // Of the five rows around 126 one is in the lesion: a fifth of 0.5; around 130 all are.
    let expected: [(Int, Double)] = [
      (125, 0), (126, 0.1), (127, 0.2), (128, 0.3), (129, 0.4), (130, 0.5), (135, 0.5), (136, 0.4),
      (137, 0.3), (138, 0.2), (139, 0.1), (140, 0), (60, 0), (200, 0),
    ]
    for (row, value) in expected {
      #expect(abs(Self.value(curve, row) - value) < 0.01, "row \(row)")
    }
  }

  @Test(
    "it is LC61's curve of the same slice to six decimals, whichever scoring decides",
    arguments: [StudyDetector.Scoring.core, .zScore, .paper, .joint])
  func sameSlice(scoring: StudyDetector.Scoring) throws {
    let study = try SyntheticStudy(lesion: (128...137, 0.5)).prepared()
    let d = try SyntheticStudy.detect(study, scoring: scoring).detection
    #expect(d.slices.map(\.index) == [2, 1, 3])
    for slice in study.scoredSlices {
      let own = try SignalDetector.lc61.curve(slice, cord: CordGeometry(slice))
      let stored = try #require(d.slices.first { $0.index == slice.index }?.curve)
      let second = try #require(stored.secondOpinion)
      #expect(second.count == stored.row.count && stored.row.count > 100)
      for (row, value) in zip(stored.row, second) {
        let expected = own.rows.firstIndex(of: row).map { Double(own.values[$0]) }
        #expect((value == nil) == (expected == nil), "row \(row)")
        #expect(abs((value ?? 0) - (expected ?? 0)) < 1e-6, "row \(row)")
      }
    }
    // The largest on any slice is the score that was always stored.
    let first = try #require(d.segments[2].rowFrom)
    let last = try #require(d.segments[2].rowTo)
    let highest = d.slices.flatMap { slice in
      (first...last).map { Self.value(slice.curve, $0) }
    }
    #expect(highest.filter(\.isFinite).max() == d.segments[2].secondOpinionScore)
  }

  @Test("where LC61 was not computed or nothing can be assessed there is none, not zeros")
  func none() throws {
    let study = try SyntheticStudy(lesion: (128...137, 0.5)).prepared()
    var settings = SampleStudies.settings
    settings.detectors = [.zScore]
    let detector = StudyDetector(card: ModelCard(name: "x", sha256: "00"), settings: settings)
    let d = try detector.detect(study, subject: "01", image: "x") {
      SampleStudies.constantMaps($0)
    }.detection
    #expect(!d.curve.row.isEmpty && d.curve.secondOpinion == nil)
    #expect(d.slices.allSatisfy { $0.curve.secondOpinion == nil })
    let bare = try StudyPreparation.prepare(image: SyntheticStudy().image, labels: StudyLabels())
    #expect(try SyntheticStudy.detect(bare).detection.curve.secondOpinion == nil)
  }

  @Test("null for a row without a value, read back; a file from before it was kept has none")
  func files() throws {
    let folder = try TemporaryFolder()
    var detection = LibraryFixture.detection()
    detection.curve.secondOpinion = [nil, 0.25]
    detection.slices[1].curve.secondOpinion = [0.5, 0.125]
    let text = String(decoding: try detection.json(pretty: false), as: UTF8.self)
    #expect(text.contains(#""second_opinion":[null,0.25],"value""#))
    #expect(text.contains(#""second_opinion":[0.5,0.125],"value""#))
    #expect(text.contains(#""second_opinion":null,"value""#))
    let file = try folder.write(text, to: "a_detection.json")
    #expect(try DetectionFile.read(file)?.detection == detection)
    let hash = SHA256.hexDigest(of: text)
    #expect(try DetectionFile.digest(file) == DetectionDigest(detection, sha256: hash))
    var old = detection
    old.curve.secondOpinion = nil
    for n in old.slices.indices { old.slices[n].curve.secondOpinion = nil }
    let before = String(decoding: try old.json(pretty: false), as: UTF8.self)
      .replacing(#""second_opinion":null,"#, with: "")
    #expect(!before.contains(#""second_opinion":"#))
    let other = try folder.write(before, to: "b_detection.json")
    #expect(try DetectionFile.read(other)?.detection == old)
    let former = SHA256.hexDigest(of: before)
    #expect(try DetectionFile.digest(other) == DetectionDigest(old, sha256: former))
  }

  @Test(
    "a damaged one is refused by those who draw it and by lists",
    arguments: ["[0.1]", "[0.1,0.2,0.3]", "[0.1,\"x\"]", "[0.1 0.2]", "[nul,0.2]", "7", "[0.1,]"])
  func damaged(_ list: String) throws {
    let folder = try TemporaryFolder()
    var detection = LibraryFixture.detection()
    detection.curve.secondOpinion = [nil, 0.25]
    let text = String(decoding: try detection.json(pretty: false), as: UTF8.self)
    #expect(text.contains("[null,0.25]"))
    let file = try folder.write(text.replacing("[null,0.25]", with: list), to: "a_detection.json")
    #expect(throws: ReadError.self) { try DetectionFile.read(file) }
    #expect(throws: ReadError.self) { try DetectionFile.digest(file) }
  }

  // MARK: How it is drawn

  /// C3-4 on rows 50 to 52 with thresholds of its own; everything else lies outside of segments.
  private static var detection: Detection {
    var detection = LibraryFixture.detection()
    detection.patient.threshold = 0.5
    for n in detection.segments.indices {
      detection.segments[n].threshold = 3
      detection.segments[n].rowFrom = n == 1 ? 50 : nil
      detection.segments[n].rowTo = n == 1 ? 52 : nil
    }
    detection.curve = Detection.Curve(
      row: [49, 50, 51, 53], zMm: [4, 3, 2, 1], value: [0, 0, 0, 0],
      secondOpinion: [0.125, 0.5, nil, -0.25])
    detection.opinions = [
      .init(
        detector: "lc61", patientScore: 0.5, threshold: 0.125, flagged: true,
        segmentScores: [nil, 0.5, nil, nil, nil, nil], segmentThreshold: 0.25)
    ]
    return detection
  }

  @Test("in units of its own threshold times the deciding one, in segments and outside of them")
  func scale() throws {
    let d = Self.detection
    let curve = try #require(d.secondOpinionCurve(beside: d.curve))
    #expect(curve.values == [0.125, 0.5, nil, -0.25])
    #expect(curve.thresholds == [0.125, 0.25, 0.25, 0.125])
    // At its threshold it lies on the line (0.5 outside, 3 inside), at twice that at twice the line.
    #expect(curve.scaled == [0.5, 6, nil, -1])
  }

  @Test("without a common scale nothing is drawn")
  func noScale() {
    let changes: [(String, (inout Detection) -> Void)] = [
      ("an old file", { $0.curve.secondOpinion = nil }),
      ("no value", { $0.curve.secondOpinion = [nil, nil, nil, nil] }),
      ("too few", { $0.curve.secondOpinion = [0.1] }),
      ("no opinion", { $0.opinions = [] }), ("another's", { $0.opinions[0].detector = "z-score" }),
      ("no threshold", { $0.opinions[0].threshold = nil }),
      ("no segment threshold", { $0.opinions[0].segmentThreshold = nil }),
      ("own of 0", { $0.opinions[0].segmentThreshold = 0 }),
      ("even odds", { $0.patient.threshold = 0 }),
      ("negative log-odds", { $0.segments[1].threshold = -0.4 }),
      ("no number", { $0.patient.threshold = .nan }),
    ]
    for (name, change) in changes {
      var d = Self.detection
      change(&d)
      #expect(d.secondOpinionCurve(beside: d.curve) == nil, "\(name)")
    }
    // A threshold next to nothing makes values that no axis holds: those rows are gaps.
    var d = Self.detection
    d.opinions[0].threshold = 1e-300
    #expect(d.secondOpinionCurve(beside: d.curve)?.scaled == [nil, 6, nil, nil])
  }
}
