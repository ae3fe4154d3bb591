internal import Imaging

/// Voxel counts, centres and extents of the labels of a volume.
struct LabelMoments {
  /// What is summed for one label.
  struct Moment {
    var count = 0
    /// Sum of the voxel indices.
    var sum = SIMD3<Int>.zero
    /// Smallest and largest voxel indices.
    var lower = SIMD3<Int>(repeating: .max)
    var upper = SIMD3<Int>(repeating: .min)
  }

  /// The sums per label.
  private(set) var moments: [UInt16: Moment] = [:]
  private let affine: Affine

  /// Gathers the labels above 0 for which `wanted` holds, at the voxels for which `counts` holds.
  init(
    _ volume: LabelVolume, where wanted: (UInt16) -> Bool,
    at counts: (SIMD3<Int>) -> Bool = { _ in true }
  ) {
    affine = volume.affine
    var isWanted = [Int8](repeating: -1, count: Int(UInt16.max) + 1)
    isWanted[0] = 0
    var index = 0
    for k in 0..<volume.shape.z {
      for j in 0..<volume.shape.y {
        for i in 0..<volume.shape.x {
          let label = volume.voxels[index]
          index += 1
          guard label != 0 else { continue }
          if isWanted[Int(label)] < 0 { isWanted[Int(label)] = wanted(label) ? 1 : 0 }
          guard isWanted[Int(label)] == 1, counts([i, j, k]) else { continue }
          moments[label, default: Moment()].add([i, j, k])
        }
      }
    }
  }

  /// Voxels that a point may be drawn with.
  private static let largestPoint = 500

  /// Whether the labels are points, not structures.
  var arePoints: Bool { moments.values.allSatisfy { $0.count <= Self.largestPoint } }

  /// The centre of gravity of each label in RAS mm.
  var centres: [UInt16: SIMD3<Double>] {
    moments.mapValues { m in affine(SIMD3<Double>(m.sum) / Double(m.count)) }
  }
}

extension LabelMoments.Moment {
  mutating func add(_ p: SIMD3<Int>) {
    count += 1
    sum &+= p
    lower = pointwiseMin(lower, p)
    upper = pointwiseMax(upper, p)
  }
}
