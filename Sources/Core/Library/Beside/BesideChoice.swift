public import Imaging

/// Something that can be shown beside a study's sagittal picture.
public struct BesideChoice: Hashable, Sendable {
  /// What it is.
  public enum Kind: Hashable, Sendable {
    /// Another series of the study, by its file name in the study's folder.
    case series(file: String)
    /// Planes across the cord, made from the study's own volume.
    case reformat
    /// Planes along the cord from side to side, made from the study's own volume.
    case coronal
    /// Another session of the participant, by its subject identifier.
    case session(String)
  }
  /// What it is.
  public var kind: Kind
  /// Its name for the reader, cleaned: "axial T2w (acq-ax)", "prior ses-1, 2 years before".
  public var title: String

  /// Whether it is made from the volume of the sagittal picture, whose greys it shares.
  public var isReformat: Bool { kind == .reformat || kind == .coronal }

  /// Whether it is an axial T2 series that was acquired, not planes cut from another.
  public var isAxialT2: Bool {
    guard case .series = kind else { return false }
    return title.hasPrefix("axial T2w")
  }

  /// Makes a choice.
  public init(_ kind: Kind, title: String) {
    self.kind = kind
    self.title = title.cleaned(limit: 100)
  }
}

/// What is shown beside a study's sagittal picture, loaded.
public enum BesideContent: Sendable {
  /// A series, or the study's own volume for planes across the cord.
  case volume(BesideVolume)
  /// Another session, with the reader's acts on it.
  case session(ReviewStudy, JournalContents)
}

/// A volume beside the sagittal picture.
public struct BesideVolume: Sendable {
  /// The voxels as acquired.
  public var volume: ImageVolume
  /// Its slices.
  public var stack: AcquiredStack
  /// The 1st to 98.5th percentile of what is above zero: each series has its own scale.
  public var window: WindowLevel
  /// The lowest to the highest value, zero included.
  public var range: WindowLevel
  /// From the median of what is above zero to the highest value: shows detail within fluid.
  public var fluid: WindowLevel
  /// Whether the file says where the patient's left is; without it nothing can be located.
  public var isPlaced: Bool

  /// Prepares a volume; `nil` where it has no place in the patient.
  public init?(_ volume: ImageVolume, isPlaced: Bool = true) {
    guard let stack = AcquiredStack(volume) else { return nil }
    self.volume = volume
    self.stack = stack
    self.isPlaced = isPlaced
    // A million voxels are plenty for percentiles, but the one outermost voxel may be any.
    let step = max(volume.voxels.count / 1_000_000, 1)
    let seen = stride(from: 0, to: volume.voxels.count, by: step).map { volume.voxels[$0] }
    let limits =
      Percentiles.values([1, 98.5, 50, 0, 100], of: seen.filter { $0 > 0 })
      ?? Percentiles.values([0, 100, 50, 0, 100], of: seen)
      ?? [0, 1, 0, 0, 1]
    let (lowest, highest) = Self.extremes(volume.voxels) ?? (limits[3], limits[4])
    window = Self.window(limits[0], limits[1])
    range = Self.window(min(lowest, 0), highest)
    fluid = Self.window(limits[2], highest)
  }

  /// The lowest and the highest finite value; `nil` where there is none.
  private static func extremes(_ voxels: [Float]) -> (lowest: Float, highest: Float)? {
    var (lowest, highest) = (Float.infinity, -Float.infinity)
    for value in voxels where value.isFinite {
      lowest = min(lowest, value)
      highest = max(highest, value)
    }
    return lowest <= highest ? (lowest, highest) : nil
  }

  private static func window(_ low: Float, _ high: Float) -> WindowLevel {
    WindowLevel(from: low, to: high > low ? high : low + 1)
  }
}
