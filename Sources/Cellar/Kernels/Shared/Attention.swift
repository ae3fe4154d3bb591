internal import CSIMD

// Softmax attention for heads of dimension 8. Lanes are queries, whose coordinates are transposed
// once per vector of them; keys pass in blocks of 64 rows. Per block: scores into a buffer that
// stays in the first-level cache, with their running maxima; exponentials in place and their sums;
// weighted sums of the values. No T x T memory and no sums across lanes.

/// Rows (keys forward, queries backward) per block.
@inline(__always) var blockRows: Int { 64 }

/// log2(e) / sqrt(8): makes scores exponents of two.
@inline(__always) private var exponentScale: Float { 0.510_069_72 }

/// ln 2.
@inline(__always) var ln2: Float { 0.693_147_18 }

/// See `KernelTable.attentionScratch`; enough for both directions.
public func attentionScratch(_ tokens: Int) -> Int {
  // Alignment; two blocks of scores; up to 40 vectors of lanes; up to 26 floats per row.
  32 + 2 * blockRows * cs_lanes + 40 * cs_lanes + 26 * roundUp(tokens, 8)
}

/// See `KernelTable.attentionForward`.
public func attentionForward(
  _ out: Out, _ stats: Out?, _ qkv: In, _ tokens: Int, _ d: Int, _ headFrom: Int, _ headTo: Int,
  _ scratch: Out
) {
  let scores = aligned(scratch)
  let queries = scores + blockRows * cs_lanes
  let sums = queries + 8 * cs_lanes
  let keyValues = sums + 10 * cs_lanes
  var head = headFrom
  while head < headTo {
    let first = qkv + head * 8
    packRows(keyValues, first + d, 3 * d, 1, first + 2 * d, 3 * d, tokens)
    var query = 0
    while query < tokens {
      let count = least(cs_lanes, tokens - query)
      packLanes(queries, first + query * 3 * d, 3 * d, count, exponentScale)
      attend(sums, queries, keyValues, tokens, scores)
      unpackLanes(out + query * d + head * 8, d, sums, count)
      if let stats { logSums(stats + head * tokens + query, sums + 8 * cs_lanes, count) }
      query += count
    }
    head += 1
  }
}

/// One vector of queries over all keys: leaves the eight outputs, the maxima and the sums of
/// exponentials in `sums` [10][lanes].
@inline(__always)
private func attend(_ sums: Out, _ queries: In, _ keyValues: In, _ tokens: Int, _ scores: Out) {
  var largest = cs_splat(-3e38)
  var total = cs_splat(0)
  var i = 0
  while i < 8 {
    cs_store(sums + i * cs_lanes, cs_splat(0))
    i += 1
  }
  var key = 0
  while key < tokens {
    let rows = least(blockRows, tokens - key)
    let block = keyValues + key * 16
    let larger = scoreBlock(scores, queries, block, rows, largest)
    let fade = exp2(largest - larger)
    largest = larger
    total = cs_fma(total, fade, exponentials(scores, rows, largest))
    fadeAll(sums, fade)
    accumulate(sums, scores, block + 8, rows)
    key += rows
  }
  let inverse = cs_splat(1) / total
  fadeAll(sums, inverse)
  cs_store(sums + 8 * cs_lanes, largest)
  cs_store(sums + 9 * cs_lanes, total)
}

/// Natural log-sum-exp of `count` queries from their maxima and sums (`state` [2][lanes]).
@inline(__always)
private func logSums(_ stats: Out, _ state: In, _ count: Int) {
  var lane = 0
  while lane < count {
    stats[lane] = state[lane] * ln2 + cs_log1(state[cs_lanes + lane])
    lane += 1
  }
}

// MARK: The three phases

/// Scores of `rows` keys into `scores` [rows up to eight][lanes]; the maxima with `largest`.
@inline(__always)
private func scoreBlock(
  _ scores: Out, _ queries: In, _ keys: In, _ rows: Int, _ largest: Vector
) -> Vector {
  var largest = largest
  var row = 0
  while row + 8 <= rows {
    largest = cs_max(largest, scoreEight(scores + row * cs_lanes, queries, keys + row * 16))
    row += 8
  }
  if row < rows {
    _ = scoreEight(scores + row * cs_lanes, queries, keys + row * 16)
    while row < rows {
      largest = cs_max(largest, cs_load(scores + row * cs_lanes))
      row += 1
    }
  }
  return largest
}

/// Dot products of a vector of lanes ([8][lanes]) with eight rows (every 16 floats); their maxima.
@inline(__always) @discardableResult
func scoreEight(_ scores: Out, _ columns: In, _ rows: In) -> Vector {
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
    let x = cs_load(columns + i * cs_lanes)
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
  cs_store(scores + cs_lanes, s1)
  cs_store(scores + 2 * cs_lanes, s2)
  cs_store(scores + 3 * cs_lanes, s3)
  cs_store(scores + 4 * cs_lanes, s4)
  cs_store(scores + 5 * cs_lanes, s5)
  cs_store(scores + 6 * cs_lanes, s6)
  cs_store(scores + 7 * cs_lanes, s7)
  return cs_max(
    cs_max(cs_max(s0, s1), cs_max(s2, s3)), cs_max(cs_max(s4, s5), cs_max(s6, s7)))
}

/// Turns scores into 2^(score - largest) in place; the sum over rows.
@inline(__always)
private func exponentials(_ scores: Out, _ rows: Int, _ largest: Vector) -> Vector {
  var even = cs_splat(0)
  var odd = cs_splat(0)
  var p = scores
  var left = rows
  while left >= 4 {
    let e0 = exp2(cs_load(p) - largest)
    let e1 = exp2(cs_load(p + cs_lanes) - largest)
    let e2 = exp2(cs_load(p + 2 * cs_lanes) - largest)
    let e3 = exp2(cs_load(p + 3 * cs_lanes) - largest)
    cs_store(p, e0)
    cs_store(p + cs_lanes, e1)
    cs_store(p + 2 * cs_lanes, e2)
    cs_store(p + 3 * cs_lanes, e3)
    even += e0 + e2
    odd += e1 + e3
    p += 4 * cs_lanes
    left -= 4
  }
  while left > 0 {
    let e = exp2(cs_load(p) - largest)
    cs_store(p, e)
    even += e
    p += cs_lanes
    left -= 1
  }
  return even + odd
}

/// sums[i] += weights[row] * rows[row][i] for i in 0..<8 over all rows (every 16 floats).
@inline(__always)
func accumulate(_ sums: Out, _ weights: In, _ rows: In, _ count: Int) {
  var s0 = cs_load(sums)
  var s1 = cs_load(sums + cs_lanes)
  var s2 = cs_load(sums + 2 * cs_lanes)
  var s3 = cs_load(sums + 3 * cs_lanes)
  var s4 = cs_load(sums + 4 * cs_lanes)
  var s5 = cs_load(sums + 5 * cs_lanes)
  var s6 = cs_load(sums + 6 * cs_lanes)
  var s7 = cs_load(sums + 7 * cs_lanes)
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
    w += cs_lanes
    x += 16
    left -= 1
  }
  cs_store(sums, s0)
  cs_store(sums + cs_lanes, s1)
  cs_store(sums + 2 * cs_lanes, s2)
  cs_store(sums + 3 * cs_lanes, s3)
  cs_store(sums + 4 * cs_lanes, s4)
  cs_store(sums + 5 * cs_lanes, s5)
  cs_store(sums + 6 * cs_lanes, s6)
  cs_store(sums + 7 * cs_lanes, s7)
}

/// Multiplies eight vectors of lanes by one.
@inline(__always)
func fadeAll(_ sums: Out, _ factor: Vector) {
  var i = 0
  while i < 8 {
    cs_store(sums + i * cs_lanes, cs_load(sums + i * cs_lanes) * factor)
    i += 1
  }
}
