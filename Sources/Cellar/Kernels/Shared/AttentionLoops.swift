internal import CSIMD

// The inner loops that both directions of attention share. Lane-wise operands ("columns") have rows
// of `pairLanes`; row-wise operands have 16 floats per row, of which eight are used.

/// Two vectors side by side.
private struct Pair {
  var a: Vector
  var b: Vector

  @inline(__always) init() {
    a = cs_splat(0)
    b = a
  }

  @inline(__always) init(_ p: In) {
    a = cs_load(p)
    b = cs_load(p + cs_lanes)
  }

  @inline(__always) func store(_ p: Out) {
    cs_store(p, a)
    cs_store(p + cs_lanes, b)
  }

  /// self += x * r.
  @inline(__always) mutating func mac(_ x: Float, _ r: Pair) {
    let x = cs_splat(x)
    a = cs_fma(x, r.a, a)
    b = cs_fma(x, r.b, b)
  }

  /// Raises each lane to that of `r`.
  @inline(__always) mutating func raise(_ r: Pair) {
    a = cs_max(a, r.a)
    b = cs_max(b, r.b)
  }
}

/// Scores of `count` rows, a multiple of four, against a pair of lanes.
@inline(__always)
func scorePair(_ scores: Out, _ columns: In, _ rows: In, _ count: Int) {
  var row = 0
  while row < count {
    scoreFour(scores + row * pairLanes, columns, rows + row * 16)
    row += 4
  }
}

/// Scores of any number of rows against a pair of lanes; raises the maxima at `largest`.
@inline(__always)
func scorePair(_ scores: Out, _ columns: In, _ rows: In, _ count: Int, _ largest: Out) {
  var top = Pair(largest)
  let fours = count & ~3
  var row = 0
  while row < fours {
    top.raise(scoreFour(scores + row * pairLanes, columns, rows + row * 16))
    row += 4
  }
  if row < count {
    // Rows beyond the last one are zero: their scores are stored, but count for no maximum.
    scoreFour(scores + row * pairLanes, columns, rows + row * 16)
    while row < count {
      top.raise(Pair(scores + row * pairLanes))
      row += 1
    }
  }
  top.store(largest)
}

/// Scores of `count` rows, a multiple of eight, against one vector of lanes.
@inline(__always)
func scoreVector(_ scores: Out, _ columns: In, _ rows: In, _ count: Int) {
  var row = 0
  while row < count {
    scoreEight(scores + row * pairLanes, columns, rows + row * 16)
    row += 8
  }
}

/// Scores of any number of rows against one vector of lanes; raises the maxima at `largest`.
@inline(__always)
func scoreVector(_ scores: Out, _ columns: In, _ rows: In, _ count: Int, _ largest: Out) {
  var top = cs_load(largest)
  let eights = count & ~7
  var row = 0
  while row < eights {
    top = cs_max(top, scoreEight(scores + row * pairLanes, columns, rows + row * 16))
    row += 8
  }
  if row < count {
    scoreEight(scores + row * pairLanes, columns, rows + row * 16)
    while row < count {
      top = cs_max(top, cs_load(scores + row * pairLanes))
      row += 1
    }
  }
  cs_store(largest, top)
}

/// Dot products of a pair of lanes with four rows; their maxima.
@inline(__always) @discardableResult
private func scoreFour(_ scores: Out, _ columns: In, _ rows: In) -> Pair {
  var s0 = Pair()
  var s1 = Pair()
  var s2 = Pair()
  var s3 = Pair()
  var i = 0
  while i < 8 {
    let x = Pair(columns + i * pairLanes)
    s0.mac(rows[i], x)
    s1.mac(rows[16 + i], x)
    s2.mac(rows[32 + i], x)
    s3.mac(rows[48 + i], x)
    i += 1
  }
  s0.store(scores)
  s1.store(scores + pairLanes)
  s2.store(scores + 2 * pairLanes)
  s3.store(scores + 3 * pairLanes)
  s0.raise(s1)
  s2.raise(s3)
  s0.raise(s2)
  return s0
}

/// sums[i] += weights[row] * rows[row][i] for i in 0..<8 over all rows, in two passes of four.
@inline(__always)
func accumulatePair(_ sums: Out, _ weights: In, _ rows: In, _ count: Int) {
  accumulateFour(sums, weights, rows, count)
  accumulateFour(sums + 4 * pairLanes, weights, rows + 4, count)
}

@inline(__always)
private func accumulateFour(_ sums: Out, _ weights: In, _ rows: In, _ count: Int) {
  var s0 = Pair(sums)
  var s1 = Pair(sums + pairLanes)
  var s2 = Pair(sums + 2 * pairLanes)
  var s3 = Pair(sums + 3 * pairLanes)
  var w = weights
  var x = rows
  var left = count
  while left > 0 {
    let p = Pair(w)
    s0.mac(x[0], p)
    s1.mac(x[1], p)
    s2.mac(x[2], p)
    s3.mac(x[3], p)
    w += pairLanes
    x += 16
    left -= 1
  }
  s0.store(sums)
  s1.store(sums + pairLanes)
  s2.store(sums + 2 * pairLanes)
  s3.store(sums + 3 * pairLanes)
}

/// Dot products of a vector of lanes with eight rows; their maxima.
@inline(__always) @discardableResult
private func scoreEight(_ scores: Out, _ columns: In, _ rows: In) -> Vector {
  var s0 = cs_splat(0)
  var s1 = s0
  var s2 = s0
  var s3 = s0
  var s4 = s0
  var s5 = s0
  var s6 = s0
  var s7 = s0
  var i = 0
  while i < 8 {
    let x = cs_load(columns + i * pairLanes)
    s0 = cs_fma(cs_splat(rows[i]), x, s0)
    s1 = cs_fma(cs_splat(rows[16 + i]), x, s1)
    s2 = cs_fma(cs_splat(rows[32 + i]), x, s2)
    s3 = cs_fma(cs_splat(rows[48 + i]), x, s3)
    s4 = cs_fma(cs_splat(rows[64 + i]), x, s4)
    s5 = cs_fma(cs_splat(rows[80 + i]), x, s5)
    s6 = cs_fma(cs_splat(rows[96 + i]), x, s6)
    s7 = cs_fma(cs_splat(rows[112 + i]), x, s7)
    i += 1
  }
  cs_store(scores, s0)
  cs_store(scores + pairLanes, s1)
  cs_store(scores + 2 * pairLanes, s2)
  cs_store(scores + 3 * pairLanes, s3)
  cs_store(scores + 4 * pairLanes, s4)
  cs_store(scores + 5 * pairLanes, s5)
  cs_store(scores + 6 * pairLanes, s6)
  cs_store(scores + 7 * pairLanes, s7)
  return cs_max(
    cs_max(cs_max(s0, s1), cs_max(s2, s3)), cs_max(cs_max(s4, s5), cs_max(s6, s7)))
}

/// sums[i] += weights[row] * rows[row][i] for i in 0..<8 over all rows.
@inline(__always)
func accumulateVector(_ sums: Out, _ weights: In, _ rows: In, _ count: Int) {
  var s0 = cs_load(sums)
  var s1 = cs_load(sums + pairLanes)
  var s2 = cs_load(sums + 2 * pairLanes)
  var s3 = cs_load(sums + 3 * pairLanes)
  var s4 = cs_load(sums + 4 * pairLanes)
  var s5 = cs_load(sums + 5 * pairLanes)
  var s6 = cs_load(sums + 6 * pairLanes)
  var s7 = cs_load(sums + 7 * pairLanes)
  var w = weights
  var x = rows
  var left = count
  while left > 0 {
    let p = cs_load(w)
    s0 = cs_fma(cs_splat(x[0]), p, s0)
    s1 = cs_fma(cs_splat(x[1]), p, s1)
    s2 = cs_fma(cs_splat(x[2]), p, s2)
    s3 = cs_fma(cs_splat(x[3]), p, s3)
    s4 = cs_fma(cs_splat(x[4]), p, s4)
    s5 = cs_fma(cs_splat(x[5]), p, s5)
    s6 = cs_fma(cs_splat(x[6]), p, s6)
    s7 = cs_fma(cs_splat(x[7]), p, s7)
    w += pairLanes
    x += 16
    left -= 1
  }
  cs_store(sums, s0)
  cs_store(sums + pairLanes, s1)
  cs_store(sums + 2 * pairLanes, s2)
  cs_store(sums + 3 * pairLanes, s3)
  cs_store(sums + 4 * pairLanes, s4)
  cs_store(sums + 5 * pairLanes, s5)
  cs_store(sums + 6 * pairLanes, s6)
  cs_store(sums + 7 * pairLanes, s7)
}

/// Multiplies eight vectors of lanes by one.
@inline(__always)
func scaleEight(_ sums: Out, _ factor: Vector) {
  var i = 0
  while i < 8 {
    cs_store(sums + i * pairLanes, cs_load(sums + i * pairLanes) * factor)
    i += 1
  }
}
