public import Foundation

/// Which of the NIfTI formats a file is written in, and in which byte order.
public struct NIfTIFileForm: Equatable, Sendable {
  /// The version; `nil` is NIfTI-1, or NIfTI-2 where a dimension exceeds 32767.
  public var version: NIfTIHeader.Version?
  /// The byte order of header and voxels.
  public var order: ByteOrder

  /// Makes a form; the default is what every reader reads.
  public init(version: NIfTIHeader.Version? = nil, order: ByteOrder = .little) {
    self.version = version
    self.order = order
  }
}

extension NIfTI {
  /// Writes a volume atomically as `.nii`, `.nii.gz` or a pair `.hdr`/`.img`, in mm.
  ///
  /// The sform always holds the affine; the
  /// qform too where the axes are at right angles. The same volume always gives the same bytes.
  /// Integer types hold whole values as they are, other values spread over their range with
  /// `scl_slope` and `scl_inter`.
  /// - Parameters:
  ///   - type: how the voxels are stored; float32 keeps them bit for bit.
  ///   - form: version of the format and byte order.
  ///   - description: the `descrip` field, cut at 79 bytes.
  /// - Throws: `WriteError` when the name, the affine or a value does not fit the format.
  public static func write(
    _ volume: ImageVolume, to url: URL, as type: NIfTIDataType = .float32,
    form: NIfTIFileForm = NIfTIFileForm(), description: String = ""
  ) throws {
    try write(
      try encode(volume, as: type, form: form, description: description, path: url.path), to: url)
  }

  /// Writes labels atomically, as a volume is written: uint8 where they fit, else uint16.
  /// - Throws: `WriteError`, as ``write(_:to:as:form:description:)``.
  public static func write(
    _ labels: LabelVolume, to url: URL, form: NIfTIFileForm = NIfTIFileForm(),
    description: String = ""
  ) throws {
    try write(try encode(labels, form: form, description: description, path: url.path), to: url)
  }

  /// A volume as the bytes of an uncompressed `.nii` file.
  /// - Throws: `WriteError` when a dimension, the affine or a value does not fit the format.
  public static func encode(
    _ volume: ImageVolume, as type: NIfTIDataType = .float32,
    form: NIfTIFileForm = NIfTIFileForm(), description: String = "", path: String = ""
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
      volume.shape, volume.affine, type, form, scaling, description: description, path: path)
    bytes.reserveCapacity(bytes.count + volume.voxels.count * type.bytesPerVoxel)
    NIfTIVoxels.append(volume.voxels, as: type, order: form.order, scaling: scaling, to: &bytes)
    return bytes
  }

  /// Labels as the bytes of an uncompressed `.nii` file.
  /// - Throws: `WriteError` when a dimension or the affine does not fit the format.
  public static func encode(
    _ labels: LabelVolume, form: NIfTIFileForm = NIfTIFileForm(), description: String = "",
    path: String = ""
  ) throws -> [UInt8] {
    let isSmall = labels.voxels.allSatisfy { $0 <= 255 }
    let type: NIfTIDataType = isSmall ? .uint8 : .uint16
    var bytes = try header(
      labels.shape, labels.affine, type, form, (1, 0), description: description, path: path)
    if isSmall {
      bytes.append(contentsOf: labels.voxels.lazy.map { UInt8(truncatingIfNeeded: $0) })
    } else {
      RawNumbers.append(labels.voxels, order: form.order, to: &bytes)
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
    _ shape: SIMD3<Int>, _ affine: Affine, _ type: NIfTIDataType, _ form: NIfTIFileForm,
    _ scaling: (slope: Double, intercept: Double), description: String, path: String
  ) throws -> [UInt8] {
    guard shape.x > 0, shape.y > 0, shape.z > 0 else {
      throw WriteError(path: path, problem: "an empty volume cannot be written as NIfTI")
    }
    guard affine.isFinite, affine.inverse != nil else {
      throw WriteError(path: path, problem: "has an affine that is singular or not finite")
    }
    let isLarge = shape.x > 32767 || shape.y > 32767 || shape.z > 32767
    let version = form.version ?? (isLarge ? .nifti2 : .nifti1)
    guard !isLarge || version == .nifti2 else {
      throw WriteError(
        path: path, problem: "has a dimension beyond 32767, which NIfTI-1 cannot hold",
        advice: "write NIfTI-2")
    }
    var writer = NIfTIHeaderWriter(version: version, order: form.order)
    writer.put(shape: shape, type: type, scaling: scaling, description: description)
    writer.put(affine: affine)
    return writer.bytes
  }
}
