/// A bar with a mark at the threshold; what passes the mark is accented.
struct ScoreBar {
  /// 0...1 of the width.
  var fraction: Double
  /// Place of the threshold, 0...1 of the width.
  var mark: Double
  var isFlagged: Bool

  func draw(in screen: inout Screen, row: Int, column: Int, width: Int) {
    guard width > 0 else { return }
    let filled = cells(fraction, width)
    let markAt = min(markCell(width), width - 1)
    for index in 0..<width {
      let isFilled = index < filled
      let glyph: Unicode.Scalar
      if index == markAt {
        glyph = isFilled ? "┿" : "┼"
      } else {
        glyph = isFilled ? "━" : "─"
      }
      let style: Style =
        isFilled ? (isFlagged ? .accent : .normal) : (index == markAt ? .dim : .faint)
      screen.set(glyph, row, column + index, style)
    }
  }

  /// The cell of the threshold, at most one past the bar.
  private func markCell(_ width: Int) -> Int {
    mark.isFinite ? Int((min(max(mark, 0), 1) * Double(width)).rounded(.down)) : 0
  }

  /// Filled cells; the smallest score above nothing shows, and only what reaches the threshold
  /// reaches the mark.
  private func cells(_ fraction: Double, _ width: Int) -> Int {
    guard fraction.isFinite, fraction > 0 else { return 0 }
    let exact = min(fraction, 1) * Double(width)
    let markAt = markCell(width)
    let count = max(Int(exact.rounded()), 1)
    if isFlagged { return min(max(count, markAt + 1), width) }
    return min(count, max(markAt, 1), width)
  }
}
