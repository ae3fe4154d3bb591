/// RLE Lossless: one PackBits segment for each byte of the pixels, the highest first (PS3.5 annex G).
enum RLELossless {
  /// The stored words of one grey frame.
  /// - Throws: `ReadError` when segments are missing, overlap the header, or have too few pixels.
  static func decode(_ stream: Codestream, pixelCount: Int, bytesPerPixel: Int) throws -> [UInt16] {
    let bytes = stream.bytes
    guard bytes.count >= 64 else { throw stream.truncated }
    let header = bytes.withUnsafeBytes {
      RawNumbers.decode($0, count: 16, order: .little, as: UInt32.self) { Int($0) }
    }
    guard header[0] == bytesPerPixel else {
      throw stream.damaged("\(header[0]) RLE segments instead of \(bytesPerPixel)")
    }
    // A pair of bytes gives at most 128 pixels: what cannot be there is not allocated.
    guard bytes.count * 64 >= pixelCount else { throw stream.truncated }
    var words = [UInt16](repeating: 0, count: pixelCount)
    for segment in 0..<bytesPerPixel {
      let start = header[1 + segment]
      let end = segment + 1 < bytesPerPixel ? header[2 + segment] : bytes.count
      guard start >= 64, start <= end, end <= bytes.count else {
        throw stream.damaged("RLE segment \(segment + 1) lies outside the frame")
      }
      let shift = 8 * (bytesPerPixel - 1 - segment)
      guard unpack(bytes[start..<end], shift: shift, into: &words) else { throw stream.truncated }
    }
    return words
  }

  /// Expands a segment into one byte of each word; `false` when it ends too early.
  private static func unpack(
    _ segment: ArraySlice<UInt8>, shift: Int, into words: inout [UInt16]
  ) -> Bool {
    segment.withUnsafeBufferPointer { input in
      words.withUnsafeMutableBufferPointer { output in
        var (at, to) = (0, 0)
        while to < output.count, at < input.count {
          let control = Int(Int8(bitPattern: input[at]))
          at += 1
          if control >= 0 {
            let count = min(control + 1, output.count - to)
            guard count <= input.count - at else { return false }
            for n in 0..<count { output[to + n] |= UInt16(input[at + n]) << shift }
            at += control + 1
            to += count
          } else if control > -128 {
            guard at < input.count else { return false }
            let value = UInt16(input[at]) << shift
            let count = min(1 - control, output.count - to)
            for n in 0..<count { output[to + n] |= value }
            at += 1
            to += count
          }
        }
        return to == output.count
      }
    }
  }
}
