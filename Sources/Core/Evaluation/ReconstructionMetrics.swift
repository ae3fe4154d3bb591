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
  /// Variance over the Monte-Carlo reconstructions, summed over the region's pixels; `nil` where it
  /// is not known.
  public var varianceSum: Double?

  /// Makes it from its parts.
  public init(ssim: Double, psnrDb: Double?, mse: Double, varianceSum: Double?) {
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
  ///   - variance: epistemic uncertainty per pixel, if it is known; what is no number counts as zero.
  ///   - region: pixels measured.
  public init?(
    image: ImageRaster, reconstruction: ImageRaster, variance: ImageRaster?, region: MaskRaster
  ) {
    guard let box = region.boundingBox(margin: Self.windowRadius) else { return nil }
    let (a, b) = (
      image.cropped(box.rows, box.columns), reconstruction.cropped(box.rows, box.columns)
    )
    let mask = region.cropped(box.rows, box.columns)
    guard let ssim = ImageQuality.ssim(a, b, within: mask),
      let mse = ImageQuality.mse(a, b, within: mask)
    else { return nil }
    let sum = variance.map { variance in
      region.pixels.indices.reduce(0.0) { sum, n in
        region.pixels[n] && variance.pixels[n].isFinite ? sum + Double(variance.pixels[n]) : sum
      }
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
    let variance = slices.compactMap(\.varianceSum)
    return ReconstructionMetrics(
      ssim: mean(slices.map(\.ssim)), psnrDb: psnr.isEmpty ? nil : mean(psnr),
      mse: mean(slices.map(\.mse)), varianceSum: variance.isEmpty ? nil : mean(variance))
  }

  /// Half the width of the SSIM window: pixels farther from the region do not matter.
  private static let windowRadius = 5
}
