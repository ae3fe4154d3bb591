internal import Core

/// The measurements at the right end of the ladder: cord diameter in mm, MSCC in percent, SCR.
struct LadderMeasures {
  let study: StudyScreenState
  /// First column: the gap before them.
  let column: Int

  /// Columns of all, with the gap.
  static let width = 17

  /// A column of numbers that end in one place.
  private struct Part {
    let head: String
    let decimals: Int
    /// Columns from the gap to the end.
    let end: Int
  }

  private static let cord = Part(head: "CORD", decimals: 1, end: 6)
  private static let mscc = Part(head: "MSCC", decimals: 0, end: 11)
  private static let scr = Part(head: "SCR", decimals: 2, end: 17)
  /// Cells of a number with its mark: "?1.62", "?-12".
  private static let cells = 5

  /// The names of the columns; that of what is hidden is hidden, too.
  func drawHead(in screen: inout Screen, row: Int) {
    var parts = [Self.cord, Self.mscc]
    if study.showsLesionMeasures { parts.append(Self.scr) }
    for part in parts {
      screen.putRight(part.head, row, endingAt: column + part.end, .head)
    }
  }

  /// The values of a row; the study as a whole has none.
  func draw(_ target: ReviewTarget, in screen: inout Screen, row: Int) {
    guard let segment = target.segment else { return }
    var level: LevelMeasures?
    var isAwaited = false
    switch study.measures.stage {
    case .measuring: isAwaited = true
    case .failed: break
    case .known(let measures): level = measures[segment]
    }
    put(level?.cordApMm, Self.cord, isAwaited: isAwaited, in: &screen, row)
    put(level?.msccPercent, Self.mscc, isAwaited: isAwaited, in: &screen, row)
    guard study.showsLesionMeasures else { return }
    // A verdict may have made a lesion, or taken one away.
    let isSignalAwaited = isAwaited || (level != nil && !study.measures.isCurrent)
    put(level?.scrRatio, Self.scr, isAwaited: isSignalAwaited, in: &screen, row)
  }

  private func put(
    _ value: MeasuredValue?, _ part: Part, isAwaited: Bool, in screen: inout Screen, _ row: Int
  ) {
    let text = isAwaited ? MeasureLine.awaited : MeasureLine.number(value, part.decimals)
    let isKnown = !isAwaited && value?.value != nil
    screen.put(
      DisplayText.pad(text, Self.cells, right: true), row, column + part.end - Self.cells,
      isKnown ? .normal : .dim)
  }
}
