public import Foundation

extension NIfTI {
  /// Writes a volume atomically as `.nii`, `.nii.gz` or a pair `.hdr`/`.img`, little-endian, in mm.
  ///
  /// NIfTI-1, or NIfTI-2 where a dimension exceeds 32767. The sform always holds the affine; the
  /// qform too where the axes are at right angles. The same volume always gives the same bytes.
  /// Integer types hold whole values as they are, other values spread over their range with
  /// `scl_slope` and `scl_inter`.
  /// - Parameters:
  ///   - type: how the voxels are stored; float32 keeps them bit for bit.
  ///   - description: the `descrip` field, cut at 79 bytes.
  /// - Throws: `WriteError` when the name, the affine or a value does not fit the format.
  public static func write(
    _ volume: ImageVolume, to url: URL, as type: NIfTIDataType = .float32, description: String = ""
  ) throws {
    try write(try encode(volume, as: type, description: description, path: url.path), to: url)
  }

  /// Writes labels atomically, as a volume is written: uint8 where they fit, else uint16.
  /// - Throws: `WriteError`, as ``write(_:to:as:description:)``.
  public static func write(
    _ labels: LabelVolume, to url: URL, description: String = ""
  ) throws {
    try write(try encode(labels, description: description, path: url.path), to: url)
  }

  /// A volume as the bytes of an uncompressed `.nii` file.
  /// - Throws: `WriteError` when the affine or a value does not fit the format.
  public static func encode(
    _ volume: ImageVolume, as type: NIfTIDataType = .float32, description: String = "",
    path: String = ""
  ) throws -> [UInt8] {
    var scaling = (slope: 1.0, intercept: 0.0)
    if let range = type.integerRange {
      guard let found = NIfTIVoxels.scaling(for: volume.voxels, range: range) else {
        throw WriteError(
          path: path, problem: "has values that \(type) cannot hold", advice: "write float32")
      }
      scaling = found
    }
    var bytes = try header(
      volume.shape, volume.affine, type, scaling, description: description, path: path)
    bytes.reserveCapacity(bytes.count + volume.voxels.count * type.bytesPerVoxel)
    NIfTIVoxels.append(volume.voxels, as: type, scaling: scaling, to: &bytes)
    return bytes
  }

  /// Labels as the bytes of an uncompressed `.nii` file.
  /// - Throws: `WriteError` when the affine does not fit the format.
  public static func encode(
    _ labels: LabelVolume, description: String = "", path: String = ""
  ) throws -> [UInt8] {
    let isSmall = labels.voxels.allSatisfy { $0 <= 255 }
    let type: NIfTIDataType = isSmall ? .uint8 : .uint16
    var bytes = try header(
      labels.shape, labels.affine, type, (1, 0), description: description, path: path)
    if isSmall {
      bytes.append(contentsOf: labels.voxels.lazy.map { UInt8(truncatingIfNeeded: $0) })
    } else {
      RawNumbers.append(labels.voxels, to: &bytes)
    }
    return bytes
  }

  private static func write(_ bytes: [UInt8], to url: URL) throws {
    let name = url.lastPathComponent.lowercased()
    if name.hasSuffix(".nii.gz") {
      try AtomicFile.write(try GZip.compress(bytes), to: url)
    } else if name.hasSuffix(".nii") {
      try AtomicFile.write(bytes, to: url)
    } else if let pair = NIfTIPair(url) {
      try pair.write(bytes)
    } else {
      throw WriteError(
        path: url.path, problem: "ends in none of .nii, .nii.gz, .hdr, .img, .hdr.gz, .img.gz")
    }
  }

  private static func header(
    _ shape: SIMD3<Int>, _ affine: Affine, _ type: NIfTIDataType,
    _ scaling: (slope: Double, intercept: Double), description: String, path: String
  ) throws -> [UInt8] {
    guard shape.x > 0, shape.y > 0, shape.z > 0 else {
      throw WriteError(path: path, problem: "an empty volume cannot be written as NIfTI")
    }
    guard affine.isFinite, affine.inverse != nil else {
      throw WriteError(path: path, problem: "has an affine that is singular or not finite")
    }
    let isLarge = shape.x > 32767 || shape.y > 32767 || shape.z > 32767
    var writer = NIfTIHeaderWriter(version: isLarge ? .nifti2 : .nifti1)
    writer.put(shape: shape, type: type, scaling: scaling, description: description)
    writer.put(affine: affine)
    return writer.bytes
  }
}

/// Fills the fields of a header at their offsets; see `NIfTIHeader+Parse.swift` for the table.
private struct NIfTIHeaderWriter {
  let version: NIfTIHeader.Version
  private(set) var bytes: [UInt8]
  private var is1: Bool { version == .nifti1 }

  /// An empty header followed by the four bytes that say "no extension".
  init(version: NIfTIHeader.Version) {
    self.version = version
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
    withUnsafeBytes(of: value.littleEndian) { put(Array($0), at: offset) }
  }

  private mutating func put(_ raw: [UInt8], at offset: Int) {
    bytes.replaceSubrange(offset..<offset + raw.count, with: raw)
  }
}
