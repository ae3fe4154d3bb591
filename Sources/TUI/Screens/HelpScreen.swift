internal import Core

/// The keys, from the registry, and what the words on the screens mean.
enum HelpScreen {
  private enum Line {
    case title(String)
    /// Keys or a word, and what they do or mean; the first is empty on the lines that go on.
    case entry(String, String)
    case blank

    var kind: LinePages.Kind {
      switch self {
      case .title(let title): .heading(title)
      case .entry(let name, _): name.isEmpty ? .rest : .text
      case .blank: .blank
      }
    }
  }

  /// What stands on the screens in fewer words than it needs.
  private static func words(_ keys: KeyMap) -> [(String, String)] {
    [
      (
        "SCORE", "the highest value of the AI's curve in the segment; on the worklist the patient's"
      ),
      ("TOP", "the segment with the highest score, flagged or not"),
      ("AI", "what the AI flags: a score at or over its threshold"),
      (
        "2ND",
        "the second opinion: LC61, a local contrast computed without the network. It is no independent "
          + "witness of the core scoring: both read the same signal (decision 012)"
      ),
      (
        "\u{25e6} LC61, o LC61",
        "the second opinion's curve, scaled so that its threshold lies on the AI's; beside the cursor its "
          + "own value and threshold. Where both curves lie in one cell, every third has its mark, the others the "
          + "AI's. Detections of earlier versions have none"
      ),
      (
        "patient only",
        "the patient is over the patient's threshold, no segment over the segments' own, which may be "
          + "higher; the curve shows both where they differ"
      ),
      ("4/6 seen", "nothing is flagged, and only 4 of the 6 segments could be assessed"),
      (
        "no call",
        "no segment could be told apart: the score is that of the whole cord, which no threshold is "
          + "calibrated for; the study is judged as a whole"
      ),
      (
        "QUALITY",
        "on the worklist what bears on the result, by the names that filters know; the study screen says "
          + "it in words, and lists the rest as not decisive"
      ),
      ("!", "beside a study: flagged for discussion"),
      (
        "\u{2260}",
        "a verdict that was stated when the labels of levels were others, on another place: state it again. "
          + "Beside a study's state: it has such verdicts of yours (filter: relabelled)"
      ),
      (
        "cord 64 greys",
        "within 12 mm of the cord a large sixel picture has 64 greys, elsewhere 32: it is sent faster; "
          + "without a known cord, and while labels are corrected, all of it has 64"
      ),
      (
        "YOU",
        "your verdict: \u{25cf} present, \u{25cb} absent, ? cannot tell (unsure where there is little room) "
          + "or open; g1 is the grade, ax2 the Ax-CCM type, s3 how sure. Before a study's name: the "
          + "case's. Present anywhere is present; absent needs all assessable segments"
      ),
      (
        "OTHERS",
        "what other readers signed: one in words, several as counts; beside measurements where there is "
          + "little room a sign of each, in the order of the line of reasons (- nothing, ! unreadable)"
      ),
      (
        "CORD MSCC SCR",
        "cord diameter in mm; compression against the levels beside it in %, negative where the cord is "
          + "wider than its neighbours; signal against that of normal cord"
      ),
      (
        "= \u{d7} ? ~",
        "between readers: all say the same, one says present and another absent, one cannot tell, not "
          + "all said something. What supervisors and adjudicators signed does not count"
      ),
      (
        "AI hidden",
        "you read blind: each answer is kept as given without the AI; "
          + "\(keys.name(.toggleBlind)) shows it for good"
      ),
      (
        "hidden",
        "your answers while you present a case: they are shown with its truth"
      ),
      (
        "TRUTH",
        "in a teaching session, once shown: what is known of the segment; \u{d7} where you said "
          + "something else; \u{2501} over the curve where it is present"
      ),
      (
        "RESULT",
        "on the list of a teaching session's cases, once a case's truth was shown: how many of the "
          + "segments that it knows you called as it does, and where you did not"
      ),
    ]
  }

  /// A heading and the keys or words under it.
  private struct Section {
    let title: String
    let entries: [(name: String, text: String)]
  }

  /// All sections: the keys that are valid now come first.
  private static func sections(_ state: AppState) -> [Section] {
    let now = state.contexts.filter { $0 != .everywhere }
    var (first, rest): ([Section], [Section]) = ([], [])
    for context in [
      KeyContext.study, .signing, .adjudication, .finding, .crosshair, .labels, .mask, .beside,
      .window, .worklist, .everywhere, .teaching, .pages, .lists, .typing,
    ] {
      let bindings = state.keys.bindings.filter { $0.context == context }
      let section = Section(
        title: context.title, entries: bindings.map { (name: $0.keyNames, text: $0.text) })
      if now.contains(context) { first.append(section) } else { rest.append(section) }
    }
    let meanings = words(state.keys).map { (name: $0.0, text: $0.1) }
    return first + rest + [Section(title: "Words on the screens", entries: meanings)]
  }

  /// The lines that fit a filter, at the width of one column: entries that hold its words, whole sections
  /// whose heading does.
  private static func lines(_ look: HelpLook, _ state: AppState, width: Int) -> [Line] {
    var lines: [Line] = []
    for section in sections(state) {
      let fitting =
        look.fits(section.title)
        ? section.entries : section.entries.filter { look.fits("\($0.name) \($0.text)") }
      guard !fitting.isEmpty else { continue }
      if !lines.isEmpty { lines.append(.blank) }
      lines.append(.title(section.title))
      for entry in fitting { lines += entries(entry.name, entry.text, width: width) }
    }
    return lines
  }

  /// An entry on as many lines as its text takes.
  private static func entries(_ name: String, _ text: String, width: Int) -> [Line] {
    let parts = DisplayText.wrap(text, width - textColumn - 1)
    return parts.enumerated().map { .entry($0.offset == 0 ? name : "", $0.element) }
  }

  /// Where the texts begin.
  private static let textColumn = 20

  /// Columns of bindings side by side.
  private static func columns(_ width: Int) -> Int { width >= 120 ? 2 : 1 }

  /// Cells of one of them.
  private static func columnWidth(_ width: Int) -> Int { (width - 4) / columns(width) }

  /// The last line with which the help can begin.
  static func lastScroll(_ look: HelpLook, _ state: AppState) -> Int {
    let width = state.size.columns
    let lines = lines(look, state, width: columnWidth(width))
    return LinePages(lines.map(\.kind), columns: columns(width))
      .lastScroll(rows: rows(state.size))
  }

  /// Lines shown at once.
  static func rows(_ size: TerminalSize) -> Int { max(size.rows - 5, 1) }

  static func draw(_ look: HelpLook, _ state: AppState, in screen: inout Screen) {
    let size = screen.size
    let rect = CellRect(row: 0, column: 0, height: size.rows - 2, width: size.columns)
    let filter = DisplayText.clean(look.filter)
    screen.box(rect, title: filter.isEmpty ? "Keys" : "Keys and words with \"\(filter)\"")
    screen.put(" \(Notice.researchUse) ", rect.rowEnd - 1, 2, .dim)
    let width = columnWidth(size.columns)
    let lines = lines(look, state, width: width)
    let pages = LinePages(lines.map(\.kind), columns: columns(size.columns))
    let rows = rows(size)
    if lines.isEmpty { screen.put("nothing here has these words", 1, rect.column + 2, .dim) }
    for column in pages.columns.indices {
      let heading = pages.heading(column, scroll: look.scroll).map { [Line.title($0)] } ?? []
      let shown = lines[pages.shown(column, scroll: look.scroll, rows: rows)]
      for (row, line) in (heading + shown).enumerated() {
        draw(line, in: &screen, row: 1 + row, column: rect.column + 2 + column * width, width)
      }
    }
    if pages.lastScroll(rows: rows) > 0 {
      let end = pages.end(scroll: look.scroll, rows: rows)
      screen.putRight(
        " \(look.scroll + 1)-\(end) of \(pages.count) ", rect.rowEnd - 1,
        endingAt: rect.columnEnd - 2, .dim)
    }
  }

  private static func draw(
    _ line: Line, in screen: inout Screen, row: Int, column: Int, _ width: Int
  ) {
    switch line {
    case .blank: break
    case .title(let title):
      screen.put(title, row, column, Style(.normal, bold: true, underline: true), limit: width)
    case .entry(let name, let text):
      screen.put(name, row, column, .strong, limit: textColumn - 1)
      screen.put(text, row, column + textColumn, .normal, limit: width - textColumn - 1)
    }
  }
}
