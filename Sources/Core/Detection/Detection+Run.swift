extension Detection {
  /// A run over a segment's threshold around its peak: it may begin or end in another segment.
  public struct Run: Equatable, Sendable {
    /// Its length along the cord in mm.
    public var lengthMM: Double
    /// The part of it that lies in the segment, in mm.
    public var insideMM: Double
  }

  /// The run around a flagged segment's peak, and how much of it lies in the segment; `nil` where the
  /// segment is not flagged, or no curve tells.
  ///
  /// The part is the run's length by its share of rows: over a run of some mm the cord's tilt is the same.
  public func run(of segment: Segment) -> Run? {
    guard let length = segment.lengthMm, length.isFinite, let peak = segment.peakRow,
      let from = segment.rowFrom, let to = segment.rowTo, from <= to,
      let curve = scoredCurve(of: segment),
      let rows = Self.run(around: peak, in: curve, segment.threshold)
    else { return nil }
    let inside = rows.count { (from...to).contains($0) }
    return Run(
      lengthMM: length, insideMM: length * Double(inside) / Double(rows.count))
  }

  /// The curve of the slice that a segment's score comes from.
  private func scoredCurve(of segment: Segment) -> Curve? {
    let index = segment.sliceIndex ?? sliceIndex
    let stored = slices.first { $0.index == index }?.curve
    let found = stored ?? (index == sliceIndex ? curve : nil)
    return found.flatMap { $0.row.isEmpty || $0.row.count != $0.value.count ? nil : $0 }
  }

  /// The neighbouring rows about a peak whose values reach a threshold; `nil` where the peak is none of
  /// them.
  private static func run(
    around peak: Int, in curve: Curve, _ threshold: Double
  ) -> ClosedRange<Int>? {
    guard let at = curve.row.firstIndex(of: peak), curve.value[at] >= threshold else { return nil }
    var (first, last) = (at, at)
    while first > 0, curve.row[first - 1] == curve.row[first] - 1,
      curve.value[first - 1] >= threshold
    {
      first -= 1
    }
    while last + 1 < curve.row.count, curve.row[last + 1] == curve.row[last] + 1,
      curve.value[last + 1] >= threshold
    {
      last += 1
    }
    return curve.row[first]...curve.row[last]
  }
}
