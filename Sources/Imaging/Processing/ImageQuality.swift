internal import Foundation

/// How alike two pictures are inside a mask: MSE, PSNR, SSIM.
///
/// All return `nil` when the mask is empty; pixels where either picture is not finite are left
/// out. The pictures and the mask must have one shape.
public enum ImageQuality {
  /// The mean squared difference.
  public static func mse(
    _ a: ImageRaster, _ b: ImageRaster, within mask: MaskRaster? = nil
  ) -> Double? {
    check(a, b, mask)
    var sum = 0.0
    var count = 0
    for n in a.pixels.indices where mask?.pixels[n] ?? true {
      let d = Double(a.pixels[n]) - Double(b.pixels[n])
      guard d.isFinite else { continue }
      sum += d * d
      count += 1
    }
    return count > 0 ? sum / Double(count) : nil
  }

  /// The peak signal-to-noise ratio in dB; infinite for equal pictures.
  public static func psnr(
    _ a: ImageRaster, _ b: ImageRaster, within mask: MaskRaster? = nil, dataRange: Double = 1
  ) -> Double? {
    mse(a, b, within: mask).map { error in
      error > 0 ? 10 * log10(dataRange * dataRange / error) : .infinity
    }
  }

  /// The mean structural similarity over the mask (Wang et al. 2004): Gaussian window 11x11 with
  /// sigma 1.5, K1 = 0.01, K2 = 0.03, population covariance, edges mirrored.
  public static func ssim(
    _ a: ImageRaster, _ b: ImageRaster, within mask: MaskRaster? = nil, dataRange: Double = 1
  ) -> Double? {
    check(a, b, mask)
    let map = ssimMap(a, b, dataRange: dataRange)
    var sum = 0.0
    var count = 0
    for n in map.indices where mask?.pixels[n] ?? true {
      guard map[n].isFinite else { continue }
      sum += map[n]
      count += 1
    }
    return count > 0 ? sum / Double(count) : nil
  }

  private static func check(_ a: ImageRaster, _ b: ImageRaster, _ mask: MaskRaster?) {
    precondition(a.rows == b.rows && a.columns == b.columns, "pictures differ in shape")
    precondition(
      mask == nil || (mask?.rows == a.rows && mask?.columns == a.columns), "mask shape")
  }

  /// The structural similarity of every pixel.
  private static func ssimMap(_ a: ImageRaster, _ b: ImageRaster, dataRange: Double) -> [Double] {
    let x = a.pixels.map(Double.init)
    let y = b.pixels.map(Double.init)
    func mean(_ values: [Double]) -> [Double] { smooth(values, rows: a.rows, columns: a.columns) }
    let meanX = mean(x)
    let meanY = mean(y)
    let meanXX = mean(x.map { $0 * $0 })
    let meanYY = mean(y.map { $0 * $0 })
    let meanXY = mean(zip(x, y).map { $0 * $1 })
    let c1 = (0.01 * dataRange) * (0.01 * dataRange)
    let c2 = (0.03 * dataRange) * (0.03 * dataRange)
    return x.indices.map { n in
      let mx = meanX[n]
      let my = meanY[n]
      let vx = meanXX[n] - mx * mx
      let vy = meanYY[n] - my * my
      let vxy = meanXY[n] - mx * my
      return (2 * mx * my + c1) * (2 * vxy + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2))
    }
  }

  /// The 11x11 Gaussian window, separable, with mirrored edges (... 1 0 | 0 1 ...).
  private static func smooth(_ values: [Double], rows: Int, columns: Int) -> [Double] {
    let raw = (-5...5).map { exp(-Double($0 * $0) / (2 * 1.5 * 1.5)) }
    let total = raw.reduce(0, +)
    let weights = raw.map { $0 / total }
    func mirrored(_ n: Int, _ count: Int) -> Int {
      let period = 2 * count
      let m = ((n % period) + period) % period
      return m < count ? m : period - 1 - m
    }
    var across = values
    for row in 0..<rows {
      for column in 0..<columns {
        var sum = 0.0
        for t in -5...5 {
          sum += weights[t + 5] * values[row * columns + mirrored(column + t, columns)]
        }
        across[row * columns + column] = sum
      }
    }
    var result = across
    for row in 0..<rows {
      for t in -5...5 {
        let source = mirrored(row + t, rows) * columns
        for column in 0..<columns {
          let add = weights[t + 5] * across[source + column]
          result[row * columns + column] = t == -5 ? add : result[row * columns + column] + add
        }
      }
    }
    return result
  }
}
