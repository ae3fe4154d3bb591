public import Imaging

/// The line through the centres of the cord, from its upper to its lower end.
public struct CordCentreline: Equatable, Sendable {
  /// RAS mm of the centres, superior to inferior, about one per voxel step.
  public let points: [SIMD3<Double>]
  /// The arc length in mm from the upper end to each point.
  public let arcLengths: [Double]

  /// Makes a line from points in order; `nil` with fewer than two.
  public init?(points: [SIMD3<Double>]) {
    guard points.count >= 2 else { return nil }
    self.points = points
    var length = 0.0
    var lengths = [0.0]
    for n in 1..<points.count {
      let d = points[n] - points[n - 1]
      length += (d * d).sum().squareRoot()
      lengths.append(length)
    }
    arcLengths = lengths
  }

  /// Traces the non-zero voxels of a cord mask; `nil` when the cord spans fewer than two steps.
  ///
  /// One centre of gravity per index along the voxel axis nearest to superior-inferior, smoothed
  /// over 5 of them.
  public init?(cord: LabelVolume) {
    let axis = cord.affine.axis(mostAlong: 2)
    var sums = [SIMD3<Int>](repeating: .zero, count: cord.shape[axis])
    var counts = [Int](repeating: 0, count: cord.shape[axis])
    var index = 0
    for k in 0..<cord.shape.z {
      for j in 0..<cord.shape.y {
        for i in 0..<cord.shape.x {
          defer { index += 1 }
          guard cord.voxels[index] != 0 else { continue }
          let p: SIMD3<Int> = [i, j, k]
          sums[p[axis]] &+= p
          counts[p[axis]] += 1
        }
      }
    }
    var centres: [SIMD3<Double>] = []
    for n in counts.indices where counts[n] > 0 {
      centres.append(cord.affine(SIMD3<Double>(sums[n]) / Double(counts[n])))
    }
    if let first = centres.first, let last = centres.last, first.z < last.z { centres.reverse() }
    self.init(points: Self.smoothed(centres, half: 2))
  }

  /// The length of the whole line in mm.
  public var lengthMM: Double { arcLengths.last ?? 0 }

  /// The point at an arc length, clamped to the line.
  public func point(atArcLength s: Double) -> SIMD3<Double> {
    guard let n = arcLengths.firstIndex(where: { $0 >= s }), n > 0 else {
      return s <= 0 ? points[0] : points[points.count - 1]
    }
    let span = arcLengths[n] - arcLengths[n - 1]
    let t = span > 0 ? (s - arcLengths[n - 1]) / span : 0
    return points[n - 1] + (points[n] - points[n - 1]) * t
  }

  /// The arc length of the line's point nearest to a RAS point.
  public func arcLength(nearest p: SIMD3<Double>) -> Double {
    var best = (distance: Double.infinity, length: 0.0)
    for n in 1..<points.count {
      let a = points[n - 1]
      let d = points[n] - a
      let squared = (d * d).sum()
      let t = squared > 0 ? min(max(((p - a) * d).sum() / squared, 0), 1) : 0
      let gap = p - (a + d * t)
      let distance = (gap * gap).sum()
      if distance < best.distance {
        best = (distance, arcLengths[n - 1] + t * (arcLengths[n] - arcLengths[n - 1]))
      }
    }
    return best.length
  }

  /// The arc length of the point of the line, or of its straight prolongation at either end, beside a
  /// RAS point: negative above the upper end.
  func arcLength(beside p: SIMD3<Double>) -> Double {
    let nearest = arcLength(nearest: p)
    if nearest <= 0 { return min(0, ((p - points[0]) * endDirections.upper).sum()) }
    guard nearest >= lengthMM else { return nearest }
    return lengthMM + max(0, ((p - points[points.count - 1]) * endDirections.lower).sum())
  }

  /// The point at an arc length on the line or its straight prolongations.
  func point(atProlongedArcLength s: Double) -> SIMD3<Double> {
    if s < 0 { return points[0] + endDirections.upper * s }
    if s > lengthMM { return points[points.count - 1] + endDirections.lower * (s - lengthMM) }
    return point(atArcLength: s)
  }

  /// The line's directions downwards over its first and its last 15 mm.
  private var endDirections: (upper: SIMD3<Double>, lower: SIMD3<Double>) {
    func unit(_ d: SIMD3<Double>) -> SIMD3<Double> {
      let length = (d * d).sum().squareRoot()
      return length > 0 ? d / length : [0, 0, -1]
    }
    let reach = min(15, lengthMM)
    return (
      unit(point(atArcLength: reach) - points[0]),
      unit(points[points.count - 1] - point(atArcLength: lengthMM - reach))
    )
  }

  /// The point at a RAS height, interpolated; the nearer end outside the line's range.
  public func point(atZ z: Double) -> SIMD3<Double> {
    for n in 1..<points.count {
      let (a, b) = (points[n - 1], points[n])
      guard (a.z - z) * (b.z - z) <= 0, a.z != b.z else { continue }
      return a + (b - a) * ((z - a.z) / (b.z - a.z))
    }
    let (first, last) = (points[0], points[points.count - 1])
    return abs(first.z - z) <= abs(last.z - z) ? first : last
  }

  /// The mean over up to `half` neighbours on each side; the two ends keep their place.
  private static func smoothed(_ points: [SIMD3<Double>], half: Int) -> [SIMD3<Double>] {
    points.indices.map { n in
      let reach = min(half, n, points.count - 1 - n)
      let part = points[(n - reach)...(n + reach)]
      return part.reduce(SIMD3<Double>.zero, +) / Double(part.count)
    }
  }
}

extension Affine {
  /// The voxel axis (0...2) whose direction lies closest to a RAS axis (0 x, 1 y, 2 z).
  func axis(mostAlong ras: Int) -> Int {
    let columns = [i, j, k]
    let lengths = spacing
    var best = 0
    for a in 1..<3
    where abs(columns[a][ras]) * lengths[best] > abs(columns[best][ras]) * lengths[a] {
      best = a
    }
    return best
  }
}
