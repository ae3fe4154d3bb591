/// Arrays of numbers in raw bytes, of either byte order and any alignment.
enum RawNumbers {
  /// Reads `count` numbers and transforms each; the caller has checked that the bytes suffice.
  @inline(__always)
  static func decode<Number: FixedWidthInteger, Value>(
    _ raw: UnsafeRawBufferPointer, count: Int, order: ByteOrder, as type: Number.Type,
    _ transform: (Number) -> Value
  ) -> [Value] {
    let size = MemoryLayout<Number>.size
    precondition(count >= 0 && count <= raw.count / size, "raw numbers out of bounds")
    return [Value](unsafeUninitializedCapacity: count) { buffer, filled in
      switch order {
      case .little:
        for index in 0..<count {
          let bits = raw.loadUnaligned(fromByteOffset: index * size, as: type)
          buffer.initializeElement(at: index, to: transform(Number(littleEndian: bits)))
        }
      case .big:
        for index in 0..<count {
          let bits = raw.loadUnaligned(fromByteOffset: index * size, as: type)
          buffer.initializeElement(at: index, to: transform(Number(bigEndian: bits)))
        }
      }
      filled = count
    }
  }

  /// Appends numbers in a byte order.
  @inline(__always)
  static func append<Number: FixedWidthInteger>(
    _ numbers: some Collection<Number>, order: ByteOrder = .little, to bytes: inout [UInt8]
  ) {
    switch order {
    case .little: store(numbers.lazy.map(\.littleEndian), to: &bytes)
    case .big: store(numbers.lazy.map(\.bigEndian), to: &bytes)
    }
  }

  /// Appends numbers as they lie in memory.
  @inline(__always)
  private static func store<Number: FixedWidthInteger>(
    _ numbers: some Collection<Number>, to bytes: inout [UInt8]
  ) {
    let size = MemoryLayout<Number>.size
    var offset = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: numbers.count * size))
    bytes.withUnsafeMutableBytes { raw in
      for number in numbers {
        raw.storeBytes(of: number, toByteOffset: offset, as: Number.self)
        offset += size
      }
    }
  }

  /// The value of an IEEE 754 binary16.
  static func float(half bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10) & 0x1F
    let fraction = Float(bits & 0x3FF)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction * 0x1p-10)
    }
  }

  /// The value of a bfloat16: the upper half of an IEEE single.
  static func float(bfloat bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

  /// The product of sizes, or `nil` when it overflows or one is negative.
  static func product(_ sizes: some Sequence<Int>) -> Int? {
    var result = 1
    for size in sizes {
      let next = result.multipliedReportingOverflow(by: size)
      guard size >= 0, !next.overflow else { return nil }
      result = next.partialValue
    }
    return result
  }
}
