/// How two planes of pixels lie to each other.
public enum PlaneMeeting: Equatable, Sendable {
  /// They cross: the ends in RAS mm of the part of the line that lies on both.
  case line(from: SIMD3<Double>, to: SIMD3<Double>)
  /// They run in one direction to 2 degrees, so far apart in mm.
  case parallel(distanceMM: Double)
  /// They would cross outside of one of them, or one has no place in the patient.
  case apart
}

extension SamplingPlane {
  /// The sine of the angle under which planes count as parallel: that of 2 degrees.
  private static let parallelSine = 0.0349

  /// Where another plane crosses this one: what a reference line shows.
  ///
  /// The line of two planes with unit normals n and m runs along d = n x m, through the point
  /// (h / |d|^2) d x n from this plane's origin, where h is the distance of the two origins along m.
  /// It is cut to the pixels of both, their outer edges included, so that each plane finds the same
  /// ends on the other.
  public func meeting(with other: SamplingPlane) -> PlaneMeeting {
    let (n, m) = (normal, other.normal)
    guard (n * n).sum() > 0.5, (m * m).sum() > 0.5, origin.isFinite, other.origin.isFinite else {
      return .apart
    }
    let d = n.cross(m)
    let square = (d * d).sum()
    guard square.squareRoot() > Self.parallelSine else {
      return .parallel(distanceMM: abs(((centre - other.centre) * m).sum()))
    }
    let h = ((other.origin - origin) * m).sum()
    let point = origin + d.cross(n) * (h / square)
    let along = d.unit
    guard let here = range(on: point, along: along),
      let there = other.range(on: point, along: along)
    else { return .apart }
    let (low, high) = (max(here.low, there.low), min(here.high, there.high))
    guard low < high else { return .apart }
    return .line(from: point + along * low, to: point + along * high)
  }

  /// RAS mm of the middle of the pixels.
  public var centre: SIMD3<Double> {
    ras(row: Double(rows - 1) / 2, column: Double(columns - 1) / 2)
  }

  /// The part of a line on the plane that lies on its pixels, in mm along the line; `nil` where none
  /// does.
  private func range(
    on point: SIMD3<Double>, along: SIMD3<Double>
  ) -> (low: Double, high: Double)? {
    guard let inverse = affine(stepMM: 1).inverse else { return nil }
    let start = inverse(point)
    let step = inverse(point + along) - start
    var (low, high) = (-Double.greatestFiniteMagnitude, Double.greatestFiniteMagnitude)
    for (from, by, count) in [(start.x, step.x, columns), (start.y, step.y, rows)] {
      let (first, last) = (-0.5 - from, Double(count) - 0.5 - from)
      if abs(by) < 1e-12 {
        guard first <= 0, last >= 0 else { return nil }
      } else {
        low = max(low, min(first / by, last / by))
        high = min(high, max(first / by, last / by))
      }
    }
    return low < high && low.isFinite && high.isFinite ? (low, high) : nil
  }
}

extension SIMD3 where Scalar == Double {
  /// Whether all three are numbers.
  fileprivate var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }
}
