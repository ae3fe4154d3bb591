/// The segment at whose height a place lies, or the nearest one.
public struct NearestLevel: Equatable, Sendable {
  /// "C2-3" ... "C7-T1".
  public var name: String
  /// How far above (positive) or below the segment the place lies, in mm of z; 0 at its height.
  public var beyondMM: Double

  /// "C4-5", or "12 mm below C7-T1".
  public var words: String {
    // A journal's line made by hand may say any number.
    let mm = Int(min(abs(beyondMM), 1e6).rounded())
    return mm == 0 ? name : "\(mm) mm \(beyondMM > 0 ? "above" : "below") \(name)"
  }
}

extension Detection {
  /// The segment whose rows on the cord are nearest to a height, the upper of two as near.
  ///
  /// - Parameter z: RAS z in mm.
  /// - Returns: `nil` where no segment's height is known.
  public func nearestLevel(toZ z: Double) -> NearestLevel? {
    let levels = segments.compactMap { segment -> NearestLevel? in
      guard let from = segment.zFromMm, let to = segment.zToMm, from.isFinite, to.isFinite,
        z.isFinite
      else { return nil }
      let (low, high) = (min(from, to), max(from, to))
      return NearestLevel(name: segment.name, beyondMM: z - min(max(z, low), high))
    }
    return levels.min { abs($0.beyondMM) < abs($1.beyondMM) }
  }
}
