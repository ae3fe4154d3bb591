internal import Imaging

/// The table of segments: what the AI says of each beside what readers stated.
extension SheetContent {
  /// Heads of the table of segments.
  static let segmentHeads = ["segment", "AI", "score", "threshold", "2nd opinion", "readers"]

  /// The ladder of a study.
  static func segmentRows(of sheet: StudySheet) -> [[String]] {
    let decided = sheet.finalVerdicts
    return SpinalSegment.allCases.map { segment in
      let found = sheet[segment]
      let second = sheet.secondCall(segment)
      let verdicts = sheet.readers.compactMap { reader in
        reader.review.standing(segment).map { record in
          "\(reader.reader): \(record.verdict?.words ?? "nothing")"
            + standing(of: reader.review)
        }
      }
      // What decides comes before what led to it.
      let told = (decided.map { ["FINAL \($0.decision(segment).words)"] } ?? []) + verdicts
      let limit = found?.threshold ?? 1
      return [
        segment.name, sheet.call(segment).word, score(found?.score, limit),
        score(found?.threshold, limit, beside: found?.score),
        second.word
          + (found?.secondOpinionScore.map { " \(score($0, limit))" } ?? ""),
        told.isEmpty ? "nothing stated" : told.joined(separator: "; "),
      ]
    }
  }

  /// What a verdict is under: no signature that holds, an adjudicator's, or a reader's, which needs no word.
  private static func standing(of review: ReviewState) -> String {
    review.isAdjudicated ? " (adjudicated)" : review.isSigned ? "" : " (not signed)"
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
  /// readers, side by side where there is room for all. Under it, which are not under a signature, and why
  /// segments have no score.
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
    for n in rows.indices { rows[n] += readers?.map { $0.cells[n] } ?? [segmentRows[n][5]] }
    let blank = [String](repeating: "", count: heads.count - 1)
    heads += readers?.map(\.head) ?? ["readers"]
    if let readers, readers.contains(where: { $0.signed != Self.isSigned }) {
      rows.append(["signed"] + blank + readers.map(\.signed))
    }
    let reasons = sheet.detection == nil ? "" : unscored
    return [.table(head: heads, rows: rows)] + (reasons.isEmpty ? [] : [.lines([reasons])])
  }

  /// What stands under verdicts that a signature of their reader's holds.
  private static let isSigned = "yes"

  /// A reader's verdicts, or those that decide, as a column.
  private struct ReaderColumn {
    var head: String
    var cells: [String]
    /// Whether the verdicts are under a signature that holds.
    var signed: String

    /// Columns of text that it takes, with the blanks before it.
    var width: Int { 2 + ([head, signed] + cells).reduce(0) { max($0, SheetText.cells($1)) } }
  }

  /// A column for each reader who stated something of a segment, what decides before them; `nil` where nobody
  /// did, and where they have no room side by side on a text page.
  ///
  /// - Parameter table: The columns before them, with their heads.
  private func readerColumns(beside table: [[String]]) -> [ReaderColumn]? {
    let all = SpinalSegment.allCases
    var columns: [ReaderColumn] = []
    for reader in sheet.readers {
      let verdicts = all.map { reader.review.standing($0) }
      guard verdicts.contains(where: { $0 != nil }) else { continue }
      let review = reader.review
      columns.append(
        ReaderColumn(
          head: reader.reader.cleaned,
          cells: verdicts.map { $0.map { $0.verdict?.words ?? "nothing" } ?? "-" },
          signed: review.isAdjudicated ? "adjudicated" : review.isSigned ? Self.isSigned : "no"))
    }
    guard !columns.isEmpty else { return nil }
    if let decided = sheet.finalVerdicts {
      let cells = all.map { decided.decision($0).words }
      columns.insert(ReaderColumn(head: "FINAL", cells: cells, signed: Self.isSigned), at: 0)
    }
    let widths = (table.first ?? []).indices.map { n in
      table.reduce(0) { max($0, SheetText.cells($1[n])) } + 2
    }
    let taken = widths.reduce(-2, +) + columns.reduce(0) { $0 + $1.width }
    return taken > SheetText.width ? nil : columns
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
