/// The numeric voxel types of NIfTI, with the code stored in `datatype`.
public enum NIfTIDataType: Int, CaseIterable, Sendable {
  /// Unsigned 8-bit integers.
  case uint8 = 2
  /// Signed 16-bit integers.
  case int16 = 4
  /// Signed 32-bit integers.
  case int32 = 8
  /// IEEE singles.
  case float32 = 16
  /// IEEE doubles.
  case float64 = 64
  /// Signed 8-bit integers.
  case int8 = 256
  /// Unsigned 16-bit integers.
  case uint16 = 512
  /// Unsigned 32-bit integers.
  case uint32 = 768
  /// Signed 64-bit integers.
  case int64 = 1024
  /// Unsigned 64-bit integers.
  case uint64 = 1280

  /// Bytes a voxel.
  public var bytesPerVoxel: Int {
    switch self {
    case .uint8, .int8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  /// The representable integers, or `nil` for the floating types.
  var integerRange: ClosedRange<Double>? {
    switch self {
    case .uint8: 0...255
    case .int8: -128...127
    case .int16: -32768...32767
    case .uint16: 0...65535
    case .int32: -2_147_483_648...2_147_483_647
    case .uint32: 0...4_294_967_295
    // A double's largest integers inside the type.
    case .int64: -0x1p63...0x1.fffffffffffffp62
    case .uint64: 0...0x1.fffffffffffffp63
    case .float32, .float64: nil
    }
  }

  /// The standard's name of a datatype code we do not read, or of one unknown.
  static func nameOfUnsupported(code: Int) -> String {
    switch code {
    case 0: "unknown (0)"
    case 1: "binary (1)"
    case 32: "complex64 (32)"
    case 128: "RGB24 (128)"
    case 1536: "float128 (1536)"
    case 1792: "complex128 (1792)"
    case 2048: "complex256 (2048)"
    case 2304: "RGBA32 (2304)"
    default: "not in the standard (\(code))"
    }
  }
}
