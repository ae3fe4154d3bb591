internal import Foundation

/// Gaussian smoothing, separable, with the edge repeated and kernels cut at 4 SD.
public enum Gaussian {
  /// The normalised kernel of 2 r + 1 weights, r = round(truncate x sigma).
  public static func kernel(sigma: Double, truncate: Double = 4) -> [Float] {
    guard sigma > 0, sigma.isFinite else { return [1] }
    let radius = max(Int(min(truncate * sigma + 0.5, 4096)), 0)
    let raw = (-radius...radius).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    let sum = raw.reduce(0, +)
    return raw.map { Float($0 / sum) }
  }

  /// Smooths a row of values; NaN marks gaps, which take no part and stay NaN.
  public static func blur(_ values: [Float], sigma: Double) -> [Float] {
    let weights = kernel(sigma: sigma)
    let radius = weights.count / 2
    return values.indices.map { n in
      guard !values[n].isNaN else { return .nan }
      var sum: Float = 0
      var total: Float = 0
      for m in max(n - radius, 0)...min(n + radius, values.count - 1) where !values[m].isNaN {
        sum += values[m] * weights[m - n + radius]
        total += weights[m - n + radius]
      }
      return sum / total
    }
  }

  /// Smooths a raster; sigma in px along rows and columns alike.
  public static func blur(_ image: ImageRaster, sigma: Double) -> ImageRaster {
    blur(image, sigmaRows: sigma, sigmaColumns: sigma)
  }

  /// Smooths a raster with a sigma in px for each direction.
  public static func blur(
    _ image: ImageRaster, sigmaRows: Double, sigmaColumns: Double
  ) -> ImageRaster {
    var result = image
    result.pixels.withUnsafeMutableBufferPointer { p in
      blurLines(
        p, count: image.columns, stride: 1, lines: lineStarts(image.rows, image.columns),
        kernel: kernel(sigma: sigmaColumns))
      blurLines(
        p, count: image.rows, stride: image.columns, lines: lineStarts(image.columns, 1),
        kernel: kernel(sigma: sigmaRows))
    }
    return result
  }

  /// Smooths the pixels under a mask with one another only (normalised convolution); the others
  /// keep their value.
  public static func blur(_ image: ImageRaster, sigma: Double, within mask: MaskRaster)
    -> ImageRaster
  {
    precondition(mask.pixels.count == image.pixels.count, "mask and image differ in shape")
    var masked = image
    for n in mask.pixels.indices where !mask.pixels[n] { masked.pixels[n] = 0 }
    let sums = blur(masked, sigma: sigma)
    let weights = blur(mask.map { $0 ? 1 : 0 }, sigma: sigma)
    var result = image
    for n in mask.pixels.indices where mask.pixels[n] && weights.pixels[n] > 0 {
      result.pixels[n] = sums.pixels[n] / weights.pixels[n]
    }
    return result
  }

  /// Smooths a volume with a sigma in voxels for each axis.
  public static func blur(_ volume: ImageVolume, sigma: SIMD3<Double>) -> ImageVolume {
    var result = volume
    let s = volume.shape
    result.voxels.withUnsafeMutableBufferPointer { p in
      blurLines(
        p, count: s.x, stride: 1, lines: lineStarts(s.y * s.z, s.x), kernel: kernel(sigma: sigma.x))
      let rows = (0..<s.z).flatMap { k in (0..<s.x).map { k * s.x * s.y + $0 } }
      blurLines(p, count: s.y, stride: s.x, lines: rows, kernel: kernel(sigma: sigma.y))
      blurLines(
        p, count: s.z, stride: s.x * s.y, lines: lineStarts(s.x * s.y, 1),
        kernel: kernel(sigma: sigma.z))
    }
    return result
  }

  /// The offsets of the first elements of `count` lines.
  private static func lineStarts(_ count: Int, _ step: Int) -> [Int] {
    (0..<count).map { $0 * step }
  }

  /// Convolves every line in place.
  private static func blurLines(
    _ p: UnsafeMutableBufferPointer<Float>, count: Int, stride: Int, lines: [Int],
    kernel: [Float]
  ) {
    let radius = kernel.count / 2
    guard radius > 0, count > 0 else { return }
    var padded = [Float](repeating: 0, count: count + 2 * radius)
    kernel.withUnsafeBufferPointer { weights in
      padded.withUnsafeMutableBufferPointer { line in
        for start in lines {
          for n in line.indices {
            line[n] = p[start + min(max(n - radius, 0), count - 1) * stride]
          }
          for n in 0..<count {
            var sum: Float = 0
            for m in weights.indices { sum += weights[m] * line[n + m] }
            p[start + n * stride] = sum
          }
        }
      }
    }
  }
}
