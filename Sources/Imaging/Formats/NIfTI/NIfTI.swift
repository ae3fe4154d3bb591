public import Foundation

/// One volume of a NIfTI file, with what its header says.
public struct NIfTIImage: Sendable {
  /// The header's fields, as stored.
  public let header: NIfTIHeader
  /// Where the voxels lay, and how many volumes there are.
  public let layout: NIfTILayout
  /// What is doubtful about the header; none has severity `error`.
  public let findings: [HeaderFinding]
  /// Where the affine came from; `pixdim` means that left and right are not known.
  public let affineSource: NIfTIAffineSource
  /// Which volume was read, 0 first.
  public let volumeIndex: Int
  /// The scaled voxels and their affine to RAS mm.
  public let volume: ImageVolume
}

/// Volumes in NIfTI-1 and NIfTI-2 files: `.nii`, `.hdr` with `.img`, each also gzip-compressed.
///
/// Reading takes three steps: the header's fields are parsed, judged, and only then are voxels
/// allocated. What a file is, is told by its bytes; names only lead from `.hdr` to `.img` and back.
public enum NIfTI {
  /// The most voxels of one volume that are read: 2^29, 2 GiB as `Float`.
  public static let maximumVoxels = 1 << 29
  /// Bytes allowed behind the last voxel in a compressed file.
  static let trailingAllowance = 1 << 20

  /// Reads one volume; 64-bit values are rounded to `Float`.
  ///
  /// Unscaled float32 voxels are kept bit for bit.
  /// - Parameters:
  ///   - url: the `.nii`, `.hdr` or `.img` file, compressed or not.
  ///   - index: which volume of a 4-D (to 7-D) file, 0 first.
  /// - Throws: `ReadError` naming file, field and offset.
  public static func read(_ url: URL, volume index: Int = 0) throws -> NIfTIImage {
    try read(try NIfTISource(url), volume: index)
  }

  /// Reads one volume of a (possibly compressed) `.nii` file in memory.
  /// - Throws: `ReadError` naming field and offset.
  public static func decode(
    _ bytes: [UInt8], volume index: Int = 0, path: String = ""
  ) throws -> NIfTIImage {
    try read(try NIfTISource(bytes, path: path), volume: index)
  }

  /// Reads one volume as labels; values within 0.01 of a whole number are rounded.
  /// - Throws: `ReadError` when a voxel is no whole number from 0 to 65535, naming its value and
  ///   indices, or as ``read(_:volume:)``.
  public static func readLabels(_ url: URL, volume index: Int = 0) throws -> LabelVolume {
    try readLabels(try NIfTISource(url), volume: index)
  }

  /// Reads one volume of a (possibly compressed) `.nii` file in memory as labels.
  /// - Throws: `ReadError`, as ``readLabels(_:volume:)``.
  public static func decodeLabels(
    _ bytes: [UInt8], volume index: Int = 0, path: String = ""
  ) throws -> LabelVolume {
    try readLabels(try NIfTISource(bytes, path: path), volume: index)
  }

  /// Reads and judges a header without its voxels.
  /// - Throws: `ReadError` when the file is no NIfTI file or the header cannot be used.
  public static func readHeader(
    _ url: URL
  ) throws -> (header: NIfTIHeader, layout: NIfTILayout) {
    let source = try NIfTISource(url)
    return (source.header, try source.header.layout(path: source.path))
  }

  private static func read(_ source: NIfTISource, volume index: Int) throws -> NIfTIImage {
    let header = source.header
    let layout = try header.layout(path: source.path)
    let raw = try source.voxels(layout, volume: index)
    try MemoryRequest.check(
      layout.voxelCount * MemoryLayout<Float>.stride, path: source.path)
    let voxels = raw.withUnsafeBytes {
      NIfTIVoxels.floats(
        $0, count: layout.voxelCount, type: layout.dataType, order: header.order,
        scaling: header.scaling)
    }
    let (map, affineSource) = header.affine
    return NIfTIImage(
      header: header, layout: layout, findings: header.findings(), affineSource: affineSource,
      volumeIndex: index, volume: Volume(shape: layout.shape, voxels: voxels, affine: map))
  }

  private static func readLabels(_ source: NIfTISource, volume index: Int) throws -> LabelVolume {
    let header = source.header
    let layout = try header.layout(path: source.path)
    let raw = try source.voxels(layout, volume: index)
    try MemoryRequest.check(
      layout.voxelCount * (MemoryLayout<Double>.stride + MemoryLayout<UInt16>.stride),
      path: source.path)
    let values = raw.withUnsafeBytes {
      NIfTIVoxels.doubles(
        $0, count: layout.voxelCount, type: layout.dataType, order: header.order,
        scaling: header.scaling)
    }
    var labels = [UInt16](repeating: 0, count: values.count)
    for n in values.indices {
      let value = values[n]
      // Truncation behind the range check rounds without a call per voxel.
      let whole = value > -0.5 && value < 65535.5 ? Int(value + 0.5) : -1
      guard whole >= 0, abs(value - Double(whole)) <= 0.01 else {
        let (ni, nj) = (layout.shape.x, layout.shape.y)
        throw ReadError(
          path: source.path, field: "voxel (\(n % ni), \(n / ni % nj), \(n / (ni * nj)))",
          offset: layout.range(ofVolume: index).lowerBound + n * layout.dataType.bytesPerVoxel,
          problem: "has value \(value), which is no label (a whole number from 0 to 65535)",
          advice: "a probability map must be thresholded first")
      }
      labels[n] = UInt16(whole)
    }
    return Volume(shape: layout.shape, voxels: labels, affine: header.affine.map)
  }
}
