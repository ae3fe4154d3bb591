// The one file that imports libpng and zlib; all others see Swift types.
internal import CPNG

/// What libpng and zlib do for us, behind Swift types.
enum SystemCodecs {
  /// Why a compressed stream could not be expanded; offsets are in the compressed bytes.
  enum InflateFailure: Error {
    case truncated(at: Int)
    case damaged(String, at: Int)
    case trailingGarbage(at: Int, count: Int)
    case overLimit
    case outOfMemory
  }

  /// What libpng says went wrong.
  struct PNGFailure: Error {
    var message: String
  }

  /// How pixels are laid out in memory.
  enum PixelLayout {
    case grey8
    case rgb8

    var bytesPerPixel: Int { self == .grey8 ? 1 : 3 }
    fileprivate var format: UInt32 { self == .grey8 ? 0 : UInt32(PNG_FORMAT_FLAG_COLOR) }
  }
}

// MARK: - zlib

extension SystemCodecs {
  /// Expands gzip members one behind the other and keeps a range of the result.
  ///
  /// With `stopEarly` it returns once the range is filled, without checking what follows; else
  /// checksums are verified to the end, and only zero padding may follow the last member. A raw
  /// stream (`isRaw`) has no frame and no checksum, and ends where its last block ends.
  static func inflate(
    _ input: UnsafeRawBufferPointer, keeping kept: Range<Int>, limit: Int, stopEarly: Bool,
    isRaw: Bool = false
  ) throws -> [UInt8] {
    try expand(input, keeping: kept, limit: limit, stopEarly: stopEarly, isRaw: isRaw).kept
  }

  /// How many bytes a stream expands to, at most `limit`; verified as by `inflate`, and none is kept.
  ///
  /// Whoever asks first needs one piece of memory of the right size for it, and none for a stream that
  /// is refused.
  static func inflatedSize(
    _ input: UnsafeRawBufferPointer, limit: Int, isRaw: Bool = false
  ) throws -> Int {
    try expand(input, keeping: 0..<0, limit: limit, stopEarly: false, isRaw: isRaw).total
  }

  /// What is kept of an expanded stream, and how many bytes were expanded.
  private typealias Expanded = (kept: [UInt8], total: Int)

  private static func expand(
    _ input: UnsafeRawBufferPointer, keeping kept: Range<Int>, limit: Int, stopEarly: Bool,
    isRaw: Bool
  ) throws -> Expanded {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    // 15 bits of window; + 16: gzip framing only; negative: none.
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, isRaw ? -15 : 31, ZLIB_VERSION, size) == Z_OK else {
      throw InflateFailure.outOfMemory
    }
    defer { inflateEnd(stream) }
    return try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1 << 16) { buffer in
      try inflateMembers(stream, input, buffer, kept, limit, stopEarly, isRaw)
    }
  }

  private static func inflateMembers(
    _ stream: UnsafeMutablePointer<z_stream>, _ input: UnsafeRawBufferPointer,
    _ buffer: UnsafeMutableBufferPointer<UInt8>, _ kept: Range<Int>, _ limit: Int,
    _ stopEarly: Bool, _ isRaw: Bool
  ) throws -> Expanded {
    var result: [UInt8] = []
    // Deflate expands at most 1032 times, so a small file cannot make us reserve much.
    let most = input.count.multipliedReportingOverflow(by: 1032)
    let size = min(kept.count, most.overflow ? kept.count : most.partialValue)
    guard MemoryRequest.canBeHad(size) else { throw InflateFailure.outOfMemory }
    result.reserveCapacity(size)
    var fed = 0
    var total = 0
    while true {
      if stream.pointee.avail_in == 0 {
        let piece = min(input.count - fed, 1 << 30)
        guard piece > 0 else { throw InflateFailure.truncated(at: input.count) }
        let start = input.bindMemory(to: UInt8.self).baseAddress.map { $0 + fed }
        stream.pointee.next_in = UnsafeMutablePointer(mutating: start)
        stream.pointee.avail_in = UInt32(piece)
        fed += piece
      }
      stream.pointee.next_out = buffer.baseAddress
      stream.pointee.avail_out = UInt32(buffer.count)
      let code = CPNG.inflate(stream, Z_NO_FLUSH)
      let produced = buffer.count - Int(stream.pointee.avail_out)
      let from = min(max(kept.lowerBound - total, 0), produced)
      let to = min(max(kept.upperBound - total, from), produced)
      result.append(contentsOf: buffer[from..<to])
      total += produced
      if stopEarly && total >= kept.upperBound { return (result, total) }
      if total > limit { throw InflateFailure.overLimit }
      let at = fed - Int(stream.pointee.avail_in)
      switch code {
      case Z_OK: continue
      case Z_BUF_ERROR where produced == 0 && stream.pointee.avail_in == 0: continue
      case Z_STREAM_END:
        guard !isRaw, try anotherMember(input[at...]) else { return (result, total) }
        inflateReset(stream)
      case Z_MEM_ERROR: throw InflateFailure.outOfMemory
      default:
        let message = stream.pointee.msg.map { String(cString: $0) } ?? "damaged data"
        throw InflateFailure.damaged(message, at: at)
      }
    }
  }

  /// Whether another member follows; throws when something else does.
  private static func anotherMember(_ rest: UnsafeRawBufferPointer.SubSequence) throws -> Bool {
    guard let first = rest.first(where: { $0 != 0 }) else { return false }
    if first == 0x1F, rest.first == 0x1F { return true }
    throw InflateFailure.trailingGarbage(at: rest.startIndex, count: rest.count)
  }

  /// Compresses to one gzip member without name or time, or `nil` when memory runs out.
  static func deflate(_ input: UnsafeRawBufferPointer, level: Int) -> [UInt8]? {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    let size = Int32(MemoryLayout<z_stream>.size)
    guard
      deflateInit2_(
        stream, Int32(level), Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
    else { return nil }
    defer { deflateEnd(stream) }
    var result: [UInt8] = []
    var fed = 0
    var code = Z_OK
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1 << 16) { buffer in
      while code == Z_OK {
        if stream.pointee.avail_in == 0, fed < input.count {
          let piece = min(input.count - fed, 1 << 30)
          let start = input.bindMemory(to: UInt8.self).baseAddress.map { $0 + fed }
          stream.pointee.next_in = UnsafeMutablePointer(mutating: start)
          stream.pointee.avail_in = UInt32(piece)
          fed += piece
        }
        stream.pointee.next_out = buffer.baseAddress
        stream.pointee.avail_out = UInt32(buffer.count)
        code = CPNG.deflate(stream, fed == input.count ? Z_FINISH : Z_NO_FLUSH)
        result.append(contentsOf: buffer[..<(buffer.count - Int(stream.pointee.avail_out))])
      }
    }
    return code == Z_STREAM_END ? result : nil
  }
}

// MARK: - libpng

extension SystemCodecs {
  /// Reads the header of a PNG, lets `allocate` judge its size, then decodes into what it gave.
  ///
  /// Transparency is composed on black; 16-bit samples are reduced.
  static func decodePNG<Result>(
    _ bytes: UnsafeRawBufferPointer, layout: PixelLayout,
    into make: (
      _ width: Int, _ height: Int, _ decode: (UnsafeMutableRawPointer) throws -> Void
    ) throws -> Result
  ) throws -> Result {
    try withImage { image in
      guard png_image_begin_read_from_memory(image, bytes.baseAddress, bytes.count) != 0 else {
        throw PNGFailure(message: message(of: image.pointee))
      }
      image.pointee.format = layout.format
      image.pointee.flags |= UInt32(PNG_IMAGE_FLAG_16BIT_sRGB)
      return try make(Int(image.pointee.width), Int(image.pointee.height)) { pixels in
        var black = png_color()
        guard png_image_finish_read(image, &black, pixels, 0, nil) != 0 else {
          throw PNGFailure(message: message(of: image.pointee))
        }
      }
    }
  }

  /// Encodes 8-bit pixels, rows without padding.
  static func encodePNG(
    _ pixels: UnsafeRawBufferPointer, width: Int, height: Int, layout: PixelLayout
  ) throws -> [UInt8] {
    // Incompressible pixels grow by less than a quarter; the frame is under 1 kB.
    let capacity = pixels.count + pixels.count / 4 + height + 1024
    return try withImage { image in
      image.pointee.width = UInt32(width)
      image.pointee.height = UInt32(height)
      image.pointee.format = layout.format
      var failed: PNGFailure?
      let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        var size = png_alloc_size_t(capacity)
        let done = png_image_write_to_memory(
          image, buffer.baseAddress, &size, 0, pixels.baseAddress, 0, nil)
        if done == 0 { failed = PNGFailure(message: message(of: image.pointee)) }
        count = done == 0 ? 0 : Int(size)
      }
      if let failed { throw failed }
      return bytes
    }
  }

  /// Lends a control structure at a fixed address: libpng keeps a pointer to it between calls.
  private static func withImage<Result>(
    _ body: (UnsafeMutablePointer<png_image>) throws -> Result
  ) rethrows -> Result {
    let image = UnsafeMutablePointer<png_image>.allocate(capacity: 1)
    image.initialize(to: png_image())
    image.pointee.version = UInt32(PNG_IMAGE_VERSION)
    defer {
      png_image_free(image)
      image.deallocate()
    }
    return try body(image)
  }

  private static func message(of image: png_image) -> String {
    withUnsafeBytes(of: image.message) { raw in
      String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
