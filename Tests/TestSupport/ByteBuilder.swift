public import Imaging

/// Bytes put together number by number, in a chosen order.
public struct ByteBuilder: Sendable {
  /// The bytes so far.
  public private(set) var bytes: [UInt8]
  /// The byte order of the numbers.
  public let order: ByteOrder

  /// Starts with zero bytes.
  public init(zeros: Int = 0, order: ByteOrder = .little) {
    bytes = [UInt8](repeating: 0, count: zeros)
    self.order = order
  }

  /// Appends an integer.
  public mutating func append(_ number: some FixedWidthInteger) {
    let ordered = order == .little ? number.littleEndian : number.bigEndian
    withUnsafeBytes(of: ordered) { bytes.append(contentsOf: $0) }
  }

  /// Appends bytes as they are.
  public mutating func append(raw: some Sequence<UInt8>) { bytes.append(contentsOf: raw) }

  /// Overwrites an integer at an offset.
  public mutating func put(_ number: some FixedWidthInteger, at offset: Int) {
    let ordered = order == .little ? number.littleEndian : number.bigEndian
    withUnsafeBytes(of: ordered) { bytes.replaceSubrange(offset..<offset + $0.count, with: $0) }
  }

  /// Overwrites a single at an offset.
  public mutating func put(_ number: Float, at offset: Int) { put(number.bitPattern, at: offset) }

  /// Overwrites a double at an offset.
  public mutating func put(_ number: Double, at offset: Int) { put(number.bitPattern, at: offset) }

  /// Overwrites bytes at an offset.
  public mutating func put(raw: [UInt8], at offset: Int) {
    bytes.replaceSubrange(offset..<offset + raw.count, with: raw)
  }
}
