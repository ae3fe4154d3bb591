public import Imaging

/// What is true of a phantom study; all volumes lie on the image's grid.
public struct PhantomTruth: Sendable {
  /// The recipe that made it.
  public var recipe: PhantomRecipe
  /// Whether the cord carries a lesion: the patient's label.
  public var hasLesion: Bool
  /// Levels that the lesion reaches over at least 3 mm (or 40 % of its length).
  public var segments: [SpinalSegment]
  /// Levels where the canal is narrowed on purpose.
  public var narrowed: [SpinalSegment]
  /// Strength of the strongest lesion as a share of the cord-to-CSF step.
  public var lesionStrength: Double?
  /// Cord voxels (1): at least half of the voxel is cord.
  public var cord: LabelVolume
  /// Canal voxels (1): cord and CSF.
  public var canal: LabelVolume
  /// TotalSpineSeg numbers; vertebral bodies only (and the front arch of C1), no posterior elements.
  public var spine: LabelVolume
  /// Lesion voxels (1), inside the cord.
  public var lesion: LabelVolume
  /// What every voxel is, as numbers of `PhantomTissue`: agrees with `cord` and `canal`; a lesion
  /// is cord here.
  public var tissues: LabelVolume
  /// Centres of the vertebral bodies in RAS mm (of C2 with the dens).
  public var landmarks: [VertebralLevel: SIMD3<Double>]
}

/// A phantom patient's study.
public struct PhantomStudy: Sendable {
  /// Who the imaginary patient is.
  public struct Demographics: Equatable, Sendable {
    /// Age in years.
    public var age: Int
    /// "M" or "F".
    public var sex: String
    /// Modified Japanese Orthopaedic Association score, 0...18.
    public var mjoa: Int
  }

  /// The image, whole grey values.
  public var image: ImageVolume
  /// What an automatic tool would deliver, with its errors where the class says so.
  public var labels: StudyLabels
  /// What is really there.
  public var truth: PhantomTruth
  /// The imaginary patient.
  public var demographics: Demographics
  /// Thickness of the slices in mm; their distance is the affine's.
  public var sliceThicknessMM: Double
}
