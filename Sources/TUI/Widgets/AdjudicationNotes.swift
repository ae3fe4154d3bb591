internal import Core

/// Under the readers' ladders: how many differences, who signed what and when, findings outside the
/// segments, and how far these readers agree in the library.
struct AdjudicationNotes {
  let study: StudyScreenState
  let state: AppState

  private typealias Line = (String, Style)

  func draw(in screen: inout Screen, _ rect: CellRect) {
    var lines: [Line] = [(study.accordWords, .strong)]
    lines += study.signedColumns.flatMap { signature($0, rect.width) }
    // Two lines of agreement are kept whatever was found.
    let room = max(rect.height - lines.count - 3, 0)
    let found = findings.flatMap { DisplayText.wrap($0, rect.width) }
    lines += found.prefix(room).map { ($0, .normal) }
    if lines.count + 3 < rect.height { lines.append(("", .normal)) }
    lines += agreement(room: rect.height - lines.count, rect.width)
    for (index, line) in lines.prefix(rect.height).enumerated() {
      screen.put(
        DisplayText.clean(line.0), rect.row + index, rect.column, line.1, limit: rect.width)
    }
  }

  /// "anna: 2026-11-20 10:42, Anna Liu: reviewed as second reader" on one line; where it was opened again, that
  /// and why on the lines it takes.
  private func signature(_ reading: OtherReading, _ width: Int) -> [Line] {
    if let problem = reading.problem {
      return [("\(reading.reader): unreadable: \(problem)", .error)]
    }
    let date = reading.time.map { ClockTime.dated($0, in: state.timeZone) } ?? "no date"
    let name = reading.name.map { ", \($0)" } ?? ""
    let words = "\(reading.label): \(date)\(name): \(reading.meaning?.words ?? "signed")"
    guard reading.isAgain || reading.isOpenSince else { return [(words, .normal)] }
    let because = reading.openedBecause.map { " (\($0))" } ?? ""
    let opened =
      reading.isAgain
      ? "opened again\(because) before it, when others may have been seen"
      : "opened again\(because) since, and not signed anew"
    return DisplayText.wrap(DisplayText.clean("\(words); \(opened)"), width, lines: 4)
      .map { ($0, .normal) }
  }

  private var findings: [String] {
    let signed = study.signedColumns.flatMap { reading in
      reading.findings.map { "+ \(reading.reader): \($0)" }
    }
    let own = study.review.findings.map { "+ you: \($0.comment ?? "")" }
    return (signed + own).map { DisplayText.clean($0) }
  }

  // MARK: Agreement

  private func agreement(room: Int, _ width: Int) -> [Line] {
    let readers = study.comparedReaders
    let head = "AGREEMENT of \(readers.joined(separator: ", "))"
    guard let look = state.agreement, look.readers == readers else {
      return [(head, .head), ("not computed", .dim)]
    }
    switch look.figures {
    case .awaited: return [(head, .head), ("being computed from the library's studies", .dim)]
    case .tooFew(let count):
      let studies = count == 1 ? "1 study" : "\(count) studies"
      return [(head, .head), ("not enough: \(studies) of \(ReaderAgreement.least)", .dim)]
    case .failed(let words): return [(head, .head), ("not known: \(words)", .error)]
    case .known(let agreement): return figures(agreement, head, room: room, width)
    }
  }

  /// All segments together, then each where there is room, else the selected one.
  private func figures(
    _ agreement: ReaderAgreement, _ head: String, room: Int, _ width: Int
  ) -> [Line] {
    let all = agreement.segments.filter { $0.name == "all" }
    let segments = agreement.segments.filter { $0.name != "all" }
    let shown =
      room >= segments.count + 2
      ? segments : segments.filter { $0.name == study.target.name }
    let title = "\(head) on \(agreement.studies) studies"
    let isFew = agreement.studies < ReaderAgreement.few
    let told = isFew ? title + " (few: intervals are wide)" : title
    var lines: [Line] = [
      (DisplayText.width(told) <= width ? told : title + (isFew ? " (few)" : ""), .head)
    ]
    for row in all + shown {
      lines.append((Self.text(row, width), row.name == study.target.name ? .strong : .normal))
    }
    if let remark = agreement.remarks.first { lines.append(("not counted: \(remark)", .dim)) }
    return lines
  }

  /// "C4-5   87.5 %  kappa 0.71 [0.58..0.82] Cohen".
  private static func text(_ row: ReaderAgreement.Row, _ width: Int) -> String {
    let name = DisplayText.pad(row.name, 7)
    guard let share = row.agreement else { return name + (row.gap ?? "-") }
    let percent = DisplayText.pad("\(ScoreText.number(share.estimate * 100, 1)) %", 9)
    guard let kappa = row.kappa else { return name + percent + (row.gap ?? "-") }
    let estimate = name + percent + "kappa \(ScoreText.number(kappa.estimate, 2)) "
    // An interval that says nothing gives its room to why.
    if let gap = row.gap {
      let whole = estimate + "(\(gap))"
      // Where both have no room the cause stays, not what follows from it.
      guard DisplayText.width(whole) > width, let colon = gap.firstIndex(of: ":") else {
        return whole
      }
      return estimate + "(\(gap[..<colon]))"
    }
    let interval = "[\(ScoreText.number(kappa.lower, 2))..\(ScoreText.number(kappa.upper, 2))]"
    return estimate + "\(interval) \(row.method.rawValue)"
  }
}
