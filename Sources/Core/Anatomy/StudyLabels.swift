public import Imaging

/// The masks and levels of a study in its own voxel space, made by any tool.
public struct StudyLabels: Sendable {
  /// Cord: non-zero voxels.
  public var cord: LabelVolume?
  /// Canal: non-zero voxels are cord and CSF together.
  public var canal: LabelVolume?
  /// Vertebrae (and discs) in the TotalSpineSeg numbering.
  public var spine: LabelVolume?
  /// Level landmarks in RAS mm: the vertebral body's centre, or the cord's centre beside it.
  public var landmarks: [VertebralLevel: SIMD3<Double>]
  /// Where the levels come from.
  public var levelSource: LevelSource
  /// Whether the cord was found by the anatomy network, and nobody has corrected it.
  public var cordIsFound = false
  /// Whether the canal was found by the anatomy network: where the contrast is not the one it learned,
  /// it holds something else.
  public var canalIsFound = false
  /// Whether the vertebrae's outlines were found by the anatomy network, and nobody has corrected them.
  public var bodiesAreFound = false
  /// Whether the discs' outlines were.
  public var discsAreFound = false
  /// Probability of cord on the same voxels, where the mask is as the anatomy network found it: it
  /// knows the edge, at one half, to parts of a voxel.
  public var cordShare: ImageVolume?
  /// Probability of cord or CSF, as for the cord.
  public var canalShare: ImageVolume?
  /// Quality flags the import already knows of.
  public var quality: [QualityFlag]

  /// Makes a set of labels; everything may be missing.
  public init(
    cord: LabelVolume? = nil, canal: LabelVolume? = nil, spine: LabelVolume? = nil,
    landmarks: [VertebralLevel: SIMD3<Double>] = [:], levelSource: LevelSource = .missing,
    quality: [QualityFlag] = []
  ) {
    self.cord = cord
    self.canal = canal
    self.spine = spine
    self.landmarks = landmarks
    self.levelSource = levelSource
    self.quality = quality
  }
}
