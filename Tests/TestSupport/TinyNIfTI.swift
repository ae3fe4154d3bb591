public import Imaging

/// Small NIfTI files made field by field, right or wrong, without the product's writer.
public struct TinyNIfTI: Sendable {
  /// 1 or 2.
  public var version = 1
  /// The byte order of everything.
  public var order = ByteOrder.little
  /// `dim[0...7]`.
  public var dim: [Int] = [3, 3, 3, 3, 1, 1, 1, 1]
  /// `datatype`.
  public var dataType = 16
  /// `bitpix`.
  public var bitsPerVoxel = 32
  /// `pixdim[0...7]`.
  public var pixdim: [Double] = [1, 1, 1, 1, 1, 1, 1, 1]
  /// `vox_offset`; `nil` for the place behind the header (0 for a pair).
  public var voxOffset: Double?
  /// `scl_slope`.
  public var slope = 0.0
  /// `scl_inter`.
  public var intercept = 0.0
  /// `xyzt_units`.
  public var units = 2
  /// `qform_code`.
  public var qformCode = 0
  /// `sform_code`.
  public var sformCode = 1
  /// `quatern_b`, `_c`, `_d`.
  public var quaternion: [Double] = [0, 0, 0]
  /// `qoffset_x`, `_y`, `_z`.
  public var qoffset: [Double] = [0, 0, 0]
  /// `srow_x`, `srow_y`, `srow_z`.
  public var srow: [[Double]] = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]
  /// `descrip`.
  public var description = ""
  /// Whether the voxels go to an `.img` file.
  public var isPair = false
  /// The magic; `nil` for the right one.
  public var magic: [UInt8]?
  /// Bytes between header and voxels, announced as an extension.
  public var extensionBytes: [UInt8] = []
  /// The voxels' bytes.
  public var voxels: [UInt8] = []

  /// A valid 3x3x3 float32 volume of zeros with an identity sform.
  public init() { voxels = [UInt8](repeating: 0, count: 27 * 4) }

  /// Stores numbers as voxels of an integer type and sets `datatype` and `bitpix`.
  public mutating func set<Number: FixedWidthInteger>(_ numbers: [Number], code: Int) {
    var builder = ByteBuilder(order: order)
    for number in numbers { builder.append(number) }
    (voxels, dataType, bitsPerVoxel) = (builder.bytes, code, Number.bitWidth)
  }

  /// Stores singles as voxels.
  public mutating func set(_ floats: [Float]) {
    set(floats.map(\.bitPattern), code: 16)
  }

  /// Stores doubles as voxels.
  public mutating func set(_ doubles: [Double]) {
    set(doubles.map(\.bitPattern), code: 64)
  }

  /// The header alone: the whole `.hdr` file of a pair.
  public var header: [UInt8] { version == 1 ? header1 : header2 }

  /// The whole `.nii` file.
  public var file: [UInt8] { header + extensionBytes + voxels }

  private var offset: Double {
    voxOffset ?? (isPair ? 0 : Double((version == 1 ? 352 : 544) + extensionBytes.count))
  }

  private var header1: [UInt8] {
    var b = ByteBuilder(zeros: 352, order: order)
    b.put(Int32(348), at: 0)
    for n in 0..<8 {
      b.put(Int16(truncatingIfNeeded: dim[n]), at: 40 + 2 * n)
      b.put(Float(pixdim[n]), at: 76 + 4 * n)
    }
    b.put(Int16(truncatingIfNeeded: dataType), at: 70)
    b.put(Int16(truncatingIfNeeded: bitsPerVoxel), at: 72)
    b.put(Float(offset), at: 108)
    b.put(Float(slope), at: 112)
    b.put(Float(intercept), at: 116)
    b.put(UInt8(truncatingIfNeeded: units), at: 123)
    b.put(raw: Array(description.utf8.prefix(80)), at: 148)
    b.put(Int16(truncatingIfNeeded: qformCode), at: 252)
    b.put(Int16(truncatingIfNeeded: sformCode), at: 254)
    for n in 0..<3 {
      b.put(Float(quaternion[n]), at: 256 + 4 * n)
      b.put(Float(qoffset[n]), at: 268 + 4 * n)
      for c in 0..<4 { b.put(Float(srow[n][c]), at: 280 + 16 * n + 4 * c) }
    }
    b.put(raw: magic ?? Array((isPair ? "ni1\0" : "n+1\0").utf8), at: 344)
    if !extensionBytes.isEmpty { b.put(UInt8(1), at: 348) }
    return b.bytes
  }

  private var header2: [UInt8] {
    var b = ByteBuilder(zeros: 544, order: order)
    b.put(Int32(540), at: 0)
    b.put(
      raw: magic ?? Array((isPair ? "ni2\0" : "n+2\0").utf8) + [0x0D, 0x0A, 0x1A, 0x0A], at: 4)
    b.put(Int16(truncatingIfNeeded: dataType), at: 12)
    b.put(Int16(truncatingIfNeeded: bitsPerVoxel), at: 14)
    for n in 0..<8 {
      b.put(Int64(dim[n]), at: 16 + 8 * n)
      b.put(pixdim[n], at: 104 + 8 * n)
    }
    b.put(Int64(offset), at: 168)
    b.put(slope, at: 176)
    b.put(intercept, at: 184)
    b.put(raw: Array(description.utf8.prefix(80)), at: 240)
    b.put(Int32(truncatingIfNeeded: qformCode), at: 344)
    b.put(Int32(truncatingIfNeeded: sformCode), at: 348)
    for n in 0..<3 {
      b.put(quaternion[n], at: 352 + 8 * n)
      b.put(qoffset[n], at: 376 + 8 * n)
      for c in 0..<4 { b.put(srow[n][c], at: 400 + 32 * n + 8 * c) }
    }
    b.put(Int32(truncatingIfNeeded: units), at: 500)
    if !extensionBytes.isEmpty { b.put(UInt8(1), at: 540) }
    return b.bytes
  }
}
