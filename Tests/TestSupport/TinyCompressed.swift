internal import Imaging

/// Compressed streams with stored blocks only, made without zlib.
public enum TinyCompressed {
  /// A deflate stream of one stored block (RFC 1951, section 3.2.4); at most 65535 bytes.
  public static func deflateStored(_ bytes: [UInt8]) -> [UInt8] {
    var b = ByteBuilder()
    b.append(UInt8(1))
    b.append(UInt16(bytes.count))
    b.append(~UInt16(bytes.count))
    b.append(raw: bytes)
    return b.bytes
  }

  /// A gzip member without name and time (RFC 1952).
  public static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var b = ByteBuilder()
    b.append(raw: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3])
    b.append(raw: deflateStored(bytes))
    b.append(crc32(bytes))
    b.append(UInt32(bytes.count))
    return b.bytes
  }

  /// A PNG of 8 or 16 bits a sample; `samples` are row-major bytes without filter marks.
  /// - Parameter colorType: 0 grey, 2 RGB, 4 grey and alpha, 6 RGBA.
  public static func png(
    width: Int, height: Int, bitDepth: Int = 8, colorType: Int, samples: [UInt8]
  ) -> [UInt8] {
    var ihdr = ByteBuilder(order: .big)
    ihdr.append(UInt32(truncatingIfNeeded: width))
    ihdr.append(UInt32(truncatingIfNeeded: height))
    ihdr.append(raw: [UInt8(bitDepth), UInt8(colorType), 0, 0, 0])
    let row = height > 0 ? samples.count / height : 0
    var scanlines: [UInt8] = []
    for r in 0..<(row > 0 ? height : 0) { scanlines += [0] + samples[r * row..<(r + 1) * row] }
    var zlib = ByteBuilder(order: .big)
    zlib.append(raw: [0x78, 0x01])
    zlib.append(raw: deflateStored(scanlines))
    zlib.append(adler32(scanlines))
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", ihdr.bytes)
      + chunk("IDAT", zlib.bytes) + chunk("IEND", [])
  }

  /// A PNG chunk with its checksum.
  public static func chunk(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
    var b = ByteBuilder(order: .big)
    b.append(UInt32(bytes.count))
    b.append(raw: Array(name.utf8) + bytes)
    b.append(crc32(Array(name.utf8) + bytes))
    return b.bytes
  }

  /// The CRC-32 of gzip and PNG, bit by bit.
  public static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }

  private static func adler32(_ bytes: [UInt8]) -> UInt32 {
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    return b << 16 | a
  }
}
