internal import CSIMD

// Softmax attention for heads of dimension 8. Lanes are queries, whose coordinates are transposed
// once; keys pass in blocks of about 64 rows. Per block: scores into a buffer that stays in the
// first-level cache, with their running maxima; exponentials in place and their sums; weighted sums
// of the values. No T x T memory and no sums across lanes. Queries go in pairs of vectors, because
// the first and the last phase would otherwise wait for loads; an odd vector goes alone.

/// The most rows (keys forward, queries backward) of a block.
@inline(__always) var blockRows: Int { 80 }

/// Rows of the next block when `left` remain: 64, or all where few would be left over.
@inline(__always) func nextBlock(_ left: Int) -> Int { left <= blockRows ? left : 64 }

/// Lanes of a pair of vectors: the row length of all lane-wise buffers, also for a vector alone.
@inline(__always) var pairLanes: Int { 2 * cs_lanes }

/// log2(e) / sqrt(8): makes scores exponents of two.
@inline(__always) private var exponentScale: Float { 0.510_069_72 }

/// ln 2.
@inline(__always) var ln2: Float { 0.693_147_18 }

/// See `KernelTable.attentionScratch`; enough for both directions.
public func attentionScratch(_ tokens: Int) -> Int {
  // Alignment; two blocks of scores; up to 33 rows of lanes; up to 26 floats per token.
  32 + 2 * blockRows * pairLanes + 33 * pairLanes + 26 * roundUp(tokens, 8)
}

/// See `KernelTable.attentionForward`.
public func attentionForward(
  _ out: Out, _ stats: Out?, _ qkv: In, _ tokens: Int, _ d: Int, _ headFrom: Int, _ headTo: Int,
  _ scratch: Out
) {
  let space = ForwardSpace(scratch)
  var head = headFrom
  while head < headTo {
    let first = qkv + head * 8
    packRows(space.keyValues, first + d, 3 * d, 1, first + 2 * d, 3 * d, tokens)
    var query = 0
    while query < tokens {
      let count = least(pairLanes, tokens - query)
      packLanes(space.queries, first + query * 3 * d, 3 * d, count, exponentScale)
      if count > cs_lanes { attendPair(space, tokens) } else { attendVector(space, tokens) }
      unpackLanes(out + query * d + head * 8, d, space.sums, count)
      if let stats { logSums(stats + head * tokens + query, space, count) }
      query += count
    }
    head += 1
  }
}

/// Addresses in the scratch memory of one call; rows of `pairLanes`.
private struct ForwardSpace {
  /// [80] scores, then their exponentials.
  var scores: Out
  /// [8] scaled queries.
  var queries: Out
  /// [8] weighted sums of values.
  var sums: Out
  /// [1] largest score of the blocks before.
  var largest: Out
  /// [1] largest score including the present block.
  var larger: Out
  /// [1] sum of exponentials.
  var total: Out
  /// [T up to eight][16] key, value.
  var keyValues: Out

  @inline(__always) init(_ scratch: Out) {
    scores = aligned(scratch)
    queries = scores + blockRows * pairLanes
    sums = queries + 8 * pairLanes
    largest = sums + 8 * pairLanes
    larger = largest + pairLanes
    total = larger + pairLanes
    keyValues = total + pairLanes
  }

  /// Before the first key, in the vector at `at`.
  @inline(__always) func start(_ at: Int) {
    var i = 0
    while i < 8 {
      cs_store(sums + i * pairLanes + at, cs_splat(0))
      i += 1
    }
    cs_store(larger + at, cs_splat(-1e30))
    cs_store(largest + at, cs_splat(-1e30))
    cs_store(total + at, cs_splat(0))
  }

  /// The second phase for the vector at `at`: exponentials of `rows` scores; what was summed
  /// before fades to the new maximum.
  @inline(__always) func weigh(_ at: Int, _ rows: Int) {
    let larger = cs_load(self.larger + at)
    let fade = exp2(cs_load(largest + at) - larger)
    let sum = exponentials(scores + at, rows, larger)
    cs_store(largest + at, larger)
    cs_store(total + at, cs_fma(cs_load(total + at), fade, sum))
    scaleEight(sums + at, fade)
  }

  /// After the last key.
  @inline(__always) func finish(_ at: Int) {
    scaleEight(sums + at, cs_splat(1) / cs_load(total + at))
  }
}

/// Two vectors of queries over all keys.
@inline(__always)
private func attendPair(_ space: ForwardSpace, _ tokens: Int) {
  space.start(0)
  space.start(cs_lanes)
  var key = 0
  while key < tokens {
    let rows = nextBlock(tokens - key)
    let block = space.keyValues + key * 16
    scorePair(space.scores, space.queries, block, rows, space.larger)
    space.weigh(0, rows)
    space.weigh(cs_lanes, rows)
    accumulatePair(space.sums, space.scores, block + 8, rows)
    key += rows
  }
  space.finish(0)
  space.finish(cs_lanes)
}

/// One vector of queries over all keys.
@inline(__always)
private func attendVector(_ space: ForwardSpace, _ tokens: Int) {
  space.start(0)
  var key = 0
  while key < tokens {
    let rows = nextBlock(tokens - key)
    let block = space.keyValues + key * 16
    scoreVector(space.scores, space.queries, block, rows, space.larger)
    space.weigh(0, rows)
    accumulateVector(space.sums, space.scores, block + 8, rows)
    key += rows
  }
  space.finish(0)
}

/// Natural log-sum-exp of `count` queries.
@inline(__always)
private func logSums(_ stats: Out, _ space: ForwardSpace, _ count: Int) {
  var lane = 0
  while lane < count {
    stats[lane] = space.largest[lane] * ln2 + cs_log1(space.total[lane])
    lane += 1
  }
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
    let e1 = exp2(cs_load(p + pairLanes) - largest)
    let e2 = exp2(cs_load(p + 2 * pairLanes) - largest)
    let e3 = exp2(cs_load(p + 3 * pairLanes) - largest)
    cs_store(p, e0)
    cs_store(p + pairLanes, e1)
    cs_store(p + 2 * pairLanes, e2)
    cs_store(p + 3 * pairLanes, e3)
    even += e0 + e2
    odd += e1 + e3
    p += 4 * pairLanes
    left -= 4
  }
  while left > 0 {
    let e = exp2(cs_load(p) - largest)
    cs_store(p, e)
    even += e
    p += pairLanes
    left -= 1
  }
  return even + odd
}
