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
  /// Asks for the report of the study on the screen; one that was made meanwhile is shown.
  static func prepareReport(_ state: inout AppState) -> [Effect] {
    guard let study = state.study else { return [] }
    let subject = study.study.subject
    if study.isHidden {
      state.say(
        .refused,
        "the report tells the AI's result, which is hidden: \(state.keys.name(.toggleBlind)) shows it"
      )
      return []
    }
    let before = state.reports[subject]
    if let before, before.isCurrent(study) {
      if let lines = before.lines {
        openReport(lines, of: subject, &state)
        return []
      }
      state.reports[subject]?.isWaitedFor = true
      sayMaking(subject, &state)
      return []
    }
    var order = ReportOrder(study)
    if let before, before.lines == nil { order.pending = before.pending + 1 }
    order.turn = (state.reports.values.map(\.turn).max() ?? 0) + 1
    state.reports[subject] = order
    sayMaking(subject, &state)
    return [.loadReport(subject)]
  }

  /// Says that a report is being made, and after which others: they are made one after the other, as they were
  /// asked for.
  private static func sayMaking(_ subject: String, _ state: inout AppState) {
    let turn = state.reports[subject]?.turn ?? 0
    let others = state.reports.values.filter { $0.lines == nil && $0.turn < turn }
      .sorted { $0.turn < $1.turn }.map { "sub-\($0.subject)" }
    let after = others.isEmpty ? "" : ", after that of \(others.joined(separator: ", "))"
    state.say(.note, "making the report of sub-\(subject)\(after)")
  }

  /// Lays a report over the screen, and says where what led to it is told.
  private static func openReport(
    _ lines: [String], of subject: String, _ state: inout AppState
  ) {
    state.reports[subject] = nil
    state.popup = .report(
      ReportText(lines: withFinal(lines.map(DisplayText.clean), state.study)))
    let acts = state.keys.name(.showActs)
    state.sayUnasked(.note, "what stands; your acts one by one: \(acts) on the study")
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

  /// Shows a report; where the reader has gone on meanwhile it is kept, and said to be ready.
  static func show(
    _ result: Result<[String], WorkerFailure>, of subject: String, _ state: inout AppState
  ) {
    guard let order = state.reports[subject], order.lines == nil else { return }
    state.reports[subject]?.pending -= 1
    guard order.pending <= 1 else { return }
    switch result {
    case .success(let lines): keepReport(lines, order, &state)
    case .failure(let failure):
      state.reports[subject] = nil
      state.say(.error, "the report of sub-\(subject) cannot be made: \(failure.words)")
    }
  }

  private static func keepReport(_ lines: [String], _ order: ReportOrder, _ state: inout AppState) {
    let again = state.keys.name(.showReport)
    guard state.view == .study, let study = state.study, study.study.subject == order.subject else {
      state.reports[order.subject] = nil
      return addNote(
        "the report of sub-\(order.subject) is not shown, as the study was left: \(again) there "
          + "makes it again", &state)
    }
    if order.isWaitedFor, state.popup == nil {
      return openReport(lines, of: order.subject, &state)
    }
    guard order.isCurrent(study) else {
      state.reports[order.subject] = nil
      return addNote("the report is not shown, as more was stated: \(again) makes it again", &state)
    }
    state.reports[order.subject]?.lines = lines
    addNote("the report is ready: \(again) shows it", &state)
  }
}
