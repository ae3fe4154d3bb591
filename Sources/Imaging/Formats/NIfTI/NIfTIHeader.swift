/// The fields of a NIfTI-1 or NIfTI-2 header, as stored.
///
/// `parse` fills it, `findings` judges it, `layout` and `affine` interpret it. Texts are as the file
/// has them: clean them before display.
public struct NIfTIHeader: Equatable, Sendable {
  /// Which of the two formats.
  public enum Version: Int, Sendable {
    /// NIfTI-1: 348 bytes, 16-bit dimensions.
    case nifti1 = 1
    /// NIfTI-2: 540 bytes, 64-bit dimensions.
    case nifti2 = 2

    /// The header's size in bytes, without the four bytes that announce extensions.
    public var headerSize: Int { self == .nifti1 ? 348 : 540 }
  }

  /// Which of the two formats.
  public var version: Version
  /// The byte order of header and voxels.
  public var order: ByteOrder
  /// Whether the voxels are in a separate `.img` file.
  public var isPair: Bool
  /// `dim[0...7]`: the number of dimensions, then the sizes.
  public var dim: [Int]
  /// `datatype`; see ``NIfTIDataType``.
  public var dataTypeCode: Int
  /// `bitpix`: bits a voxel.
  public var bitsPerVoxel: Int
  /// `pixdim[0...7]`: qfac, then the steps in the units of ``unitsCode``.
  public var pixdim: [Double]
  /// `vox_offset`: where the voxels begin; NIfTI-1 stores it as a float.
  public var voxOffset: Double
  /// `scl_slope`.
  public var slope: Double
  /// `scl_inter`.
  public var intercept: Double
  /// `xyzt_units`: space in bits 0-2, time in bits 3-5.
  public var unitsCode: Int
  /// `qform_code`: what the quaternion's frame is; 0 for none.
  public var qformCode: Int
  /// `sform_code`: what the matrix's frame is; 0 for none.
  public var sformCode: Int
  /// `quatern_b`, `quatern_c`, `quatern_d`.
  public var quaternion: SIMD3<Double>
  /// `qoffset_x`, `qoffset_y`, `qoffset_z`.
  public var qoffset: SIMD3<Double>
  /// `srow_x`, `srow_y`, `srow_z`: three rows of four.
  public var srow: [[Double]]
  /// `intent_code`.
  public var intentCode: Int
  /// `intent_name`.
  public var intentName: String
  /// `descrip`.
  public var descriptionText: String

  /// The voxel type, or `nil` when it is one that is not read.
  public var dataType: NIfTIDataType? { NIfTIDataType(rawValue: dataTypeCode) }

  /// How many mm the unit of space has; unknown units count as mm.
  public var millimetresPerUnit: Double {
    switch unitsCode & 7 {
    case 1: 1000
    case 3: 0.001
    default: 1
    }
  }

  /// The scaling to apply to stored values, or `nil` for none (slope 0, 1 with no intercept, or not
  /// finite).
  public var scaling: (slope: Double, intercept: Double)? {
    guard slope.isFinite, slope != 0 else { return nil }
    let intercept = intercept.isFinite ? intercept : 0
    return slope == 1 && intercept == 0 ? nil : (slope, intercept)
  }
}

/// Where the voxels of a checked header lie.
public struct NIfTILayout: Equatable, Sendable {
  /// Voxels along i, j and k of one volume.
  public let shape: SIMD3<Int>
  /// Volumes one behind the other: the product of dimensions 4 to 7.
  public let volumeCount: Int
  /// The type of the voxels.
  public let dataType: NIfTIDataType
  /// The first voxel's offset in the file that holds the voxels.
  public let dataOffset: Int

  /// Voxels of one volume.
  public var voxelCount: Int { shape.x * shape.y * shape.z }
  /// Bytes of one volume.
  public var bytesPerVolume: Int { voxelCount * dataType.bytesPerVoxel }
  /// The offset behind the last voxel.
  public var endOffset: Int { dataOffset + bytesPerVolume * volumeCount }

  /// The bytes of one volume in the file that holds the voxels.
  func range(ofVolume index: Int) -> Range<Int> {
    let start = dataOffset + index * bytesPerVolume
    return start..<start + bytesPerVolume
  }
}
