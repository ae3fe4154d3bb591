internal import Imaging

/// Whether a spine in TotalSpineSeg numbers holds vertebrae, and whether discs.
struct SpineKinds: Equatable {
  private(set) var hasBodies = false
  private(set) var hasDiscs = false

  private static let bodies = Set(VertebralLevel.allCases.map(\.totalSpineSegLabel))
  private static let discs = Set(VertebralLevel.allCases.compactMap(\.totalSpineSegDiscLabel))

  /// The kinds of a volume; none without one.
  init(_ spine: LabelVolume?) {
    guard let spine else { return }
    for label in Set(spine.voxels) {
      hasBodies = hasBodies || Self.bodies.contains(label)
      hasDiscs = hasDiscs || Self.discs.contains(label)
    }
  }

  /// Whether a label is of a kind that is there, or cord or canal; other compressors count with the
  /// discs.
  func hold(_ label: UInt16) -> Bool {
    label <= 2 || (Self.bodies.contains(label) ? hasBodies : hasDiscs)
  }

  /// A spine with the kinds that it lacks taken from another where it has no label itself.
  static func completed(_ given: LabelVolume, by found: LabelVolume) -> LabelVolume {
    guard given.shape == found.shape else { return given }
    let known = SpineKinds(given)
    var result = given
    for n in result.voxels.indices where given.voxels[n] == 0 && found.voxels[n] != 0 {
      if !known.hold(found.voxels[n]) { result.voxels[n] = found.voxels[n] }
    }
    return result
  }
}
