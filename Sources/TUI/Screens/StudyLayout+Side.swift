/// Where ladder and curve lie, with what stands at them.
extension StudyLayout {
  /// Columns by which the picture grows in a step, on screens that are not large.
  private static let stepWidth = 6
  /// Columns of ladder and curve, with the one before them, in which measurements have theirs.
  private static let measuredWidth = 58
  /// Columns of a picture that was narrowed.
  private static let leastPicture = 24
  /// Columns of ladder and curve where they were narrowed: without the bars of scores.
  fileprivate static let leastLadder = 36
  /// The same where the ladder has words for truth and answer.
  fileprivate static let leastTruthLadder = 42
  /// Columns from which on, without a picture, the notes stand beside the ladder, which has so many then.
  private static let bareWide = 110
  private static let bareLadder = 63
  /// Lines of the ladder, and with the free one under them.
  private static let ladderLines = 8
  private static let ladderRoom = 9

  /// Ladder, curve, measurements, notes and the line of quality.
  struct Side {
    let ladder: CellRect
    let curve: CellRect
    let measures: CellRect
    let notes: CellRect
    let quality: CellRect

    /// Puts them under each other at the right of the screen.
    ///
    /// - Parameter right: Their columns, with the one before them.
    init(in frame: Frame, _ panes: Panes, width right: Int) {
      let (column, width) = (frame.size.columns - right, max(right - 1, 0))
      func lines(_ row: Int, _ height: Int) -> CellRect {
        CellRect(row: row, column: column, height: height, width: width)
      }
      ladder = lines(frame.top, panes.hasLadder ? ladderLines : 0)
      measures = frame.measures(paragraph: panes.paragraph, under: ladder)
      let under = panes.hasLadder ? frame.top + ladderRoom : frame.top
      let below = lines(under, panes.enlarged == .picture ? 0 : frame.bottom - under)
      let height = panes.curveHeight(
        in: below.height, spared: frame.spared(paragraph: panes.paragraph))
      curve = lines(below.row, height)
      let gap = height == 0 ? 0 : 1
      notes = lines(
        curve.rowEnd + gap,
        panes.enlarged == .curve ? 0 : max(below.height - height - gap, 0))
      let hasQuality = panes.enlarged == nil && notes.height < 3 && below.height >= 8
      quality = lines(below.rowEnd - 1, hasQuality ? 1 : 0)
    }

    /// The whole width of a terminal without pictures: from some columns on with the notes beside the ladder.
    static func bare(in frame: Frame, _ panes: Panes) -> Side {
      panes.isAdjudicating || frame.size.columns < bareWide
        ? Side(in: frame, panes, width: frame.size.columns - 1) : Side(bareWideIn: frame)
    }

    /// Ladder and notes beside each other over the curve, which has all that is left.
    private init(bareWideIn frame: Frame) {
      let width = frame.size.columns - 2
      ladder = CellRect(row: frame.top, column: 1, height: ladderLines, width: bareLadder)
      measures = frame.measures(paragraph: 0, under: ladder)
      let under = frame.top + ladderRoom
      curve = CellRect(row: under, column: 1, height: frame.bottom - under, width: width)
      let noted = ladder.columnEnd + 2
      notes = CellRect(
        row: frame.top, column: noted, height: ladderRoom, width: width + 1 - noted)
      quality = CellRect(row: curve.rowEnd - 1, column: 1, height: 0, width: width)
    }
  }

  /// Columns of ladder and curve, with the one before them.
  ///
  /// - Parameters:
  ///   - taken: Columns of a curve that stands beside the picture.
  ///   - steps: How much wider the picture is than usual.
  ///   - least: Columns that they keep.
  fileprivate static func ladderWidth(_ columns: Int, taken: Int, steps: Int, least: Int) -> Int {
    // At least what "? cannot tell" takes in the ladder without bars.
    let lying = min(max(41 + (columns - 80) * 17 / 40, 42), 66)
    let usual = taken > 0 ? min(lying, measuredWidth) : lying
    let most = max(columns - 1 - gutterWidth - taken - leastPicture, usual)
    let step = max(stepWidth, columns / 20)
    // Steps that left the ladder its measurements before the curve stood beside the picture take none from
    // them then, either: the curve's room is the picture's.
    let free = steps > 0 ? min((lying - usual) / step, steps) : 0
    return min(max(usual - (steps - free) * step, min(least, usual)), most)
  }
}

extension StudyLayout.Panes {
  /// Columns of ladder and curve, with the one before them.
  ///
  /// - Parameters:
  ///   - steps: How much wider the picture is than usual.
  ///   - hasTruth: Whether the ladder has words for what is known of a case.
  func sideWidth(steps: Int, hasTruth: Bool) -> Int {
    let columns = size.columns
    return switch enlarged {
    case .picture: 0
    case .curve, .ladder: columns - 1
    case nil where isAdjudicating: min(max(48 + (columns - 80) * 26 / 40, 48), 126)
    case nil:
      StudyLayout.ladderWidth(
        columns, taken: StudyLayout.standingColumns(self), steps: steps,
        least: hasTruth ? StudyLayout.leastTruthLadder : StudyLayout.leastLadder)
    }
  }

  /// Rows of the curve under the ladder, or alone.
  ///
  /// - Parameters:
  ///   - room: All rows there.
  ///   - spared: Rows that measurements take of a curve that is alone.
  fileprivate func curveHeight(in room: Int, spared: Int) -> Int {
    // Under a curve that takes all there is, one line stays for the quality.
    let rest = room >= 8 ? room - 1 : room
    // Who signed what, and how far they agree, comes before the curve.
    return switch enlarged {
    case .curve: room - spared
    case .ladder, .picture: 0
    case nil where isAdjudicating: room >= 24 ? min(room - 16, 15) : 0
    case nil: isAligned ? 0 : min(rest, room >= 18 ? 15 : rest)
    }
  }
}
