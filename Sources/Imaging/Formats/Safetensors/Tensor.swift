/// A named array's shape and elements, last index fastest.
public struct Tensor: Equatable, Sendable {
  /// The elements in the type they are stored in.
  public enum Elements: Equatable, Sendable {
    /// F32.
    case float32([Float])
    /// F64.
    case float64([Double])
    /// I64.
    case int64([Int64])
    /// I32.
    case int32([Int32])
    /// I16.
    case int16([Int16])
    /// I8.
    case int8([Int8])
    /// U16.
    case uint16([UInt16])
    /// U8.
    case uint8([UInt8])
    /// BOOL.
    case boolean([Bool])

    /// The number of elements.
    public var count: Int {
      switch self {
      case .float32(let e): e.count
      case .float64(let e): e.count
      case .int64(let e): e.count
      case .int32(let e): e.count
      case .int16(let e): e.count
      case .int8(let e): e.count
      case .uint16(let e): e.count
      case .uint8(let e): e.count
      case .boolean(let e): e.count
      }
    }
  }

  /// The size of each dimension; empty for a single number.
  public let shape: [Int]
  /// The elements.
  public let elements: Elements

  /// Makes a tensor; the elements' count must be the product of `shape`.
  public init(shape: [Int], elements: Elements) {
    precondition(RawNumbers.product(shape) == elements.count, "tensor shape")
    self.shape = shape
    self.elements = elements
  }

  /// Makes a float32 tensor; `floats.count` must be the product of `shape`.
  public init(shape: [Int], floats: [Float]) {
    self.init(shape: shape, elements: .float32(floats))
  }

  /// The elements as `Float`, rounded where the type is wider; float32 without a copy.
  public var floats: [Float] {
    switch elements {
    case .float32(let e): e
    case .float64(let e): e.map { Float($0) }
    case .int64(let e): e.map { Float($0) }
    case .int32(let e): e.map { Float($0) }
    case .int16(let e): e.map { Float($0) }
    case .int8(let e): e.map { Float($0) }
    case .uint16(let e): e.map { Float($0) }
    case .uint8(let e): e.map { Float($0) }
    case .boolean(let e): e.map { $0 ? 1 : 0 }
    }
  }

  /// The elements as `Int`, or `nil` when they are floating.
  public var integers: [Int]? {
    switch elements {
    case .float32, .float64: nil
    case .int64(let e): e.map { Int($0) }
    case .int32(let e): e.map { Int($0) }
    case .int16(let e): e.map { Int($0) }
    case .int8(let e): e.map { Int($0) }
    case .uint16(let e): e.map { Int($0) }
    case .uint8(let e): e.map { Int($0) }
    case .boolean(let e): e.map { $0 ? 1 : 0 }
    }
  }
}
