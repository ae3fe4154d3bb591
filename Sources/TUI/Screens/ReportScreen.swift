internal import Core

/// A study's report as plain text over the whole screen: lines begin at the left edge and nothing stands
/// beside them, so that the terminal's own selection copies them clean. A section that goes on at the top of
/// a page has its heading again.
enum ReportScreen {
  /// Lines shown at once.
  static func rows(_ size: TerminalSize) -> Int { max(size.rows - 3, 1) }

  /// The largest scroll that still fills the screen.
  static func lastScroll(_ report: ReportText, _ size: TerminalSize) -> Int {
    LinePages(text: report.lines).lastScroll(rows: rows(size))
  }

  /// "lines 1-21 of 80".
  static func position(_ report: ReportText, _ size: TerminalSize) -> String {
    let pages = LinePages(text: report.lines)
    let last = pages.end(scroll: report.scroll, rows: rows(size))
    return "lines \(report.scroll + 1)-\(last) of \(report.lines.count)"
  }

  /// The popup after a command, or `nil` when that closes it.
  static func scrolled(
    _ report: ReportText, _ command: Command?, _ size: TerminalSize
  ) -> Popup? {
    let scroll = Workstation.scrolled(
      command, from: report.scroll, last: lastScroll(report, size),
      page: LinePages.step(rows: rows(size)))
    return scroll.map { .report(ReportText(lines: report.lines, scroll: $0)) }
  }

  static func draw(_ report: ReportText, in screen: inout Screen) {
    let size = screen.size
    // The line above the keys is for messages.
    let rect = CellRect(row: 0, column: 0, height: size.rows - 2, width: size.columns)
    screen.fill(rect, " ", .normal)
    let pages = LinePages(text: report.lines)
    guard !pages.columns.isEmpty else { return }
    let heading = pages.heading(0, scroll: report.scroll).map { [$0] } ?? []
    let shown = report.lines[pages.shown(0, scroll: report.scroll, rows: rows(size))]
    for (row, line) in (heading + shown).enumerated() {
      screen.put(line, row, 0, .normal, limit: size.columns)
    }
  }
}

extension Workstation {
  /// Asks for the report of the study on the screen.
  static func prepareReport(_ state: inout AppState) -> [Effect] {
    guard let subject = state.study?.study.subject else { return [] }
    if state.study?.isHidden == true {
      state.say(
        .refused,
        "the report tells the AI's result, which is hidden: \(state.keys.name(.toggleBlind)) shows it"
      )
      return []
    }
    state.preparingReport = subject
    state.say(.note, "making the report of sub-\(subject)")
    return [.loadReport(subject)]
  }

  /// A report, which tells the reader's own acts, with what was adjudicated under its head.
  private static func withFinal(_ lines: [String], _ study: StudyScreenState?) -> [String] {
    guard let final = study?.othersFinal else { return lines }
    let words =
      "FINAL (adjudicated by \(final.adjudicators)): \(final.words). Below: your own acts."
    var lines = lines
    lines.insert(
      contentsOf: DisplayText.wrap(DisplayText.clean(words), 78), at: min(2, lines.count))
    return lines
  }

  /// Shows a report, unless the reader has gone on meanwhile: keys are never taken by surprise.
  static func show(
    _ result: Result<[String], WorkerFailure>, of subject: String, _ state: inout AppState
  ) {
    guard state.preparingReport == subject, state.popup == nil, state.view == .study,
      state.study?.study.subject == subject
    else { return }
    state.preparingReport = nil
    switch result {
    case .success(let lines):
      state.message = nil
      state.popup = .report(
        ReportText(lines: withFinal(lines.map(DisplayText.clean), state.study)))
    case .failure(let failure):
      state.say(.error, "the report of sub-\(subject) cannot be made: \(failure.words)")
    }
  }
}
