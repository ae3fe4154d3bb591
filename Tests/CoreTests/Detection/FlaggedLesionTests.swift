import Foundation
import Testing

@testable import Core

@Suite("Lesions that a detection flags")
struct FlaggedLesionTests {
  /// Rows of C2-3 ... C7-T1, as of a phantom with a leaning neck.
  private static let borders = [50...82, 83...107, 108...131, 132...155, 156...179, 180...206]

  /// One slice's curve: heights of runs of rows, 0 elsewhere.
  private struct Run {
    var slice: Int
    var rows: ClosedRange<Int>
    var height: Double
  }

  /// A detection by curves: every segment over 0.1 is flagged at its highest row of all slices.
  private static func detection(_ runs: [Run], slices: [Int] = [4, 5]) -> Detection {
    let all = Array(50...206)
    let curves = slices.map { index in
      Detection.Slice(
        index: index, score: nil, reason: nil,
        curve: .init(
          row: all, zMm: all.map { -Double($0) },
          value: all.map { row in
            runs.filter { $0.slice == index && $0.rows.contains(row) }.map(\.height).max() ?? 0
          }),
        gridOriginMm: [0, 0, 0], gridColumnDirection: [0, -1, 0], gridRowDirection: [0, 0, -1])
    }
    let segments = zip(SpinalSegment.allCases, borders).map { name, rows -> Detection.Segment in
      var best: (score: Double, row: Int, slice: Int)?
      for curve in curves {
        for (row, value) in zip(curve.curve.row, curve.curve.value)
        where rows.contains(row) && value > best?.score ?? -1 {
          best = (value, row, curve.index)
        }
      }
      let isFlagged = (best?.score ?? 0) >= 0.1
      return Detection.Segment(
        name: name.name, score: best?.score, threshold: 0.1, flagged: isFlagged, assessable: true,
        reason: nil, rowFrom: rows.lowerBound, rowTo: rows.upperBound, peakRow: best?.row,
        sliceIndex: best?.slice)
    }
    return Detection(
      subject: "01", image: "a", imageSha256: nil, sliceIndex: slices.first,
      patient: .init(score: 0.5, threshold: 0.1, flagged: true, assessable: true, reason: nil),
      segments: segments, curve: curves[0].curve, slices: curves, opinions: [],
      absoluteLevel: nil, levelSource: "labelled", quality: [],
      model: .init(
        name: "m", sha256: "ab", context: "image", mc: 7, seed: 1, scoring: "core",
        kernelPath: "scalar", thresholdSource: "card"), version: "0.1.0")
  }

  @Test("a run across a border is one lesion of both flagged segments")
  func acrossBorder() throws {
    let found = Self.detection([Run(slice: 4, rows: 174...191, height: 0.45)]).flaggedLesions
    #expect(found.missing.isEmpty)
    #expect(
      found.lesions == [
        FlaggedLesion(
          sliceIndex: 4, rows: 174...191, extent: 174...191, segments: [.c6c7, .c7t1], barely: [])
      ])
  }

  @Test("overlapping runs of different slices are one, measured where the score is highest")
  func acrossSlices() throws {
    let runs = [
      Run(slice: 4, rows: 131...141, height: 0.17), Run(slice: 5, rows: 132...141, height: 0.29),
    ]
    let found = Self.detection(runs).flaggedLesions
    #expect(
      found.lesions == [
        FlaggedLesion(
          sliceIndex: 5, rows: 132...141, extent: 131...141, segments: [.c4c5, .c5c6],
          barely: [.c4c5])
      ])
    // It does not depend on the order of the slices.
    #expect(Self.detection(runs, slices: [5, 4]).flaggedLesions.lesions == found.lesions)
    // Side by side without a common row they are two.
    let apart = Self.detection([
      Run(slice: 4, rows: 120...131, height: 0.17), Run(slice: 5, rows: 132...141, height: 0.29),
    ]).flaggedLesions.lesions
    #expect(apart.map(\.segments) == [[.c4c5], [.c5c6]])
    #expect(apart.map(\.sliceIndex) == [4, 5])
  }

  @Test("a run that reaches several by its lower threshold makes them one")
  func lowerThreshold() {
    var detection = Self.detection([
      Run(slice: 4, rows: 70...140, height: 0.2), Run(slice: 4, rows: 72...80, height: 0.5),
      Run(slice: 4, rows: 90...100, height: 0.6), Run(slice: 4, rows: 112...120, height: 0.4),
    ])
    for (n, threshold) in [(0, 0.3), (1, 0.3), (2, 0.1)] {
      detection.segments[n].threshold = threshold
    }
    detection.segments[3].flagged = false
    let found = detection.flaggedLesions.lesions
    #expect(found.map(\.rows) == [70...140])
    #expect(found.map(\.segments) == [[.c2c3, .c3c4, .c4c5, .c5c6]])
    // By its own threshold each is a lesion of its own.
    detection.segments[2].threshold = 0.3
    #expect(
      detection.flaggedLesions.lesions.map(\.rows) == [72...80, 90...100, 112...120])
  }

  @Test("a segment that is not flagged is touched from 3 mm on")
  func notFlagged() {
    func touched(_ rows: ClosedRange<Int>) -> [SpinalSegment] {
      var detection = Self.detection([Run(slice: 4, rows: rows, height: 0.3)])
      // Too little of its cord is seen: not assessable, and so not flagged.
      detection.segments[3].flagged = false
      detection.segments[3].assessable = false
      return detection.flaggedLesions.lesions.flatMap(\.segments)
    }
    #expect(touched(120...134) == [.c4c5])
    #expect(touched(120...135) == [.c4c5, .c5c6])
    // Two of four rows are over 40 % of them.
    #expect(touched(130...133) == [.c4c5, .c5c6])
  }

  @Test("what a file does not tell is said; an older file's one slice is the detection's")
  func oldFiles() throws {
    var detection = Self.detection([Run(slice: 4, rows: 120...128, height: 0.3)])
    detection.segments[2].sliceIndex = nil
    #expect(detection.flaggedLesions.lesions.map(\.sliceIndex) == [4])
    let old = try Detection.read(json: try detection.json(), path: "old.json")
    #expect(old.flaggedLesions.lesions == detection.flaggedLesions.lesions)
    for n in detection.segments.indices {
      (detection.segments[n].rowFrom, detection.segments[n].rowTo) = (nil, nil)
    }
    #expect(detection.flaggedLesions.lesions.map(\.segments) == [[.c4c5]])
    detection.segments[2].peakRow = 300
    let beyond = detection.flaggedLesions
    #expect(beyond.lesions.isEmpty && beyond.missing[.c4c5]?.contains("run detect again") == true)
    detection.slices[0].gridRowDirection = [0, 0]
    detection.segments[2].peakRow = 124
    #expect(detection.flaggedLesions.missing.keys.sorted() == [.c4c5])
  }

  @Test(
    "every flagged segment is one lesion's at least, and no lesion is listed twice",
    arguments: UInt64(1)...40)
  func random(seed: UInt64) {
    var random = PropertyRandom(seed)
    let runs = (0..<Int(random.uniform(1, 7))).map { _ in
      let first = Int(random.uniform(50, 200))
      return Run(
        slice: Int(random.uniform(4, 7)),
        rows: first...min(first + Int(random.uniform(0, 40)), 206),
        height: random.uniform(0.05, 1))
    }
    let detection = Self.detection(runs, slices: [5, 4, 6])
    let (lesions, missing) = detection.flaggedLesions
    #expect(missing.isEmpty, "seed \(seed)")
    let borne = Set(lesions.flatMap(\.segments))
    #expect(borne == Set(detection.flaggedSegments), "seed \(seed)")
    for (n, a) in lesions.enumerated() {
      #expect(a.barely.isSubset(of: a.segments), "seed \(seed)")
      #expect(a.extent.contains(a.rows.lowerBound) && a.extent.contains(a.rows.upperBound))
      for b in lesions[(n + 1)...] {
        #expect(!a.rows.overlaps(b.rows), "seed \(seed): \(a) \(b)")
      }
    }
  }
}
