/// A smooth random function over a square image: values on a coarse grid, blended between them.
struct SmoothField {
  private let points: Int
  private let values: [Float]
  /// For every pixel of a side: the grid point before it, and how far it is on to the next.
  private let before: [Int]
  private let blend: [Float]

  /// A field with `points` x `points` independent normal values of a deviation.
  init(points: Int, side: Int, deviation: Float, random: inout RandomSource) {
    let points = max(2, points)
    self.points = points
    values = (0..<points * points).map { _ in deviation * random.normal() }
    let step = Float(points - 1) / Float(max(1, side - 1))
    let places = (0..<side).map { Float($0) * step }
    before = places.map { min(points - 2, Int($0)) }
    blend = zip(places, before).map { place, first in
      let t = place - Float(first)
      return t * t * (3 - 2 * t)
    }
  }

  /// The value at a pixel.
  @inline(__always)
  func callAsFunction(_ row: Int, _ column: Int) -> Float {
    let (i, j) = (before[row], before[column])
    let (u, v) = (blend[row], blend[column])
    let first = i * points + j
    return values.withUnsafeBufferPointer { values in
      let upper = values[first] + v * (values[first + 1] - values[first])
      let lower =
        values[first + points] + v * (values[first + points + 1] - values[first + points])
      return upper + u * (lower - upper)
    }
  }
}
