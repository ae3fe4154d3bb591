public import Imaging

/// How well a slice is reconstructed inside its region of interest (method, section 7; the paper's
/// appendix D and table 3).
public struct ReconstructionMetrics: Codable, Equatable, Sendable {
  /// Mean structural similarity over the region (Wang et al. 2004; 11 x 11 px, sigma 1.5).
  public var ssim: Double
  /// Peak signal-to-noise ratio in dB for values 0...1; `nil` where nothing differs.
  public var psnrDb: Double?
  /// Mean squared error over the region.
  public var mse: Double
  /// Variance over the Monte-Carlo reconstructions, summed over the region's pixels.
  public var varianceSum: Double

  /// Makes it from its parts.
  public init(ssim: Double, psnrDb: Double?, mse: Double, varianceSum: Double) {
    self.ssim = ssim
    self.psnrDb = psnrDb
    self.mse = mse
    self.varianceSum = varianceSum
  }

  /// Measures a mean reconstruction against its image; `nil` when the region is empty.
  ///
  /// - Parameters:
  ///   - image: the network's input, 0...1.
  ///   - reconstruction: the mean reconstruction, the input outside the region.
  ///   - variance: epistemic uncertainty per pixel; what is not a number counts as zero.
  ///   - region: pixels measured.
  public init?(
    image: ImageRaster, reconstruction: ImageRaster, variance: ImageRaster, region: MaskRaster
  ) {
    guard let box = Self.box(of: region, margin: Self.windowRadius) else { return nil }
    let (a, b) = (image.cut(box.rows, box.columns), reconstruction.cut(box.rows, box.columns))
    let mask = region.cut(box.rows, box.columns)
    guard let ssim = ImageQuality.ssim(a, b, within: mask),
      let mse = ImageQuality.mse(a, b, within: mask)
    else { return nil }
    var sum = 0.0
    for n in region.pixels.indices where region.pixels[n] && variance.pixels[n].isFinite {
      sum += Double(variance.pixels[n])
    }
    self.init(
      ssim: ssim, psnrDb: ImageQuality.psnr(a, b, within: mask).flatMap { $0.isFinite ? $0 : nil },
      mse: mse, varianceSum: sum)
  }

  /// The mean of each figure over several slices; `nil` without any.
  public static func mean(_ slices: [ReconstructionMetrics]) -> ReconstructionMetrics? {
    guard !slices.isEmpty else { return nil }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let psnr = slices.compactMap(\.psnrDb)
    return ReconstructionMetrics(
      ssim: mean(slices.map(\.ssim)), psnrDb: psnr.isEmpty ? nil : mean(psnr),
      mse: mean(slices.map(\.mse)), varianceSum: mean(slices.map(\.varianceSum)))
  }

  /// Half the width of the SSIM window: pixels farther from the region do not matter.
  private static let windowRadius = 5

  /// The rows and columns that a region needs; the picture's border stays where it lies within.
  private static func box(
    of region: MaskRaster, margin: Int
  ) -> (rows: Range<Int>, columns: Range<Int>)? {
    var (top, bottom, left, right) = (Int.max, -1, Int.max, -1)
    for row in 0..<region.rows {
      for column in 0..<region.columns where region[row, column] {
        (top, bottom) = (min(top, row), max(bottom, row))
        (left, right) = (min(left, column), max(right, column))
      }
    }
    guard bottom >= 0 else { return nil }
    return (
      max(0, top - margin)..<min(region.rows, bottom + 1 + margin),
      max(0, left - margin)..<min(region.columns, right + 1 + margin)
    )
  }
}

extension Raster {
  /// The part of some rows and columns.
  fileprivate func cut(_ rows: Range<Int>, _ columns: Range<Int>) -> Raster {
    var cut: [Pixel] = []
    cut.reserveCapacity(rows.count * columns.count)
    for row in rows {
      let first = row * self.columns
      cut += pixels[first + columns.lowerBound..<first + columns.upperBound]
    }
    return Raster(rows: rows.count, columns: columns.count, pixels: cut)
  }
}
