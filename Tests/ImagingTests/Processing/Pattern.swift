import Imaging

/// Reproducible noise that a reference script can draw as well (a 32-bit linear congruence).
enum Pattern {
  /// `count` values in 0..<1.
  static func values(_ count: Int, seed: UInt32) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) / 16_777_216
    }
  }

  /// A raster of such values.
  static func raster(_ rows: Int, _ columns: Int, seed: UInt32) -> ImageRaster {
    ImageRaster(rows: rows, columns: columns, pixels: values(rows * columns, seed: seed))
  }

  /// Two correlated pictures of 40 x 33 px, the same as in the reference script.
  static let first = raster(40, 33, seed: 1)
  static let second: ImageRaster = {
    let other = raster(40, 33, seed: 2)
    var result = first
    for n in result.pixels.indices {
      result.pixels[n] = Float(0.7 * Double(first.pixels[n]) + 0.3 * Double(other.pixels[n]))
    }
    return result
  }()
}

/// Whether two numbers agree within a tolerance.
func close(_ a: Float, _ b: Float, _ tolerance: Float = 1e-5) -> Bool { abs(a - b) <= tolerance }
func close(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-6) -> Bool {
  a.map { abs($0 - b) <= tolerance } ?? false
}
