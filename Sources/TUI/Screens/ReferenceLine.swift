internal import Imaging

/// Where another picture crosses one, drawn so that what is judged there is not covered.
struct ReferenceLine {
  let meeting: PlaneMeeting

  init(_ meeting: PlaneMeeting) { self.meeting = meeting }

  /// Open so far to either side of the cord that it crosses.
  private static let openMM = 6.0
  /// Part of a picture's height in which a line along the cord is open, to either side of its middle.
  private static let openShare = 0.36

  /// Its lines on a plane of which a part is shown; none where the planes do not cross.
  /// - Parameters:
  ///   - crop: What is shown of the plane, in its px.
  ///   - place: Column and row of the place that is judged.
  func lines(
    on plane: SamplingPlane, within crop: PixelRect, openAbout place: SIMD2<Double>
  ) -> [PictureRequest.Marks.Line] {
    guard case .line(let from, let to) = meeting, let first = plane.pixel(ras: from),
      let last = plane.pixel(ras: to)
    else { return [] }
    let a = SIMD2(first.column, first.row)
    let d = SIMD2(last.column, last.row) - a
    let length = (d * d).sum().squareRoot()
    let step = (plane.columnStep * plane.columnStep).sum().squareRoot()
    guard length > 0, step > 0, length.isFinite else { return [] }
    var (middle, open) = (place, Self.openMM / step)
    if runsAlongCord(to - from) {
      // It would lie on all of the cord: only its ends are drawn.
      middle.y = Double(crop.rows.lowerBound + crop.rows.upperBound - 1) / 2
      open = Double(crop.height) * Self.openShare
    }
    let at = ((middle - a) * d).sum() / (length * length)
    let gap = open / length
    var lines: [PictureRequest.Marks.Line] = []
    if at - gap > 0 { lines.append(.init(from: a, to: a + d * min(at - gap, 1))) }
    if at + gap < 1 { lines.append(.init(from: a + d * max(at + gap, 0), to: a + d)) }
    return lines
  }

  /// Whether a direction in RAS runs along the body more than across it.
  private func runsAlongCord(_ d: SIMD3<Double>) -> Bool {
    d.z * d.z > d.x * d.x + d.y * d.y
  }
}
