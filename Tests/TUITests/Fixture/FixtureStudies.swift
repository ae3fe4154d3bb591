import Core
import Foundation
import Imaging
import Synchronization

/// Studies drawn by hand: a spine that looks enough like one.
enum FixtureStudies {
  static let threshold = 0.15

  static func worklist(_ count: Int) -> [WorklistEntry] {
    let states: [StudyState] = [
      .unread, .reading, .unread, .unread, .problem("not assessable: axial slices only"), .unread,
      .detecting(fraction: 0.4, secondsLeft: 4), .waiting, .read, .unread, .unread, .unread,
    ]
    return (1...max(count, 1)).map { number in
      let state = states[(number - 1) % states.count]
      let subject = String(format: "%03d", number)
      let hasResult: Bool
      switch state {
      case .unread, .reading, .read: hasResult = true
      default: hasResult = false
      }
      let scores = peaks(number)
      let top = scores.indices.max { scores[$0] < scores[$1] } ?? 0
      let flagged = SpinalSegment.allCases.filter { scores[$0.rawValue] >= threshold }
      let second = flagged.filter { ($0.rawValue + number) % 3 != 0 }
      return WorklistEntry(
        subject: subject, state: state, score: hasResult ? scores[top] : nil,
        threshold: hasResult ? threshold : nil,
        thresholdSource: "model card", scoring: hasResult ? "core" : nil,
        weights: hasResult ? "u2ad-phantom 9f3a1c00" : nil,
        topSegment: hasResult ? SpinalSegment(rawValue: top) : nil,
        flagged: hasResult ? flagged : [],
        secondOpinionFlagged: hasResult ? second : [],
        secondOpinionFlagsPatient: hasResult ? !second.isEmpty : nil,
        age: "\(40 + number * 7 % 40)", sex: number % 3 == 0 ? "M" : "F",
        mjoa: number % 4 == 0 ? nil : "\(18 - number % 9)",
        quality: number % 5 == 1
          ? [
            QualityFlag("levels-interpolated", "Levels are interpolated between two landmarks.")
          ] : [])
    }
  }

  /// The peak of each segment.
  static func peaks(_ number: Int) -> [Double] {
    switch number % 4 {
    case 1: [0.04, 0.09, 0.41, 0.33, 0.05, 0.02]
    case 2: [0.03, 0.06, 0.05, 0.11, 0.07, 0.04]
    case 3: [0.05, 0.19, 0.08, 0.07, 0.06, 0.03]
    default: [0.06, 0.21, 0.52, 0.27, 0.16, 0.08]
    }
  }

  private static let network = "found by the anatomy network 1a2b3c4d, not corrected"

  private static let levels = [40, 67, 93, 119, 146, 172, 199]

  /// Drawn once: drawing takes most of a test's time.
  private static let drawn = Mutex<[String: ReviewStudy]>([:])

  static func study(_ subject: String) throws -> ReviewStudy {
    if let known = drawn.withLock({ $0[subject] }) { return known }
    let study = try draw(subject)
    drawn.withLock { $0[subject] = study }
    return study
  }

  private static func draw(_ subject: String) throws -> ReviewStudy {
    guard let number = Int(subject) else { throw FixtureError(description: "no sub-\(subject)") }
    let entry = worklist(max(number, 1))[number - 1]
    let peaks = peaks(number)
    let hasResult = entry.score != nil
    let pictures = (0..<11).map { index in
      picture(index, number, peaks, scored: hasResult && (4...6).contains(index))
    }
    return ReviewStudy(
      subject: subject, age: entry.age, sex: entry.sex, mjoa: entry.mjoa, sliceThicknessMM: 3.3,
      pictures: pictures, detection: hasResult ? detection(subject, number, peaks, entry) : nil,
      detectionSHA256: hasResult ? String(repeating: "ab", count: 32) : nil,
      labels: [
        LabelOrigin(role: .cord, file: "a_seg.nii.gz", maker: "imported from a_seg.nii.gz"),
        LabelOrigin(role: .canal, file: "b.nii.gz", maker: network),
        LabelOrigin(role: .spine, file: "c.nii.gz", maker: network),
      ])
  }

  private static func cordColumn(_ row: Int) -> Double {
    128 + 14 * sin(Double(row - 30) / 62) + Double(row) * 0.05
  }

  private static func curveValue(_ row: Int, _ peaks: [Double]) -> Double {
    var value = 0.02 + 0.015 * sin(Double(row) * 0.9) + 0.012 * sin(Double(row) * 0.37 + 1)
    for (index, peak) in peaks.enumerated() where peak > 0.05 {
      let centre = Double(levels[index] + levels[index + 1]) / 2
      let distance = (Double(row) - centre) / 4.5
      value = max(value, peak * exp(-distance * distance / 2))
    }
    return value
  }

  private static func picture(
    _ index: Int, _ number: Int, _ peaks: [Double], scored: Bool
  ) -> ReviewStudy.Picture {
    var image = ImageRaster(rows: 256, columns: 256, filledWith: 0)
    var cord = MaskRaster(rows: 256, columns: 256, filledWith: false)
    var anomaly = ImageRaster(rows: 256, columns: 256, filledWith: .nan)
    var seed = UInt64(number * 97 + index * 13 + 7)
    let aside = Double(index - 5)
    let half = max(6.5 - abs(aside) * 1.6, 0)
    let canal = max(11 - abs(aside) * 1.4, 0)
    for row in 0..<256 {
      let middle = cordColumn(row)
      for column in 0..<256 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let noise = Float((seed >> 40) & 0xffff) / 65535 - 0.5
        let across = Double(column) - middle
        var grey: Float = 30
        if column > 20, column < 235, row > 4 { grey = 120 + 25 * Float(sin(Double(column) / 19)) }
        if across < -canal, across > -canal - 34 {
          let inBody = levels.contains { abs(row - $0) < 10 } || row < 20 || row > 208
          grey = inBody ? 210 + 20 * Float(sin(Double(row) / 3)) : 95
          if across < -canal - 31 { grey = 60 }
        }
        if across > canal + 3, across < canal + 40 {
          grey = (row + Int(across) / 2) % 27 < 15 ? 330 : 150
        }
        if abs(across) < canal { grey = 470 }
        if abs(across) < half {
          grey = 240
          if row > 15, row < 205 { cord[row, column] = true }
          let value = curveValue(row, peaks)
          let strength = max(1 - abs(across) / 5, 0)
          if abs(aside) < 2 { grey += Float(value * strength * 260) }
          if scored, row > 15, row < 205 {
            anomaly[row, column] = Float(value * strength * 1.1 - 0.03) + noise * 0.04
          }
        }
        if column <= 20 || column >= 235 { grey = 6 }
        image[row, column] = max(grey + noise * 34, 0)
      }
    }
    let x = aside * 3.3
    return ReviewStudy.Picture(
      index: index, image: image, grid: SagittalGrid(centre: [x, 0, 0]), cord: cord,
      anomaly: scored ? anomaly : nil)
  }

  private static func detection(
    _ subject: String, _ number: Int, _ peaks: [Double], _ entry: WorklistEntry
  ) -> Detection {
    let rows = Array(16...204)
    let z = { (row: Int) in (127.5 - Double(row)) * SagittalGrid.spacing }
    let curve = Detection.Curve(
      row: rows, zMm: rows.map(z), value: rows.map { curveValue($0, peaks) })
    // Every thirteenth study has no levels: nothing but the study as a whole can be judged.
    let hasLevels = number % 13 != 0
    let second = Set(entry.secondOpinionFlagged)
    let segments = SpinalSegment.allCases.map { segment -> Detection.Segment in
      let index = segment.rawValue
      let (from, to) = (levels[index], levels[index + 1] - 1)
      guard hasLevels else {
        return Detection.Segment(
          name: segment.name, score: nil, threshold: threshold, flagged: false, assessable: false,
          reason: "the vertebrae are not labelled")
      }
      if segment == .c7t1, number % 4 == 1 {
        return Detection.Segment(
          name: segment.name, score: nil, threshold: threshold, flagged: false, assessable: false,
          reason: "the cord leaves the slice", rowFrom: from, rowTo: to, zFromMm: z(from),
          zToMm: z(to))
      }
      let over = (from...to).filter { curveValue($0, peaks) >= threshold }.count
      let peak = (from...to).max { curveValue($0, peaks) < curveValue($1, peaks) }
      return Detection.Segment(
        name: segment.name, score: peaks[index], threshold: threshold,
        flagged: peaks[index] >= threshold, assessable: true, reason: nil, rowFrom: from, rowTo: to,
        zFromMm: z(from), zToMm: z(to), peakRow: peak,
        lengthMm: over == 0 ? nil : Double(over) * SagittalGrid.spacing,
        secondOpinionFlagged: second.contains(segment),
        secondOpinionScore: peaks[index] * 0.8)
    }
    return Detection(
      subject: subject, image: "sub-\(subject)/anat/sub-\(subject)_T2w.nii.gz", imageSha256: nil,
      sliceIndex: 5,
      patient: Detection.Patient(
        score: peaks.max(), threshold: threshold,
        flagged: hasLevels && (peaks.max() ?? 0) >= threshold, assessable: hasLevels,
        reason: hasLevels
          ? nil : "\(Detection.notBySegment); the score is the maximum over the whole cord"),
      segments: segments, curve: curve, slices: [], opinions: [], absoluteLevel: 0.5,
      levelSource: hasLevels ? "labelled" : "missing", quality: entry.quality,
      model: Detection.Model(
        name: "u2ad-phantom", sha256: "9f3a1c0012345678", context: "nearest(128)", mc: 7, seed: 7,
        scoring: "core", kernelPath: "avx2", thresholdSource: "model card"), version: "0.1.0")
  }
}
