/// JPEG-LS, lossless and near-lossless, one component (ITU-T T.87).
///
/// Names of variables are the standard's, so that both can be read side by side.
struct JPEGLS {
  /// Coding parameters (T.87 sections A.2.1 and C.2.4.1.1).
  struct Parameters {
    var maxValue: Int
    var near: Int
    var t1: Int
    var t2: Int
    var t3: Int
    var reset: Int
    var range: Int { (maxValue + 2 * near) / (2 * near + 1) + 1 }
    /// Bits for a mapped error.
    var qbpp: Int { Self.bits(range - 1) }
    /// The longest code.
    var limit: Int {
      let bpp = max(2, Self.bits(maxValue))
      return 2 * (bpp + max(8, bpp))
    }

    static func bits(_ value: Int) -> Int { Int.bitWidth - value.leadingZeroBitCount }

    /// The defaults of T.87 section C.2.4.1.1.1.
    init(maxValue: Int, near: Int) {
      self.maxValue = maxValue
      self.near = near
      reset = 64
      func clamp(_ i: Int, _ j: Int) -> Int { i > maxValue || i < j ? j : i }
      if maxValue >= 128 {
        let factor = (min(maxValue, 4095) + 128) / 256
        t1 = clamp(factor * (3 - 2) + 2 + 3 * near, near + 1)
        t2 = clamp(factor * (7 - 3) + 3 + 5 * near, t1)
        t3 = clamp(factor * (21 - 4) + 4 + 7 * near, t2)
      } else {
        let factor = 256 / (maxValue + 1)
        t1 = clamp(max(2, 3 / factor + 3 * near), near + 1)
        t2 = clamp(max(3, 7 / factor + 5 * near), t1)
        t3 = clamp(max(4, 21 / factor + 7 * near), t2)
      }
    }
  }

  /// The counters of a context (T.87 section A.2.2).
  private struct Context {
    var a: Int
    var b = 0
    var c = 0
    var n = 1
    /// Negative errors of a run interruption.
    var nn = 0
  }

  private let stream: Codestream
  private let parameters: Parameters
  private let (rows, columns): (Int, Int)
  private let restartRows: Int
  private let start: Int

  private let (range, qbpp, limit, step): (Int, Int, Int, Int)
  private var contexts: [Context] = []
  private var runIndex = 0

  /// The stored words of one grey frame.
  /// - Throws: `ReadError` when the stream is truncated, damaged or of another process.
  static func decode(_ stream: Codestream, layout: DICOMPixelLayout) throws -> [UInt16] {
    var decoder = try JPEGLS(stream, layout: layout)
    return try decoder.pixels()
  }

  // MARK: - Headers

  private init(_ stream: Codestream, layout: DICOMPixelLayout) throws {
    var segments = try JPEGSegments(stream)
    var frame: JPEGSegments.Frame?
    var preset: [Int]?
    var interval = 0
    while true {
      let (marker, body) = try segments.next()
      switch marker {
      case 0xF7: frame = try segments.frame(marker, body, layout: layout)
      case 0xF8: preset = try Self.preset(body, stream) ?? preset
      case 0xDD: interval = body.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      case 0xDA:
        guard let frame else { throw stream.damaged("a scan without a frame header") }
        let b = Array(body)
        guard b.count >= 6, b[0] == 1, b[2] == 0 else {
          throw stream.damaged("a scan of several components or with a mapping table")
        }
        guard b[5] & 0x0F == 0 else { throw stream.damaged("a point transform") }
        self.stream = stream
        parameters = try Self.parameters(frame, near: Int(b[3]), preset, stream)
        (rows, columns) = (frame.rows, frame.columns)
        // A minimum coded unit of one component is a line (T.87 section C.1.2).
        restartRows = interval
        start = segments.position
        (range, qbpp, limit) = (parameters.range, parameters.qbpp, parameters.limit)
        step = 2 * parameters.near + 1
        return
      case _ where JPEGSegments.isFrame(marker):
        throw stream.error(
          "the header says JPEG-LS, the pixels are \(JPEGSegments.process(marker))",
          advice: DICOMConversion.export.advice)
      default: continue
      }
    }
  }

  /// The preset parameters of an LSE segment, or `nil` when it holds something else that is harmless.
  private static func preset(_ body: ArraySlice<UInt8>, _ stream: Codestream) throws -> [Int]? {
    guard let kind = body.first else { throw stream.truncated }
    guard kind == 1 else {
      throw stream.error(
        "JPEG-LS mapping tables are not decoded", advice: DICOMConversion.export.advice)
    }
    let b = Array(body.dropFirst())
    guard b.count >= 10 else { throw stream.truncated }
    return (0..<5).map { Int(b[2 * $0]) << 8 | Int(b[2 * $0 + 1]) }
  }

  private static func parameters(
    _ frame: JPEGSegments.Frame, near: Int, _ preset: [Int]?, _ stream: Codestream
  ) throws -> Parameters {
    let most = (1 << frame.precision) - 1
    let maxValue = preset.map { $0[0] == 0 ? most : $0[0] } ?? most
    guard (1...most).contains(maxValue), near <= min(255, maxValue / 2) else {
      throw stream.damaged("largest value \(maxValue) with an error of up to \(near)")
    }
    var result = Parameters(maxValue: maxValue, near: near)
    if let preset {
      if preset[1] > 0 { result.t1 = preset[1] }
      if preset[2] > 0 { result.t2 = preset[2] }
      if preset[3] > 0 { result.t3 = preset[3] }
      if preset[4] > 0 { result.reset = preset[4] }
    }
    guard near < result.t1, result.t1 <= result.t2, result.t2 <= result.t3,
      result.t3 <= max(maxValue, result.t2), (3...max(255, maxValue)).contains(result.reset)
    else { throw stream.damaged("thresholds that do not rise") }
    return result
  }

  // MARK: - Lines

  private mutating func reset() {
    let a = max(2, (range + 32) / 64)
    contexts = [Context](repeating: Context(a: a), count: 367)
    runIndex = 0
  }

  private mutating func pixels() throws -> [UInt16] {
    var output: [UInt16] = []
    output.reserveCapacity(rows * columns)
    // One pixel to the left and one to the right of each line.
    var above = [Int](repeating: 0, count: columns + 2)
    var line = above
    reset()
    try stream.bytes.withUnsafeBufferPointer { input in
      var bits = JPEGBits(input, at: start, isLS: true)
      for row in 0..<rows {
        if restartRows > 0, row > 0, row % restartRows == 0 {
          guard bits.restart(row / restartRows - 1) else {
            throw stream.damaged("no restart marker before row \(row + 1)")
          }
          reset()
          for n in above.indices { above[n] = 0 }
        }
        // T.87 section A.2.1: the pixel to the left is the one above the first, the one to the upper
        // right of the last is the one above it. The upper left is what stood left of the line above.
        line[0] = above[1]
        above[columns + 1] = above[columns]
        try decodeLine(&line, above, &bits)
        guard !bits.isExhausted else { throw stream.truncated }
        for n in 1...columns { output.append(UInt16(truncatingIfNeeded: line[n])) }
        swap(&line, &above)
      }
    }
    return output
  }

  private mutating func decodeLine(
    _ line: inout [Int], _ above: [Int], _ bits: inout JPEGBits
  ) throws {
    let near = parameters.near
    var at = 1
    while at <= columns {
      let (a, b, c, d) = (line[at - 1], above[at], above[at - 1], above[at + 1])
      let (d1, d2, d3) = (d - b, b - c, c - a)
      if abs(d1) <= near, abs(d2) <= near, abs(d3) <= near {
        try decodeRun(&line, above, &at, &bits)
      } else {
        let q = 81 * quantised(d1) + 9 * quantised(d2) + quantised(d3)
        line[at] = try decodeRegular(a, b, c, context: q, &bits)
        at += 1
      }
    }
  }

  /// A gradient's region, -4 to 4 (T.87 section A.3.3).
  @inline(__always)
  private func quantised(_ d: Int) -> Int {
    let size = abs(d)
    let region =
      size <= parameters.near
      ? 0 : size < parameters.t1 ? 1 : size < parameters.t2 ? 2 : size < parameters.t3 ? 3 : 4
    return d < 0 ? -region : region
  }

  // MARK: - Regular mode

  private mutating func decodeRegular(
    _ a: Int, _ b: Int, _ c: Int, context signed: Int, _ bits: inout JPEGBits
  ) throws -> Int {
    let sign = signed < 0 ? -1 : 1
    let q = abs(signed)
    // The median edge detector (A.4.1), then the context's bias (A.4.2).
    var prediction = c >= max(a, b) ? min(a, b) : c <= min(a, b) ? max(a, b) : a + b - c
    prediction = min(max(prediction + sign * contexts[q].c, 0), parameters.maxValue)
    let k = golomb(contexts[q].a, contexts[q].n)
    let mapped = try golombCode(k, limit: limit, &bits)
    var error = mapped & 1 == 0 ? mapped >> 1 : -(mapped + 1) >> 1
    if parameters.near == 0, k == 0, 2 * contexts[q].b <= -contexts[q].n { error = ~error }
    update(&contexts[q], error)
    return restored(prediction, sign * error)
  }

  /// The Golomb parameter (A.5.1).
  @inline(__always)
  private func golomb(_ a: Int, _ n: Int) -> Int {
    var k = 0
    while n << k < a { k += 1 }
    return k
  }

  /// A number in the limited-length Golomb code (A.5.3).
  @inline(__always)
  private func golombCode(_ k: Int, limit: Int, _ bits: inout JPEGBits) throws -> Int {
    bits.fill()
    let longest = limit - qbpp - 1
    let zeros = bits.leadingZeros
    let value: Int
    if zeros < longest {
      bits.skip(zeros + 1)
      bits.fill()
      guard k <= 32 else { throw stream.damaged("an error too large") }
      value = zeros << k | bits.take(k)
    } else {
      bits.skip(longest + 1)
      bits.fill()
      value = bits.take(qbpp) + 1
    }
    guard value <= 2 << qbpp else { throw stream.damaged("an error too large") }
    return value
  }

  /// The counters behind a pixel (A.6).
  @inline(__always)
  private func update(_ context: inout Context, _ error: Int) {
    context.b += error * step
    context.a += abs(error)
    if context.n == parameters.reset {
      context.a >>= 1
      context.b >>= 1
      context.n >>= 1
    }
    context.n += 1
    if context.b <= -context.n {
      context.b = max(context.b + context.n, 1 - context.n)
      if context.c > -128 { context.c -= 1 }
    } else if context.b > 0 {
      context.b = min(context.b - context.n, 0)
      if context.c < 127 { context.c += 1 }
    }
  }

  /// A pixel from its prediction and error, modulo the range (A.4.5, A.8).
  @inline(__always)
  private func restored(_ prediction: Int, _ error: Int) -> Int {
    var value = prediction + error * step
    if value < -parameters.near {
      value += range * step
    } else if value > parameters.maxValue + parameters.near {
      value -= range * step
    }
    return min(max(value, 0), parameters.maxValue)
  }

  // MARK: - Run mode

  /// Orders of run segments (T.87 table in section A.2.1).
  private static let j: [Int] = [
    0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13,
    14, 15,
  ]

  /// A run of the pixel to the left, and the pixel that interrupts it (A.7).
  private mutating func decodeRun(
    _ line: inout [Int], _ above: [Int], _ at: inout Int, _ bits: inout JPEGBits
  ) throws {
    let a = line[at - 1]
    while true {
      bits.fill()
      let order = Self.j[runIndex]
      let isWhole = bits.take(1) == 1
      let length = isWhole ? 1 << order : bits.take(order)
      let left = columns + 1 - at
      guard isWhole || length < left else { throw stream.damaged("a run over the end of a line") }
      for _ in 0..<min(length, left) {
        line[at] = a
        at += 1
      }
      if isWhole, length <= left, runIndex < 31 { runIndex += 1 }
      if !isWhole { break }
      if at > columns { return }
      // Each turn fills at least one pixel, so this ends.
    }
    line[at] = try decodeInterruption(a, above[at], &bits)
    at += 1
    if runIndex > 0 { runIndex -= 1 }
  }

  private mutating func decodeInterruption(
    _ a: Int, _ b: Int, _ bits: inout JPEGBits
  ) throws -> Int {
    let isNear = abs(a - b) <= parameters.near
    let type = isNear ? 1 : 0
    var context = contexts[365 + type]
    let k = golomb(context.a + (isNear ? context.n >> 1 : 0), context.n)
    let code = try golombCode(k, limit: limit - Self.j[runIndex] - 1, &bits)
    let mapped = code + type
    let map = mapped & 1
    let size = (mapped + map) / 2
    let isNegative = (k != 0 || 2 * context.nn >= context.n) == (map == 1)
    let error = isNegative ? -size : size
    if error < 0 { context.nn += 1 }
    context.a += (code + 1 - type) >> 1
    if context.n == parameters.reset {
      context.a >>= 1
      context.n >>= 1
      context.nn >>= 1
    }
    context.n += 1
    contexts[365 + type] = context
    let sign = !isNear && a > b ? -1 : 1
    return restored(isNear ? a : b, sign * error)
  }
}
