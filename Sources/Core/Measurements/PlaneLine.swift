internal import Foundation

/// A straight line in the slice, in mm (x posterior, y inferior).
struct PlaneLine: Equatable, Sendable {
  /// A point on it.
  var point: SIMD2<Double>
  /// Its unit direction; of endplates from posterior to anterior.
  var direction: SIMD2<Double>

  /// The line's slope against the image's horizontal in degrees, positive when the anterior end is
  /// lower: atan2(-(e . S), e . A) with A anterior and S superior (clinical notes, section 1).
  var slopeDegrees: Double { atan2(direction.y, -direction.x) * 180 / .pi }

  /// The unit normal, the direction turned by a right angle from posterior over superior.
  var normal: SIMD2<Double> { [-direction.y, direction.x] }

  /// Where two lines meet; `nil` when they hardly do (less than 6 degrees apart).
  func meeting(_ other: PlaneLine) -> SIMD2<Double>? {
    let across = direction.x * other.direction.y - direction.y * other.direction.x
    guard abs(across) > 0.1 else { return nil }
    let gap = other.point - point
    return point + direction * ((gap.x * other.direction.y - gap.y * other.direction.x) / across)
  }

  /// The robust line y = a + b x through points: iteratively reweighted least squares with Huber's
  /// weights at 1.345 robust standard deviations (Huber 1964, Ann Math Stat 35:73).
  /// - Returns: `nil` with fewer than three points or one x; the deviation is the median absolute
  ///   residual times 1.4826.
  static func huber(
    _ points: [SIMD2<Double>]
  ) -> (offset: Double, slope: Double, deviation: Double)? {
    guard points.count >= 3 else { return nil }
    var weights = [Double](repeating: 1, count: points.count)
    var fit = (offset: 0.0, slope: 0.0, deviation: 0.0)
    for _ in 0..<20 {
      let total = weights.reduce(0, +)
      var mean = SIMD2<Double>.zero
      for (p, w) in zip(points, weights) { mean += p * w }
      mean /= max(total, 1e-12)
      var (square, product) = (0.0, 0.0)
      for (p, w) in zip(points, weights) {
        square += w * (p.x - mean.x) * (p.x - mean.x)
        product += w * (p.x - mean.x) * (p.y - mean.y)
      }
      guard square > 1e-9 else { return nil }
      let slope = product / square
      let offset = mean.y - slope * mean.x
      let residuals = points.map { abs($0.y - offset - slope * $0.x) }
      let deviation = 1.4826 * median(residuals)
      let isSettled = abs(slope - fit.slope) < 1e-9 && abs(offset - fit.offset) < 1e-9
      fit = (offset, slope, deviation)
      if isSettled { break }
      let limit = 1.345 * max(deviation, 0.02)
      weights = residuals.map { $0 <= limit ? 1 : limit / $0 }
    }
    return fit
  }

  /// The median of numbers; NaN of none.
  static func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
