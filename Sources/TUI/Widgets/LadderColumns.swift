/// Where the columns of the ladder begin.
struct LadderColumns {
  let name: Int
  let score: Int
  let bar: Int
  /// 0 where there is no bar.
  let barWidth: Int
  let ai: Int
  let second: Int
  let you: Int
  /// End of the reader's own column.
  let end: Int
  /// The other readers' column, where there is room for it.
  let others: Int?
  /// Its cells.
  let othersWidth: Int
  /// What is known of a case, in the place of the second opinion.
  let truth: Int?
  /// The measurements, where there is room for them.
  let measures: Int?

  /// Cells from which on measurements have columns beside the reader's verdicts, and a sign of each other
  /// reader's.
  static let leastMeasured = 57

  init(_ rect: CellRect, hasOthers: Bool) {
    truth = nil
    measures = nil
    // Own and other verdicts whole: bar and gaps give way.
    let hasOthers = hasOthers && rect.width >= 57
    name = rect.column + 2
    score = name + 6
    bar = score + 6
    // A ladder that was narrowed keeps its words, not its bars, and "? unsure"; else the bar leaves room
    // for "? cannot tell" at the right end.
    barWidth =
      rect.width < 41
      ? 0 : hasOthers ? 5 : min(5 + (rect.width - 40) / 2, rect.width - 38, 16)
    ai = bar + (barWidth == 0 ? 0 : barWidth + 1)
    let gap = rect.width >= 50 && !hasOthers ? 7 : 5
    second = ai + gap
    you = second + gap
    othersWidth = hasOthers ? LadderOthers.wordsWidth : 0
    others = hasOthers ? rect.columnEnd - othersWidth : nil
    end = (others.map { $0 - 1 }) ?? rect.columnEnd
  }

  /// AI, truth and answer side by side; where there is little room the bar is left out.
  init(besideTruth rect: CellRect) {
    let isWide = rect.width >= 57
    name = rect.column + 2
    score = name + 6
    bar = score + 6
    barWidth = isWide ? 5 : 0
    ai = bar + barWidth + (isWide ? 1 : 0)
    // "● present× ● present": each as wide as sign and word.
    second = ai + (isWide ? 6 : 5)
    truth = second
    you = second + (isWide ? 13 : 11)
    (others, othersWidth) = (nil, 0)
    measures = nil
    end = rect.columnEnd
  }

  /// Measurements at the right end; the bar, which the curve beside or below says better, gives way first,
  /// then the words of other readers' verdicts to their signs, and of the reader's own "cannot tell" to
  /// "unsure".
  init(besideMeasures rect: CellRect, hasOthers: Bool) {
    name = rect.column + 2
    score = name + 6
    bar = score + 6
    let right = rect.columnEnd - LadderMeasures.width
    // What is left for the readers' verdicts where there is no bar.
    let room = right - (bar + 2 * Self.besideOthers)
    let whole = Self.wholeVerdict + 1 + LadderOthers.wordsWidth
    barWidth =
      hasOthers
      ? (room - 6 >= whole ? 5 : 0) : rect.width >= Self.leastMeasured + 6 ? 5 : 0
    ai = bar + (barWidth > 0 ? barWidth + 1 : 0)
    second = ai + (hasOthers ? Self.besideOthers : 6)
    you = second + 5
    truth = nil
    othersWidth =
      !hasOthers ? 0 : room >= whole ? LadderOthers.wordsWidth : LadderOthers.signsWidth
    others = hasOthers ? right - othersWidth : nil
    end = (others.map { $0 - 1 }) ?? right
    measures = right
  }

  /// A score in its column, with a free cell before the next: "-0.03" where "-0.033" would fill it.
  func number(_ score: Double?, _ decimals: Int) -> String {
    ScoreText.number(score, decimals, cells: bar - self.score - 1)
  }

  /// Cells of a call, "FLAG" or "peak", with the one after it.
  private static let besideOthers = 5
  /// Cells of "? cannot tell".
  private static let wholeVerdict = 13
}
