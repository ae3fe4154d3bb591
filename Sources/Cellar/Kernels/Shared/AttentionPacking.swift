internal import CSIMD

/// dst [tokens up to eight][16]: eight of `a` times `factor`, then eight of `b`; zero rows beyond.
@inline(__always)
func packRows(
  _ dst: Out, _ a: In, _ aStride: Int, _ factor: Float, _ b: In, _ bStride: Int, _ tokens: Int
) {
  let f = cs_eight(repeating: factor)
  let zero = cs_eight(repeating: 0)
  var row = 0
  while row < tokens {
    cs_store8(dst + row * 16, cs_load8(a + row * aStride) * f)
    cs_store8(dst + row * 16 + 8, cs_load8(b + row * bStride))
    row += 1
  }
  while row < roundUp(tokens, 8) {
    cs_store8(dst + row * 16, zero)
    cs_store8(dst + row * 16 + 8, zero)
    row += 1
  }
}

/// dst [8][pairLanes]: `count` rows of eight, transposed and scaled; zero in the lanes beyond.
@inline(__always)
func packLanes(_ dst: Out, _ src: In, _ stride: Int, _ count: Int, _ factor: Float) {
  let f = cs_four(repeating: factor)
  let fours = count & ~3
  var lane = 0
  while lane < fours {
    cs_transpose4(dst + lane, pairLanes, src + lane * stride, stride, f)
    cs_transpose4(dst + 4 * pairLanes + lane, pairLanes, src + lane * stride + 4, stride, f)
    lane += 4
  }
  while lane < pairLanes {
    var i = 0
    while i < 8 {
      dst[i * pairLanes + lane] = lane < count ? src[lane * stride + i] * factor : 0
      i += 1
    }
    lane += 1
  }
}

/// The inverse of `packLanes` without a factor: `count` rows of eight.
@inline(__always)
func unpackLanes(_ dst: Out, _ stride: Int, _ src: In, _ count: Int) {
  let one = cs_four(repeating: 1)
  let fours = count & ~3
  var lane = 0
  while lane < fours {
    cs_transpose4(dst + lane * stride, stride, src + lane, pairLanes, one)
    cs_transpose4(dst + lane * stride + 4, stride, src + 4 * pairLanes + lane, pairLanes, one)
    lane += 4
  }
  while lane < count {
    var i = 0
    while i < 8 {
      dst[lane * stride + i] = src[i * pairLanes + lane]
      i += 1
    }
    lane += 1
  }
}
