/// Instance normalisation followed by a leaky rectifier: every channel of an image is brought to mean
/// 0 and deviation 1 over its pixels, scaled and shifted, and what is negative is multiplied by 0.01
/// (Ulyanov, Vedaldi and Lempitsky, 2016; the pair nnU-Net uses: Isensee et al., 2021).
///
/// One image, one thread: sums run over the rows in ascending order.
struct ChannelNorm: Sendable {
  let channels: Int
  let gain: ParameterField
  let bias: ParameterField

  /// What negative values are multiplied by.
  static let slope: Float = 0.01
  /// Keeps the division finite.
  static let epsilon = 1e-5
  /// Channels must be a multiple of this.
  static let lanes = 4
  private typealias Lane = SIMD4<Float>
  private typealias Sums = UnsafeMutableBufferPointer<SIMD4<Double>>

  /// Measures z; writes the mean and reciprocal deviation of each channel to `statistics`
  /// [2, channels].
  func measure(_ z: FeatureMap, statistics: UnsafeMutablePointer<Float>) {
    let count = Double(z.pixels)
    withSums { sums, squares in
      for row in 0..<z.rows {
        for lane in sums.indices {
          var p = z.row(row) + lane * Self.lanes
          var line = Lane.zero
          var lineSquares = Lane.zero
          for _ in 0..<z.columns {
            let v = Self.load(p)
            line += v
            lineSquares += v * v
            p += z.pixelStride
          }
          sums[lane] += SIMD4<Double>(line)
          squares[lane] += SIMD4<Double>(lineSquares)
        }
      }
      for lane in sums.indices {
        let mean = sums[lane] / count
        let variance = (squares[lane] / count - mean * mean).clamped(
          lowerBound: .zero, upperBound: SIMD4(repeating: .greatestFiniteMagnitude))
        let rstd = 1 / (variance + Self.epsilon).squareRoot()
        Self.store(statistics + lane * Self.lanes, Lane(mean))
        Self.store(statistics + channels + lane * Self.lanes, Lane(rstd))
      }
    }
  }

  /// y = rectified gain * (z - mean) * rstd + bias; y may be any map of the size.
  func apply(
    _ parameters: UnsafePointer<Float>, _ z: FeatureMap, statistics: UnsafePointer<Float>,
    y: FeatureMap
  ) {
    let slope = Lane(repeating: Self.slope)
    let one = Lane(repeating: 1)
    for row in 0..<z.rows {
      for first in stride(from: 0, to: channels, by: Self.lanes) {
        let (scale, shift) = line(parameters, statistics, first)
        var p = z.row(row) + first
        var q = y.row(row) + first
        for _ in 0..<z.columns {
          let h = scale * Self.load(p) + shift
          Self.store(q, h * one.replacing(with: slope, where: h .< 0))
          p += z.pixelStride
          q += y.pixelStride
        }
      }
    }
  }

  /// Writes the gradient of z and adds those of gain and bias.
  ///
  /// With h = gain n + bias, n the normalised z and dh = dy times the rectifier's slope:
  /// dz = gain rstd (dh - mean(dh) - n mean(dh n)).
  func backward(
    _ parameters: UnsafePointer<Float>, _ z: FeatureMap, statistics: UnsafePointer<Float>,
    dy: FeatureMap, dz: FeatureMap, gradients: UnsafeMutablePointer<Float>
  ) {
    let count = Double(z.pixels)
    withSums { sums, products in
      sumBackward(parameters, z, statistics, dy, sums, products)
      for lane in sums.indices {
        let first = lane * Self.lanes
        let rstd = Self.load(statistics + channels + first)
        products[lane] *= SIMD4<Double>(rstd)
        Self.add(Lane(products[lane]), to: gradients + gain.offset + first)
        Self.add(Lane(sums[lane]), to: gradients + bias.offset + first)
      }
      let slope = Lane(repeating: Self.slope)
      let one = Lane(repeating: 1)
      for row in 0..<z.rows {
        for lane in sums.indices {
          let first = lane * Self.lanes
          let (scale, shift) = line(parameters, statistics, first)
          let rstd = Self.load(statistics + channels + first)
          // dz = scale dh + onValue z + constant.
          let onValue = -scale * rstd * Lane(products[lane] / count)
          let constant =
            -scale * Lane(sums[lane] / count) - onValue * Self.load(statistics + first)
          var p = z.row(row) + first
          var q = dy.row(row) + first
          var r = dz.row(row) + first
          for _ in 0..<z.columns {
            let v = Self.load(p)
            let dh = Self.load(q) * one.replacing(with: slope, where: scale * v + shift .< 0)
            Self.store(r, scale * dh + onValue * v + constant)
            p += z.pixelStride
            q += dy.pixelStride
            r += dz.pixelStride
          }
        }
      }
    }
  }

  /// Sums over the pixels of dh and of dh (z - mean).
  private func sumBackward(
    _ parameters: UnsafePointer<Float>, _ z: FeatureMap, _ statistics: UnsafePointer<Float>,
    _ dy: FeatureMap, _ sums: Sums, _ products: Sums
  ) {
    let slope = Lane(repeating: Self.slope)
    let one = Lane(repeating: 1)
    for row in 0..<z.rows {
      for lane in sums.indices {
        let first = lane * Self.lanes
        let (scale, shift) = line(parameters, statistics, first)
        let mean = Self.load(statistics + first)
        var p = z.row(row) + first
        var q = dy.row(row) + first
        var line = Lane.zero
        var lineProducts = Lane.zero
        for _ in 0..<z.columns {
          let v = Self.load(p)
          let dh = Self.load(q) * one.replacing(with: slope, where: scale * v + shift .< 0)
          line += dh
          lineProducts += dh * (v - mean)
          p += z.pixelStride
          q += dy.pixelStride
        }
        sums[lane] += SIMD4<Double>(line)
        products[lane] += SIMD4<Double>(lineProducts)
      }
    }
  }

  /// Two zeroed sums per group of channels.
  private func withSums(_ body: (Sums, Sums) -> Void) {
    let count = channels / Self.lanes
    withUnsafeTemporaryAllocation(of: SIMD4<Double>.self, capacity: 2 * count) { memory in
      memory.initialize(repeating: .zero)
      body(
        Sums(rebasing: memory[..<count]), Sums(rebasing: memory[count...]))
    }
  }

  /// What a channel's value is multiplied by, and what is added then.
  private func line(
    _ parameters: UnsafePointer<Float>, _ statistics: UnsafePointer<Float>, _ first: Int
  ) -> (scale: Lane, shift: Lane) {
    let scale =
      Self.load(parameters + gain.offset + first)
      * Self.load(statistics + channels + first)
    return (
      scale, Self.load(parameters + bias.offset + first) - scale * Self.load(statistics + first)
    )
  }

  @inline(__always)
  private static func load(_ p: UnsafePointer<Float>) -> Lane {
    UnsafeRawPointer(p).loadUnaligned(as: Lane.self)
  }

  @inline(__always)
  private static func load(_ p: UnsafeMutablePointer<Float>) -> Lane {
    UnsafeRawPointer(p).loadUnaligned(as: Lane.self)
  }

  @inline(__always)
  private static func add(_ v: Lane, to p: UnsafeMutablePointer<Float>) { store(p, load(p) + v) }

  @inline(__always)
  private static func store(_ p: UnsafeMutablePointer<Float>, _ v: Lane) {
    UnsafeMutableRawPointer(p).storeBytes(of: v, as: Lane.self)
  }
}
