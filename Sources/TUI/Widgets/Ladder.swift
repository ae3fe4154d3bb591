internal import Core

/// The segments from C2-3 to C7-T1: what the AI, the second opinion and the reader say, and what is measured
/// of each where there is room.
struct Ladder {
  let study: StudyScreenState
  let state: AppState

  func draw(in screen: inout Screen, _ rect: CellRect) {
    let columns = self.columns(rect)
    var heads = [
      ("LEVEL", columns.name), ("SCORE", columns.score), ("AI", columns.ai),
      (columns.truth == nil ? "2ND" : "TRUTH", columns.second),
      (study.loaded.replay == nil ? "YOU" : study.answerer, columns.you),
    ]
    if let others = columns.others { heads.append((self.others(columns).head, others)) }
    for (head, column) in heads {
      // A reader's name ends with the column.
      let limit = column == columns.you ? columns.end - column : Int.max
      screen.put(head, rect.row, column, .head, limit: limit)
    }
    measures(columns)?.drawHead(in: &screen, row: rect.row)
    for (index, target) in study.rows.enumerated() where index < rect.height - 1 {
      draw(target, columns, in: &screen, row: rect.row + 1 + index)
    }
    if study.rows.count < rect.height - 1 { drawFoot(in: &screen, rect) }
  }

  /// Truth comes before measurements, of which the selected row's stand on their own line in any case.
  private func columns(_ rect: CellRect) -> LadderColumns {
    if study.shownTruth != nil { return LadderColumns(besideTruth: rect) }
    let hasOthers = !study.othersLast.isEmpty
    return study.isMeasured && rect.width >= LadderColumns.leastMeasured
      ? LadderColumns(besideMeasures: rect, hasOthers: hasOthers)
      : LadderColumns(rect, hasOthers: hasOthers)
  }

  private func others(_ columns: LadderColumns) -> LadderOthers {
    LadderOthers(
      readings: study.othersLast, decided: study.othersFinal, width: columns.othersWidth)
  }

  private func measures(_ columns: LadderColumns) -> LadderMeasures? {
    columns.measures.map { LadderMeasures(study: study, column: $0) }
  }

  /// The reader's own findings, the latest in words, and the key that lists them where they are several.
  private func drawFoot(in screen: inout Screen, _ rect: CellRect) {
    let findings = study.shownReview.findings
    guard let last = findings.last, let place = last.place else { return }
    let key = state.keys.name(.showFindings)
    let more =
      findings.count > 1 ? "\(findings.count) findings, \(key) lists; the last: " : "finding: "
    screen.put(
      "+ \(more)\(DisplayText.clean(last.comment ?? "")) (\(study.words(for: place)))",
      rect.rowEnd - 1, rect.column, .strong, limit: rect.width)
  }

  private func draw(
    _ target: ReviewTarget, _ columns: LadderColumns, in screen: inout Screen, row: Int
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
        columns.number(score, ScoreText.decimals(study.detection)), row, columns.score, .normal)
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
    _ target: ReviewTarget, _ columns: LadderColumns, in screen: inout Screen, row: Int
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

  /// What other readers signed, accented where it is not the reader's own.
  private func drawOthers(
    _ target: ReviewTarget, _ columns: LadderColumns, in screen: inout Screen, row: Int
  ) {
    guard let column = columns.others else { return }
    let others = self.others(columns)
    let differs = others.differs(from: study.standing(target)?.verdict, target.segment)
    screen.put(
      others.text(target.segment), row, column, differs ? .accent : .normal,
      limit: columns.othersWidth)
  }

  private func drawCall(
    _ target: ReviewTarget, _ columns: LadderColumns, in screen: inout Screen, row: Int
  ) {
    let found = study.assessment(target)
    let patient = study.detection?.patient
    let score = target == .study ? patient?.score : found?.score
    let threshold = (target == .study ? patient?.threshold : found?.threshold) ?? 0
    let isFlagged = study.isFlagged(target)
    let decimals = ScoreText.decimals(study.detection)
    screen.put(
      columns.number(score, decimals), row, columns.score, isFlagged ? .strong : .normal)
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
  ///
  /// - Parameter cutsNote: Whether a reason without room is cut, or left to the line of reasons.
  func drawVerdict(
    _ target: ReviewTarget, from column: Int, to end: Int, in screen: inout Screen, row: Int,
    cutsNote: Bool = true
  ) {
    let room = end - column
    if let act = state.saving(target) {
      let verdict = study.hidesAnswers ? nil : act.draft.verdict
      let words = verdict.map { "saving \($0.words)" } ?? "saving"
      screen.put(words.count <= room ? words : "saving", row, column, .dim, limit: room)
    } else if study.failed[target] != nil {
      screen.put("NOT SAVED", row, column, .error, limit: room)
    } else if study.hidesAnswers {
      screen.put("hidden", row, column, .dim, limit: room)
    } else if let record = study.standing(target), let verdict = record.verdict {
      let isOld = study.isRelabelled(target)
      var last = screen.put(
        Self.text(verdict, isRelabelled: isOld, room: room), row, column,
        isOld ? .error : .verdict(verdict), limit: room)
      if isOld, end - last > Self.relabelledNote.count {
        last = screen.put(Self.relabelledNote, row, last + 1, .error)
      }
      let marks = marks(target, room: end - last - 1)
      if !marks.isEmpty {
        last = screen.put(marks, row, last + 1, .normal)
      }
      let note = record.comment ?? record.reason
      if let note, end - last > 4, cutsNote || DisplayText.width(note) < end - last {
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

  /// The same with a sign before it where it was stated under other labels.
  static func text(_ verdict: Verdict, isRelabelled: Bool, room: Int) -> String {
    let sign = StudyScreenState.relabelledSign
    return isRelabelled
      ? sign + text(verdict, room: room - sign.count) : text(verdict, room: room)
  }

  /// Stands after a verdict that was stated under other labels, where there is room.
  private static let relabelledNote = "old labels"

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
