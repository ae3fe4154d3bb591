/// Elementary functions from IEEE arithmetic alone, so that a seed gives the same bits anywhere.
enum PhantomMath {
  /// e to the power x, relative error below 1e-6; 0 below x = -80.
  @inline(__always)
  static func exp(_ x: Float) -> Float {
    if x < -80 { return 0 }
    let t = min(x, 80) * 1.442_695_04
    let k = t.rounded(.toNearestOrEven)
    let f = t - k
    let p: Float =
      1 + f
      * (0.693_147_18 + f
        * (0.240_226_51 + f * (0.055_504_11 + f * (0.009_618_13 + f * 0.001_333_36))))
    return p * Float(bitPattern: UInt32(Int32(k) + 127) << 23)
  }

  /// The bell exp(-t^2 / 2).
  @inline(__always)
  static func bell(_ t: Float) -> Float { exp(-0.5 * t * t) }

  /// The sine of an angle in turns (1 = a full circle).
  @inline(__always)
  static func sine(turns: Float) -> Float { Float(sine(turns: Double(turns))) }

  /// The sine of an angle in turns (1 = a full circle).
  static func sine(turns: Double) -> Double {
    var r = turns - turns.rounded(.toNearestOrEven)
    if r > 0.25 { r = 0.5 - r } else if r < -0.25 { r = -0.5 - r }
    let z = r * r
    let tail = 81.605_249_276 + z * (-76.705_859_753 + z * (42.058_693_944 - z * 15.094_642_577))
    return r * (6.283_185_307_18 + z * (-41.341_702_240 + z * tail))
  }

  /// Sine and cosine of an angle in degrees.
  static func sineCosine(degrees: Double) -> (sine: Double, cosine: Double) {
    // Scaled to length one exactly enough for rotations.
    let (s, c) = (sine(turns: degrees / 360), sine(turns: degrees / 360 + 0.25))
    let length = (s * s + c * c).squareRoot()
    return (s / length, c / length)
  }

  /// 0 below `low`, 1 above `high`, smooth between.
  @inline(__always)
  static func smoothStep(_ low: Float, _ high: Float, _ x: Float) -> Float {
    let t = max(0, min(1, (x - low) / (high - low)))
    return t * t * (3 - 2 * t)
  }

  /// A smooth maximum: equal to the larger beyond `width`, rounded between.
  @inline(__always)
  static func smoothMax(_ a: Float, _ b: Float, _ width: Float) -> Float {
    let h = max(width - abs(a - b), 0) / width
    return max(a, b) + h * h * width * 0.25
  }

  /// A smooth minimum.
  @inline(__always)
  static func smoothMin(_ a: Float, _ b: Float, _ width: Float) -> Float {
    -smoothMax(-a, -b, width)
  }
}
