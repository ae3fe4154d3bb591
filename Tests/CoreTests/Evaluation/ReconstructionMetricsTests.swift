import Foundation
import Imaging
import Testing

@testable import Core

@Suite("Reconstruction metrics")
struct ReconstructionMetricsTests {
  private func raster(_ rows: Int, _ columns: Int, _ value: Float) -> ImageRaster {
    ImageRaster(rows: rows, columns: columns, filledWith: value)
  }

  private func region(
    _ rows: Range<Int>, _ columns: Range<Int>, of side: Int = 64
  ) -> MaskRaster {
    var mask = MaskRaster(rows: side, columns: side, filledWith: false)
    for row in rows { for column in columns { mask[row, column] = true } }
    return mask
  }

  @Test("two pixels by hand: MSE, PSNR, summed variance")
  func byHand() throws {
    let image = raster(64, 64, 0.5)
    var (mean, variance) = (image, raster(64, 64, .nan))
    mean[30, 20] = 0.6
    mean[30, 21] = 0.3
    mean[10, 10] = 0.9  // outside the region
    variance[30, 20] = 0.25
    variance[30, 21] = 0.125
    variance[10, 10] = 7
    let found = try #require(
      ReconstructionMetrics(
        image: image, reconstruction: mean, variance: variance, region: region(30..<31, 20..<22)))
    // (0.1^2 + 0.2^2) / 2 = 0.025; 10 log10(1 / 0.025) = 16.0206 dB.
    #expect(abs(found.mse - 0.025) < 1e-8)
    #expect(abs((found.psnrDb ?? 0) - 16.020_599_9) < 1e-5)
    #expect(found.varianceSum == 0.375)
  }

  @Test("flat pictures by hand: SSIM is its luminance term")
  func structureByHand() throws {
    let found = try #require(
      ReconstructionMetrics(
        image: raster(64, 64, 0.5), reconstruction: raster(64, 64, 0.7),
        variance: raster(64, 64, 0), region: region(10..<20, 5..<9)))
    // (2 x 0.5 x 0.7 + 0.0001) / (0.25 + 0.49 + 0.0001)
    #expect(abs(found.ssim - 0.7001 / 0.7401) < 1e-6)
    #expect(abs(found.mse - 0.04) < 1e-8 && found.varianceSum == 0)
  }

  @Test("the cut around the region changes nothing, at the border neither", arguments: 0..<6)
  func cutting(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let side = 64
    let a = raster(side, side, 0).map { _ in random.uniform() }
    let b = a.map { $0 + 0.2 * (random.uniform() - 0.5) }
    let top = seed % 3 == 0 ? 0 : random.below(30)
    let left = seed % 3 == 1 ? 0 : random.below(30)
    let mask = region(
      top..<(seed % 2 == 0 ? side : top + 1 + random.below(20)), left..<left + 1 + random.below(20))
    let found = try #require(
      ReconstructionMetrics(image: a, reconstruction: b, variance: a, region: mask))
    #expect(found.ssim == ImageQuality.ssim(a, b, within: mask), "seed \(seed)")
    #expect(found.mse == ImageQuality.mse(a, b, within: mask), "seed \(seed)")
    #expect(found.psnrDb == ImageQuality.psnr(a, b, within: mask), "seed \(seed)")
  }

  @Test("equal pictures have no PSNR, an empty region nothing")
  func limits() throws {
    let image = raster(64, 64, 0.5)
    let same = try #require(
      ReconstructionMetrics(
        image: image, reconstruction: image, variance: image, region: region(3..<9, 3..<9)))
    #expect(same.psnrDb == nil && same.mse == 0 && abs(same.ssim - 1) < 1e-12)
    let empty = ReconstructionMetrics(
      image: image, reconstruction: image, variance: image, region: region(3..<3, 3..<3))
    #expect(empty == nil)
    #expect(ReconstructionMetrics.mean([]) == nil)
    let other = ReconstructionMetrics(ssim: 0.5, psnrDb: 20, mse: 0.01, varianceSum: 2)
    let mean = try #require(ReconstructionMetrics.mean([same, other]))
    #expect(mean.psnrDb == 20 && mean.mse == 0.005 && abs(mean.ssim - 0.75) < 1e-12)
  }
}
