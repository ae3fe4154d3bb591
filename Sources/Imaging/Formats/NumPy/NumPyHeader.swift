/// The header of a `.npy` file (NumPy enhancement proposal 1).
struct NumPyHeader {
  /// `\x93NUMPY`.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// How one element is stored.
  enum Element {
    case boolean, int8, int16, int32, int64, uint8, uint16, uint32, uint64
    case float16, float32, float64

    /// The type behind the byte-order character, such as `f8`.
    init?(code: String) {
      switch code {
      case "b1": self = .boolean
      case "i1": self = .int8
      case "i2": self = .int16
      case "i4": self = .int32
      case "i8": self = .int64
      case "u1": self = .uint8
      case "u2": self = .uint16
      case "u4": self = .uint32
      case "u8": self = .uint64
      case "f2": self = .float16
      case "f4": self = .float32
      case "f8": self = .float64
      default: return nil
      }
    }

    /// Bytes an element.
    var size: Int {
      switch self {
      case .boolean, .int8, .uint8: 1
      case .int16, .uint16, .float16: 2
      case .int32, .uint32, .float32: 4
      case .int64, .uint64, .float64: 8
      }
    }
  }

  let element: Element
  let order: ByteOrder
  let isFortranOrder: Bool
  let shape: [Int]
  /// Where the elements begin.
  let dataOffset: Int

  static func parse(_ bytes: [UInt8], path: String) throws(ReadError) -> NumPyHeader {
    var cursor = ByteCursor(bytes, path: path, order: .little)
    guard bytes.starts(with: magic) else {
      throw cursor.error("is not a .npy file", field: "magic", offset: 0)
    }
    try cursor.seek(to: magic.count)
    let version: UInt8 = try cursor.read(field: "version")
    _ = try cursor.read(UInt8.self, field: "version")
    guard (1...3).contains(version) else {
      throw cursor.error(
        "is \(version); 1 to 3 are known", field: "version", offset: magic.count,
        advice: "write the file again with numpy.save")
    }
    let length =
      version == 1
      ? Int(try cursor.read(UInt16.self, field: "header length"))
      : Int(try cursor.read(UInt32.self, field: "header length"))
    let start = cursor.position
    // NumPy itself trusts no longer header.
    guard length <= 1 << 16 else {
      throw cursor.error("of \(length) bytes is too long", field: "header length", offset: 8)
    }
    let text = try cursor.readBytes(length, field: "header")
    var parser = PythonLiteralParser(text, path: path)
    guard case .mapping(let fields) = try parser.parse() else {
      throw cursor.error("is not a dictionary", field: "header", offset: start)
    }
    let (element, order) = try element(fields["descr"], cursor, start)
    guard case .boolean(let isFortranOrder) = fields["fortran_order"] else {
      throw cursor.error("is missing or no boolean", field: "fortran_order", offset: start)
    }
    return NumPyHeader(
      element: element, order: order, isFortranOrder: isFortranOrder,
      shape: try shape(fields["shape"], cursor, start), dataOffset: start + length)
  }

  private static func element(
    _ value: PythonLiteral?, _ cursor: ByteCursor, _ at: Int
  ) throws(ReadError) -> (Element, ByteOrder) {
    guard case .text(let descr) = value else {
      throw cursor.error(
        value == nil ? "is missing" : "is a record type, which is not read", field: "descr",
        offset: at, advice: "save a plain numeric array")
    }
    guard let mark = descr.first, let element = Element(code: String(descr.dropFirst())) else {
      throw cursor.error(
        "'\(descr)' (\(name(ofUnsupported: descr))) is not read", field: "descr", offset: at,
        advice: "save a plain numeric array")
    }
    switch mark {
    case "<", "|": return (element, .little)
    case ">": return (element, .big)
    case "=": return (element, 1.littleEndian == 1 ? .little : .big)
    default:
      throw cursor.error("'\(descr)' has no known byte order", field: "descr", offset: at)
    }
  }

  private static func name(ofUnsupported descr: String) -> String {
    switch descr.dropFirst().first {
    case "O": "Python objects"
    case "S", "U", "a": "texts"
    case "c": "complex numbers"
    case "M", "m": "dates or times"
    case "V": "records"
    case "f": "extended floats"
    default: "unknown"
    }
  }

  private static func shape(
    _ value: PythonLiteral?, _ cursor: ByteCursor, _ at: Int
  ) throws(ReadError) -> [Int] {
    guard case .sequence(let items) = value, items.count <= 64 else {
      throw cursor.error("is missing or no list of sizes", field: "shape", offset: at)
    }
    var result: [Int] = []
    for item in items {
      guard case .integer(let size) = item, size >= 0 else {
        throw cursor.error("has a size that is no whole number", field: "shape", offset: at)
      }
      result.append(size)
    }
    return result
  }

  /// The number of elements, checked against the bytes there are.
  func elementCount(_ bytes: [UInt8], path: String) throws(ReadError) -> Int {
    guard let count = RawNumbers.product(shape), count <= NumPy.maximumElements else {
      throw ReadError(
        path: path, field: "shape", offset: 8,
        problem: "\(shape) has more than \(NumPy.maximumElements) elements")
    }
    let expected = count * element.size
    let have = bytes.count - dataOffset
    if have < expected {
      throw ReadError(
        path: path, field: "data", offset: bytes.count,
        problem: "ends here, \(expected - have) bytes too early",
        advice: "the file is truncated; copy it again")
    }
    if have > expected {
      throw ReadError(
        path: path, field: "data", offset: dataOffset + expected,
        problem: "has \(have - expected) bytes behind the array", advice: "save one array a file")
    }
    return count
  }
}

extension NumPyHeader.Element {
  /// The elements as doubles.
  func decode(
    _ raw: UnsafeRawBufferPointer, count: Int, order: ByteOrder
  ) -> [Double] {
    func numbers<Number: FixedWidthInteger>(
      _ type: Number.Type, _ transform: (Number) -> Double
    ) -> [Double] {
      RawNumbers.decode(raw, count: count, order: order, as: type, transform)
    }
    return switch self {
    case .boolean: numbers(UInt8.self) { $0 == 0 ? 0 : 1 }
    case .int8: numbers(Int8.self) { Double($0) }
    case .int16: numbers(Int16.self) { Double($0) }
    case .int32: numbers(Int32.self) { Double($0) }
    case .int64: numbers(Int64.self) { Double($0) }
    case .uint8: numbers(UInt8.self) { Double($0) }
    case .uint16: numbers(UInt16.self) { Double($0) }
    case .uint32: numbers(UInt32.self) { Double($0) }
    case .uint64: numbers(UInt64.self) { Double($0) }
    case .float16: numbers(UInt16.self) { Double(RawNumbers.float(half: $0)) }
    case .float32: numbers(UInt32.self) { Double(Float(bitPattern: $0)) }
    case .float64: numbers(UInt64.self) { Double(bitPattern: $0) }
    }
  }
}
