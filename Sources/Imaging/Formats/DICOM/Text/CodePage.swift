internal import Foundation

/// Text in the code tables of the C library.
enum CodePage {
  /// The text of bytes in a named encoding; what cannot be decoded, all beyond ASCII where the C
  /// library has not the table, becomes U+FFFD.
  static func decode(_ bytes: ArraySlice<UInt8>, from name: String) -> String {
    guard let converter = iconv_open("UTF-8", name), Int(bitPattern: converter) != -1 else {
      return String(
        String.UnicodeScalarView(bytes.map { $0 < 0x80 ? Unicode.Scalar($0) : "\u{FFFD}" }))
    }
    defer { iconv_close(converter) }
    var input = Array(bytes)
    var output: [UInt8] = []
    input.withUnsafeMutableBytes { source in
      guard let base = source.baseAddress else { return }
      var at = 0
      while at < source.count {
        at += convert(converter, base + at, source.count - at, &output)
        guard at < source.count else { break }
        // A byte that begins no character is replaced, and the next one tried.
        output.append(contentsOf: "\u{FFFD}".utf8)
        at += 1
        _ = iconv(converter, nil, nil, nil, nil)
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// Converts as much as can be and returns how many bytes that was.
  private static func convert(
    _ converter: iconv_t, _ source: UnsafeMutableRawPointer, _ count: Int, _ output: inout [UInt8]
  ) -> Int {
    var next: UnsafeMutablePointer<CChar>? = source.assumingMemoryBound(to: CChar.self)
    var left = count
    // No character of these tables takes more than four bytes of UTF-8, or two characters.
    let capacity = count * 8 + 16
    output.append(
      contentsOf: [UInt8](unsafeUninitializedCapacity: capacity) { buffer, filled in
        buffer.withMemoryRebound(to: CChar.self) { room in
          var place = room.baseAddress
          var free = capacity
          _ = iconv(converter, &next, &left, &place, &free)
          filled = capacity - free
        }
      })
    return count - left
  }
}
