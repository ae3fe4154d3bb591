/// A JPEG-LS encoder, written from ITU-T T.87 with the standard's names, for tests of the decoder.
public struct TinyJPEGLS {
  private static let orders = [
    0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13,
    14, 15,
  ]
  private let (maxval, near, range, qbpp, limit): (Int, Int, Int, Int, Int)
  private let thresholds: [Int]
  private var (a, b, c, n, nn): ([Int], [Int], [Int], [Int], [Int])
  private var runIndex = 0
  private var bits = TinyCodestreams.BitWriter(isLS: true)

  /// Encodes one grey picture; thresholds are stated in an LSE segment.
  public static func encode(
    _ words: [UInt16], rows: Int, columns: Int, precision: Int, near: Int, restartRows: Int = 0
  ) -> [UInt8] {
    var result: [UInt8] = [0xFF, 0xD8]
    let size = [rows >> 8, rows & 255, columns >> 8, columns & 255]
    result += TinyCodestreams.segment(0xF7, [precision] + size + [1, 1, 0x11, 0])
    var coder = TinyJPEGLS(precision: precision, near: near)
    let preset = [coder.maxval] + coder.thresholds + [64]
    result += TinyCodestreams.segment(0xF8, [1] + preset.flatMap { [$0 >> 8, $0 & 255] })
    if restartRows > 0 { result += TinyCodestreams.segment(0xDD, [0, restartRows]) }
    result += TinyCodestreams.segment(0xDA, [1, 1, 0, near, 0, 0])
    var above = [Int](repeating: 0, count: columns + 2)
    for row in 0..<rows {
      if restartRows > 0, row > 0, row % restartRows == 0 {
        coder.bits.align()
        coder.bits.bytes += [0xFF, 0xD0 + UInt8((row / restartRows - 1) % 8)]
        let bits = coder.bits.bytes
        coder = TinyJPEGLS(precision: precision, near: near)
        coder.bits.bytes = bits
        above = [Int](repeating: 0, count: columns + 2)
      }
      let samples = words[row * columns..<(row + 1) * columns].map { Int($0) }
      above = coder.line(samples, above)
    }
    coder.bits.align()
    return result + coder.bits.bytes + [0xFF, 0xD9]
  }

  private init(precision: Int, near: Int) {
    maxval = (1 << precision) - 1
    self.near = near
    range = (maxval + 2 * near) / (2 * near + 1) + 1
    qbpp = Int.bitWidth - (range - 1).leadingZeroBitCount
    let bpp = max(2, precision)
    limit = 2 * (bpp + max(8, bpp))
    // Any rising thresholds will do, as they are stated.
    let t1 = min(near + 2, maxval)
    let t2 = min(t1 + 3, maxval)
    thresholds = [t1, t2, min(t2 + 9, maxval)]
    let first = max(2, (range + 32) / 64)
    a = [Int](repeating: first, count: 367)
    (b, c) = ([Int](repeating: 0, count: 367), [Int](repeating: 0, count: 367))
    (n, nn) = ([Int](repeating: 1, count: 367), [Int](repeating: 0, count: 367))
  }

  /// Encodes a line and returns it as the decoder will see it, with one pixel on each side.
  private mutating func line(_ samples: [Int], _ previous: [Int]) -> [Int] {
    let width = samples.count
    var above = previous
    above[width + 1] = above[width]
    var current = [Int](repeating: 0, count: width + 2)
    current[0] = above[1]
    var at = 1
    while at <= width {
      let (ra, rb, rc, rd) = (current[at - 1], above[at], above[at - 1], above[at + 1])
      let d = [rd - rb, rb - rc, rc - ra]
      guard d.allSatisfy({ abs($0) <= near }) else {
        let q = 81 * region(d[0]) + 9 * region(d[1]) + region(d[2])
        current[at] = regular(samples[at - 1], ra, rb, rc, q)
        at += 1
        continue
      }
      var length = 0
      while at + length <= width, abs(samples[at + length - 1] - ra) <= near { length += 1 }
      for m in 0..<length { current[at + m] = ra }
      at += length
      run(length, endsLine: at > width)
      guard at <= width else { break }
      current[at] = interruption(samples[at - 1], ra, above[at])
      if runIndex > 0 { runIndex -= 1 }
      at += 1
    }
    return current
  }

  private func region(_ d: Int) -> Int {
    let size = abs(d)
    let r = size <= near ? 0 : 1 + thresholds.count { size >= $0 }
    return d < 0 ? -r : r
  }

  private func quantised(_ error: Int) -> Int {
    error > 0 ? (error + near) / (2 * near + 1) : -((near - error) / (2 * near + 1))
  }

  private func reduced(_ error: Int) -> Int {
    var e = error < 0 ? error + range : error
    if e >= (range + 1) / 2 { e -= range }
    return e
  }

  private func rebuilt(_ prediction: Int, _ error: Int) -> Int {
    var x = prediction + error * (2 * near + 1)
    if x < -near { x += range * (2 * near + 1) }
    if x > maxval + near { x -= range * (2 * near + 1) }
    return min(max(x, 0), maxval)
  }

  private mutating func regular(_ x: Int, _ ra: Int, _ rb: Int, _ rc: Int, _ signed: Int) -> Int {
    let (sign, q) = (signed < 0 ? -1 : 1, abs(signed))
    var px = ra + rb - rc
    if rc >= max(ra, rb) { px = min(ra, rb) } else if rc <= min(ra, rb) { px = max(ra, rb) }
    px = min(max(px + sign * c[q], 0), maxval)
    let e = reduced(quantised(sign * (x - px)))
    var k = 0
    while n[q] << k < a[q] { k += 1 }
    let turned = near == 0 && k == 0 && 2 * b[q] <= -n[q]
    let mapped = turned ? (e >= 0 ? 2 * e + 1 : -2 * (e + 1)) : (e >= 0 ? 2 * e : -2 * e - 1)
    golomb(mapped, k, limit)
    b[q] += e * (2 * near + 1)
    a[q] += abs(e)
    if n[q] == 64 {
      a[q] >>= 1
      b[q] = b[q] >= 0 ? b[q] >> 1 : -((1 - b[q]) >> 1)
      n[q] >>= 1
    }
    n[q] += 1
    if b[q] <= -n[q] {
      b[q] += n[q]
      if c[q] > -128 { c[q] -= 1 }
      if b[q] <= -n[q] { b[q] = -n[q] + 1 }
    } else if b[q] > 0 {
      b[q] -= n[q]
      if c[q] < 127 { c[q] += 1 }
      if b[q] > 0 { b[q] = 0 }
    }
    return rebuilt(px, sign * e)
  }

  private mutating func run(_ length: Int, endsLine: Bool) {
    var left = length
    while left >= 1 << Self.orders[runIndex] {
      bits.put(1, 1)
      left -= 1 << Self.orders[runIndex]
      if runIndex < 31 { runIndex += 1 }
    }
    if endsLine {
      if left > 0 { bits.put(1, 1) }
    } else {
      bits.put(0, 1)
      bits.put(left, Self.orders[runIndex])
    }
  }

  private mutating func interruption(_ x: Int, _ ra: Int, _ rb: Int) -> Int {
    let type = abs(ra - rb) <= near ? 1 : 0
    let px = type == 1 ? ra : rb
    let sign = type == 0 && ra > rb ? -1 : 1
    let e = reduced(quantised(sign * (x - px)))
    let q = 365 + type
    let temp = type == 0 ? a[q] : a[q] + n[q] >> 1
    var k = 0
    while n[q] << k < temp { k += 1 }
    var map = 0
    if k == 0, e > 0, 2 * nn[q] < n[q] { map = 1 }
    if e < 0, 2 * nn[q] >= n[q] || k != 0 { map = 1 }
    let code = 2 * abs(e) - type - map
    golomb(code, k, limit - Self.orders[runIndex] - 1)
    if e < 0 { nn[q] += 1 }
    a[q] += (code + 1 - type) >> 1
    if n[q] == 64 {
      a[q] >>= 1
      n[q] >>= 1
      nn[q] >>= 1
    }
    n[q] += 1
    return rebuilt(px, sign * e)
  }

  private mutating func golomb(_ value: Int, _ k: Int, _ limit: Int) {
    let high = value >> k
    if high < limit - qbpp - 1 {
      bits.put(1, high + 1)
      bits.put(value & ((1 << k) - 1), k)
    } else {
      bits.put(1, limit - qbpp)
      bits.put(value - 1, qbpp)
    }
  }
}
