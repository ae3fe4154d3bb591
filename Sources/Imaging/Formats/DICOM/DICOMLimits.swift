/// What a DICOM file may claim before it is refused, so that no file exhausts memory or time.
public enum DICOMLimits {
  /// The largest file: 2 GiB.
  public static let fileBytes = 1 << 31
  /// The largest expansion of a file in gzip, and of a deflated data set: 512 MiB. Whole studies in one
  /// enhanced object stay far below it.
  public static let expandedBytes = 1 << 29
  /// Data elements of one file, those of all nested items together: 1 048 576.
  public static let elements = 1 << 20
  /// Sequences inside sequences: 48.
  public static let depth = 48
  /// Pixels of one frame: 2^26, for example 8192 x 8192 (256 MiB decoded).
  public static let framePixels = 1 << 26
  /// Stacks of one series, by direction, size, echo and the like: 512.
  public static let stacks = 512
  /// Voxels of a volume put together from a series: 2^29 (2 GiB of singles).
  public static let volumeVoxels = 1 << 29
}
