/// The part of a canvas that is sent in all greys of its palette; the rest has every other one.
///
/// Nearly every colour of a sixel picture appears in nearly every band of six rows, and each has a line of
/// its own there: the bytes grow with the greys, and what is drawn over them adds little. About the cord,
/// where a faint signal counts, no grey is given away.
public struct FineZone: Equatable, Sendable {
  /// The columns by row of the canvas, empty where the zone does not reach.
  let columns: [Range<Int>]

  /// The zone about a mask such as the cord's: so many image px about it in each direction, taken row by
  /// row from the mask's first to its last column; `nil` without any pixel of the mask on the canvas.
  public init?(
    about mask: MaskRaster, margin: Int, _ placement: PicturePlacement, rows: Int
  ) {
    let reach = max(margin, 0)
    var own = [Range<Int>?](repeating: nil, count: mask.rows)
    for row in 0..<mask.rows {
      let inside = (0..<mask.columns).filter { mask[row, $0] }
      if let first = inside.first, let last = inside.last { own[row] = first..<(last + 1) }
    }
    let content = placement.content
    var found = [Range<Int>](repeating: 0..<0, count: max(rows, 0))
    for y in content.rows.clamped(to: 0..<max(rows, 0)) {
      let at = Int(placement.row(atY: Double(y) + 0.5).rounded())
      let near = max(at - reach, 0)..<max(min(at + reach + 1, mask.rows), max(at - reach, 0))
      let spans = near.compactMap { own[$0] }
      guard let first = spans.map(\.lowerBound).min(), let last = spans.map(\.upperBound).max()
      else { continue }
      let left = placement.x(ofColumn: Double(first - reach) - 0.5)
      let right = placement.x(ofColumn: Double(last + reach) - 0.5)
      let span = Int(left.rounded(.down))..<max(Int(right.rounded(.up)), Int(left.rounded(.down)))
      found[y] = span.clamped(to: content.columns)
    }
    guard found.contains(where: { !$0.isEmpty }) else { return nil }
    columns = found
  }
}
