internal import Core

/// The segments from C2-3 to C7-T1: what the AI, the second opinion and the reader say, and what is measured
/// of each where there is room.
struct Ladder {
  let study: StudyScreenState
  let state: AppState

  private struct Columns {
    let name: Int
    let score: Int
    let bar: Int
    let barWidth: Int
    let ai: Int
    let second: Int
    let you: Int
    /// End of the reader's own column.
    let end: Int
    /// The other readers' column, where there is room for it.
    let others: Int?
    /// What is known of a case, in the place of the second opinion.
    let truth: Int?
    /// The measurements, where there is room for them.
    let measures: Int?

    /// Cells from which on measurements have columns beside whole verdicts.
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
      others = hasOthers ? rect.columnEnd - Self.othersWidth : nil
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
      others = nil
      measures = nil
      end = rect.columnEnd
    }

    /// Measurements at the right end; the bar, which the curve beside or below says better, gives way first.
    init(besideMeasures rect: CellRect) {
      name = rect.column + 2
      score = name + 6
      bar = score + 6
      barWidth = rect.width >= Self.leastMeasured + 6 ? 5 : 0
      ai = bar + (barWidth > 0 ? barWidth + 1 : 0)
      second = ai + 6
      you = second + 5
      (truth, others) = (nil, nil)
      end = rect.columnEnd - LadderMeasures.width
      measures = end
    }

    /// Takes "? cannot tell".
    private static let othersWidth = 13
  }

  func draw(in screen: inout Screen, _ rect: CellRect) {
    let columns = self.columns(rect)
    var heads = [
      ("LEVEL", columns.name), ("SCORE", columns.score), ("AI", columns.ai),
      (columns.truth == nil ? "2ND" : "TRUTH", columns.second),
      ("YOU", columns.you),
    ]
    if let others = columns.others {
      heads.append((study.othersLast.count == 1 ? "2ND READER" : "OTHERS", others))
    }
    for (head, column) in heads { screen.put(head, rect.row, column, .head) }
    measures(columns)?.drawHead(in: &screen, row: rect.row)
    for (index, target) in study.rows.enumerated() where index < rect.height - 1 {
      draw(target, columns, in: &screen, row: rect.row + 1 + index)
    }
    if study.rows.count < rect.height - 1 { drawFoot(in: &screen, rect) }
  }

  /// Truth and the other readers' verdicts come before measurements, of which the selected row's stand on
  /// their own line in any case.
  private func columns(_ rect: CellRect) -> Columns {
    if study.shownTruth != nil { return Columns(besideTruth: rect) }
    let hasOthers = !study.othersLast.isEmpty
    return study.isMeasured && !hasOthers && rect.width >= Columns.leastMeasured
      ? Columns(besideMeasures: rect) : Columns(rect, hasOthers: hasOthers)
  }

  private func measures(_ columns: Columns) -> LadderMeasures? {
    columns.measures.map { LadderMeasures(study: study, column: $0) }
  }

  /// The reader's own findings, the latest in words.
  private func drawFoot(in screen: inout Screen, _ rect: CellRect) {
    let findings = study.review.findings
    guard let last = findings.last, let place = last.place else { return }
    let more = findings.count > 1 ? "\(findings.count) findings, the last: " : "finding: "
    screen.put(
      "+ \(more)\(DisplayText.clean(last.comment ?? "")) (\(study.words(for: place)))",
      rect.rowEnd - 1, rect.column, .strong, limit: rect.width)
  }

  private func draw(
    _ target: ReviewTarget, _ columns: Columns, in screen: inout Screen, row: Int
  ) {
    let isSelected = target == study.target
    let isFlagged = study.isFlagged(target)
    if isSelected { screen.put("▸", row, columns.name - 2, .strong) }
    let plain: Style = isFlagged ? .strong : .normal
    if isSelected {
      screen.put(" \(target.name) ", row, columns.name - 1, .selected, limit: 7)
    } else {
      screen.put(target.name, row, columns.name, plain, limit: 6)
    }
    if study.detection == nil {
      screen.put(
        study.undetectedWord, row, columns.score, .dim,
        limit: (columns.truth ?? columns.you) - columns.score - 1)
    } else if study.hasCall(target) {
      drawCall(target, columns, in: &screen, row: row)
    } else if let score = study.uncalledScore(target) {
      screen.put(
        ScoreText.number(score, ScoreText.decimals(study.detection)), row, columns.score, .normal)
      let words = "no call: levels missing"
      let room = (columns.truth ?? columns.you) - columns.bar - 1
      screen.put(room < words.count ? "no call" : words, row, columns.bar, .dim, limit: room)
    } else {
      let reason =
        target.segment.flatMap { _ in study.assessment(target)?.reason }
        ?? study.detection?.patient.reason
      screen.put(
        "not assessable" + (reason.map { ": \($0)" } ?? ""), row, columns.score, .dim,
        limit: (columns.truth ?? columns.you) - columns.score - 1)
    }
    drawVerdict(target, from: columns.you, to: columns.end, in: &screen, row: row)
    drawOthers(target, columns, in: &screen, row: row)
    drawTruth(target, columns, in: &screen, row: row)
    measures(columns)?.draw(target, in: &screen, row: row)
  }

  /// What is known of a row, with a mark where the learner said something else.
  private func drawTruth(
    _ target: ReviewTarget, _ columns: Columns, in screen: inout Screen, row: Int
  ) {
    guard let column = columns.truth else { return }
    guard let truth = study.shownTruth?.verdict(target.segment) else {
      screen.put("-", row, column, .dim)
      return
    }
    let room = columns.you - 2 - column
    screen.put(Self.text(truth, room: room), row, column, .verdict(truth), limit: room)
    if let own = study.standing(target)?.verdict, own != truth {
      screen.put("×", row, columns.you - 2, .strong)
    }
  }

  /// What other readers signed: one in words, more as counts; accented where it is not the reader's own.
  private func drawOthers(
    _ target: ReviewTarget, _ columns: Columns, in screen: inout Screen, row: Int
  ) {
    guard let column = columns.others else { return }
    let verdicts = study.othersLast.compactMap { $0.verdict(target.segment) }
    let own = study.standing(target)?.verdict
    let words: String
    if study.othersLast.count == 1 {
      let problem = study.othersLast[0].problem == nil ? "-" : "unreadable"
      words = verdicts.first.map { "\(Self.sign($0)) \($0.words)" } ?? problem
    } else {
      let counts = Verdict.allCases.compactMap { verdict -> String? in
        let count = verdicts.count { $0 == verdict }
        return count == 0 ? nil : "\(count)\(Self.sign(verdict))"
      }
      words = counts.isEmpty ? "-" : counts.joined(separator: " ")
    }
    let differs = verdicts.contains { $0 != own }
    screen.put(words, row, column, differs ? .accent : .normal, limit: 13)
  }

  private func drawCall(
    _ target: ReviewTarget, _ columns: Columns, in screen: inout Screen, row: Int
  ) {
    let found = study.assessment(target)
    let patient = study.detection?.patient
    let score = target == .study ? patient?.score : found?.score
    let threshold = (target == .study ? patient?.threshold : found?.threshold) ?? 0
    let isFlagged = study.isFlagged(target)
    let decimals = ScoreText.decimals(study.detection)
    screen.put(
      ScoreText.number(score, decimals), row, columns.score, isFlagged ? .strong : .normal)
    let top = scale
    if columns.barWidth > 0 {
      ScoreBar(fraction: (score ?? 0) / top, mark: threshold / top, isFlagged: isFlagged)
        .draw(in: &screen, row: row, column: columns.bar, width: columns.barWidth)
    }
    let mark = columns.second - columns.ai >= 7 ? "▲ " : ""
    // The patient is flagged because of this row, which is under its own threshold.
    let unflagged = study.isFinding(target) ? "peak" : "-"
    screen.put(
      isFlagged ? mark + "FLAG" : unflagged, row, columns.ai,
      study.isFinding(target) ? .accent : .dim)
    if columns.truth != nil { return }
    let second =
      target == .study ? study.detection?.secondOpinion?.flagged : found?.secondOpinionFlagged
    switch second {
    case true?: screen.put(mark + "FLAG", row, columns.second, .strong)
    case false?: screen.put("-", row, columns.second, .dim)
    case nil: screen.put(" ", row, columns.second, .dim)
    }
  }

  /// The value at the right end of the bars: the same for all rows.
  private var scale: Double {
    let segments = study.detection?.segments ?? []
    let scores = segments.compactMap(\.score).filter(\.isFinite)
    let thresholds = segments.map(\.threshold).filter(\.isFinite)
    let top = max(scores.max() ?? 0, (thresholds.max() ?? 0) * 2)
    return top > 0 ? top : 1
  }

  /// The reader's own verdict in so many columns, with what else is stated where there is room.
  func drawVerdict(
    _ target: ReviewTarget, from column: Int, to end: Int, in screen: inout Screen, row: Int
  ) {
    let room = end - column
    if let act = state.saving(target) {
      let words = act.draft.verdict.map { "saving \($0.words)" } ?? "saving"
      screen.put(words.count <= room ? words : "saving", row, column, .dim, limit: room)
    } else if study.failed[target] != nil {
      screen.put("NOT SAVED", row, column, .error, limit: room)
    } else if let record = study.standing(target), let verdict = record.verdict {
      var last = screen.put(
        Self.text(verdict, room: room), row, column, .verdict(verdict), limit: room)
      let marks = marks(target, room: end - last - 1)
      if !marks.isEmpty {
        last = screen.put(marks, row, last + 1, .normal)
      }
      let note = record.comment ?? record.reason
      if let note, end - last > 4 {
        screen.put(note, row, last + 1, .dim, limit: end - last - 1)
      }
    } else {
      screen.put("- \(marks(target, room: room - 2))", row, column, .dim, limit: room)
    }
  }

  /// "g1 ax2 s3": grade, Ax-CCM type and confidence where they are stated, as many as there is room for.
  private func marks(_ target: ReviewTarget, room: Int) -> String {
    var marks = [
      study.review.grade(target.segment).map { "g\($0)" },
      study.review.axccm(target.segment).map { "ax\($0)" },
      study.review.confidence(target.segment).map { "s\($0)" },
    ].compactMap(\.self)
    while marks.joined(separator: " ").count > room, !marks.isEmpty { marks.removeLast() }
    return marks.joined(separator: " ")
  }

  /// Sign and word of a verdict, the shorter one where there is little room; the sign alone where there is
  /// none for every word, as of many readers.
  static func text(_ verdict: Verdict, room: Int) -> String {
    guard room >= leastWords else { return sign(verdict) }
    let whole = "\(sign(verdict)) \(verdict.words)"
    return whole.count <= room ? whole : "\(sign(verdict)) \(verdict.shortWord)"
  }

  /// Takes "● present", the longest of the signs with a short word.
  private static let leastWords = 9

  /// A sign beside the word of a verdict.
  static func sign(_ verdict: Verdict) -> String {
    switch verdict {
    case .present: "●"
    case .absent: "○"
    case .cannotTell: "?"
    }
  }
}

extension Verdict {
  /// The verdict in one word, where there is little room.
  var shortWord: String { self == .cannotTell ? "unsure" : words }
}

extension Style {
  /// The look of a verdict: that of a flag, its opposite, or neither.
  static func verdict(_ verdict: Verdict) -> Style {
    switch verdict {
    case .present: .accent
    case .absent: .absent
    case .cannotTell: .strong
    }
  }
}
