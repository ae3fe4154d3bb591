internal import Imaging

/// How much signal lies in the air behind the neck: ghosts of a patient who moved, or of what
/// pulsates, along the rows of the picture.
///
/// Row by row: the skin is the outermost pixel behind the cord with 40 % of the largest grey value
/// there (the posterior fat); air begins 10 mm behind it. Of its mean the noise's is taken off. All grey
/// values count from the darkest that was acquired, so that a constant added to a picture changes
/// nothing. Ghosts along the cord (phase encoding from head to foot) and those of a single jump fall on the
/// body itself, and what of them lies in the air is no more than the haze of good pictures: `EchoCheck` looks
/// for those.
struct MotionCheck: Equatable {
  /// Median over the rows of the air's signal over the largest of the tissue behind the cord.
  var ghostShare: Double

  /// Share from which on ghosts are flagged.
  ///
  /// Clean studies have at most 0.042 (decision 015).
  static let most = 0.06

  /// Percentile of the grey values that stands for the darkest level: a few dead voxels lie under it,
  /// and noise of air around 0 moves it by less than a tenth of its deviation.
  private static let darkest = 0.1
  private static let behindMM = 8.0
  private static let tissueMM = 120.0
  private static let skinShare: Float = 0.4
  private static let gapMM = 10.0
  private static let depthMM = 30.0
  private static let leastMM = 10.0
  /// Mean of noise without signal over the deviation that Immerkaer's mask finds in it; 1.91 by
  /// Rayleigh's distribution, more where noise is correlated.
  private static let noiseMean = 2.1
  /// Rows with air that are needed, and their least share of the cord's rows.
  private static let leastRows = (count: 20, share: 0.3)

  /// Measures a slice on the canonical grid; `nil` where there is too little air behind the neck.
  /// - Parameter acquired: The nearest voxels' values on the same grid: interpolation makes darker ones.
  init?(_ image: ImageRaster, cord: MaskRaster, acquired: Resampled<Float>) {
    func pixels(_ mm: Double) -> Int { Int((mm / SagittalGrid.spacing).rounded()) }
    let covered = acquired.covered
    guard
      let darkest = Percentiles.value(
        Self.darkest, of: acquired.raster.pixels, where: covered.pixels)
    else { return nil }
    // Beyond what was acquired is the level of air, so that the blur makes no edge there.
    var image = image
    for n in image.pixels.indices {
      image.pixels[n] = covered.pixels[n] ? image.pixels[n] - darkest : 0
    }
    let smooth = Gaussian.blur(image, sigma: 2)
    var rows: [(tissue: Float, air: Float)] = []
    var ripples: [Float] = []
    var cordRows = 0
    for row in 1..<(image.rows - 1) {
      guard let back = (0..<image.columns).last(where: { cord[row, $0] }) else { continue }
      cordRows += 1
      let first = back + pixels(Self.behindMM)
      let last = min(first + pixels(Self.tissueMM), image.columns)
      guard first < last, let tissue = (first..<last).map({ smooth[row, $0] }).max(), tissue > 0,
        let skin = (first..<last).last(where: { smooth[row, $0] > Self.skinShare * tissue })
      else { continue }
      let start = skin + pixels(Self.gapMM)
      let end = min(start + pixels(Self.depthMM), image.columns - 1)
      guard start < end else { continue }
      // One pixel more on each side: the mask of the noise reaches there.
      let air = (start..<end).prefix { covered[row, $0 + 1] && covered[row - 1, $0 + 1] }
      guard air.count >= pixels(Self.leastMM) else { continue }
      rows.append((tissue, air.reduce(0) { $0 + image[row, $1] } / Float(air.count)))
      ripples += air.map { abs(NoiseMask.response(image, row, $0)) }
    }
    guard rows.count >= Self.leastRows.count,
      Double(rows.count) >= Self.leastRows.share * Double(cordRows),
      let ripple = Percentiles.median(of: ripples)
    else { return nil }
    let floor = Float(Self.noiseMean * NoiseMask.deviation(medianResponse: ripple))
    guard let share = Percentiles.median(of: rows.map { max($0.air - floor, 0) / $0.tissue })
    else { return nil }
    ghostShare = Double(share)
  }

  /// The flag, where there are ghosts.
  var flag: QualityFlag? {
    guard ghostShare >= Self.most else { return nil }
    return QualityIssue.motion.flag(
      "The air behind the neck has \((ghostShare * 100).tenths) % of the tissue's signal "
        + "(\((Self.most * 100).tenths) % at most): ghosts of motion or flow lie over the picture.")
  }
}
