internal import Imaging

/// How far the cord's signal stands out of the noise.
///
/// The noise is taken from the acquired voxels in and around the cord by Immerkaer's mask (Computer
/// Vision and Image Understanding 1996;64:300), the product of two second differences: it does not
/// see edges along rows or columns, as the cord's nearly are. The median of its size, instead of the
/// mean, keeps the rest of the anatomy out.
struct NoiseCheck: Equatable {
  /// The cord's median grey value over the deviation of the noise.
  var signalToNoise: Double

  /// Ratio under which the brightest 5 mm2 of a cord without lesion look like one: flagged.
  ///
  /// Clean studies lie at 16 and above (decision 015).
  static let least = 8.0
  /// Fewer voxels tell nothing.
  private static let leastVoxels = 100

  /// Measures one acquired slice; `nil` where it has too few voxels of cord.
  /// - Parameters:
  ///   - image: Grey values as acquired.
  ///   - cord: The cord on the same voxels.
  init?(_ image: ImageRaster, cord: MaskRaster) {
    let region = Morphology.dilate(cord, iterations: 2)
    var responses: [Float] = []
    guard image.rows > 2, image.columns > 2 else { return nil }
    for row in 1..<(image.rows - 1) {
      for column in 1..<(image.columns - 1) where region[row, column] {
        responses.append(NoiseMask.response(image, row, column))
      }
    }
    let size = responses.map(abs)
    guard size.count >= Self.leastVoxels, let typical = Percentiles.median(of: size),
      let level = Percentiles.median(of: image.pixels, where: cord.pixels), level > 0
    else { return nil }
    let deviation = NoiseMask.deviation(medianResponse: typical)
    signalToNoise = deviation > 0 ? Double(level) / deviation : .infinity
  }

  /// The flag, where there is too much noise.
  var flag: QualityFlag? {
    guard signalToNoise < Self.least else { return nil }
    return QualityIssue.noise.flag(
      "The cord's signal is only \(signalToNoise.tenths) times the noise (\(Self.least.tenths) is "
        + "the least): bright spots can be noise.")
  }
}

/// Immerkaer's mask.
enum NoiseMask {
  /// The deviation of noise: the mask's weights have a root sum of squares of 6, and 1.4826 makes a
  /// median of sizes a deviation.
  static func deviation(medianResponse: Float) -> Double { Double(medianResponse) * 1.4826 / 6 }

  /// The response of (1 -2 1; -2 4 -2; 1 -2 1) at a pixel that is not on the picture's edge.
  static func response(_ image: ImageRaster, _ row: Int, _ column: Int) -> Float {
    func line(_ r: Int) -> Float {
      image[r, column - 1] - 2 * image[r, column] + image[r, column + 1]
    }
    return line(row - 1) - 2 * line(row) + line(row + 1)
  }
}
