/// The exact Euclidean distance transform (Felzenszwalb and Huttenlocher 2012).
public enum DistanceTransform {
  /// The distance in px from each true pixel's centre to the nearest false pixel's; 0 on false
  /// ones.
  ///
  /// What lies beyond the raster does not count as false. Infinite everywhere when no pixel is
  /// false.
  /// - Complexity: O(pixels).
  public static func distances(_ mask: MaskRaster) -> ImageRaster {
    var squared = mask.pixels.map { $0 ? Double.infinity : 0 }
    let rows = mask.rows
    let columns = mask.columns
    guard rows > 0, columns > 0 else { return mask.map { _ in 0 } }
    var line = Envelope(capacity: max(rows, columns))
    squared.withUnsafeMutableBufferPointer { p in
      for column in 0..<columns { line.transform(p, start: column, stride: columns, count: rows) }
      for row in 0..<rows { line.transform(p, start: row * columns, stride: 1, count: columns) }
    }
    return Raster(
      rows: rows, columns: columns, pixels: squared.map { Float($0.squareRoot()) })
  }

  /// The lower envelope of parabolas along one line.
  private struct Envelope {
    var values: [Double]
    var vertices: [Int]
    var bounds: [Double]

    init(capacity: Int) {
      values = Array(repeating: 0, count: capacity)
      vertices = Array(repeating: 0, count: capacity)
      bounds = Array(repeating: 0, count: capacity + 1)
    }

    /// Replaces f by min over q of f(q) + (p - q)^2 along a strided line.
    mutating func transform(
      _ p: UnsafeMutableBufferPointer<Double>, start: Int, stride: Int, count: Int
    ) {
      var last = -1
      for q in 0..<count {
        let f = p[start + q * stride]
        values[q] = f
        guard f < .infinity else { continue }
        var crossing = -Double.infinity
        while last >= 0 {
          let v = vertices[last]
          crossing =
            ((f + Double(q * q)) - (values[v] + Double(v * v))) / Double(2 * (q - v))
          if crossing > bounds[last] { break }
          last -= 1
        }
        if last < 0 { crossing = -.infinity }
        last += 1
        vertices[last] = q
        bounds[last] = crossing
      }
      guard last >= 0 else { return }
      bounds[last + 1] = .infinity
      var current = 0
      for q in 0..<count {
        while bounds[current + 1] < Double(q) { current += 1 }
        let v = vertices[current]
        p[start + q * stride] = values[v] + Double((q - v) * (q - v))
      }
    }
  }
}
