/// The order of the bytes of a number in a file.
public enum ByteOrder: Sendable {
  /// Least significant byte first.
  case little
  /// Most significant byte first.
  case big
}

/// Bounds-checked reading of numbers and text from bytes; every failure carries the offset.
///
/// `get(at:)` is pure; `read` advances `position` and leaves it unchanged when it throws.
public struct ByteCursor: Sendable {
  /// The bytes; shared, not copied.
  public let bytes: [UInt8]
  /// The path named in errors; empty for bytes in memory.
  public let path: String
  /// The byte order of the numbers; may change while reading (DICOM, NIfTI).
  public var order: ByteOrder
  /// Where the next `read` starts: 0...bytes.count.
  public private(set) var position = 0

  /// Makes a cursor at the first byte.
  public init(_ bytes: [UInt8], path: String = "", order: ByteOrder) {
    self.bytes = bytes
    self.path = path
    self.order = order
  }

  /// Bytes from the position to the end.
  public var remaining: Int { bytes.count - position }

  /// The integer at an offset.
  /// - Throws: `ReadError` when it does not lie wholly inside the bytes.
  public func get<Number: FixedWidthInteger>(
    at offset: Int, as type: Number.Type = Number.self, field: String? = nil
  ) throws(ReadError) -> Number {
    let size = MemoryLayout<Number>.size
    try require(size, at: offset, field)
    let raw = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: type) }
    return order == .little ? Number(littleEndian: raw) : Number(bigEndian: raw)
  }

  /// The IEEE single at an offset, as a double.
  /// - Throws: `ReadError` when it does not lie wholly inside the bytes.
  public func getFloat32(at offset: Int, field: String? = nil) throws(ReadError) -> Double {
    Double(Float(bitPattern: try get(at: offset, as: UInt32.self, field: field)))
  }

  /// The IEEE double at an offset.
  /// - Throws: `ReadError` when it does not lie wholly inside the bytes.
  public func getFloat64(at offset: Int, field: String? = nil) throws(ReadError) -> Double {
    Double(bitPattern: try get(at: offset, as: UInt64.self, field: field))
  }

  /// `count` bytes from an offset.
  /// - Throws: `ReadError` when they do not lie wholly inside.
  public func getBytes(
    at offset: Int, count: Int, field: String? = nil
  ) throws(ReadError) -> ArraySlice<UInt8> {
    try require(count, at: offset, field)
    return bytes[offset..<offset + count]
  }

  /// A fixed-width text field up to its first NUL; invalid UTF-8 becomes U+FFFD.
  ///
  /// The text is as the file has it: clean it before display.
  /// - Throws: `ReadError` when the field does not lie wholly inside.
  public func getText(
    at offset: Int, count: Int, field: String? = nil
  ) throws(ReadError) -> String {
    String(
      decoding: try getBytes(at: offset, count: count, field: field).prefix { $0 != 0 },
      as: UTF8.self)
  }

  /// The integer at the position, which moves behind it.
  /// - Throws: `ReadError` when too few bytes remain.
  public mutating func read<Number: FixedWidthInteger>(
    _ type: Number.Type = Number.self, field: String? = nil
  ) throws(ReadError) -> Number {
    let value = try get(at: position, as: type, field: field)
    position += MemoryLayout<Number>.size
    return value
  }

  /// `count` bytes from the position, which moves behind them.
  /// - Throws: `ReadError` when too few bytes remain.
  public mutating func readBytes(
    _ count: Int, field: String? = nil
  ) throws(ReadError) -> ArraySlice<UInt8> {
    let value = try getBytes(at: position, count: count, field: field)
    position += count
    return value
  }

  /// Moves the position to an offset in 0...bytes.count.
  /// - Throws: `ReadError` when it lies outside.
  public mutating func seek(to offset: Int, field: String? = nil) throws(ReadError) {
    try require(0, at: offset, field)
    position = offset
  }

  /// An error at an offset of this file.
  public func error(
    _ problem: String, field: String? = nil, offset: Int? = nil, advice: String? = nil
  ) -> ReadError {
    ReadError(path: path, field: field, offset: offset, problem: problem, advice: advice)
  }

  private func require(_ count: Int, at offset: Int, _ field: String?) throws(ReadError) {
    guard offset >= 0, offset <= bytes.count, count >= 0, count <= bytes.count - offset else {
      let have = max(0, bytes.count - max(0, offset))
      throw error(
        "needs \(count) bytes, \(have) are there", field: field, offset: offset,
        advice: "the file is truncated or damaged; copy it again")
    }
  }
}
