/// The element types of safetensors that are read.
enum TensorType: String {
  case float64 = "F64"
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int64 = "I64"
  case int32 = "I32"
  case int16 = "I16"
  case int8 = "I8"
  case uint16 = "U16"
  case uint8 = "U8"
  case boolean = "BOOL"

  /// Bytes an element.
  var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16, .int16, .uint16: 2
    case .int8, .uint8, .boolean: 1
    }
  }

  /// The type that elements are written in.
  init(_ elements: Tensor.Elements) {
    self =
      switch elements {
      case .float32: .float32
      case .float64: .float64
      case .int64: .int64
      case .int32: .int32
      case .int16: .int16
      case .int8: .int8
      case .uint16: .uint16
      case .uint8: .uint8
      case .boolean: .boolean
      }
  }

  /// The elements in little-endian bytes; half and bfloat16 become float32, without loss.
  func decode(_ raw: UnsafeRawBufferPointer, count: Int) -> Tensor.Elements {
    func numbers<Number: FixedWidthInteger, Value>(
      _ type: Number.Type, _ transform: (Number) -> Value
    ) -> [Value] {
      RawNumbers.decode(raw, count: count, order: .little, as: type, transform)
    }
    return switch self {
    case .float64: .float64(numbers(UInt64.self) { Double(bitPattern: $0) })
    case .float32: .float32(numbers(UInt32.self) { Float(bitPattern: $0) })
    case .float16: .float32(numbers(UInt16.self) { RawNumbers.float(half: $0) })
    case .bfloat16: .float32(numbers(UInt16.self) { RawNumbers.float(bfloat: $0) })
    case .int64: .int64(numbers(Int64.self) { $0 })
    case .int32: .int32(numbers(Int32.self) { $0 })
    case .int16: .int16(numbers(Int16.self) { $0 })
    case .int8: .int8(numbers(Int8.self) { $0 })
    case .uint16: .uint16(numbers(UInt16.self) { $0 })
    case .uint8: .uint8(numbers(UInt8.self) { $0 })
    case .boolean: .boolean(numbers(UInt8.self) { $0 != 0 })
    }
  }

  /// Appends elements in little-endian bytes.
  static func append(_ elements: Tensor.Elements, to bytes: inout [UInt8]) {
    switch elements {
    case .float32(let e): RawNumbers.append(e.lazy.map(\.bitPattern), to: &bytes)
    case .float64(let e): RawNumbers.append(e.lazy.map(\.bitPattern), to: &bytes)
    case .int64(let e): RawNumbers.append(e, to: &bytes)
    case .int32(let e): RawNumbers.append(e, to: &bytes)
    case .int16(let e): RawNumbers.append(e, to: &bytes)
    case .int8(let e): RawNumbers.append(e, to: &bytes)
    case .uint16(let e): RawNumbers.append(e, to: &bytes)
    case .uint8(let e): bytes.append(contentsOf: e)
    case .boolean(let e): bytes.append(contentsOf: e.lazy.map { $0 ? 1 : 0 })
    }
  }
}
