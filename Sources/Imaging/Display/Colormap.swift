/// Colours for values. All maps are ordered in lightness and safe for the common colour
/// deficiencies: hue never carries more than the sign.
public enum Colormap: String, CaseIterable, Sendable {
  /// Black to white over 0...1.
  case grey
  /// The signed error over -1...1: blue below, orange to yellow above, darker towards 0.
  case anomaly
  /// A quantity without sign over 0...1: violet, teal, pale yellow.
  case uncertainty

  /// The values the map's ends stand for.
  public var domain: ClosedRange<Float> { self == .anomaly ? -1...1 : 0...1 }

  /// The colour of a value; values beyond the domain get its ends, what is no number the middle
  /// of a signed map or the start of the others.
  public func colour(_ value: Float) -> RGB8 {
    switch self {
    case .grey: RGB8(grey: UInt8((Self.unit(value) * 255).rounded()))
    case .anomaly:
      value < 0
        ? Self.blend(Self.below, at: Self.unit(-value))
        : Self.blend(Self.above, at: Self.unit(value))
    case .uncertainty: Self.blend(Self.violetToYellow, at: Self.unit(value))
    }
  }

  /// Evenly spaced colours from the lower to the upper end of the domain.
  public func steps(_ count: Int) -> [RGB8] {
    guard count > 1 else { return count == 1 ? [colour(domain.upperBound)] : [] }
    let width = domain.upperBound - domain.lowerBound
    return (0..<count).map {
      colour(domain.lowerBound + width * Float($0) / Float(count - 1))
    }
  }

  /// A value cut to 0...1; 0 for what is no number.
  private static func unit(_ v: Float) -> Float { v > 0 ? min(v, 1) : 0 }

  /// Control colours at even distances, 0...255; linear between them.
  private static let above: [SIMD3<Float>] = [
    [118, 42, 0], [188, 76, 0], [236, 124, 8], [252, 180, 32], [255, 240, 110],
  ]
  private static let below: [SIMD3<Float>] = [
    [12, 44, 120], [24, 82, 176], [48, 130, 224], [112, 184, 248], [196, 234, 255],
  ]
  private static let violetToYellow: [SIMD3<Float>] = [
    [56, 16, 92], [66, 60, 136], [44, 110, 140], [52, 160, 126], [142, 204, 92], [248, 238, 150],
  ]

  private static func blend(_ colours: [SIMD3<Float>], at t: Float) -> RGB8 {
    let position = t * Float(colours.count - 1)
    let n = min(Int(position), colours.count - 2)
    let c = colours[n] + (colours[n + 1] - colours[n]) * (position - Float(n))
    return RGB8(
      r: UInt8(c.x.rounded()), g: UInt8(c.y.rounded()), b: UInt8(c.z.rounded()))
  }
}

extension RGB8 {
  /// This colour mixed with another: 0 leaves it, 1 gives the other.
  @inlinable
  public func mixed(with other: RGB8, opacity: Float) -> RGB8 {
    let a = Int((opacity > 0 ? min(opacity, 1) : 0) * 256)
    return mixed(with: other, weight256: a)
  }

  /// This colour mixed with another in 256ths.
  @inlinable
  func mixed(with other: RGB8, weight256 a: Int) -> RGB8 {
    RGB8(
      r: UInt8(truncatingIfNeeded: (Int(r) * (256 - a) + Int(other.r) * a + 128) >> 8),
      g: UInt8(truncatingIfNeeded: (Int(g) * (256 - a) + Int(other.g) * a + 128) >> 8),
      b: UInt8(truncatingIfNeeded: (Int(b) * (256 - a) + Int(other.b) * a + 128) >> 8))
  }
}
