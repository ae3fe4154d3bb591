internal import Imaging

/// The three detectors without training that the paper compares itself with (its appendix B.3).
///
/// Each gives a map on the cord's pixels, 0 where it sees nothing. The paper's values of the SLIC
/// segment count and of DBSCAN's two parameters are lost; those here are ours and stated.
enum PaperDetectors {
  /// Pixels more than `multiplier` standard deviations brighter than the cord's mean, by z.
  static func zScoring(
    _ image: ImageRaster, cord: MaskRaster, multiplier: Float = 0.1
  ) -> ImageRaster {
    var map = image.map { _ in Float(0) }
    let pixels = indices(of: cord)
    guard let (mean, deviation) = moments(pixels.map { image.pixels[$0] }) else { return map }
    for n in pixels {
      let z = (image.pixels[n] - mean) / deviation
      if z > multiplier { map.pixels[n] = z }
    }
    return map
  }

  /// Superpixels of the cord whose mean lies more than `limit` standard deviations above that of
  /// all superpixels, by z.
  /// - Parameters:
  ///   - pixelsPerSegment: Ours; the paper's number of segments is lost.
  ///   - compactness: Weight of distance against the intensity range 0...1.
  static func slic(
    _ image: ImageRaster, cord: MaskRaster, compactness: Float = 10, limit: Float = 2,
    pixelsPerSegment: Int = 16
  ) -> ImageRaster {
    var map = image.map { _ in Float(0) }
    let pixels = indices(of: cord)
    guard let low = pixels.map({ image.pixels[$0] }).min(),
      let high = pixels.map({ image.pixels[$0] }).max(), high > low
    else { return map }
    let points = pixels.map { n in
      SIMD3<Float>(
        Float(n / image.columns), Float(n % image.columns), (image.pixels[n] - low) / (high - low))
    }
    let owner = superpixels(
      points, side: Float(pixelsPerSegment).squareRoot(), compactness: compactness)
    var sums: [Int: (sum: Float, count: Float)] = [:]
    for n in owner.indices {
      let old = sums[owner[n]] ?? (0, 0)
      sums[owner[n]] = (old.sum + points[n].z, old.count + 1)
    }
    let keys = sums.keys.sorted()
    let means = keys.compactMap { key in sums[key].map { $0.sum / $0.count } }
    guard let (centre, deviation) = moments(means) else { return map }
    let scores = Dictionary(
      uniqueKeysWithValues: zip(keys, means.map { ($0 - centre) / deviation }))
    for n in owner.indices {
      if let z = scores[owner[n]], z > limit { map.pixels[pixels[n]] = z }
    }
    return map
  }

  /// Simple linear iterative clustering (Achanta et al. 2012) of points (row, column, intensity):
  /// the number of each point's cluster.
  private static func superpixels(
    _ points: [SIMD3<Float>], side: Float, compactness: Float
  ) -> [Int] {
    // One seed per occupied square of the grid, at its points' mean.
    var seeds: [SIMD2<Int>: (sum: SIMD3<Float>, count: Float)] = [:]
    for p in points {
      let key = SIMD2(Int(p.x / side), Int(p.y / side))
      let old = seeds[key] ?? (.zero, 0)
      seeds[key] = (old.sum + p, old.count + 1)
    }
    var centres = seeds.keys.sorted { ($0.x, $0.y) < ($1.x, $1.y) }.compactMap { key in
      seeds[key].map { $0.sum / $0.count }
    }
    let spatial = (compactness / side) * (compactness / side)
    var owner = [Int](repeating: 0, count: points.count)
    for _ in 0..<10 {
      var sums = [SIMD4<Float>](repeating: .zero, count: centres.count)
      for n in points.indices {
        var best = Float.infinity
        for c in centres.indices {
          let d = points[n] - centres[c]
          guard abs(d.x) <= 2 * side, abs(d.y) <= 2 * side else { continue }
          let distance = d.z * d.z + (d.x * d.x + d.y * d.y) * spatial
          if distance < best { (best, owner[n]) = (distance, c) }
        }
        sums[owner[n]] += SIMD4(points[n], 1)
      }
      for c in centres.indices where sums[c].w > 0 {
        centres[c] = SIMD3(sums[c].x, sums[c].y, sums[c].z) / sums[c].w
      }
    }
    return owner
  }

  /// Pixels that belong to no dense cluster, by their distance to the nearest one.
  ///
  /// Points are (row, column, 2 px per standard deviation of intensity).
  /// - Parameters:
  ///   - radius: Neighbourhood in px; ours, the paper's is lost.
  ///   - minimumPoints: Neighbours (itself included) of a cluster's core point; ours.
  static func dbscan(
    _ image: ImageRaster, cord: MaskRaster, radius: Float = 2, minimumPoints: Int = 5
  ) -> ImageRaster {
    var map = image.map { _ in Float(0) }
    let pixels = indices(of: cord)
    guard let (mean, deviation) = moments(pixels.map { image.pixels[$0] }) else { return map }
    let points = pixels.map { n in
      SIMD3<Float>(
        Float(n / image.columns), Float(n % image.columns),
        2 * (image.pixels[n] - mean) / deviation)
    }
    // Points come in row order, so neighbours within the radius lie in a window of the array.
    let near = points.indices.map { neighbours(of: $0, in: points, radius: radius) }
    let isCore = near.map { $0.count >= minimumPoints }
    let cores = points.indices.filter { isCore[$0] }.map { points[$0] }
    guard !cores.isEmpty else { return map }
    for n in points.indices where !near[n].contains(where: { isCore[$0] }) {
      var nearest = Float.infinity
      for core in cores {
        let d = points[n] - core
        nearest = min(nearest, (d * d).sum())
      }
      map.pixels[pixels[n]] = nearest.squareRoot()
    }
    return map
  }

  private static func neighbours(
    of n: Int, in points: [SIMD3<Float>], radius: Float
  ) -> [Int] {
    let p = points[n]
    var result: [Int] = []
    for direction in [-1, 1] {
      var m = direction < 0 ? n : n + 1
      while points.indices.contains(m), abs(points[m].x - p.x) <= radius {
        let d = points[m] - p
        if (d * d).sum() <= radius * radius { result.append(m) }
        m += direction
      }
    }
    return result
  }

  private static func indices(of mask: MaskRaster) -> [Int] {
    mask.pixels.indices.filter { mask.pixels[$0] }
  }

  /// Mean and population standard deviation; `nil` when nothing varies.
  private static func moments(_ values: [Float]) -> (mean: Float, deviation: Float)? {
    guard values.count > 1 else { return nil }
    let mean = values.reduce(0, +) / Float(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
    let deviation = variance.squareRoot()
    return deviation > 1e-6 * max(abs(mean), .leastNormalMagnitude) ? (mean, deviation) : nil
  }
}
