/// A named map from one tool's label integers to structures.
///
/// Integers alone mean nothing: the same group's papers, scripts and data number the same tissues
/// differently, so every import names its convention (clinical notes, section 7).
public struct LabelConvention: Equatable, Sendable {
  /// How the labelled voxels are to be read.
  public enum Kind: String, Sendable {
    /// Voxels fill the structures.
    case regions
    /// Single voxels (or small blobs) at the posterior tips of the discs.
    case discPoints
    /// Single voxels (or small blobs) at mid-vertebra, on the body or on the cord beside it.
    case levelPoints
    /// Voxels fill the cord, each with the number of the vertebra beside it.
    case cordLevels
  }

  /// The name to choose it by.
  public let name: String
  /// How the voxels are to be read.
  public let kind: Kind
  /// The meaning of each label; labels not listed are ignored.
  public let structures: [UInt16: SpineStructure]

  /// Makes a convention.
  public init(name: String, kind: Kind, structures: [UInt16: SpineStructure]) {
    self.name = name
    self.kind = kind
    self.structures = structures
  }

  /// The sample arrays released with U2AD: one class for all vertebrae, one for all discs.
  public static let u2ad = LabelConvention(
    name: "u2ad", kind: .regions,
    structures: [
      1: .unnamedDisc, 2: .unnamedVertebra, 3: .cord, 4: .csf, 5: .discProtrusion,
      6: .hyperintensity, 7: .otherCompressor,
    ])

  /// TotalSpineSeg (SCT `sct_deepseg spine`): the numbering of our own `label-spine_dseg` files.
  public static let totalSpineSeg = LabelConvention(
    name: "totalspineseg", kind: .regions,
    structures: {
      var map: [UInt16: SpineStructure] = [1: .cord, 2: .canal]
      // A number of ours that TotalSpineSeg leaves free.
      map[PhantomTissue.anteriorCompressor.rawValue] = .otherCompressor
      for level in VertebralLevel.allCases {
        map[level.totalSpineSegLabel] = .vertebra(level)
        if let disc = level.totalSpineSegDiscLabel { map[disc] = .disc(below: level) }
      }
      return map
    }())

  /// SPINEPS / TPTBox / VerSe instance masks: C1-C7 = 1-7, T1 = 8 ..., disc below = + 100.
  public static let spinepsInstance = LabelConvention(
    name: "spineps-instance", kind: .regions,
    structures: {
      var map: [UInt16: SpineStructure] = [:]
      for level in VertebralLevel.allCases {
        map[UInt16(level.rawValue)] = .vertebra(level)
        if level != .c1 { map[UInt16(100 + level.rawValue)] = .disc(below: level) }
      }
      return map
    }())

  /// SPINEPS subregion masks: bodies 49 and 50, cord 60, canal 61, disc 100; no levels.
  public static let spinepsSubregion = LabelConvention(
    name: "spineps-subregion", kind: .regions,
    structures: [
      49: .unnamedVertebra, 50: .unnamedVertebra, 60: .cord, 61: .canal, 100: .unnamedDisc,
    ])

  /// SCT disc labels: one voxel at the posterior tip of each disc, 3 = C2-3 ... 8 = C7-T1.
  public static let sctDiscs = LabelConvention(
    name: "sct-discs", kind: .discPoints,
    structures: Dictionary(
      uniqueKeysWithValues: VertebralLevel.allCases.filter { $0 > .c1 }.map {
        (UInt16($0.rawValue + 1), SpineStructure.disc(below: $0))
      }))

  /// SCT mid-vertebra points on the cord: 2 = C2 ... 7 = C7, 8 = T1 ...
  public static let sctLevels = LabelConvention(
    name: "sct-levels", kind: .levelPoints,
    structures: Dictionary(
      uniqueKeysWithValues: VertebralLevel.allCases.map {
        (UInt16($0.rawValue), SpineStructure.vertebra($0))
      }))

  /// SCT's cord by vertebral level (`sct_label_vertebrae`, "_seg_labeled"): 2 = from disc C1-2 to
  /// C2-3, 3 = from there to C3-4 ...
  public static let sctCordLevels = LabelConvention(
    name: "sct-cord-levels", kind: .cordLevels,
    structures: Dictionary(uniqueKeysWithValues: (1...25).map { (UInt16($0), .cord) }))

  /// Every convention we know.
  public static let all: [LabelConvention] = [
    u2ad, totalSpineSeg, spinepsInstance, spinepsSubregion, sctDiscs, sctLevels, sctCordLevels,
  ]

  /// The convention of a name, or `nil`.
  public init?(named name: String) {
    guard let match = Self.all.first(where: { $0.name == name.lowercased() }) else { return nil }
    self = match
  }

  /// The labels that stand for any of some structures.
  public func labels(of wanted: Set<SpineStructure>) -> Set<UInt16> {
    Set(structures.filter { wanted.contains($0.value) }.keys)
  }
}
