internal import CSIMD

/// See `KernelTable.layerNormForward`.
public func layerNormForward(
  _ y: Out, _ mean: Out, _ rstd: Out, _ x: In, _ gain: In, _ bias: In, _ rows: Int, _ d: Int
) {
  let whole = d & ~(cs_lanes - 1)
  let rest = d - whole
  let inverse = 1 / Float(d)
  var row = 0
  while row < rows {
    let x = x + row * d
    let y = y + row * d
    var sum = rest > 0 ? cs_load_part(x + whole, rest, 0) : cs_splat(0)
    var i = 0
    while i < whole {
      sum += cs_load(x + i)
      i += cs_lanes
    }
    let mu = cs_sum(sum) * inverse
    let center = cs_splat(mu)
    var squares = cs_splat(0)
    if rest > 0 {
      let e = cs_load_part(x + whole, rest, mu) - center
      squares = e * e
    }
    i = 0
    while i < whole {
      let e = cs_load(x + i) - center
      squares = cs_fma(e, e, squares)
      i += cs_lanes
    }
    let r = 1 / cs_sqrt1(cs_sum(squares) * inverse + 1e-5)
    let factor = cs_splat(r)
    mean[row] = mu
    rstd[row] = r
    i = 0
    while i < whole {
      let n = (cs_load(x + i) - center) * factor
      cs_store(y + i, cs_fma(n, cs_load(gain + i), cs_load(bias + i)))
      i += cs_lanes
    }
    if rest > 0 {
      let n = (cs_load_part(x + whole, rest, mu) - center) * factor
      let g = cs_load_part(gain + whole, rest, 0)
      cs_store_part(y + whole, cs_fma(n, g, cs_load_part(bias + whole, rest, 0)), rest)
    }
    row += 1
  }
}

/// See `KernelTable.layerNormBackward`.
public func layerNormBackward(
  _ dx: Out, _ dGain: Out, _ dBias: Out, _ dy: In, _ x: In, _ mean: In, _ rstd: In, _ gain: In,
  _ rows: Int, _ d: Int
) {
  let whole = d & ~(cs_lanes - 1)
  let rest = d - whole
  var row = 0
  while row < rows {
    let at = row * d
    var line = NormalisedRow(mean[row], rstd[row])
    var i = 0
    while i < whole {
      let g = cs_load(dy + at + i)
      let n = line.collect(cs_load(x + at + i), g, cs_load(gain + i))
      cs_store(dGain + i, cs_fma(g, n, cs_load(dGain + i)))
      cs_store(dBias + i, cs_load(dBias + i) + g)
      i += cs_lanes
    }
    if rest > 0 {
      let g = cs_load_part(dy + at + i, rest, 0)
      let n = line.collect(
        cs_load_part(x + at + i, rest, 0), g, cs_load_part(gain + i, rest, 0))
      cs_store_part(dGain + i, cs_fma(g, n, cs_load_part(dGain + i, rest, 0)), rest)
      cs_store_part(dBias + i, cs_load_part(dBias + i, rest, 0) + g, rest)
    }
    line.average(over: d)
    i = 0
    while i < whole {
      let add = line.gradient(cs_load(x + at + i), cs_load(dy + at + i), cs_load(gain + i))
      cs_store(dx + at + i, cs_load(dx + at + i) + add)
      i += cs_lanes
    }
    if rest > 0 {
      let add = line.gradient(
        cs_load_part(x + at + i, rest, 0), cs_load_part(dy + at + i, rest, 0),
        cs_load_part(gain + i, rest, 0))
      cs_store_part(dx + at + i, cs_load_part(dx + at + i, rest, 0) + add, rest)
    }
    row += 1
  }
}

/// One row on its way back: h = dy * gain, n the normalised input.
private struct NormalisedRow {
  var mean: Vector
  var rstd: Vector
  /// Sums of h, then their mean over the row.
  var h: Vector
  /// Sums of h n, then their mean over the row.
  var hn: Vector

  @inline(__always) init(_ mean: Float, _ rstd: Float) {
    self.mean = cs_splat(mean)
    self.rstd = cs_splat(rstd)
    h = cs_splat(0)
    hn = h
  }

  /// Adds to the sums; n.
  @inline(__always)
  mutating func collect(_ x: Vector, _ dy: Vector, _ gain: Vector) -> Vector {
    let n = (x - mean) * rstd
    let product = dy * gain
    h += product
    hn = cs_fma(product, n, hn)
    return n
  }

  @inline(__always)
  mutating func average(over d: Int) {
    h = cs_splat(cs_sum(h) / Float(d))
    hn = cs_splat(cs_sum(hn) / Float(d))
  }

  /// What the row's input receives.
  @inline(__always)
  func gradient(_ x: Vector, _ dy: Vector, _ gain: Vector) -> Vector {
    let n = (x - mean) * rstd
    return rstd * (dy * gain - h - n * hn)
  }
}
