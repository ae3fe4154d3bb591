internal import Imaging

/// The table of segments: what the AI says of each beside what readers stated.
extension SheetContent {
  /// Heads of the table of segments.
  static let segmentHeads = ["segment", "AI", "score", "threshold", "2nd opinion", "readers"]

  /// The ladder of a study.
  static func segmentRows(of sheet: StudySheet) -> [[String]] {
    let decided = sheet.finalVerdicts
    let silence = sheet.others == .everything ? "nothing stated" : "nothing told"
    return SpinalSegment.allCases.map { segment in
      let found = sheet[segment]
      let second = sheet.secondCall(segment)
      let verdicts = sheet.readers.compactMap { reader in
        reader.review.standing(segment).map { record in
          "\(reader.reader): \(record.verdict?.words ?? "nothing")"
            + otherLabels(reader.relabelled.contains(segment)) + standing(of: reader.review)
        }
      }
      // What decides comes before what led to it.
      let told = (decided.map { [finalWords(segment, $0)] } ?? []) + verdicts
      let limit = found?.threshold ?? 1
      return [
        segment.name, sheet.call(segment).word, score(found?.score, limit),
        score(found?.threshold, limit, beside: found?.score),
        second.word
          + (found?.secondOpinionScore.map { " \(score($0, limit))" } ?? ""),
        told.isEmpty ? silence : told.joined(separator: "; "),
      ]
    }
  }

  /// What a verdict is under: no signature that holds, an adjudicator's, or a reader's, which needs no word.
  private static func standing(of review: ReviewState) -> String {
    review.isAdjudicated ? " (adjudicated)" : review.isSigned ? "" : " (not signed)"
  }

  /// "FINAL absent": what is decided of a segment.
  private static func finalWords(_ segment: SpinalSegment, _ decided: FinalVerdicts) -> String {
    "FINAL \(decided.decision(segment).words)" + otherLabels(decided.isRelabelled(segment))
  }

  /// That a verdict was stated when the segment was another place than the one whose score stands beside it.
  private static func otherLabels(_ isRelabelled: Bool) -> String {
    isRelabelled ? " (under other labels)" : ""
  }

  /// The thresholds that segments have, each once.
  private var thresholds: Set<Double> { Set((sheet.detection?.segments ?? []).map(\.threshold)) }

  /// The threshold of all segments, as in the row with the most decimals; `nil` where they differ, or without
  /// a detection.
  var commonThreshold: String? {
    guard thresholds.count == 1 else { return nil }
    return segmentRows.map { $0[3] }.max { $0.count < $1.count }
  }

  /// The ladder of the page: score beside the call, a threshold where it is not that of all rows, and the
  /// readers, side by side where there is room for all, beside what decides also in letters. Under it, which are
  /// not under a signature, what letters mean, and why segments have no score.
  var segments: [Block] {
    let isCommon = thresholds.count < 2
    var heads = ["segment", "AI, score"]
    if !isCommon { heads.append("threshold") }
    heads.append("2nd opinion")
    var rows: [[String]] = segmentRows.map { row in
      var cells = [row[0], row[2] == "-" ? row[1] : "\(row[1]) \(row[2])"]
      if !isCommon { cells.append(row[3]) }
      return cells + [row[4]]
    }
    let readers = readerColumns(beside: [heads] + rows)
    for n in rows.indices { rows[n] += readers.columns.map { $0.cells[n] } }
    let blank = [String](repeating: "", count: heads.count - 1)
    heads += readers.columns.map(\.head)
    if readers.columns.contains(where: { ($0.signed ?? Self.isSigned) != Self.isSigned }) {
      rows.append(["signed"] + blank + readers.columns.map { $0.signed ?? "" })
    }
    let reasons = sheet.detection == nil ? "" : unscored
    let isMarked = readers.columns.contains { $0.cells.contains { $0.hasSuffix(Self.mark) } }
    let under = [readers.legend, isMarked ? Self.marked : "", reasons].filter { !$0.isEmpty }
    return [.table(head: heads, rows: rows)] + (under.isEmpty ? [] : [.lines(under)])
  }

  /// What stands under verdicts that a signature of their reader's holds.
  private static let isSigned = "yes"

  /// A reader's verdicts, those that decide, or what all state, as a column.
  private struct ReaderColumn {
    var head: String
    var cells: [String]
    /// Whether the verdicts are under a signature that holds; `nil` where the cells say so.
    var signed: String?

    /// Columns of text that it takes, with the blanks before it.
    var width: Int {
      2 + ([head, signed ?? ""] + cells).reduce(0) { max($0, SheetText.cells($1)) }
    }
  }

  /// What readers stated as columns that have room on a text page, and what their words mean.
  ///
  /// A column for each reader who stated something of a segment, what decides before them; where an adjudication
  /// leaves these no room, theirs in letters, else one of what is final and who differs; without one, or where
  /// nobody stated anything, one of what all state.
  /// - Parameter table: The columns before them, with their heads.
  private func readerColumns(
    beside table: [[String]]
  ) -> (columns: [ReaderColumn], legend: String) {
    func fits(_ columns: [ReaderColumn]) -> Bool {
      let widths = (table.first ?? []).indices.map { n in
        table.reduce(0) { max($0, SheetText.cells($1[n])) } + 2
      }
      let taken = widths.reduce(-2, +) + columns.reduce(0) { $0 + $1.width }
      return taken <= SheetText.width
    }
    let stating = sheet.readers.filter { reader in
      SpinalSegment.allCases.contains { reader.review.standing($0) != nil }
    }
    guard let decided = sheet.finalVerdicts else {
      let columns = stating.map { column($0) }
      if !columns.isEmpty, fits(columns) { return (columns, "") }
      return ([ReaderColumn(head: "readers", cells: segmentRows.map { $0[5] })], "")
    }
    let deciding = ReaderColumn(
      head: "FINAL",
      cells: SpinalSegment.allCases.map {
        decided.decision($0).words + (decided.isRelabelled($0) ? Self.mark : "")
      },
      signed: Self.isSigned)
    let whole = [deciding] + stating.map { column($0) }
    if fits(whole) { return (whole, "") }
    // Of one adjudicator what is final is all that he states.
    let others = stating.filter { decided.signatures.count > 1 || !$0.review.isAdjudicated }
    let short = [deciding] + others.map { column($0, isShort: true) }
    if fits(short) { return (short, Self.letters) }
    let cells = SpinalSegment.allCases.map { differing($0, decided) }
    return ([ReaderColumn(head: "readers", cells: cells)], Self.unnamed)
  }

  /// What the letters of narrow columns mean.
  private static let letters =
    "p present, a absent, ? cannot tell, - nothing stated; adj.: adjudicated"
  /// What stands behind a verdict under other labels where columns are narrow, as on the screen.
  private static let mark = " ≠"
  /// What that means.
  private static let marked = "≠ stated under other labels: the segment was another place"
  /// What it means that a reader is not named beside what is final.
  private static let unnamed =
    "readers not named on a segment state there what is final, or nothing"

  /// A reader's verdicts, in words or in letters.
  private func column(_ reader: StudySheet.Reader, isShort: Bool = false) -> ReaderColumn {
    let review = reader.review
    let cells = SpinalSegment.allCases.map { segment -> String in
      guard let record = review.standing(segment) else { return "-" }
      let mark = reader.relabelled.contains(segment) ? Self.mark : ""
      guard isShort else { return (record.verdict?.words ?? "nothing") + mark }
      return Self.letter(record.verdict) + mark
    }
    let adjudicated = isShort ? "adj." : "adjudicated"
    return ReaderColumn(
      head: reader.reader.cleaned, cells: cells,
      signed: review.isAdjudicated ? adjudicated : review.isSigned ? Self.isSigned : "no")
  }

  /// A verdict in a narrow column.
  private static func letter(_ verdict: Verdict?) -> String {
    switch verdict {
    case .present?: "p"
    case .absent?: "a"
    case .cannotTell?: "?"
    case nil: "-"
    }
  }

  /// "FINAL absent; bob: present": what is final, and who states something else, or the same of another place.
  private func differing(_ segment: SpinalSegment, _ decided: FinalVerdicts) -> String {
    let decision = decided.verdict(segment)
    let others = sheet.readers.compactMap { reader -> String? in
      guard let record = reader.review.standing(segment) else { return nil }
      let isOld = reader.relabelled.contains(segment)
      // Of who decides the mark stands with what is final.
      let isNamed = record.verdict != decision || (isOld && !reader.review.isAdjudicated)
      guard isNamed else { return nil }
      return "\(reader.reader): \(record.verdict?.words ?? "nothing")"
        + Self.otherLabels(isOld) + Self.standing(of: reader.review)
    }
    return ([Self.finalWords(segment, decided)] + others).joined(separator: "; ")
  }

  /// Why segments have no score, or what is to be known of one, each reason once; empty without any.
  private var unscored: String {
    var reasons: [(text: String, names: [String])] = []
    for segment in SpinalSegment.allCases {
      guard let text = sheet.call(segment).reason ?? sheet[segment]?.reason else { continue }
      if let known = reasons.firstIndex(where: { $0.text == text }) {
        reasons[known].names.append(segment.name)
      } else {
        reasons.append((text: text, names: [segment.name]))
      }
    }
    return reasons.map { "\($0.names.joined(separator: ", ")): \($0.text)" }
      .joined(separator: "; ")
  }
}
