/// How values between voxel centres are made.
public enum Interpolation: String, CaseIterable, Sendable {
  /// The nearest voxel's value.
  case nearest
  /// Trilinear (bilinear in a plane).
  case linear
  /// Cubic convolution with a = -0.5 (Keys 1981; the Catmull-Rom spline), separable.
  case cubic
}

/// What is done along the voxel axis that crosses the sampled plane.
public enum ThroughPlane: String, CaseIterable, Sendable {
  /// Take the nearest acquired slice: thick slices are never mixed.
  case nearestSlice
  /// Interpolate between slices; right for near-isotropic volumes only.
  case interpolated
}

/// Up to four voxel offsets along one axis and their weights.
struct Taps {
  /// Offsets in voxels of storage, already multiplied by the axis' stride and clamped to the edge.
  var offsets: SIMD4<Int>
  /// Weights, summing to 1; unused ones are 0 and point at the first offset.
  var weights: SIMD4<Float>
  /// How many are used.
  var count: Int

  /// The taps around a fractional index; `x` must lie within `-0.5 ... n - 0.5`.
  @inline(__always)
  init(_ x: Double, count n: Int, stride: Int, _ interpolation: Interpolation) {
    let clamped = min(max(x, 0), Double(n - 1))
    switch interpolation {
    case .nearest:
      let o = Int(clamped.rounded()) * stride
      offsets = SIMD4(repeating: o)
      weights = [1, 0, 0, 0]
      count = 1
    case .linear:
      let f = Int(clamped)
      let t = Float(clamped - Double(f))
      let o = f * stride
      offsets = [o, min(f + 1, n - 1) * stride, o, o]
      weights = [1 - t, t, 0, 0]
      count = 2
    case .cubic:
      let f = Int(clamped)
      let t = Float(clamped - Double(f))
      offsets = [
        max(f - 1, 0) * stride, f * stride, min(f + 1, n - 1) * stride,
        min(f + 2, n - 1) * stride,
      ]
      weights = Taps.cubicWeights(t)
      count = 4
    }
  }

  /// The four weights of cubic convolution at fraction `t` (Keys 1981, a = -0.5).
  @inline(__always)
  static func cubicWeights(_ t: Float) -> SIMD4<Float> {
    [
      ((-0.5 * t + 1) * t - 0.5) * t,
      (1.5 * t - 2.5) * t * t + 1,
      ((-1.5 * t + 2) * t + 0.5) * t,
      (0.5 * t - 0.5) * t * t,
    ]
  }
}
