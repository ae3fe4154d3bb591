internal import Imaging

/// Distances between the surfaces of two masks on the same voxels.
enum SurfaceDistance {
  /// The 95th percentile of the distances in mm from each surface's voxels to the other surface, both
  /// ways together; `nil` where either mask is empty.
  ///
  /// A voxel lies on the surface when one of its six neighbours is outside the mask; distances run
  /// between voxel centres, so that half a voxel is the least error that shows.
  static func percentile95(_ a: [Bool], _ b: [Bool], shape: SIMD3<Int>, affine: Affine) -> Double? {
    let (first, second) = (surface(a, shape), surface(b, shape))
    guard !first.isEmpty, !second.isEmpty else { return nil }
    let (p, q) = (first.map { affine(SIMD3<Double>($0)) }, second.map { affine(SIMD3<Double>($0)) })
    let distances = (nearest(from: p, to: q) + nearest(from: q, to: p)).sorted()
    return distances[min(Int(0.95 * Double(distances.count)), distances.count - 1)]
  }

  private static func surface(_ mask: [Bool], _ shape: SIMD3<Int>) -> [SIMD3<Int>] {
    var found: [SIMD3<Int>] = []
    let steps = [1, shape.x, shape.x * shape.y]
    for n in mask.indices where mask[n] {
      let place = SIMD3(n % shape.x, n / shape.x % shape.y, n / (shape.x * shape.y))
      let isInside = (0..<3).allSatisfy { axis in
        // A stack of one slice has no surface across it.
        shape[axis] == 1
          || (place[axis] > 0 && mask[n - steps[axis]] && place[axis] + 1 < shape[axis]
            && mask[n + steps[axis]])
      }
      if !isInside { found.append(place) }
    }
    return found
  }

  /// The distance in mm from each point to the nearest of others, which are sorted by height so that
  /// only those in reach are looked at.
  private static func nearest(
    from points: [SIMD3<Double>], to others: [SIMD3<Double>]
  ) -> [Double] {
    let sorted = others.sorted { $0.z < $1.z }
    return points.map { point in
      var (low, high) = (0, sorted.count)
      while low < high {
        let middle = (low + high) / 2
        if sorted[middle].z < point.z { low = middle + 1 } else { high = middle }
      }
      var best = Double.infinity
      var (down, up) = (low - 1, low)
      while down >= 0 || up < sorted.count {
        let below = down >= 0 ? point.z - sorted[down].z : .infinity
        let above = up < sorted.count ? sorted[up].z - point.z : .infinity
        guard min(below, above) < best else { break }
        let other = below <= above ? sorted[down] : sorted[up]
        if below <= above { down -= 1 } else { up += 1 }
        let d = other - point
        best = min(best, (d * d).sum().squareRoot())
      }
      return best
    }
  }
}
