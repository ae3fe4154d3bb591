/// A function of one coordinate in mm, tabulated at equal steps and constant beyond its ends.
struct Profile: Sendable {
  let from: Float
  let step: Float
  var values: [Float]

  init(from: Float, step: Float, values: [Float]) {
    self.from = from
    self.step = step
    self.values = values
  }

  /// Tabulates a function over a range.
  init(from: Float, to: Float, step: Float = 0.5, _ function: (Float) -> Float) {
    let count = Int((to - from) / step) + 2
    self.init(
      from: from, step: step, values: (0..<count).map { function(from + Float($0) * step) })
  }

  /// Joins anchor points (ascending x) and rounds the corners over about `smooth` mm.
  init(
    anchors: [(x: Double, y: Double)], from: Float, to: Float, step: Float = 0.5,
    smooth: Float = 8
  ) {
    self.init(from: from, to: to, step: step) { x in
      let x = Double(x)
      guard let first = anchors.first, let last = anchors.last else { return 0 }
      if x <= first.x { return Float(first.y) }
      if x >= last.x { return Float(last.y) }
      let upper = anchors.firstIndex { $0.x > x } ?? anchors.count - 1
      let (a, b) = (anchors[upper - 1], anchors[upper])
      return Float(a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x))
    }
    let radius = Int(smooth / step / 2)
    blur(radius: radius)
    blur(radius: radius)
  }

  /// A smooth random function, mean 0, deviation about 1, varying over about `length` mm.
  static func noise(
    from: Float, to: Float, step: Float = 0.5, length: Float, random: inout PhantomRandom
  ) -> Profile {
    let knots = (0..<(Int((to - from) / length) + 4)).map { _ in Float(random.normal()) }
    return Profile(from: from, to: to, step: step) { x in
      let t = (x - from) / length
      let index = Int(t)
      let f = t - Float(index)
      let w = f * f * (3 - 2 * f)
      return 1.2 * (knots[index] * (1 - w) + knots[index + 1] * w)
    }
  }

  /// The value at x, linear between the table's points.
  @inline(__always)
  func callAsFunction(_ x: Float) -> Float {
    let t = (x - from) / step
    if t <= 0 { return values[0] }
    let index = Int(t)
    if index >= values.count - 1 { return values[values.count - 1] }
    let f = t - Float(index)
    return values[index] + (values[index + 1] - values[index]) * f
  }

  /// Adds a function of x.
  mutating func add(_ function: (Float) -> Float) {
    for index in values.indices { values[index] += function(from + Float(index) * step) }
  }

  /// A running mean over 2 * radius + 1 entries.
  mutating func blur(radius: Int) {
    guard radius > 0 else { return }
    let source = values
    for index in source.indices {
      var sum: Float = 0
      for offset in -radius...radius {
        sum += source[max(0, min(source.count - 1, index + offset))]
      }
      values[index] = sum / Float(2 * radius + 1)
    }
  }
}
