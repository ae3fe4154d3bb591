#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The kernels as plain loops with Double sums: slow, short, and the oracle of every fast path.
enum ScalarKernels {
  typealias In = UnsafePointer<Float>
  typealias Out = UnsafeMutablePointer<Float>

  // MARK: Matrix product

  /// Packs B column by column, so that the sum over k runs through memory in order.
  static func pack(
    _ dst: Out, _ src: In, _ k: Int, _ n: Int, _ rowStride: Int, _ columnStride: Int
  ) {
    for column in 0..<n {
      for row in 0..<k { dst[column * k + row] = src[row * rowStride + column * columnStride] }
    }
  }

  static func gemm(
    _ m: Int, _ n: Int, _ k: Int, _ a: In, _ aRow: Int, _ aColumn: Int, _ packedB: In, _ c: Out,
    _ cRow: Int, _ bias: In?, _ accumulate: Bool
  ) {
    for row in 0..<m {
      for column in 0..<n {
        var sum = accumulate ? Double(c[row * cRow + column]) : 0
        if let bias { sum += Double(bias[column]) }
        for i in 0..<k {
          sum += Double(a[row * aRow + i * aColumn]) * Double(packedB[column * k + i])
        }
        c[row * cRow + column] = Float(sum)
      }
    }
  }

  // MARK: Layer norm

  static func layerNormForward(
    _ y: Out, _ mean: Out, _ rstd: Out, _ x: In, _ gain: In, _ bias: In, _ rows: Int, _ d: Int
  ) {
    for row in 0..<rows {
      let x = x + row * d
      var sum = 0.0
      for i in 0..<d { sum += Double(x[i]) }
      let mu = sum / Double(d)
      var squares = 0.0
      for i in 0..<d { squares += (Double(x[i]) - mu) * (Double(x[i]) - mu) }
      let r = 1 / (squares / Double(d) + 1e-5).squareRoot()
      mean[row] = Float(mu)
      rstd[row] = Float(r)
      for i in 0..<d {
        y[row * d + i] = Float((Double(x[i]) - mu) * r * Double(gain[i]) + Double(bias[i]))
      }
    }
  }

  /// With h = dy * gain and n the normalised input: dx += rstd * (h - mean(h) - n * mean(h n)).
  static func layerNormBackward(
    _ dx: Out, _ dGain: Out, _ dBias: Out, _ dy: In, _ x: In, _ mean: In, _ rstd: In, _ gain: In,
    _ rows: Int, _ d: Int
  ) {
    for row in 0..<rows {
      let (x, dy, dx) = (x + row * d, dy + row * d, dx + row * d)
      let mu = Double(mean[row])
      let r = Double(rstd[row])
      var sumH = 0.0
      var sumHN = 0.0
      for i in 0..<d {
        let n = (Double(x[i]) - mu) * r
        let h = Double(dy[i]) * Double(gain[i])
        sumH += h
        sumHN += h * n
        dGain[i] += Float(Double(dy[i]) * n)
        dBias[i] += dy[i]
      }
      for i in 0..<d {
        let n = (Double(x[i]) - mu) * r
        let h = Double(dy[i]) * Double(gain[i])
        dx[i] += Float(r * (h - sumH / Double(d) - n * sumHN / Double(d)))
      }
    }
  }

  // MARK: Pointwise

  static func geluForward(_ y: Out, _ x: In, _ count: Int) {
    for i in 0..<count {
      let v = Double(x[i])
      y[i] = Float(v * 0.5 * erfc(-v * 0.5.squareRoot()))
    }
  }

  /// GELU'(x) = Phi(x) + x phi(x).
  static func geluBackward(_ dx: Out, _ dy: In, _ x: In, _ count: Int) {
    for i in 0..<count {
      let v = Double(x[i])
      let cumulative = 0.5 * erfc(-v * 0.5.squareRoot())
      let density = exp(-0.5 * v * v) * 0.398_942_280_401_432_7
      dx[i] = Float(Double(dy[i]) * (cumulative + v * density))
    }
  }

  static func sigmoid(_ y: Out, _ x: In, _ count: Int) {
    for i in 0..<count { y[i] = Float(1 / (1 + exp(-Double(x[i])))) }
  }

  static func add(_ y: Out, _ x: In, _ count: Int) {
    for i in 0..<count { y[i] += x[i] }
  }

  static func addColumnSums(_ sums: Out, _ x: In, _ rows: Int, _ d: Int) {
    for row in 0..<rows {
      for i in 0..<d { sums[i] += x[row * d + i] }
    }
  }

  /// Kingma and Ba 2015, with the rounding-safe form of the second bias correction.
  static func adam(
    _ parameters: Out, _ firstMoment: Out, _ secondMoment: Out, _ gradient: In, _ count: Int,
    _ learningRate: Float, _ beta1: Float, _ beta2: Float, _ epsilon: Float, _ c1: Float,
    _ c2: Float
  ) {
    for i in 0..<count {
      let g = gradient[i]
      let m = firstMoment[i] + (g - firstMoment[i]) * (1 - beta1)
      let v = secondMoment[i] + (g * g - secondMoment[i]) * (1 - beta2)
      firstMoment[i] = m
      secondMoment[i] = v
      let denominator = (v / c2).squareRoot() + epsilon
      parameters[i] -= learningRate / c1 * m / denominator
    }
  }
}
