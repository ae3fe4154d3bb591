/// What of the layout all panes share.
extension StudyLayout {
  /// The lines over and under the panes, and the rows between them.
  struct Frame {
    let size: TerminalSize
    let warning: CellRect
    let why: CellRect
    let hasFreeLine: Bool
    /// The first row of the panes.
    let top: Int
    /// The row after their last.
    let bottom: Int

    /// Columns from which on one line of reasons holds what two of the smallest screen do.
    private static let wideWhy = 160

    init(_ size: TerminalSize, _ capabilities: TerminalCapabilities) {
      self.size = size
      let (columns, rows) = (size.columns, size.rows)
      let isTall = rows >= 30
      let words = capabilities.pictureWarning(room: columns - 2)
      let warnings = words.map { DisplayText.wrap($0, columns - 2, lines: 2).count } ?? 0
      warning = CellRect(row: 2, column: 1, height: warnings, width: columns - 2)
      // The free line under the head of a tall screen has room for it.
      top = max(isTall ? 3 : 2, warning.rowEnd)
      // No wider screen says less than one of 80 columns, which has two lines.
      let whyLines = columns < Self.wideWhy ? 2 : 1
      why = CellRect(row: rows - 2 - whyLines, column: 1, height: whyLines, width: columns - 2)
      // The second line takes the free one where the first alone had one over it.
      hasFreeLine = isTall && (columns < 120 || whyLines == 1)
      bottom = why.row - (hasFreeLine ? 1 : 0)
    }

    /// Rows that a paragraph of measurements takes of the pane over it.
    func spared(paragraph: Int) -> Int { max(paragraph - (hasFreeLine ? 1 : 0), 0) }

    /// The lines of measurements: a paragraph or the free line over the reasons, else the last of the ladder.
    func measures(paragraph: Int, under ladder: CellRect) -> CellRect {
      guard hasFreeLine || paragraph > 0 else {
        return CellRect(
          row: ladder.rowEnd - 1, column: ladder.column, height: 1, width: ladder.width)
      }
      return CellRect(
        row: bottom - spared(paragraph: paragraph), column: why.column,
        height: max(paragraph, 1), width: why.width)
    }
  }

  /// Which panes are shown.
  struct Panes {
    let size: TerminalSize
    /// Whether the curve stands beside the picture.
    let isAligned: Bool
    let isAdjudicating: Bool
    let enlarged: StudyPane?
    let isMeasured: Bool
    /// Whether a terminal without pictures has their room for ladder and curve.
    let isBare: Bool

    /// - Parameter wanted: Whether the curve is to stand beside the picture; `nil` where the size decides.
    init(
      size: TerminalSize, isAligned wanted: Bool?, isAdjudicating: Bool, enlarged: StudyPane?,
      isMeasured: Bool, drawsPictures: Bool
    ) {
      self.size = size
      self.isAdjudicating = isAdjudicating
      self.enlarged = enlarged
      self.isMeasured = isMeasured
      isBare = !drawsPictures && enlarged == nil
      isAligned =
        (wanted ?? (size.columns >= 150)) && size.columns >= 110 && !isAdjudicating
        && enlarged == nil && drawsPictures
    }

    /// Whether there is a picture, or room for one.
    var hasPicture: Bool { enlarged == .picture || (enlarged == nil && !isBare) }
    var hasLadder: Bool { enlarged == nil || enlarged == .ladder }

    /// Lines of measurements under a curve that is alone: it has rows to spare for all of it.
    var paragraph: Int { enlarged == .curve && isMeasured ? (size.columns < 120 ? 3 : 2) : 0 }
  }
}
