internal import Core

/// What each reader signed on each row, how far they agree, and the adjudicator's own verdict.
struct AdjudicationTable {
  let study: StudyScreenState
  let state: AppState

  private struct Columns {
    let name: Int
    let ai: Int
    let aiWidth: Int
    let readers: Int
    /// Cells of one reader, with the gap after it.
    let cell: Int
    /// Readers who have room.
    let shown: Int
    let accord: Int
    let you: Int
    let end: Int
    /// Whether call and accord stand there in words.
    let isWide: Bool

    init(_ rect: CellRect, readers count: Int) {
      isWide = rect.width >= 100
      name = rect.column + 2
      ai = name + 6
      aiWidth = isWide ? 15 : 6
      readers = ai + aiWidth
      let accordWidth = isWide ? 14 : 2
      let room = rect.columnEnd - readers - accordWidth
      // The own verdict has sign and word, also where there are many readers.
      let leastOwn = 11
      cell = max(min((room - leastOwn) / max(count, 1), room / (count + 1)), 2)
      shown = min(count, max((room - leastOwn) / cell, 0))
      accord = readers + shown * cell
      you = accord + accordWidth
      end = rect.columnEnd
    }
  }

  func draw(in screen: inout Screen, _ rect: CellRect) {
    let signed = study.signedColumns
    let comparison = study.comparison
    let columns = Columns(rect, readers: signed.count)
    screen.put("LEVEL", rect.row, columns.name, .head)
    screen.put("AI", rect.row, columns.ai, .head)
    for (index, reading) in signed.prefix(columns.shown).enumerated() {
      let mark = reading.isDeciding ? "FINAL " : ""
      screen.put(
        DisplayText.clean(mark + reading.label), rect.row, columns.readers + index * columns.cell,
        .head,
        limit: columns.cell - 1)
    }
    if columns.isWide { screen.put("ACCORD", rect.row, columns.accord, .head) }
    screen.put("YOU", rect.row, columns.you, .head)
    for (index, target) in study.rows.enumerated() where index < rect.height - 1 {
      let row = rect.row + 1 + index
      drawName(target, columns, in: &screen, row)
      drawCall(target, columns, in: &screen, row)
      for (place, reading) in signed.prefix(columns.shown).enumerated() {
        let column = columns.readers + place * columns.cell
        draw(reading, target, in: &screen, row, column, room: columns.cell - 1)
      }
      draw(comparison.accord(target.segment), columns, in: &screen, row)
      Ladder(study: study, state: state).drawVerdict(
        target, from: columns.you, to: columns.end, in: &screen, row: row, cutsNote: false)
    }
  }

  private func drawName(
    _ target: ReviewTarget, _ columns: Columns, in screen: inout Screen, _ row: Int
  ) {
    guard target == study.target else {
      screen.put(target.name, row, columns.name, .normal, limit: 6)
      return
    }
    screen.put("▸", row, columns.name - 2, .strong)
    screen.put(" \(target.name) ", row, columns.name - 1, .selected, limit: 7)
  }

  private func drawCall(
    _ target: ReviewTarget, _ columns: Columns, in screen: inout Screen, _ row: Int
  ) {
    let room = columns.aiWidth - 1
    guard study.detection != nil else {
      let words = columns.isWide ? study.undetectedWord : study.isHidden ? "blind" : "-"
      screen.put(words, row, columns.ai, .dim, limit: room)
      return
    }
    let decimals = ScoreText.decimals(study.detection)
    // As in the ladder, what stands beside the score begins at the same cell in every row.
    let beside = columns.ai + ScoreText.cells + 1
    if let score = study.uncalledScore(target) {
      guard columns.isWide else {
        screen.put("n/a", row, columns.ai, .dim, limit: room)
        return
      }
      let number = ScoreText.number(score, decimals, cells: ScoreText.cells)
      screen.put(number, row, columns.ai, .dim)
      screen.put("no call", row, beside, .dim)
      return
    }
    guard study.hasCall(target) else {
      screen.put(columns.isWide ? "not assessable" : "n/a", row, columns.ai, .dim, limit: room)
      return
    }
    let score =
      target == .study ? study.detection?.patient.score : study.assessment(target)?.score
    let isFlagged = study.isFlagged(target)
    let style: Style = isFlagged ? .accent : .normal
    // In a narrow column the flag takes the place of the third decimal, never that of a sign.
    let isShort = isFlagged && !columns.isWide && (score ?? 0) >= 0
    let number = ScoreText.number(
      score, decimals, cells: isShort ? ScoreText.cells - 1 : ScoreText.cells)
    let end = screen.put(number, row, columns.ai, style)
    guard isFlagged else { return }
    if columns.isWide {
      screen.put("▲ FLAG", row, beside, style)
    } else {
      screen.put("▲", row, end, style)
    }
  }

  private func draw(
    _ reading: OtherReading, _ target: ReviewTarget, in screen: inout Screen, _ row: Int,
    _ column: Int, room: Int
  ) {
    if reading.problem != nil {
      screen.put("unreadable", row, column, .error, limit: room)
      return
    }
    guard let verdict = reading.verdict(target.segment) else {
      screen.put("-", row, column, .dim)
      return
    }
    let isOld = reading.isRelabelled(target.segment)
    var end = screen.put(
      Ladder.text(verdict, isRelabelled: isOld, room: room), row, column,
      isOld ? .error : .verdict(verdict), limit: room)
    let detail = reading.details[target.segment]
    let marks = [
      detail?.grade.map { "g\($0)" }, detail?.axccm.map { "ax\($0)" },
      detail?.confidence.map { "s\($0)" },
    ].compactMap { $0 }.joined(separator: " ")
    if !marks.isEmpty, column + room - end > marks.count {
      end = screen.put(marks, row, end + 1, .normal)
    }
    if let reason = detail?.reason, column + room - end > 4 {
      screen.put(
        DisplayText.clean(reason), row, end + 1, .dim, limit: column + room - end - 1)
    }
  }

  private func draw(
    _ accord: ReadingComparison.Accord, _ columns: Columns, in screen: inout Screen, _ row: Int
  ) {
    let words = columns.isWide ? " \(accord.words)" : ""
    screen.put(
      Self.sign(accord) + words, row, columns.accord, accord.isOpen ? .accent : .dim,
      limit: columns.you - columns.accord)
  }

  /// A sign of how far readers agree.
  private static func sign(_ accord: ReadingComparison.Accord) -> String {
    switch accord {
    case .agreed: "="
    case .differs: "×"
    case .unsure: "?"
    case .partial: "~"
    case .silent: " "
    }
  }
}
