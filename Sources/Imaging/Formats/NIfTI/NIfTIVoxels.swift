/// Stored voxels to numbers and back.
enum NIfTIVoxels {
  /// Scaled voxels as `Float`; unscaled float32 is kept bit for bit, all else goes through `Double`.
  static func floats(
    _ raw: UnsafeRawBufferPointer, count: Int, type: NIfTIDataType, order: ByteOrder,
    scaling: (slope: Double, intercept: Double)?
  ) -> [Float] {
    if type == .float32, scaling == nil {
      return RawNumbers.decode(raw, count: count, order: order, as: UInt32.self) {
        Float(bitPattern: $0)
      }
    }
    let (slope, intercept) = scaling ?? (1, 0)
    return decode(raw, count, type, order) { Float($0 * slope + intercept) }
  }

  /// Scaled voxels as `Double`.
  static func doubles(
    _ raw: UnsafeRawBufferPointer, count: Int, type: NIfTIDataType, order: ByteOrder,
    scaling: (slope: Double, intercept: Double)?
  ) -> [Double] {
    let (slope, intercept) = scaling ?? (1, 0)
    return decode(raw, count, type, order) { $0 * slope + intercept }
  }

  /// The switch over types, once; each case becomes its own loop.
  @inline(__always)
  private static func decode<Value>(
    _ raw: UnsafeRawBufferPointer, _ count: Int, _ type: NIfTIDataType, _ order: ByteOrder,
    _ transform: (Double) -> Value
  ) -> [Value] {
    switch type {
    case .uint8: integers(raw, count, order, UInt8.self, transform)
    case .int8: integers(raw, count, order, Int8.self, transform)
    case .int16: integers(raw, count, order, Int16.self, transform)
    case .uint16: integers(raw, count, order, UInt16.self, transform)
    case .int32: integers(raw, count, order, Int32.self, transform)
    case .uint32: integers(raw, count, order, UInt32.self, transform)
    case .int64: integers(raw, count, order, Int64.self, transform)
    case .uint64: integers(raw, count, order, UInt64.self, transform)
    case .float32:
      RawNumbers.decode(raw, count: count, order: order, as: UInt32.self) {
        transform(Double(Float(bitPattern: $0)))
      }
    case .float64:
      RawNumbers.decode(raw, count: count, order: order, as: UInt64.self) {
        transform(Double(bitPattern: $0))
      }
    }
  }

  @inline(__always)
  private static func integers<Number: FixedWidthInteger, Value>(
    _ raw: UnsafeRawBufferPointer, _ count: Int, _ order: ByteOrder, _ type: Number.Type,
    _ transform: (Double) -> Value
  ) -> [Value] {
    RawNumbers.decode(raw, count: count, order: order, as: type) { transform(Double($0)) }
  }

  /// How an integer type stores values: as they are, or spread over its range.
  ///
  /// `nil` when a value is not finite.
  static func scaling(
    for values: [Float], range: ClosedRange<Double>
  ) -> (slope: Double, intercept: Double)? {
    var (low, high) = (Double.infinity, -Double.infinity)
    var areWhole = true
    for value in values {
      guard value.isFinite else { return nil }
      low = min(low, Double(value))
      high = max(high, Double(value))
      // From 2^23 on every single is whole; below, truncation tells.
      if abs(value) < 0x1p23, Float(Int32(value)) != value { areWhole = false }
    }
    guard !values.isEmpty else { return (1, 0) }
    if areWhole, range.contains(low), range.contains(high) { return (1, 0) }
    if low == high { return (1, low) }
    // Readers see the header's singles, so the stored values are computed with these.
    let slope = Float((high - low) / (range.upperBound - range.lowerBound)).nextUp
    guard slope.isNormal else { return nil }
    let intercept = Float(low - range.lowerBound * Double(slope))
    return (Double(slope), Double(intercept))
  }

  /// Appends voxels in a type; integers are `(value - intercept) / slope` rounded.
  static func append(
    _ values: [Float], as type: NIfTIDataType, order: ByteOrder,
    scaling: (slope: Double, intercept: Double), to bytes: inout [UInt8]
  ) {
    let isPlain = scaling.slope == 1 && scaling.intercept == 0
    func stored(_ value: Float) -> Double {
      // Unscaled values were found whole and in range.
      if isPlain { return Double(value) }
      let raw = ((Double(value) - scaling.intercept) / scaling.slope).rounded()
      guard let range = type.integerRange else { return raw }
      return min(max(raw, range.lowerBound), range.upperBound)
    }
    func integers<Number: FixedWidthInteger>(_: Number.Type) {
      RawNumbers.append(values.lazy.map { Number(stored($0)) }, order: order, to: &bytes)
    }
    switch type {
    case .uint8: integers(UInt8.self)
    case .int8: integers(Int8.self)
    case .int16: integers(Int16.self)
    case .uint16: integers(UInt16.self)
    case .int32: integers(Int32.self)
    case .uint32: integers(UInt32.self)
    case .int64: integers(Int64.self)
    case .uint64: integers(UInt64.self)
    case .float32: RawNumbers.append(values.lazy.map(\.bitPattern), order: order, to: &bytes)
    case .float64:
      RawNumbers.append(values.lazy.map { Double($0).bitPattern }, order: order, to: &bytes)
    }
  }
}
