/// A closed polygon in scene mm.
struct Outline: Sendable {
  var points: [SIMD2<Float>]

  init(_ points: [SIMD2<Float>]) { self.points = points }

  /// A smooth closed curve through the given points (Catmull-Rom, five pieces an edge).
  init(smooth points: [SIMD2<Float>]) {
    let n = points.count
    var result: [SIMD2<Float>] = []
    result.reserveCapacity(n * 5)
    for index in 0..<n {
      let a = points[(index + n - 1) % n]
      let b = points[index]
      let c = points[(index + 1) % n]
      let e = points[(index + 2) % n]
      for piece in 0..<5 {
        let t = Float(piece) / 5
        let linear = (c - a) * t
        let square = (2 * a - 5 * b + 4 * c - e) * (t * t)
        let cube = (3 * b - a - 3 * c + e) * (t * t * t)
        result.append(b + 0.5 * (linear + square + cube))
      }
    }
    self.points = result
  }

  /// Bounds, or `nil` without points.
  var box: (pLow: Float, pHigh: Float, dLow: Float, dHigh: Float)? {
    guard let first = points.first else { return nil }
    var box = (first.x, first.x, first.y, first.y)
    for point in points {
      box.0 = min(box.0, point.x)
      box.1 = max(box.1, point.x)
      box.2 = min(box.2, point.y)
      box.3 = max(box.3, point.y)
    }
    return (box.0, box.1, box.2, box.3)
  }

  /// The outline moved outwards (or inwards, negative) by a distance along its vertex normals.
  func inflated(by distance: Float) -> Outline {
    let n = points.count
    var area: Float = 0
    for index in 0..<n {
      let (a, b) = (points[index], points[(index + 1) % n])
      area += a.x * b.y - b.x * a.y
    }
    let side: Float = area > 0 ? 1 : -1
    return Outline(
      (0..<n).map { index in
        let edge = points[(index + 1) % n] - points[(index + n - 1) % n]
        let length = max((edge * edge).sum().squareRoot(), 1e-4)
        let normal = SIMD2<Float>(edge.y, -edge.x) / length * side
        return points[index] + normal * distance
      })
  }

  /// Adds the covered part of each pixel of a row to `coverage`; returns the columns touched.
  ///
  /// Three sub-lines a row, exact horizontally.
  func cover(row d: Float, of canvas: Canvas, into coverage: inout [Float]) -> Range<Int> {
    var (low, high) = (canvas.columns, 0)
    var crossings: [Float] = []
    for sub in -1...1 {
      let y = d + Float(sub) * canvas.pixel / 3
      crossings.removeAll(keepingCapacity: true)
      var a = points[points.count - 1]
      for b in points {
        if (a.y <= y) != (b.y <= y) {
          crossings.append(a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y))
        }
        a = b
      }
      crossings.sort()
      var index = 0
      while index + 1 < crossings.count {
        // Pixel coordinates where column c spans c ... c + 1.
        let limit = Float(canvas.columns)
        let from = max(0, min(limit, (crossings[index] - canvas.p0) / canvas.pixel + 0.5))
        let to = max(0, min(limit, (crossings[index + 1] - canvas.p0) / canvas.pixel + 0.5))
        index += 2
        if to <= from { continue }
        let (first, last) = (Int(from), min(canvas.columns - 1, Int(to)))
        low = min(low, first)
        high = max(high, last + 1)
        for column in first...max(first, last) {
          let part = min(to, Float(column + 1)) - max(from, Float(column))
          coverage[column] += max(0, part) / 3
        }
      }
    }
    return low < high ? low..<high : 0..<0
  }
}
