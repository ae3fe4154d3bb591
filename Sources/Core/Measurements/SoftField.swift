internal import Imaging

/// A share per pixel as a function of the place in the slice; its edge lies at one half.
///
/// Places are in mm, x posterior and y inferior of the centre of pixel (0, 0).
struct SoftField {
  let raster: ImageRaster
  /// Place of each pixel's centre with a share of at least a half, its mean, and their number.
  let centroid: SIMD2<Double>
  let count: Int
  /// Smallest and largest places of these pixels.
  let lower: SIMD2<Double>
  let upper: SIMD2<Double>

  /// Step in mm along a ray; the crossing is then found linearly.
  private static let step = 0.2

  /// Makes a field; `nil` when no pixel has half a share.
  init?(_ raster: ImageRaster) {
    var sum = SIMD2<Double>.zero
    var count = 0
    var lower = SIMD2<Double>(repeating: .infinity)
    var upper = SIMD2<Double>(repeating: -.infinity)
    for row in 0..<raster.rows {
      for column in 0..<raster.columns where raster[row, column] >= 0.5 {
        let p = SIMD2(Double(column), Double(row)) * SagittalGrid.spacing
        sum += p
        count += 1
        lower = pointwiseMin(lower, p)
        upper = pointwiseMax(upper, p)
      }
    }
    guard count > 0 else { return nil }
    self.raster = raster
    self.count = count
    (self.lower, self.upper) = (lower, upper)
    centroid = sum / Double(count)
  }

  /// The diagonal in mm of the box around it.
  var reach: Double { ((upper - lower) * (upper - lower)).sum().squareRoot() + 4 }

  /// The share at a place, linear between pixels; 0 outside the raster.
  func value(_ p: SIMD2<Double>) -> Double {
    let at = p / SagittalGrid.spacing
    guard at.x >= 0, at.y >= 0, at.x <= Double(raster.columns - 1), at.y <= Double(raster.rows - 1)
    else { return 0 }
    let column = min(Int(at.x), max(raster.columns - 2, 0))
    let row = min(Int(at.y), max(raster.rows - 2, 0))
    let (u, v) = (at.x - Double(column), at.y - Double(row))
    let next = min(column + 1, raster.columns - 1)
    let below = min(row + 1, raster.rows - 1)
    let top = Double(raster[row, column]) * (1 - u) + Double(raster[row, next]) * u
    let bottom = Double(raster[below, column]) * (1 - u) + Double(raster[below, next]) * u
    return top * (1 - v) + bottom * v
  }

  /// Distance in mm along a ray at which the share first reaches a half; 0 when it begins inside.
  func entry(from p: SIMD2<Double>, along u: SIMD2<Double>, within length: Double) -> Double? {
    crossing(p, u, length, entering: true)
  }

  /// Distance in mm along a ray at which the share first falls under a half.
  func exit(from p: SIMD2<Double>, along u: SIMD2<Double>, within length: Double) -> Double? {
    crossing(p, u, length, entering: false)
  }

  private func crossing(
    _ p: SIMD2<Double>, _ u: SIMD2<Double>, _ length: Double, entering: Bool
  ) -> Double? {
    var before = value(p)
    if (before >= 0.5) == entering { return 0 }
    var t = 0.0
    while t < length {
      let next = t + Self.step
      let now = value(p + u * next)
      if (now >= 0.5) == entering {
        return t + Self.step * (0.5 - before) / (now - before)
      }
      (t, before) = (next, now)
    }
    return nil
  }
}
