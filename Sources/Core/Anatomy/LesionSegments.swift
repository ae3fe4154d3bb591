internal import Imaging

/// The segments that a lesion reaches: the truth of phantoms and of planted lesions, and of measured lesions.
///
/// A segment lies between the image rows (or RAS z) of its two vertebrae's centres, as detection scores it
/// (method, section 6), however the cord leans there: in a steep neck a line across the cord from the same centre
/// meets the cord several rows higher.
enum LesionSegments {
  /// A lesion reaches a segment with this many mm of its length, ...
  static let leastMM = 3
  /// ... or with this share of it.
  static let leastShare = 0.4

  /// The segments that rows of a slice reach.
  ///
  /// - Parameter borders: The rows of each segment whose vertebrae are known, on the same grid.
  static func reached(
    by rows: ClosedRange<Int>, borders: [SpinalSegment: ClosedRange<Int>]
  ) -> [SpinalSegment] {
    SpinalSegment.allCases.filter { segment in
      guard let own = borders[segment], own.overlaps(rows) else { return false }
      let inside = Double(rows.clamped(to: own).count)
      return inside * SagittalGrid.spacing >= Double(leastMM)
        || inside >= leastShare * Double(rows.count)
    }
  }

  /// The segments that lesion voxels reach, by RAS z in bins of 1 mm.
  ///
  /// - Parameter levels: RAS mm of each vertebra's centre; segments between unknown ones are left out.
  static func reached(
    by lesion: LabelVolume, levels: [VertebralLevel: SIMD3<Double>]
  ) -> [SpinalSegment] {
    let shape = lesion.shape
    var bins = Set<Int>()
    for index in lesion.voxels.indices where lesion.voxels[index] != 0 {
      let i = index % shape.x
      let j = index / shape.x % shape.y
      let k = index / (shape.x * shape.y)
      bins.insert(Int(lesion.affine([Double(i), Double(j), Double(k)]).z.rounded(.down)))
    }
    return SpinalSegment.allCases.filter { segment in
      guard let upper = levels[segment.upper], let lower = levels[segment.lower] else {
        return false
      }
      let inside = bins.count { Double($0) + 0.5 < upper.z && Double($0) + 0.5 >= lower.z }
      return inside >= leastMM
        || (inside > 0 && Double(inside) >= leastShare * Double(bins.count))
    }
  }
}
