public import Imaging

/// Small `.npy` and safetensors files from their header texts, right or wrong.
public enum TinyArrays {
  /// A `.npy` file.
  public static func npy(
    _ header: String, version: Int = 1, data: [UInt8], length: Int? = nil
  ) -> [UInt8] {
    var b = ByteBuilder()
    b.append(raw: [0x93] + Array("NUMPY".utf8) + [UInt8(version), 0])
    let length = length ?? header.utf8.count
    if version == 1 {
      b.append(UInt16(truncatingIfNeeded: length))
    } else {
      b.append(UInt32(truncatingIfNeeded: length))
    }
    b.append(raw: Array(header.utf8) + data)
    return b.bytes
  }

  /// The header text of a `.npy` file.
  public static func npyHeader(descr: String, fortran: Bool = false, shape: String) -> String {
    "{'descr': '\(descr)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
  }

  /// A safetensors file.
  public static func safetensors(
    _ header: String, data: [UInt8], length: UInt64? = nil
  ) -> [UInt8] {
    var b = ByteBuilder()
    b.append(length ?? UInt64(header.utf8.count))
    b.append(raw: Array(header.utf8) + data)
    return b.bytes
  }

  /// Numbers as bytes in an order.
  public static func bytes<Number: FixedWidthInteger>(
    _ numbers: [Number], order: ByteOrder = .little
  ) -> [UInt8] {
    var b = ByteBuilder(order: order)
    for number in numbers { b.append(number) }
    return b.bytes
  }
}
