public import Foundation

/// Arrays in NumPy's `.npy` files, versions 1 to 3.
public enum NumPy {
  /// The most elements that are read: 2^29.
  public static let maximumElements = 1 << 29

  /// How the elements of a written file are stored.
  public enum ElementType: Sendable {
    /// IEEE singles, `<f4`.
    case float32
    /// IEEE doubles, `<f8`.
    case float64
  }

  /// Reads an array of booleans, integers or floats, of either byte order and either axis order.
  ///
  /// 64-bit integers beyond 2^53 are rounded.
  /// - Throws: `ReadError` naming field and offset; objects, texts, records, dates and complex
  ///   numbers are refused by name.
  public static func read(_ url: URL) throws -> NumPyArray {
    try decode(try FileBytes.read(url), path: url.path)
  }

  /// Reads an array from the bytes of a file.
  /// - Throws: `ReadError`, as ``read(_:)``.
  public static func decode(
    _ bytes: [UInt8], path: String = ""
  ) throws(ReadError) -> NumPyArray {
    let header = try NumPyHeader.parse(bytes, path: path)
    let count = try header.elementCount(bytes, path: path)
    try MemoryRequest.check(count * MemoryLayout<Double>.stride, path: path)
    let values = bytes.withUnsafeBytes { raw in
      header.element.decode(
        UnsafeRawBufferPointer(rebasing: raw[header.dataOffset...]), count: count,
        order: header.order)
    }
    let ordered = header.isFortranOrder ? rowMajor(values, header.shape) : values
    return NumPyArray(shape: header.shape, values: ordered)
  }

  /// Writes an array atomically, version 1, little-endian, last index fastest.
  /// - Throws: `WriteError`.
  public static func write(
    _ array: NumPyArray, to url: URL, as type: ElementType = .float64
  ) throws {
    try AtomicFile.write(encode(array, as: type), to: url)
  }

  /// The array as the bytes of a file.
  public static func encode(_ array: NumPyArray, as type: ElementType = .float64) -> [UInt8] {
    let sizes = array.shape.map(String.init).joined(separator: ", ")
    let shape = array.shape.count == 1 ? "(\(sizes),)" : "(\(sizes))"
    let descr = type == .float32 ? "<f4" : "<f8"
    var text = "{'descr': '\(descr)', 'fortran_order': False, 'shape': \(shape), }"
    // Magic, version, length, text and a line feed fill a multiple of 64 bytes.
    text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    var bytes = NumPyHeader.magic + [1, 0]
    RawNumbers.append([UInt16(text.utf8.count)], to: &bytes)
    bytes += Array(text.utf8)
    switch type {
    case .float32: RawNumbers.append(array.values.lazy.map { Float($0).bitPattern }, to: &bytes)
    case .float64: RawNumbers.append(array.values.lazy.map(\.bitPattern), to: &bytes)
    }
    return bytes
  }

  /// Values whose first index runs fastest, rearranged so that the last does.
  private static func rowMajor(_ values: [Double], _ shape: [Int]) -> [Double] {
    guard shape.count > 1, !values.isEmpty else { return values }
    var strides: [Int] = []
    var stride = 1
    for size in shape {
      strides.append(stride)
      stride *= size
    }
    var index = [Int](repeating: 0, count: shape.count)
    var offset = 0
    var result: [Double] = []
    result.reserveCapacity(values.count)
    for _ in values.indices {
      result.append(values[offset])
      var axis = shape.count - 1
      while axis >= 0 {
        index[axis] += 1
        offset += strides[axis]
        if index[axis] < shape[axis] { break }
        offset -= strides[axis] * shape[axis]
        index[axis] = 0
        axis -= 1
      }
    }
    return result
  }
}
