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
      let at = curve.row.firstIndex(of: peak), curve.value[at] >= segment.threshold,
      let rows = curve.run(around: peak, reaching: segment.threshold)
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
    return found.flatMap { $0.row.count == $0.value.count ? $0 : nil }
  }
}

extension Detection.Curve {
  /// A peak with the neighbouring rows whose values reach a threshold; `nil` where it is on no row.
  ///
  /// The peak belongs to it whatever its value is: a file may have it a digit shorter than the score.
  func run(around peak: Int, reaching threshold: Double) -> ClosedRange<Int>? {
    guard row.count == value.count, let at = row.firstIndex(of: peak) else { return nil }
    var (first, last) = (at, at)
    while first > 0, row[first - 1] == row[first] - 1, value[first - 1] >= threshold {
      first -= 1
    }
    while last + 1 < row.count, row[last + 1] == row[last] + 1, value[last + 1] >= threshold {
      last += 1
    }
    return row[first]...row[last]
  }
}
