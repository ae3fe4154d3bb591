internal import CSIMD

// Element by element: whole vectors, then one partial vector, computed alike.

/// 0.5 erfc(|x| / sqrt2) with exp(-x^2 / 2) given: Abramowitz and Stegun 7.1.26, error below 1e-7.
@inline(__always)
private func upperTail(_ x: Vector, _ gauss: Vector) -> Vector {
  // 0.3275911 / sqrt2, and half of the published coefficients.
  let t = cs_splat(1) / cs_fma(cs_splat(0.231_641_888), cs_abs(x), cs_splat(1))
  var p = cs_fma(cs_splat(0.530_702_714_5), t, cs_splat(-0.726_576_013_5))
  p = cs_fma(p, t, cs_splat(0.710_706_870_5))
  p = cs_fma(p, t, cs_splat(-0.142_248_368))
  p = cs_fma(p, t, cs_splat(0.127_414_796))
  return p * t * gauss
}

/// exp(-x^2 / 2), far out no smaller than 2^-126.
@inline(__always)
private func gaussian(_ x: Vector) -> Vector {
  exp2(cs_max(cs_splat(-126), x * x * cs_splat(-0.721_347_52)))
}

/// Phi(x), the normal distribution.
@inline(__always)
private func cumulative(_ x: Vector, _ gauss: Vector) -> Vector {
  let tail = upperTail(x, gauss)
  return cs_where_greater(x, cs_splat(0), cs_splat(1) - tail, tail)
}

@inline(__always)
private func gelu(_ x: Vector) -> Vector { x * cumulative(x, gaussian(x)) }

@inline(__always)
private func geluSlope(_ x: Vector) -> Vector {
  let g = gaussian(x)
  return cs_fma(x * cs_splat(0.398_942_28), g, cumulative(x, g))
}

@inline(__always)
private func logistic(_ x: Vector) -> Vector {
  // Beyond 87 the result is 0 or 1 to a Float's precision.
  let bounded = cs_min(cs_splat(87), cs_max(cs_splat(-87), x))
  return cs_splat(1) / (cs_splat(1) + exp2(bounded * cs_splat(-1.442_695_04)))
}

/// See `KernelTable.geluForward`.
public func geluForward(_ y: Out, _ x: In, _ count: Int) {
  var i = 0
  while i + cs_lanes <= count {
    cs_store(y + i, gelu(cs_load(x + i)))
    i += cs_lanes
  }
  if i < count { cs_store_part(y + i, gelu(cs_load_part(x + i, count - i, 0)), count - i) }
}

/// See `KernelTable.geluBackward`.
public func geluBackward(_ dx: Out, _ dy: In, _ x: In, _ count: Int) {
  var i = 0
  while i + cs_lanes <= count {
    cs_store(dx + i, cs_load(dy + i) * geluSlope(cs_load(x + i)))
    i += cs_lanes
  }
  if i < count {
    let slope = geluSlope(cs_load_part(x + i, count - i, 0))
    cs_store_part(dx + i, cs_load_part(dy + i, count - i, 0) * slope, count - i)
  }
}

/// See `KernelTable.sigmoid`.
public func sigmoid(_ y: Out, _ x: In, _ count: Int) {
  var i = 0
  while i + cs_lanes <= count {
    cs_store(y + i, logistic(cs_load(x + i)))
    i += cs_lanes
  }
  if i < count { cs_store_part(y + i, logistic(cs_load_part(x + i, count - i, 0)), count - i) }
}

/// See `KernelTable.add`.
public func add(_ y: Out, _ x: In, _ count: Int) {
  var i = 0
  while i + cs_lanes <= count {
    cs_store(y + i, cs_load(y + i) + cs_load(x + i))
    i += cs_lanes
  }
  while i < count {
    y[i] += x[i]
    i += 1
  }
}

/// See `KernelTable.addColumnSums`.
public func addColumnSums(_ sums: Out, _ x: In, _ rows: Int, _ d: Int) {
  var column = 0
  while column + 4 * cs_lanes <= d {
    fourColumnSums(sums + column, x + column, rows, d)
    column += 4 * cs_lanes
  }
  while column < d {
    let width = least(cs_lanes, d - column)
    var s = cs_load_part(sums + column, width, 0)
    var p = x + column
    var left = rows
    while left > 0 {
      s += width == cs_lanes ? cs_load(p) : cs_load_part(p, width, 0)
      p += d
      left -= 1
    }
    cs_store_part(sums + column, s, width)
    column += width
  }
}

@inline(__always)
private func fourColumnSums(_ sums: Out, _ x: In, _ rows: Int, _ d: Int) {
  var s0 = cs_load(sums)
  var s1 = cs_load(sums + cs_lanes)
  var s2 = cs_load(sums + 2 * cs_lanes)
  var s3 = cs_load(sums + 3 * cs_lanes)
  var p = x
  var left = rows
  while left > 0 {
    s0 += cs_load(p)
    s1 += cs_load(p + cs_lanes)
    s2 += cs_load(p + 2 * cs_lanes)
    s3 += cs_load(p + 3 * cs_lanes)
    p += d
    left -= 1
  }
  cs_store(sums, s0)
  cs_store(sums + cs_lanes, s1)
  cs_store(sums + 2 * cs_lanes, s2)
  cs_store(sums + 3 * cs_lanes, s3)
}
