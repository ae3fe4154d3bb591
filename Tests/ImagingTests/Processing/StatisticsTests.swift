import Imaging
import Testing

/// Expected numbers come from numpy 2.4 and scipy 1.17 on the same reproducible noise.
@Suite struct StatisticsTests {
  @Test func percentilesAgreeWithNumpy() throws {
    let found = try #require(Percentiles.values([0.2, 99.8, 75, 50], of: Pattern.first.pixels))
    for (a, b) in zip(found, [0.00158626, 0.99925634, 0.75211389, 0.51160625] as [Float]) {
      #expect(close(a, b, 1e-6))
    }
  }

  @Test func countingSelectionAgreesWithNumpy() throws {
    let values = Pattern.values(20000, seed: 5).map { $0 * 7 - 3 }
    let found = try #require(Percentiles.values([0.2, 99.8, 33.3], of: values))
    for (a, b) in zip(found, [-2.98562843, 3.9875384, -0.64252949] as [Float]) {
      #expect(close(a, b, 1e-5))
    }
  }

  @Test(arguments: [1, 2, 9, 8193, 30000])
  func countingSelectionAgreesWithSorting(count: Int) throws {
    let values = Pattern.values(count, seed: UInt32(count)).map { ($0 - 0.5) * 1e3 }
    let sorted = values.sorted()
    let found = try #require(Percentiles.values([0, 100], of: values))
    #expect(found == [sorted[0], sorted[count - 1]], "seed \(count)")
    let median = try #require(Percentiles.median(of: values))
    let expected = 0.5 * (Double(sorted[(count - 1) / 2]) + Double(sorted[count / 2]))
    #expect(abs(Double(median) - expected) < 1e-4, "seed \(count)")
  }

  @Test func percentilesSkipWhatIsNoNumber() {
    let values: [Float] = [.nan, 1, .infinity, 3, -.infinity, 2]
    #expect(Percentiles.median(of: values) == 2)
    #expect(Percentiles.median(of: values, where: [true, true, true, false, true, true]) == 1.5)
    #expect(Percentiles.median(of: [.nan, .infinity]) == nil)
    #expect(Percentiles.values([50], of: []) == nil)
    #expect(Percentiles.value(.nan, of: [4, 5]) != nil)
    #expect(Percentiles.scaledMAD(of: [1, 2, 3, 4, 100]) == 1.4826)
  }

  @Test func otsuAgreesWithTheHistogramFormula() throws {
    let dark = Pattern.values(3000, seed: 3).map { Float(Double($0) * 0.3) }
    let bright = Pattern.values(2000, seed: 4).map { Float(0.6 + Double($0) * 0.4) }
    let threshold = try #require(Otsu.threshold(of: dark + bright))
    #expect(close(threshold, 0.29894626, 1e-4))
    #expect(Otsu.threshold(of: [3, 3, 3]) == nil)
    #expect(Otsu.threshold(of: [.nan, .infinity]) == nil)
    #expect(Otsu.threshold(of: [0, 1]) != nil)
    #expect(Otsu.threshold(of: [-.greatestFiniteMagnitude, .greatestFiniteMagnitude]) != nil)
  }

  @Test func twoThresholdsPartThreeClasses() throws {
    var values = Pattern.values(500, seed: 1).map { $0 * 0.1 }
    values += Pattern.values(500, seed: 2).map { 0.4 + $0 * 0.1 }
    values += Pattern.values(300, seed: 3).map { 0.9 + $0 * 0.1 }
    let cuts = try #require(Otsu.twoThresholds(of: values))
    #expect((0.09...0.41).contains(cuts.lower) && (0.49...0.91).contains(cuts.upper))
    #expect(Otsu.twoThresholds(of: [1, 2]) == nil && Otsu.twoThresholds(of: [1, 2, 3]) != nil)
  }

  @Test(arguments: [1, 2, 3, 7, 61, 400])
  func runningMedianAgreesWithSortingEachWindow(window: Int) {
    var values = Pattern.values(200, seed: 9)
    for n in values.indices where n % 7 == 3 || (90..<160).contains(n) { values[n] = .nan }
    let found = RunningMedian.of(values, window: window)
    for n in values.indices {
      let part = values[max(0, n - window / 2)...min(values.count - 1, n + window / 2)]
        .filter { !$0.isNaN }.sorted()
      if part.isEmpty {
        #expect(found[n].isNaN)
      } else {
        let m = part.count / 2
        #expect(found[n] == (part.count % 2 == 1 ? part[m] : 0.5 * (part[m - 1] + part[m])))
      }
    }
    #expect(RunningMedian.of([], window: window).isEmpty)
  }

  @Test func movingAverageKeepsToTheValidPlaces() {
    let found = MovingAverage.of([1, 2, .nan, 4, 5, 6, 7], window: 3)
    #expect(Array(found[0...1]) == [1.5, 1.5])
    #expect(found[2].isNaN)
    #expect(Array(found[3...]) == [4.5, 5, 6, 6.5])
    #expect(MovingAverage.of([]).isEmpty)
  }

  @Test func imageQualityAgreesWithScipy() {
    let (a, b) = (Pattern.first, Pattern.second)
    var mask = MaskRaster(rows: 40, columns: 33, filledWith: false)
    for row in 10..<20 { for column in 5..<25 { mask[row, column] = true } }
    #expect(close(ImageQuality.ssim(a, b), 0.8795833231866297, 1e-6))
    #expect(close(ImageQuality.ssim(a, b, within: mask), 0.8784642665756636, 1e-6))
    #expect(close(ImageQuality.mse(a, b), 0.015319275979099028, 1e-8))
    #expect(close(ImageQuality.psnr(a, b, within: mask), 18.023758019422594, 1e-5))
    #expect(ImageQuality.psnr(a, a) == .infinity)
    #expect(close(ImageQuality.ssim(a, a), 1))
    #expect(ImageQuality.mse(a, b, within: mask.map { _ in false }) == nil)
    #expect(ImageQuality.ssim(a, b, within: mask.map { _ in false }) == nil)
  }
}
