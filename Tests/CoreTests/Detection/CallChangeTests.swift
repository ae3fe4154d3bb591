import Testing

@testable import Core

@Suite("What a detection says, segment by segment")
struct CallChangeTests {
  /// A detection with these segments flagged and these not assessable; the curve is over 0.5 on rows.
  private func detection(
    flagged: [SpinalSegment] = [], unseen: [SpinalSegment] = [], patient: Bool? = nil,
    over rows: [Int] = []
  ) -> Detection {
    let segments = SpinalSegment.allCases.map { segment in
      let from = segment.rawValue * 20
      return Detection.Segment(
        name: segment.name, score: 0.1, threshold: 0.5, flagged: flagged.contains(segment),
        assessable: !unseen.contains(segment), reason: nil, rowFrom: from, rowTo: from + 19)
    }
    let all = Array(0..<120)
    return Detection(
      subject: "1", image: "i", imageSha256: nil, sliceIndex: 5,
      patient: .init(
        score: 0.1, threshold: 0.5, flagged: patient ?? !flagged.isEmpty, assessable: true,
        reason: nil),
      segments: segments,
      curve: .init(
        row: all, zMm: all.map { Double($0) }, value: all.map { rows.contains($0) ? 1 : 0 }),
      slices: [], opinions: [], absoluteLevel: nil, levelSource: "counted", quality: [],
      model: .init(
        name: "m", sha256: "ab", context: "c", mc: 1, seed: 1, scoring: "core",
        kernelPath: "scalar", thresholdSource: "card"), version: "0.1.0")
  }

  @Test("every change of a call is said, segments of one change together")
  func changes() {
    func words(_ before: Detection, _ after: Detection) -> String {
      CallChange(from: before, to: after).words
    }
    let (none, one) = (detection(), detection(flagged: [.c4c5]))
    #expect(words(one, none) == "C4-5 flagged before, not now")
    #expect(words(none, one) == "C4-5 flagged now, not before")
    #expect(words(one, one) == "" && words(none, none) == "")
    let moved = detection(flagged: [.c5c6, .c6c7])
    #expect(
      words(one, moved) == "C4-5 flagged before, not now; C5-6, C6-7 flagged now, not before")
    let unseen = detection(unseen: [.c4c5])
    #expect(words(one, unseen) == "C4-5 flagged before, not assessable now")
    #expect(words(unseen, one) == "C4-5 flagged now, not assessable before")
    #expect(words(unseen, none) == "C4-5 not flagged now, not assessable before")
    #expect(words(none, unseen) == "C4-5 not assessable now, not flagged before")
    // Without a change of a segment the patient's may be one.
    #expect(words(detection(patient: true), none) == "the patient flagged before, not now")
  }

  @Test("a run over threshold is that of the peak, with the part that lies in the segment")
  func runs() throws {
    // Two runs: rows 36 to 44 over the border of C3-4 (20 to 39) and C4-5, and another at 50.
    let detection = detection(flagged: [.c3c4, .c4c5], over: Array(36...44) + [50, 51])
    var segment = detection.segments[1]
    #expect(detection.run(of: segment) == nil)
    segment.lengthMm = 9
    #expect(detection.run(of: segment) == nil)
    segment.peakRow = 38
    let upper = try #require(detection.run(of: segment))
    #expect(upper.lengthMM == 9 && abs(upper.insideMM - 4) < 1e-9)
    var lower = detection.segments[2]
    (lower.lengthMm, lower.peakRow) = (1.6, 50)
    #expect(detection.run(of: lower) == Detection.Run(lengthMM: 1.6, insideMM: 1.6))
    // A peak that is under the threshold, or on no row, has no run; nor has a slice without curve.
    for row in [30, 500] {
      segment.peakRow = row
      #expect(detection.run(of: segment) == nil)
    }
    lower.sliceIndex = 6
    #expect(detection.run(of: lower) == nil)
  }

  @Test("rows without a gap about a peak, which may be a digit shorter than the threshold")
  func rows() {
    let curve = Detection.Curve(
      row: [3, 4, 5, 7, 8], zMm: [0, 0, 0, 0, 0], value: [0.3, 0.2, 0.3, 0.3, 0.1])
    #expect(curve.run(around: 4, reaching: 0.25) == 3...5)
    #expect(curve.run(around: 7, reaching: 0.25) == 7...7)
    #expect(curve.run(around: 8, reaching: 0.25) == 7...8)
    #expect(curve.run(around: 6, reaching: 0.25) == nil)
    var damaged = curve
    damaged.value.removeLast()
    #expect(damaged.run(around: 8, reaching: 0.25) == nil)
  }
}
