internal import Imaging

/// Discs as SCT marks them: one voxel each, numbered 3 (C2-3) ... 8 (C7-T1), 9 (T1-2).
enum DiscPoints {
  /// Marks the posterior tip of every named disc in the sagittal plane through its centre, where SCT
  /// expects it (SCT documentation, labeling conventions; clinical notes, label conventions).
  ///
  /// Of a disc in several pieces the largest counts, or the point could lie on another disc.
  /// - Parameter spine: TotalSpineSeg numbers.
  /// - Returns: the points on the same voxels; `nil` where no disc is named.
  static func tips(of spine: LabelVolume) -> LabelVolume? {
    let spine = largestPieces(of: spine)
    let centres = LabelledBodies.discs(spine)
    let levels = Dictionary(
      uniqueKeysWithValues: centres.keys.compactMap { level in
        level.totalSpineSegDiscLabel.map { ($0, level) }
      })
    guard !levels.isEmpty else { return nil }
    let sliceMM = spine.affine.spacing[spine.affine.axis(mostAlong: 0)]
    var tips: [VertebralLevel: (voxel: Int, rank: Rank)] = [:]
    for (voxel, label) in spine.voxels.enumerated() where label != 0 {
      guard let level = levels[label], let centre = centres[level] else { continue }
      let (nx, ny) = (spine.shape.x, spine.shape.y)
      let p = spine.affine([
        Double(voxel % nx), Double(voxel / nx % ny), Double(voxel / (nx * ny)),
      ])
      let rank = Rank(
        slices: (abs(p.x - centre.x) / sliceMM).rounded(), y: p.y, z: abs(p.z - centre.z))
      if rank < tips[level]?.rank ?? .last { tips[level] = (voxel, rank) }
    }
    var points = spine.map { _ in UInt16(0) }
    for (level, tip) in tips { points.voxels[tip.voxel] = UInt16(level.rawValue + 1) }
    return points
  }

  /// The discs alone, each as its largest connected piece.
  private static func largestPieces(of spine: LabelVolume) -> LabelVolume {
    let numbers = Set(VertebralLevel.allCases.compactMap(\.totalSpineSegDiscLabel))
    let pieces = ConnectedComponents.label(
      spine.map { $0 != 0 && numbers.contains($0) }, connectivity: .twentySix
    ).labels.voxels
    var sizes: [UInt16: [Int32: Int]] = [:]
    for (voxel, piece) in pieces.enumerated() where piece != 0 {
      sizes[spine.voxels[voxel], default: [:]][piece, default: 0] += 1
    }
    let largest = sizes.compactMapValues { sizes in
      sizes.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key
    }
    var result = spine
    for voxel in pieces.indices where largest[result.voxels[voxel]] != pieces[voxel] {
      result.voxels[voxel] = 0
    }
    return result
  }

  /// What makes a voxel the tip: nearest plane first, then farthest back, then nearest in height.
  private struct Rank: Comparable {
    var slices: Double
    var y: Double
    var z: Double

    static let last = Rank(slices: .infinity, y: .infinity, z: .infinity)

    static func < (a: Rank, b: Rank) -> Bool { (a.slices, a.y, a.z) < (b.slices, b.y, b.z) }
  }
}
