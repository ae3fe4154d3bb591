/// Compression in the gzip format (RFC 1952).
public enum GZip {
  /// The largest expanded size accepted by default: 2 GiB.
  public static let defaultLimit = 1 << 31

  /// Whether bytes begin with gzip's magic number.
  public static func isGZip(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.starts(with: [0x1F, 0x8B])
  }

  /// Expands one or several members and verifies their checksums.
  ///
  /// Zero bytes behind the last member are padding and allowed, as `gzip` does. The size is found out
  /// first, so that nothing is allocated for what is over the limit.
  /// - Parameters:
  ///   - limit: the largest expanded size in bytes.
  ///   - path: the path named in errors.
  /// - Throws: `ReadError` with the offset in the compressed bytes when they are truncated, damaged,
  ///   followed by something else, or expand beyond `limit`.
  public static func decompress(
    _ bytes: [UInt8], limit: Int = defaultLimit, path: String = ""
  ) throws -> [UInt8] {
    try describing(limit, path) {
      try bytes.withUnsafeBytes { raw -> [UInt8] in
        let size = try SystemCodecs.inflatedSize(raw, limit: limit)
        return try SystemCodecs.inflate(raw, keeping: 0..<size, limit: limit, stopEarly: false)
      }
    }
  }

  /// Expands everything and verifies it, but keeps only a range of the expanded bytes.
  ///
  /// Where the expanded bytes end before the range does, the result is shorter than the range.
  /// - Throws: as ``decompress(_:limit:path:)``.
  public static func decompress(
    _ bytes: [UInt8], keeping range: Range<Int>, limit: Int = defaultLimit, path: String = ""
  ) throws -> [UInt8] {
    try inflate(bytes, range, limit, stopEarly: false, path)
  }

  /// The first `count` expanded bytes (fewer when there are fewer), without verifying the rest.
  /// - Throws: `ReadError` when the bytes are truncated or damaged before that.
  public static func prefix(_ bytes: [UInt8], count: Int, path: String = "") throws -> [UInt8] {
    try inflate(bytes, 0..<max(0, count), .max, stopEarly: true, path)
  }

  /// Expands a raw deflate stream (RFC 1951), without gzip's frame and checksum; what follows it is
  /// not looked at.
  /// - Parameter offset: where the stream begins.
  /// - Throws: `ReadError` when it is truncated, damaged or expands beyond `limit`.
  static func inflateRaw(
    _ bytes: [UInt8], from offset: Int, limit: Int, path: String
  ) throws -> [UInt8] {
    try describing(limit, path, field: "deflated data set") {
      try bytes.withUnsafeBytes { raw -> [UInt8] in
        let stream = UnsafeRawBufferPointer(rebasing: raw[offset...])
        let size = try SystemCodecs.inflatedSize(stream, limit: limit, isRaw: true)
        return try SystemCodecs.inflate(
          stream, keeping: 0..<size, limit: limit, stopEarly: false, isRaw: true)
      }
    }
  }

  /// Compresses to one member; the same bytes and level always give the same result.
  ///
  /// No name and no time are stored.
  /// - Parameter level: 0 (stored) to 9 (smallest).
  /// - Throws: `WriteError` when memory runs out.
  public static func compress(_ bytes: [UInt8], level: Int = 6) throws -> [UInt8] {
    let level = min(max(level, 0), 9)
    guard let result = bytes.withUnsafeBytes({ SystemCodecs.deflate($0, level: level) }) else {
      throw WriteError(path: "", problem: "not enough memory to compress \(bytes.count) bytes")
    }
    return result
  }

  private static func inflate(
    _ bytes: [UInt8], _ range: Range<Int>, _ limit: Int, stopEarly: Bool, _ path: String
  ) throws -> [UInt8] {
    try describing(limit, path) {
      try bytes.withUnsafeBytes {
        try SystemCodecs.inflate($0, keeping: range, limit: limit, stopEarly: stopEarly)
      }
    }
  }

  /// Says in the words of a `ReadError` why an expansion failed.
  private static func describing(
    _ limit: Int, _ path: String, field: String = "gzip", _ expand: () throws -> [UInt8]
  ) throws -> [UInt8] {
    do { return try expand() } catch let failure as SystemCodecs.InflateFailure {
      throw describe(failure, limit, path, field: field)
    }
  }

  private static func describe(
    _ failure: SystemCodecs.InflateFailure, _ limit: Int, _ path: String, field: String
  ) -> ReadError {
    let again = "copy the file again"
    return switch failure {
    case .truncated(let at):
      ReadError(
        path: path, field: field, offset: at, problem: "compressed data is truncated",
        advice: again)
    case .damaged(let message, let at):
      ReadError(
        path: path, field: field, offset: at, problem: "compressed data is damaged: \(message)",
        advice: again)
    case .trailingGarbage(let at, let count):
      ReadError(
        path: path, field: field, offset: at,
        problem: "\(count) bytes that are not gzip follow the compressed data", advice: again)
    case .overLimit:
      ReadError(
        path: path, field: field, problem: "expands to more than the limit of \(limit) bytes",
        advice:
          "it is damaged or made to exhaust memory; one that is sound is to be expanded with another "
          + "tool first (gunzip, or dcmconv for deflated DICOM)")
    case .outOfMemory:
      ReadError(
        path: path, field: field, problem: "not enough memory to expand it",
        advice: "read it where more memory is free, or expand it with another tool first")
    }
  }
}
