/// Fills the fields of a header at their offsets; see `NIfTIHeader+Parse.swift` for the table.
struct NIfTIHeaderWriter {
  let version: NIfTIHeader.Version
  let order: ByteOrder
  private(set) var bytes: [UInt8]
  private var is1: Bool { version == .nifti1 }

  /// An empty header followed by the four bytes that say "no extension".
  init(version: NIfTIHeader.Version, order: ByteOrder) {
    self.version = version
    self.order = order
    bytes = [UInt8](repeating: 0, count: version.headerSize + 4)
    put(Int32(version.headerSize), at: 0)
    if version == .nifti1 {
      put(Array("n+1\0".utf8), at: 344)
      put(Float(version.headerSize + 4), at: 108)
    } else {
      put(Array("n+2\0\r\n".utf8) + [0x1A, 0x0A], at: 4)
      put(Int64(version.headerSize + 4), at: 168)
    }
  }

  mutating func put(
    shape: SIMD3<Int>, type: NIfTIDataType, scaling: (slope: Double, intercept: Double),
    description: String
  ) {
    for (n, size) in [3, shape.x, shape.y, shape.z, 1, 1, 1, 1].enumerated() {
      if is1 { put(Int16(size), at: 40 + 2 * n) } else { put(Int64(size), at: 16 + 8 * n) }
    }
    put(Int16(type.rawValue), at: is1 ? 70 : 12)
    put(Int16(type.bytesPerVoxel * 8), at: is1 ? 72 : 14)
    put(real: scaling.slope, at: is1 ? 112 : 176)
    put(real: scaling.intercept, at: is1 ? 116 : 184)
    // Space in mm (2), time in s (8): what other tools expect beside each other.
    if is1 { bytes[123] = 10 } else { put(Int32(10), at: 500) }
    put(Array(description.utf8.prefix(79)), at: is1 ? 148 : 240)
  }

  /// The sform always, the qform where the affine is a rotation with steps; both as scanner frames.
  mutating func put(affine: Affine) {
    let rows = (0..<3).map { r in [affine.i[r], affine.j[r], affine.k[r], affine.origin[r]] }
    let width = is1 ? 4 : 8
    for (n, value) in rows.joined().enumerated() {
      put(real: value, at: (is1 ? 280 : 400) + width * n)
    }
    put(code: 1, at: is1 ? 254 : 348)
    let rotation = affine.niftiQuaternion
    let sizes = affine.spacing
    let pixdim = [rotation?.qfac ?? 1, sizes.x, sizes.y, sizes.z, 1, 1, 1, 1]
    for (n, value) in pixdim.enumerated() { put(real: value, at: (is1 ? 76 : 104) + width * n) }
    guard let rotation else { return }
    put(code: 1, at: is1 ? 252 : 344)
    for n in 0..<3 {
      put(real: rotation.bcd[n], at: (is1 ? 256 : 352) + width * n)
      put(real: affine.origin[n], at: (is1 ? 268 : 376) + width * n)
    }
  }

  private mutating func put(code: Int, at offset: Int) {
    if is1 { put(Int16(code), at: offset) } else { put(Int32(code), at: offset) }
  }

  private mutating func put(real value: Double, at offset: Int) {
    if is1 { put(Float(value), at: offset) } else { put(value.bitPattern, at: offset) }
  }

  private mutating func put(_ value: Float, at offset: Int) { put(value.bitPattern, at: offset) }

  private mutating func put(_ value: some FixedWidthInteger, at offset: Int) {
    withUnsafeBytes(of: order == .little ? value.littleEndian : value.bigEndian) {
      put(Array($0), at: offset)
    }
  }

  private mutating func put(_ raw: [UInt8], at offset: Int) {
    bytes.replaceSubrange(offset..<offset + raw.count, with: raw)
  }
}
