extension NIfTIHeader {
  /// The offsets of the fields read, per format; names as in nifti1.h and nifti2.h.
  private struct Offsets {
    let magic, dim, datatype, bitpix, pixdim, voxOffset, slope, inter, units: Int
    let qformCode, sformCode, quatern, qoffset, srow: Int
    let intentCode, intentName, descrip: Int

    static let nifti1 = Offsets(
      magic: 344, dim: 40, datatype: 70, bitpix: 72, pixdim: 76, voxOffset: 108, slope: 112,
      inter: 116, units: 123, qformCode: 252, sformCode: 254, quatern: 256, qoffset: 268,
      srow: 280, intentCode: 68, intentName: 328, descrip: 148)
    static let nifti2 = Offsets(
      magic: 4, dim: 16, datatype: 12, bitpix: 14, pixdim: 104, voxOffset: 168, slope: 176,
      inter: 184, units: 500, qformCode: 344, sformCode: 348, quatern: 352, qoffset: 376,
      srow: 400, intentCode: 504, intentName: 508, descrip: 240)

    subscript(field: Field) -> Int {
      switch field {
      case .dim: dim
      case .datatype: datatype
      case .bitpix: bitpix
      case .pixdim: pixdim
      case .voxOffset: voxOffset
      case .slope: slope
      case .inter: inter
      case .units: units
      case .quatern: quatern
      case .srow: srow
      }
    }
  }

  /// The fields that findings name.
  enum Field: String {
    case dim
    case datatype
    case bitpix
    case pixdim
    case voxOffset = "vox_offset"
    case slope = "scl_slope"
    case inter = "scl_inter"
    case units = "xyzt_units"
    case quatern = "quatern_b"
    case srow = "srow_x"
  }

  /// The offset of a field in this header.
  func offset(of field: Field) -> Int {
    (version == .nifti1 ? Offsets.nifti1 : Offsets.nifti2)[field]
  }

  /// Reads the fields of a header; their values are not judged.
  /// - Parameters:
  ///   - bytes: the (decompressed) start of the file: 348 bytes, or 540 for NIfTI-2.
  ///   - path: the path named in errors.
  /// - Throws: `ReadError` when the bytes are no NIfTI header or too few.
  public static func parse(_ bytes: [UInt8], path: String = "") throws(ReadError) -> NIfTIHeader {
    var cursor = ByteCursor(bytes, path: path, order: .little)
    let sizeLittle: Int32 = try cursor.get(at: 0, field: "sizeof_hdr")
    let version: Version
    switch (sizeLittle, sizeLittle.byteSwapped) {
    case (348, _): version = .nifti1
    case (540, _): version = .nifti2
    case (_, 348): (version, cursor.order) = (.nifti1, .big)
    case (_, 540): (version, cursor.order) = (.nifti2, .big)
    default:
      throw cursor.error(
        "is \(sizeLittle), neither 348 nor 540 in either byte order: not a NIfTI file",
        field: "sizeof_hdr", offset: 0)
    }
    let isPair = try readMagic(cursor, version)
    return version == .nifti1
      ? try parse1(cursor, isPair: isPair) : try parse2(cursor, isPair: isPair)
  }

  /// Checks the magic and says whether the voxels are in a separate file.
  private static func readMagic(
    _ cursor: ByteCursor, _ version: Version
  ) throws(ReadError) -> Bool {
    let at = version == .nifti1 ? Offsets.nifti1.magic : Offsets.nifti2.magic
    let magic = try cursor.getBytes(at: at, count: version == .nifti1 ? 4 : 8, field: "magic")
    let digit = version == .nifti1 ? "1" : "2"
    let tail: [UInt8] = version == .nifti1 ? [0] : [0, 0x0D, 0x0A, 0x1A, 0x0A]
    if magic.elementsEqual(Array("n+\(digit)".utf8) + tail) { return false }
    if magic.elementsEqual(Array("ni\(digit)".utf8) + tail) { return true }
    if version == .nifti1, magic.allSatisfy({ $0 == 0 }) {
      throw cursor.error(
        "is empty: an ANALYZE 7.5 header, which does not say which side is left", field: "magic",
        offset: at, advice: "convert it to NIfTI with a tool that knows its orientation")
    }
    throw cursor.error(
      "is none of NIfTI's: not a NIfTI file, or one damaged by a text-mode copy", field: "magic",
      offset: at)
  }

  private static func parse1(
    _ c: ByteCursor, isPair: Bool
  ) throws(ReadError) -> NIfTIHeader {
    let o = Offsets.nifti1
    // The last field ends at 348; one check here names the truncation best.
    _ = try c.getBytes(at: 0, count: 348, field: "header")
    return NIfTIHeader(
      version: .nifti1, order: c.order, isPair: isPair,
      dim: try list(8) { n throws(ReadError) in
        Int(try c.get(at: o.dim + 2 * n, as: Int16.self))
      },
      dataTypeCode: Int(try c.get(at: o.datatype, as: Int16.self)),
      bitsPerVoxel: Int(try c.get(at: o.bitpix, as: Int16.self)),
      pixdim: try list(8) { n throws(ReadError) in try c.getFloat32(at: o.pixdim + 4 * n) },
      voxOffset: try c.getFloat32(at: o.voxOffset), slope: try c.getFloat32(at: o.slope),
      intercept: try c.getFloat32(at: o.inter),
      unitsCode: Int(try c.get(at: o.units, as: UInt8.self)),
      qformCode: Int(try c.get(at: o.qformCode, as: Int16.self)),
      sformCode: Int(try c.get(at: o.sformCode, as: Int16.self)),
      quaternion: try triple { n throws(ReadError) in try c.getFloat32(at: o.quatern + 4 * n) },
      qoffset: try triple { n throws(ReadError) in try c.getFloat32(at: o.qoffset + 4 * n) },
      srow: try list(3) { row throws(ReadError) in
        try list(4) { n throws(ReadError) in try c.getFloat32(at: o.srow + 16 * row + 4 * n) }
      },
      intentCode: Int(try c.get(at: o.intentCode, as: Int16.self)),
      intentName: try c.getText(at: o.intentName, count: 16),
      descriptionText: try c.getText(at: o.descrip, count: 80))
  }

  private static func parse2(
    _ c: ByteCursor, isPair: Bool
  ) throws(ReadError) -> NIfTIHeader {
    let o = Offsets.nifti2
    _ = try c.getBytes(at: 0, count: 540, field: "header")
    return NIfTIHeader(
      version: .nifti2, order: c.order, isPair: isPair,
      dim: try list(8) { n throws(ReadError) in
        Int(try c.get(at: o.dim + 8 * n, as: Int64.self))
      },
      dataTypeCode: Int(try c.get(at: o.datatype, as: Int16.self)),
      bitsPerVoxel: Int(try c.get(at: o.bitpix, as: Int16.self)),
      pixdim: try list(8) { n throws(ReadError) in try c.getFloat64(at: o.pixdim + 8 * n) },
      voxOffset: Double(try c.get(at: o.voxOffset, as: Int64.self)),
      slope: try c.getFloat64(at: o.slope), intercept: try c.getFloat64(at: o.inter),
      unitsCode: Int(try c.get(at: o.units, as: Int32.self)),
      qformCode: Int(try c.get(at: o.qformCode, as: Int32.self)),
      sformCode: Int(try c.get(at: o.sformCode, as: Int32.self)),
      quaternion: try triple { n throws(ReadError) in try c.getFloat64(at: o.quatern + 8 * n) },
      qoffset: try triple { n throws(ReadError) in try c.getFloat64(at: o.qoffset + 8 * n) },
      srow: try list(3) { row throws(ReadError) in
        try list(4) { n throws(ReadError) in try c.getFloat64(at: o.srow + 32 * row + 8 * n) }
      },
      intentCode: Int(try c.get(at: o.intentCode, as: Int32.self)),
      intentName: try c.getText(at: o.intentName, count: 16),
      descriptionText: try c.getText(at: o.descrip, count: 80))
  }

  private static func list<Value>(
    _ count: Int, _ element: (Int) throws(ReadError) -> Value
  ) throws(ReadError) -> [Value] {
    var result: [Value] = []
    for n in 0..<count { result.append(try element(n)) }
    return result
  }

  private static func triple(
    _ element: (Int) throws(ReadError) -> Double
  ) throws(ReadError) -> SIMD3<Double> {
    [try element(0), try element(1), try element(2)]
  }
}
