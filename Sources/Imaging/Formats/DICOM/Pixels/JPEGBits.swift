/// Bits of the entropy-coded part of a JPEG or JPEG-LS stream, highest first.
///
/// Behind the last byte, and behind a marker, come zeros; `isExhausted` tells when one was used.
struct JPEGBits {
  private let base: UnsafePointer<UInt8>
  private let count: Int
  private let isLS: Bool
  /// The next byte to load; at a marker it stays there.
  private(set) var position: Int
  /// Loaded bits, the next one topmost.
  private var window: UInt64 = 0
  private var loaded = 0
  private var padded = 0
  private var followsFF = false

  /// Starts at an offset; `bytes` must outlive this value. In JPEG a zero byte follows each 0xFF
  /// (T.81 section B.1.1.5), in JPEG-LS a zero bit (T.87 annex A.1).
  init(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int, isLS: Bool) {
    // An empty stream has no base address, and no byte of it is ever read.
    base = bytes.baseAddress ?? UnsafePointer(bitPattern: 1).unsafelyUnwrapped
    count = bytes.count
    position = offset
    self.isLS = isLS
  }

  /// Whether bits were used that the stream does not have.
  var isExhausted: Bool { padded > loaded }

  /// Loads at least 56 bits.
  @inline(__always)
  mutating func fill() {
    while loaded <= 56 { load() }
  }

  @inline(__always)
  private mutating func load() {
    var width = 8
    var byte: UInt8 = 0
    if position < count {
      byte = base[position]
      if byte == 0xFF {
        let next = position + 1 < count ? base[position + 1] : 0xFF
        if isLS ? next & 0x80 != 0 : next != 0 {
          byte = 0
          padded += 8
        } else {
          position += isLS ? 1 : 2
        }
      } else {
        position += 1
      }
      if isLS {
        if followsFF, byte & 0x80 == 0 { width = 7 }
        followsFF = byte == 0xFF
      }
    } else {
      padded += 8
    }
    window |= UInt64(byte) << (64 - UInt64(width) - UInt64(loaded))
    loaded += width
  }

  /// The next 16 bits, without using them up.
  @inline(__always)
  var peek16: Int { Int(window >> 48) }

  /// Uses up bits that `fill` has loaded.
  @inline(__always)
  mutating func skip(_ bits: Int) {
    window <<= UInt64(bits)
    loaded -= bits
  }

  /// The next bits (0 to 32) as a number; `fill` must have been called since the last 24 of them.
  @inline(__always)
  mutating func take(_ bits: Int) -> Int {
    guard bits > 0 else { return 0 }
    let value = Int(window >> (64 - UInt64(bits)))
    skip(bits)
    return value
  }

  /// How many zeros come before the next one, at most the bits loaded.
  @inline(__always)
  var leadingZeros: Int { min(window.leadingZeroBitCount, loaded) }

  /// Drops the bits that are left and moves behind the restart marker that must come.
  /// - Returns: `false` when another marker, or none, is there.
  mutating func restart(_ number: Int) -> Bool {
    while position < count, base[position] != 0xFF { position += 1 }
    while position + 1 < count, base[position + 1] == 0xFF { position += 1 }
    guard position + 1 < count, base[position + 1] == 0xD0 + UInt8(number & 7) else { return false }
    position += 2
    (window, loaded, padded, followsFF) = (0, 0, 0, false)
    return true
  }
}
