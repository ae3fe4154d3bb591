/// Encoders of compressed pixels, for tests of the decoders.
public enum TinyCodestreams {
  /// Bits written highest first, with the stuffing of JPEG (a zero byte behind 0xFF) or JPEG-LS (a
  /// zero bit).
  struct BitWriter {
    let isLS: Bool
    var bytes: [UInt8] = []
    private var pending: UInt8 = 0
    private var filled = 0

    init(isLS: Bool) { self.isLS = isLS }

    mutating func put(_ value: Int, _ count: Int) {
      for shift in stride(from: count - 1, through: 0, by: -1) {
        pending = pending << 1 | UInt8(value >> shift & 1)
        filled += 1
        if filled == 8 { flush() }
      }
    }

    private mutating func flush() {
      bytes.append(pending)
      (pending, filled) = (0, 0)
      guard bytes.last == 0xFF else { return }
      if isLS { filled = 1 } else { bytes.append(0) }
    }

    /// Fills the last byte: ones in JPEG, zeros in JPEG-LS.
    mutating func align() {
      if !isLS, filled > 0 { put((1 << (8 - filled)) - 1, 8 - filled) }
      if isLS, filled > 0 { put(0, 8 - filled) }
    }
  }

  /// A marker segment.
  static func segment(_ marker: UInt8, _ body: [Int]) -> [UInt8] {
    [0xFF, marker, UInt8((body.count + 2) >> 8), UInt8((body.count + 2) & 0xFF)]
      + body.map { UInt8(truncatingIfNeeded: $0) }
  }

  /// RLE Lossless (PS3.5 annex G).
  public static func rle(_ words: [UInt16], bytesPerPixel: Int) -> [UInt8] {
    var segments: [[UInt8]] = []
    for segment in 0..<bytesPerPixel {
      let shift = 8 * (bytesPerPixel - 1 - segment)
      segments.append(packed(words.map { UInt8(truncatingIfNeeded: $0 >> shift) }))
    }
    var header = ByteBuilder()
    header.append(UInt32(segments.count))
    var offset = 64
    for n in 0..<15 {
      header.append(UInt32(n < segments.count ? offset : 0))
      if n < segments.count { offset += segments[n].count }
    }
    return header.bytes + segments.flatMap { $0 }
  }

  private static func packed(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var at = 0
    while at < bytes.count {
      var run = 1
      while at + run < bytes.count, run < 128, bytes[at + run] == bytes[at] { run += 1 }
      if run > 1 {
        result += [UInt8(truncatingIfNeeded: 257 - run), bytes[at]]
        at += run
        continue
      }
      var end = at + 1
      while end < bytes.count, end - at < 128,
        end + 1 >= bytes.count || bytes[end] != bytes[end + 1]
      { end += 1 }
      result.append(UInt8(end - at - 1))
      result += bytes[at..<end]
      at = end
    }
    return result.count % 2 == 0 ? result : result + [0x80]
  }

  /// JPEG lossless with one table of 17 codes of five bits (T.81 annex H).
  public static func jpegLossless(
    _ words: [UInt16], rows: Int, columns: Int, precision: Int, predictor: Int, restartRows: Int
  ) -> [UInt8] {
    var result: [UInt8] = [0xFF, 0xD8]
    result += segment(0xC4, [0] + (1...16).map { $0 == 5 ? 17 : 0 } + Array(0...16))
    let size = [rows >> 8, rows & 255, columns >> 8, columns & 255]
    result += segment(0xC3, [precision] + size + [1, 1, 0x11, 0])
    let interval = restartRows * columns
    if restartRows > 0 { result += segment(0xDD, [interval >> 8, interval & 255]) }
    result += segment(0xDA, [1, 1, 0, predictor, 0, 0])
    var bits = BitWriter(isLS: false)
    var firstRow = 0
    for row in 0..<rows {
      if restartRows > 0, row > 0, row % restartRows == 0 {
        bits.align()
        bits.bytes += [0xFF, 0xD0 + UInt8((row / restartRows - 1) % 8)]
        firstRow = row
      }
      for column in 0..<columns {
        func at(_ r: Int, _ c: Int) -> Int { Int(words[r * columns + c]) }
        let prediction: Int
        if row == firstRow {
          prediction = column == 0 ? 1 << (precision - 1) : at(row, column - 1)
        } else if column == 0 {
          prediction = at(row - 1, 0)
        } else {
          let (a, b, c) = (at(row, column - 1), at(row - 1, column), at(row - 1, column - 1))
          prediction =
            [a, b, c, a + b - c, a + (b - c) >> 1, b + (a - c) >> 1, (a + b) >> 1][predictor - 1]
        }
        put(difference: at(row, column) - prediction, to: &bits)
      }
    }
    bits.align()
    return result + bits.bytes + [0xFF, 0xD9]
  }

  private static func put(difference: Int, to bits: inout BitWriter) {
    let wrapped = Int(Int16(truncatingIfNeeded: difference))
    // -32768 and 32768 are the same modulo 2^16; it has no bits behind its code.
    guard wrapped != -32768 else { return bits.put(16, 5) }
    let category = Int.bitWidth - abs(wrapped).leadingZeroBitCount
    bits.put(category, 5)
    bits.put(wrapped < 0 ? wrapped + (1 << category) - 1 : wrapped, category)
  }
}
