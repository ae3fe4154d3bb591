/// The line along the posterior wall of the vertebral bodies, by arc length s in mm.
///
/// s = 0 is the centre of the disc C4-5, positive downwards. `n` is the distance behind the line
/// (posterior positive), perpendicular to it.
struct SpineCurve: Sendable {
  /// Range of s that is tabulated.
  static let reach: Float = 190

  /// Scene coordinates of the line and its tilt (positive: posterior going down) by s.
  let p: Profile
  let d: Profile
  let sine: Profile
  let cosine: Profile
  /// By scene d: the line's p, its s, and the tilt there.
  let wallP: Profile
  let wallS: Profile
  let wallSine: Profile
  let wallCosine: Profile

  /// Integrates a tilt profile (degrees by s) through the scene's origin.
  init(tilt: Profile) {
    let step: Float = 0.25
    let reach = Self.reach
    let sines = Profile(from: -reach, to: reach, step: step) {
      Float(PhantomMath.sineCosine(degrees: Double(tilt($0))).sine)
    }
    let cosines = Profile(from: -reach, to: reach, step: step) {
      Float(PhantomMath.sineCosine(degrees: Double(tilt($0))).cosine)
    }
    func integrate(_ f: Profile) -> Profile {
      var result = f
      let zero = Int(reach / step)
      result.values[zero] = 0
      for index in (zero + 1)..<f.values.count {
        result.values[index] =
          result.values[index - 1] + 0.5 * step * (f.values[index - 1] + f.values[index])
      }
      for index in stride(from: zero - 1, through: 0, by: -1) {
        result.values[index] =
          result.values[index + 1] - 0.5 * step * (f.values[index + 1] + f.values[index])
      }
      return result
    }
    let (p, d) = (integrate(sines), integrate(cosines))
    (self.p, self.d, sine, cosine) = (p, d, sines, cosines)

    // d grows with s (tilts stay far from 90 degrees): invert by walking along.
    var index = 0
    let byD = Profile(from: -160, to: 160, step: step) { target in
      while index < d.values.count - 2 && d.values[index + 1] < target { index += 1 }
      let span = max(d.values[index + 1] - d.values[index], 1e-4)
      let t = max(0, min(1, (target - d.values[index]) / span))
      return -reach + (Float(index) + t) * step
    }
    wallS = byD
    wallP = Profile(from: -160, to: 160, step: step) { p(byD($0)) }
    wallSine = Profile(from: -160, to: 160, step: step) { sines(byD($0)) }
    wallCosine = Profile(from: -160, to: 160, step: step) { cosines(byD($0)) }
  }

  /// The scene place (p, d) of a point n mm behind the line at s.
  @inline(__always)
  func place(s: Float, n: Float) -> SIMD2<Float> {
    [p(s) + n * cosine(s), d(s) - n * sine(s)]
  }
}
