public import Imaging

/// What `_truth.json` states of a study of a planted cohort.
public struct PlantedTruth: Codable, Equatable, Sendable {
  /// The image that the study was made from, and how: averaged, it is the study without lesion.
  public struct Original: Codable, Equatable, Sendable {
    /// Path below the library's root, below `sourcedata`.
    public var path: String
    /// SHA-256 of the file.
    public var sha256: String
    /// The voxel axis averaged over.
    public var axis: Int
    /// The first slice used, in voxel order.
    public var firstSlice: Int
    /// Slices averaged to one.
    public var slicesAveraged: Int
    /// Slices of the study.
    public var sliceCount: Int

    enum CodingKeys: String, CodingKey {
      case path, sha256, axis
      case firstSlice = "first_slice"
      case slicesAveraged = "slices_averaged"
      case sliceCount = "slice_count"
    }

    /// How its slices become those of the study.
    public var slices: ThickPartitions? {
      guard (0..<3).contains(axis), slicesAveraged > 0, firstSlice >= 0, sliceCount > 0 else {
        return nil
      }
      return ThickPartitions(
        axis: axis, group: slicesAveraged, start: firstSlice, count: sliceCount)
    }
  }

  /// `planted-easy`, `planted-hard`, or `unplanted-` and the partition.
  public var kind: String
  /// Whether a lesion was planted.
  public var lesion: Bool
  /// Names of the segments that lesions reach, among the assessable ones.
  public var segments: [String]
  /// Names of the segments for which there is truth.
  public var assessableSegments: [String]
  /// The strongest lesion's mean above the cord's, as a share of the cord-to-CSF step.
  public var lesionStrength: Double?
  /// The lesions, from the upper to the lower.
  public var lesions: [PlantedLesion]
  /// The patient it comes from.
  public var sourceSubject: String
  /// "thin", "3" or "4".
  public var partition: String
  /// The study's own seed, as decimal digits (JSON numbers lose the low bits).
  public var seed: String
  /// The image without lesions.
  public var original: Original
  /// The program's version.
  public var version: String

  enum CodingKeys: String, CodingKey {
    case kind = "class"
    case lesion, segments, lesions, partition, seed, original, version
    case assessableSegments = "assessable_segments"
    case lesionStrength = "lesion_strength"
    case sourceSubject = "source_subject"
  }
}
