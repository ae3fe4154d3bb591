public import Imaging

/// A DICOM data set put together element by element, for tests of the reader.
public struct TinyDICOM: Sendable {
  /// How a file is encoded.
  public enum Encoding: Hashable, Sendable {
    /// Uncompressed pixels.
    case implicitLittle, explicitLittle, explicitBig, deflated
    /// Compressed pixels.
    case rle
    /// Process 14 with a predictor (1-7) and rows between restarts (0 for none).
    case jpegLossless(predictor: Int, restartRows: Int)
    /// JPEG-LS with the largest error (0 is lossless).
    case jpegLS(near: Int)

    /// The transfer syntax.
    public var syntax: DICOMTransferSyntax {
      switch self {
      case .implicitLittle: .implicitLittle
      case .explicitLittle: .explicitLittle
      case .explicitBig: .explicitBig
      case .deflated: .deflated
      case .rle: .rleLossless
      case .jpegLossless(let predictor, _): predictor == 1 ? .jpegLosslessSV1 : .jpegLossless
      case .jpegLS(let near): near == 0 ? .jpegLSLossless : .jpegLSNearLossless
      }
    }
  }

  /// Whether elements state their representation.
  public let isExplicit: Bool
  /// The byte order.
  public let order: ByteOrder
  /// The elements so far.
  public private(set) var bytes: [UInt8] = []

  /// Starts an empty data set.
  public init(explicit: Bool = true, order: ByteOrder = .little) {
    isExplicit = explicit
    self.order = order
  }

  /// Starts an empty data set of a syntax.
  public init(_ syntax: DICOMTransferSyntax) {
    self.init(explicit: syntax.isExplicit, order: syntax.order)
  }

  private func number(_ value: some FixedWidthInteger) -> [UInt8] {
    var builder = ByteBuilder(order: order)
    builder.append(value)
    return builder.bytes
  }

  /// Appends bytes as they are.
  public mutating func append(raw: [UInt8]) { bytes += raw }

  /// Appends a tag, representation and length; `nil` is an undefined length.
  public mutating func header(_ tag: DICOMTag, _ vr: String, length: Int?) {
    bytes += number(tag.group) + number(tag.element)
    let stated = UInt32(truncatingIfNeeded: length ?? Int(UInt32.max))
    if !isExplicit || tag.group == 0xFFFE {
      bytes += number(stated)
    } else if ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]
      .contains(vr)
    {
      bytes += Array(vr.utf8) + [0, 0] + number(stated)
    } else {
      bytes += Array(vr.utf8) + number(UInt16(truncatingIfNeeded: length ?? 0xFFFF))
    }
  }

  /// Appends an element with bytes, padded to an even length.
  public mutating func add(_ tag: DICOMTag, _ vr: String, raw: [UInt8]) {
    let padding: [UInt8] = raw.count % 2 == 0 ? [] : [vr == "UI" || vr == "OB" ? 0 : 0x20]
    header(tag, vr, length: raw.count + padding.count)
    bytes += raw + padding
  }

  /// Appends a text.
  public mutating func add(_ tag: DICOMTag, _ vr: String, _ text: String) {
    add(tag, vr, raw: Array(text.utf8))
  }

  /// Appends 16-bit numbers.
  public mutating func add(_ tag: DICOMTag, _ vr: String, _ numbers: [Int]) {
    add(tag, vr, raw: numbers.flatMap { number(UInt16(truncatingIfNeeded: $0)) })
  }

  /// Appends numbers as text.
  public mutating func add(_ tag: DICOMTag, _ vr: String, decimals: [Double]) {
    add(tag, vr, decimals.map { String(Float($0)) }.joined(separator: "\\"))
  }

  /// Appends doubles.
  public mutating func add(_ tag: DICOMTag, doubles: [Double]) {
    add(tag, "FD", raw: doubles.flatMap { number($0.bitPattern) })
  }

  /// Appends a sequence; lengths are undefined unless `defined`.
  public mutating func add(
    _ tag: DICOMTag, vr: String = "SQ", items: [TinyDICOM], defined: Bool = false
  ) {
    var body = TinyDICOM(explicit: isExplicit, order: order)
    for item in items {
      body.header(DICOMTag(0xFFFE, 0xE000), "", length: defined ? item.bytes.count : nil)
      body.append(raw: item.bytes)
      if !defined { body.header(DICOMTag(0xFFFE, 0xE00D), "", length: 0) }
    }
    header(tag, vr, length: defined ? body.bytes.count : nil)
    bytes += body.bytes
    if !defined { header(DICOMTag(0xFFFE, 0xE0DD), "", length: 0) }
  }

  /// Appends pixels in fragments; `table` is the basic offset table.
  public mutating func addFragments(_ fragments: [[UInt8]], table: [Int] = []) {
    header(.pixelData, "OB", length: nil)
    let offsets = table.flatMap { number(UInt32($0)) }
    for fragment in [offsets] + fragments {
      let padded = fragment.count % 2 == 0 ? fragment : fragment + [0]
      header(DICOMTag(0xFFFE, 0xE000), "", length: padded.count)
      bytes += padded
    }
    header(DICOMTag(0xFFFE, 0xE0DD), "", length: 0)
  }

  /// The Part 10 file: preamble, meta information, data set.
  public func file(_ syntax: DICOMTransferSyntax) throws -> [UInt8] {
    var meta = TinyDICOM()
    meta.add(DICOMTag(0x0002, 0x0001), "OB", raw: [0, 1])
    meta.add(.transferSyntaxUID, "UI", syntax.uid)
    meta.add(DICOMTag(0x0002, 0x0012), "UI", "1.2.3.4")
    var length = TinyDICOM()
    length.header(DICOMTag(0x0002, 0x0000), "UL", length: 4)
    var count = ByteBuilder()
    count.append(UInt32(meta.bytes.count))
    // A gzip member without its frame of 10 and 8 bytes is a raw deflate stream.
    let body = syntax.isDeflated ? Array(try GZip.compress(bytes).dropFirst(10).dropLast(8)) : bytes
    return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + length.bytes + count.bytes
      + meta.bytes + body
  }
}
