internal import CSIMD

// The gradient of attention by recomputation. Lanes are keys (so that the gradients of keys and
// values need no sum across lanes) and queries pass in blocks of about 64 rows: scores and the
// products dO V^T into two buffers; P = 2^(score - log sum) and dS = P (dO V^T - D) in place;
// weighted sums for dV and dK; then dQ by rows. A head is worked on by one call, keys in ascending
// order, so the sums have one order.

/// log2(e).
@inline(__always) private var log2e: Float { 1.442_695_04 }
/// 1 / sqrt(8).
@inline(__always) private var scale: Float { 0.353_553_39 }

/// See `KernelTable.attentionBackward`.
public func attentionBackward(
  _ dQKV: Out, _ dOut: In, _ qkv: In, _ out: In, _ stats: In, _ tokens: Int, _ d: Int,
  _ headFrom: Int, _ headTo: Int, _ scratch: Out
) {
  let space = BackwardSpace(scratch, tokens)
  var head = headFrom
  while head < headTo {
    let first = qkv + head * 8
    let gradient = dQKV + head * 8
    // Scores in units of log2: q' = q log2(e) / sqrt(8); undone by ln 2 in dK.
    packRows(space.rows, first, 3 * d, scale * log2e, dOut + head * 8, d, tokens)
    rowSums(space, out + head * 8, d, stats + head * tokens, tokens)
    var key = 0
    while key < tokens {
      let count = least(pairLanes, tokens - key)
      let keys = first + d + key * 3 * d
      packLanes(space.keys, keys, 3 * d, count, 1)
      packLanes(space.values, keys + d, 3 * d, count, 1)
      keyGradients(space, keys, 3 * d, count, tokens)
      unpackLanes(gradient + d + key * 3 * d, 3 * d, space.dKeys, count)
      unpackLanes(gradient + 2 * d + key * 3 * d, 3 * d, space.dValues, count)
      key += count
    }
    storeQueries(gradient, 3 * d, space, tokens)
    head += 1
  }
}

/// Addresses in the scratch memory of one call.
private struct BackwardSpace {
  /// [80][pairLanes] scores, then probabilities.
  var p: Out
  /// [80][pairLanes] dO V^T, then the gradient of the scores.
  var dS: Out
  /// [8][pairLanes] each.
  var keys: Out
  var values: Out
  var dKeys: Out
  var dValues: Out
  /// [T up to eight][16]: scaled query, gradient of the output.
  var rows: Out
  /// [T up to eight][8].
  var dQueries: Out
  /// Per query: log-sum-exp in units of log2, and D = dO . O.
  var logSum: Out
  var delta: Out

  @inline(__always) init(_ scratch: Out, _ tokens: Int) {
    p = aligned(scratch)
    dS = p + blockRows * pairLanes
    keys = dS + blockRows * pairLanes
    values = keys + 8 * pairLanes
    dKeys = values + 8 * pairLanes
    dValues = dKeys + 8 * pairLanes
    rows = dValues + 8 * pairLanes
    dQueries = rows + 16 * roundUp(tokens, 8)
    logSum = dQueries + 8 * roundUp(tokens, 8)
    delta = logSum + roundUp(tokens, 8)
  }
}

/// Fills `logSum` and `delta` and clears the gradients of the queries.
@inline(__always)
private func rowSums(_ space: BackwardSpace, _ out: In, _ d: Int, _ stats: In, _ tokens: Int) {
  var row = 0
  while row < tokens {
    let product = cs_load8(space.rows + row * 16 + 8) * cs_load8(out + row * d)
    let four = product.lowHalf + product.highHalf
    space.delta[row] = (four.x + four.z) + (four.y + four.w)
    space.logSum[row] = stats[row] * log2e
    row += 1
  }
  row = 0
  while row < roundUp(tokens, 8) {
    cs_store8(space.dQueries + row * 8, cs_eight(repeating: 0))
    row += 1
  }
}

/// Two vectors of keys (or one) against all queries.
@inline(__always)
private func keyGradients(
  _ space: BackwardSpace, _ keys: In, _ stride: Int, _ count: Int, _ tokens: Int
) {
  var i = 0
  while i < 16 * pairLanes {
    cs_store(space.dKeys + i, cs_splat(0))
    i += cs_lanes
  }
  var query = 0
  while query < tokens {
    let rows = nextBlock(tokens - query)
    if count > cs_lanes { pairBlock(space, query, rows) } else { vectorBlock(space, query, rows) }
    var row = 0
    while row < rows {
      queryGradients(
        space.dQueries + (query + row) * 8, space.dS + row * pairLanes, keys, stride, count)
      row += 8
    }
    query += rows
  }
  scaleEight(space.dKeys, cs_splat(ln2))
  scaleEight(space.dKeys + cs_lanes, cs_splat(ln2))
}

/// A block of queries against a pair of vectors of keys.
@inline(__always)
private func pairBlock(_ space: BackwardSpace, _ query: Int, _ rows: Int) {
  let block = space.rows + query * 16
  scorePair(space.p, space.keys, block, roundUp(rows, 8))
  scorePair(space.dS, space.values, block + 8, roundUp(rows, 8))
  scoreGradients(space, query, rows, 0)
  scoreGradients(space, query, rows, cs_lanes)
  accumulatePair(space.dValues, space.p, block + 8, rows)
  accumulatePair(space.dKeys, space.dS, block, rows)
}

/// A block of queries against one vector of keys.
@inline(__always)
private func vectorBlock(_ space: BackwardSpace, _ query: Int, _ rows: Int) {
  let block = space.rows + query * 16
  scoreVector(space.p, space.keys, block, roundUp(rows, 8))
  scoreVector(space.dS, space.values, block + 8, roundUp(rows, 8))
  scoreGradients(space, query, rows, 0)
  accumulateVector(space.dValues, space.p, block + 8, rows)
  accumulateVector(space.dKeys, space.dS, block, rows)
}

/// P and dS in place of the scores and of dO V^T, for the vector at `at`. Lanes without a key hold
/// values that nobody reads.
@inline(__always)
private func scoreGradients(_ space: BackwardSpace, _ query: Int, _ rows: Int, _ at: Int) {
  var row = 0
  while row < rows {
    let i = row * pairLanes + at
    let p = exp2(cs_load(space.p + i) - cs_splat(space.logSum[query + row]))
    cs_store(space.p + i, p)
    cs_store(space.dS + i, p * (cs_load(space.dS + i) - cs_splat(space.delta[query + row])))
    row += 1
  }
}

/// dQ of eight queries += dS K over `count` keys.
@inline(__always)
private func queryGradients(_ dQ: Out, _ dS: In, _ keys: In, _ stride: Int, _ count: Int) {
  var q0 = cs_load8(dQ)
  var q1 = cs_load8(dQ + 8)
  var q2 = cs_load8(dQ + 16)
  var q3 = cs_load8(dQ + 24)
  var q4 = cs_load8(dQ + 32)
  var q5 = cs_load8(dQ + 40)
  var q6 = cs_load8(dQ + 48)
  var q7 = cs_load8(dQ + 56)
  var lane = 0
  while lane < count {
    let k = cs_load8(keys + lane * stride)
    let w = dS + lane
    q0 = cs_fma8(k, w[0], q0)
    q1 = cs_fma8(k, w[pairLanes], q1)
    q2 = cs_fma8(k, w[2 * pairLanes], q2)
    q3 = cs_fma8(k, w[3 * pairLanes], q3)
    q4 = cs_fma8(k, w[4 * pairLanes], q4)
    q5 = cs_fma8(k, w[5 * pairLanes], q5)
    q6 = cs_fma8(k, w[6 * pairLanes], q6)
    q7 = cs_fma8(k, w[7 * pairLanes], q7)
    lane += 1
  }
  cs_store8(dQ, q0)
  cs_store8(dQ + 8, q1)
  cs_store8(dQ + 16, q2)
  cs_store8(dQ + 24, q3)
  cs_store8(dQ + 32, q4)
  cs_store8(dQ + 40, q5)
  cs_store8(dQ + 48, q6)
  cs_store8(dQ + 56, q7)
}

@inline(__always)
private func storeQueries(_ gradient: Out, _ stride: Int, _ space: BackwardSpace, _ tokens: Int) {
  let s = cs_eight(repeating: scale)
  var row = 0
  while row < tokens {
    cs_store8(gradient + row * stride, cs_load8(space.dQueries + row * 8) * s)
    row += 1
  }
}
