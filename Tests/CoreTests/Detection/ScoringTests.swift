import Imaging
import Testing

@testable import Core

@Suite("Scorings")
struct ScoringTests {
  private static let grid = SagittalGrid(centre: .zero)

  private static func mask(_ inside: (Int, Int) -> Bool) -> MaskRaster {
    var mask = MaskRaster(rows: 256, columns: 256, filledWith: false)
    for row in 0..<256 { for column in 0..<256 { mask[row, column] = inside(row, column) } }
    return mask
  }

  @Test("core pixels: the middle three of seven, everything of a thread, no row without")
  func corePixels() {
    let band = Self.mask { row, column in (50...200).contains(row) && (100...106).contains(column) }
    let core = CorePixels.mask(of: band)
    for row in 50...200 {
      #expect((0..<256).filter { core[row, $0] } == [102, 103, 104], "row \(row)")
    }
    let thread = Self.mask { row, column in (50...60).contains(row) && column == 90 }
    #expect(CorePixels.mask(of: thread) == thread)
    #expect(!CorePixels.mask(of: Self.mask { _, _ in false }).pixels.contains(true))
  }

  @Test("core pixels lie in the cord and leave no row empty", arguments: 0..<10)
  func corePixelsProperty(seed: UInt64) {
    var random = RandomSource(seed: seed)
    var left = 120
    var cord = MaskRaster(rows: 256, columns: 256, filledWith: false)
    for row in random.below(60)...(195 + random.below(61)) {
      left = min(max(left + random.below(3) - 1, 3), 240)
      for column in left..<(left + 1 + random.below(12)) { cord[row, column] = true }
    }
    let core = CorePixels.mask(of: cord)
    for row in 0..<256 {
      let inside = (0..<256).filter { cord[row, $0] }
      let chosen = (0..<256).filter { core[row, $0] }
      #expect(chosen.isEmpty == inside.isEmpty, "seed \(seed) row \(row)")
      #expect(Set(chosen).isSubset(of: inside), "seed \(seed) row \(row)")
    }
  }

  /// The core curve written down as the method says it, the slow way.
  private static func slowCurve(
    _ rows: [Int: Double], weights: [Int: Double], step: Double
  ) -> [Int: Double] {
    func median(_ v: [Double]) -> Double {
      let s = v.sorted()
      return s.count % 2 == 1 ? s[s.count / 2] : (s[s.count / 2 - 1] + s[s.count / 2]) / 2
    }
    func near(_ values: [Int: Double], _ row: Int, _ half: Int) -> [Double] {
      (row - half...row + half).compactMap { values[$0] }
    }
    var smooth: [Int: Double] = [:]
    for row in rows.keys {
      let v = near(rows, row, 2)
      smooth[row] = v.reduce(0, +) / Double(v.count)
    }
    var result: [Int: Double] = [:]
    for (row, value) in smooth {
      result[row] = (value - median(near(smooth, row, 30))) / step * (weights[row] ?? 1)
    }
    return result
  }

  @Test("the core curve is the method's, row by row", arguments: 0..<6)
  func coreCurve(seed: UInt64) {
    var random = RandomSource(seed: seed)
    let gap = seed % 2 == 0 ? 400...401 : 120...124
    let band = Self.mask { row, column in
      (40...220).contains(row) && (100...106).contains(column) && !gap.contains(row)
    }
    let cord = CordGeometry(cord: band, grid: Self.grid)
    let input = ImageRaster(
      rows: 256, columns: 256, pixels: (0..<65536).map { _ in random.uniform() })
    let mean = input.map { _ in random.uniform() }
    var weight = [Float](repeating: 1, count: 256)
    weight[60] = 0.5
    weight[90] = 0
    // The unit differs from row to row, as it does where CSF is effaced.
    let steps = (0..<256).map { 0.3 + 0.001 * Float($0) }
    let levels = (0..<256).map { 1 + 0.004 * Float($0) + ($0 == 130 ? 0.7 : 0) }
    let curve = CoreScoring.curve(
      input: input, mean: mean, reconstructed: nil, cord: cord, steps: steps, levels: levels,
      rowWeight: weight)
    var rows: [Int: Double] = [:]
    for row in cord.rows where row != 90 {
      let core = 102...104
      rows[row] =
        core.reduce(0.0) {
          $0 + Double(input[row, $1]) - Double(mean[row, $1])
        } / 3 / Double(steps[row]) + Double(levels[row])
    }
    let expected = Self.slowCurve(rows, weights: [60: 0.5], step: 1)
    #expect(curve.rows == expected.keys.sorted())
    for (row, value) in zip(curve.rows, curve.values) {
      #expect(abs(Double(value) - (expected[row] ?? 99)) < 1e-5, "seed \(seed) row \(row)")
    }
    // z of row r on a grid centred on the origin.
    #expect(abs(curve.zMM[0] - (127.5 - Double(curve.rows[0])) * 0.78125) < 1e-9)
  }

  @Test("pixels never reconstructed are no evidence of normality")
  func unreconstructed() {
    let band = Self.mask { row, column in (40...220).contains(row) && (100...106).contains(column) }
    let cord = CordGeometry(cord: band, grid: Self.grid)
    let ones = ImageRaster(rows: 256, columns: 256, filledWith: 1)
    let known = Self.mask { row, column in row < 150 && column >= 103 }
    let curve = CoreScoring.curve(
      input: ones, mean: ones.map { _ in 0.5 }, reconstructed: known, cord: cord,
      steps: Array(repeating: 0.4, count: 256), levels: Array(repeating: 0, count: 256),
      rowWeight: Array(repeating: 1, count: 256))
    #expect(curve.rows == Array(40..<150))
    #expect(curve.values.allSatisfy { abs($0) < 1e-6 })
  }

  @Test("paper: strongest three islands above the percentile, over the uneroded width")
  func paperCurve() {
    let band = Self.mask { row, column in (40...220).contains(row) && (100...106).contains(column) }
    let cord = CordGeometry(cord: band, grid: Self.grid)
    var error = ImageRaster(rows: 256, columns: 256, filledWith: 0.01)
    // Four islands of 2 x 3 px inside the eroded cord, the weakest of which must go; the sign
    // does not matter, and the rim is eroded away.
    for (row, value) in [(60, Float(0.5)), (90, -0.8), (120, 0.3), (150, 0.6)] {
      for r in row...(row + 1) { for column in 102...104 { error[r, column] = value } }
    }
    for row in 40...220 { error[row, 100] = 9 }
    var scoring = PaperScoring(meanWindow: 1)
    let kept = scoring.retained(error, cord: band)
    #expect(kept.pixels.count { $0 > 0 } == 18)
    #expect(kept[90, 103] == 0.8 && kept[120, 103] == 0 && kept[60, 100] == 0)
    let curve = scoring.curve(error, cord: cord)
    #expect(curve.rows == Array(40...220))
    let value = { (row: Int) in curve.values[row - 40] }
    let full: Float = 3 * 0.8 / 7
    #expect(abs(value(90) - full) < 1e-6 && value(120) == 0 && value(89) == 0)
    scoring.meanWindow = 5
    let smooth = scoring.curve(error, cord: cord)
    let twoOfFive: Float = 2 * (3 * 0.8 / 7) / 5
    #expect(abs(smooth.values[92 - 40] - twoOfFive) < 1e-6)
    scoring.components = 4
    #expect(scoring.retained(error, cord: band)[120, 103] == 0.3)
    scoring.percentile = 0
    scoring.components = 1
    #expect(scoring.retained(error, cord: band).pixels.count { $0 > 0 } == 5 * 179)
  }

  @Test("paper: no error at all gives a curve of zeros; NaN counts as none")
  func paperNothing() {
    let band = Self.mask { row, column in (40...90).contains(row) && (100...106).contains(column) }
    let nothing = ImageRaster(rows: 256, columns: 256, filledWith: .nan)
    let curve = PaperScoring().curve(nothing, cord: CordGeometry(cord: band, grid: Self.grid))
    #expect(curve.values.allSatisfy { $0 == 0 } && curve.rows.count == 51)
  }

  private func anatomy(_ rows: ClosedRange<Int>, levels: [VertebralLevel: Double]) -> SliceAnatomy {
    let cord = Self.mask { row, column in rows.contains(row) && column == 128 }
    return SliceAnatomy(
      cord: cord, csf: cord.map { _ in false }, levelRows: levels,
      levelSource: levels.isEmpty ? .missing : .labelled)
  }

  private func ramp(_ rows: ClosedRange<Int>) -> AnoCurve {
    AnoCurve(
      rows: Array(rows), zMM: rows.map { -Double($0) }, values: rows.map { Float($0) / 100 })
  }

  @Test("a segment runs from one vertebra's centre row to just above the next one's")
  func segmentRows() {
    let levels: [VertebralLevel: Double] = [
      .c2: 50.2, .c3: 80, .c4: 105.5, .c5: 130, .c6: 155, .c7: 180, .t1: 205,
    ]
    let score = SegmentScoring.score(ramp(20...230), anatomy: anatomy(20...230, levels: levels))
    #expect(
      score.segments.map { $0.rows } == [
        51...79, 80...105, 106...129, 130...154, 155...179, 180...204,
      ])
    #expect(score.segments.map { $0.peakRow } == [79, 105, 129, 154, 179, 204])
    #expect(abs((score.patient ?? 0) - 2.04) < 1e-6)
    // The ramp's top lies below T1: reported apart, not in the patient's score.
    #expect(score.outside?.row == 230 && abs((score.outside?.score ?? 0) - 2.3) < 1e-6)
  }

  @Test("what is not seen is not normal")
  func coverage() {
    let levels: [VertebralLevel: Double] = [.c2: 50, .c3: 80, .c4: 105, .c5: 130, .c6: 155]
    let score = SegmentScoring.score(ramp(60...110), anatomy: anatomy(60...110, levels: levels))
    let segments = score.segments
    #expect(segments[0].score != nil && segments[0].reason == "cord is seen on 20 of its 30 rows")
    #expect(segments[1].score != nil && segments[1].reason == nil)
    #expect(segments[2].score == nil && segments[2].reason == "cord is seen on 6 of its 25 rows")
    #expect(segments[3].score == nil && segments[3].reason == "no cord is seen in it")
    #expect(segments[4].reason == "the level of C7 is not known")
    #expect(segments[5].reason == "the level of C7 and T1 is not known")
    #expect(abs((score.patient ?? 0) - 1.04) < 1e-6)
  }

  @Test("levels beyond the window count as unseen rows")
  func beyondWindow() {
    let levels: [VertebralLevel: Double] = [.c7: 230, .t1: 290]
    let score = SegmentScoring.score(ramp(100...255), anatomy: anatomy(100...255, levels: levels))
    #expect(score.segments[5].score == nil)
    #expect(score.segments[5].reason == "cord is seen on 26 of its 60 rows")
    #expect(score.patient == nil && score.reason != nil)
  }

  @Test("without levels the patient's score is the curve's maximum and no segment is assessed")
  func noLevels() {
    let score = SegmentScoring.score(ramp(60...110), anatomy: anatomy(60...110, levels: [:]))
    #expect(abs((score.patient ?? 0) - 1.1) < 1e-6)
    #expect(score.segments.allSatisfy { $0.score == nil && $0.reason == "levels-missing" })
    #expect(score.reason?.hasPrefix("levels-missing") == true)
    let empty = SegmentScoring.score(
      AnoCurve(rows: [], zMM: [], values: []), anatomy: anatomy(60...110, levels: [:]))
    #expect(empty.patient == nil && empty.segments.count == 6)
  }
}
