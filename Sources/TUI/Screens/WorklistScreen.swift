internal import Core

/// The list of studies.
enum WorklistScreen {
  /// The row of the first study.
  static let firstLine = 4

  /// Studies shown at once where the foot has one line.
  static func lines(_ size: TerminalSize) -> Int { max(size.rows - firstLine - 3, 1) }

  static func draw(_ state: AppState, in screen: inout Screen) {
    drawHead(state, in: &screen)
    var used = 1
    if let progress = state.background { used = draw(progress, state.keys, in: &screen) }
    drawOrder(state, in: &screen, after: used)
    let columns = WorklistColumns(width: screen.size.columns, state.worklist)
    // A replay has one case, and no answers of who looks at it.
    let hasCases = state.teaching.map { $0.role != .replay } ?? false
    let own = state.teaching?.role == .replay ? "READER" : "YOU"
    drawColumnNames(columns, hasCases: hasCases, own: own, in: &screen)
    let list = state.worklist
    let rows = lines(list, screen.size)
    // Only what is on the screen is drawn.
    for (offset, entry) in list.shown(list.top..<list.top + rows).enumerated() {
      draw(
        entry, isSelected: entry.subject == list.selected, hidesAI: list.hidesAI(of: entry),
        isCase: hasCases, name: state.name(of: entry.subject), columns, in: &screen,
        row: firstLine + offset)
    }
    if list.count == 0 { drawEmpty(state, in: &screen) }
    drawFoot(list, in: &screen)
  }

  private static func drawEmpty(_ state: AppState, in screen: inout Screen) {
    let words: String
    if !state.worklist.isLoaded {
      words =
        state.worklist.reading.map { "reading the library: \($0)" } ?? "reading the library ..."
    } else if state.worklist.isUnreadable, state.worklist.entries.isEmpty {
      words = "no study is listed: the library could not be read"
    } else if state.worklist.entries.isEmpty {
      words = "the library holds no studies: add some with `cordscope import`"
    } else {
      words =
        "no study passes the filter: \(state.keys.name(.filter)) changes it, "
        + "\(state.keys.name(.back, in: .worklist)) shows all"
    }
    screen.put(words, firstLine, 3, .dim)
  }

  private static func drawHead(_ state: AppState, in screen: inout Screen) {
    let width = screen.size.columns
    let notice = Notice.researchUse
    screen.putRight(notice, 0, endingAt: width - 1, .dim)
    let end = screen.put(state.title, 0, 1, .strong, limit: width - notice.count - 4)
    screen.put("reader \(state.reader)", 0, end + 2, .dim, limit: width - notice.count - 4 - end)

    var countsEnd = width - 1
    let view = state.worklist.views.last.map { "view \($0)" }
    let applied = state.worklist.appliedFilter
    let filter = applied.isEmpty ? nil : "filter: \(applied)"
    if view != nil || filter != nil {
      let all = [view, filter].compactMap(\.self).joined(separator: "  ")
      let words = DisplayText.fit(DisplayText.clean(all), width / 2)
      screen.putRight(words, 1, endingAt: width - 1, .strong)
      countsEnd -= DisplayText.width(words) + 2
    }
    let what: (one: String, many: String) =
      state.teaching == nil ? (one: "study", many: "studies") : (one: "case", many: "cases")
    drawCounts(state.worklist, of: what, in: &screen, before: countsEnd)
  }

  /// The order of the lines, where a key can change it and there is room; one by what is hidden is not named.
  private static func drawOrder(_ state: AppState, in screen: inout Screen, after used: Int) {
    guard state.teaching == nil, !state.worklist.entries.isEmpty,
      let words = state.worklist.words(of: state.worklist.order).map(DisplayText.clean),
      used + 2 + DisplayText.width(words) < screen.size.columns
    else { return }
    screen.putRight(words, firstLine - 2, endingAt: screen.size.columns - 1, .dim)
  }

  /// How many of the studies that pass the filter there are of each kind, closer together where they do not
  /// fit; the last are left out rather than cut in the middle of a word.
  private static func drawCounts(
    _ list: WorklistScreenState, of what: (one: String, many: String), in screen: inout Screen,
    before end: Int
  ) {
    let all = list.summary.counts.all
    guard all > 0 else { return }
    let number = list.appliedFilter.isEmpty ? "\(all)" : "\(list.counts.all) of \(all)"
    var shown: [(String, String, Style)] = [(number, all == 1 ? what.one : what.many, .strong)]
    for (count, word, style) in kinds(list.counts) where count > 0 {
      shown.append(("\(count)", word, style))
    }
    let lengths = shown.map { "\($0.0) \($0.1)".count }
    let gap = lengths.reduce(0, +) + 3 * (shown.count - 1) < end ? 3 : 2
    var column = 1
    for ((count, word, style), length) in zip(shown, lengths) {
      guard column + length <= end else { return }
      column = screen.put(count, 1, column, style)
      column = screen.put(" \(word)", 1, column, .dim) + gap
    }
  }

  private static func kinds(_ counts: WorklistLines.Counts) -> [(Int, String, Style)] {
    func count(_ word: String) -> Int { counts.states[word] ?? 0 }
    return [
      (counts.flagged, "flagged", .accent), (count("unread"), "unread", .strong),
      (count("reading"), "reading", .strong),
      (count("read"), "read", .strong), (count("signed"), "signed", .strong),
      (count("reopened"), "reopened", .strong),
      (counts.forDiscussion, "for discussion", .strong),
      (count("problem"), "problem", .strong), (count("detecting"), "detecting", .strong),
      (count("waiting"), "waiting", .strong),
    ]
  }

  /// How far the work in the background is, and which key pauses it or goes on; the first free column.
  private static func draw(
    _ progress: BackgroundProgress, _ keys: KeyMap, in screen: inout Screen
  ) -> Int {
    let (row, width) = (firstLine - 2, min(20, screen.size.columns / 5))
    let filled = Int(progress.fraction * Double(width))
    for index in 0..<width {
      screen.set(
        index < filled ? "━" : "─", row, 1 + index, index < filled ? .normal : .faint)
    }
    let style: Style = progress.phase == .running ? .dim : .strong
    let end = screen.put(
      progress.words, row, width + 3, style, limit: screen.size.columns - width - 4)
    let does = progress.phase == .running ? "pauses" : "goes on"
    let key = keys.name(.cancelDetection)
    let room = screen.size.columns - end - 3
    guard key.count + does.count + 1 <= room else { return end }
    let after = screen.put(key, row, end + 2, .strong)
    return screen.put(" \(does)", row, after, .dim)
  }

  private static func drawColumnNames(
    _ columns: WorklistColumns, hasCases: Bool, own: String, in screen: inout Screen
  ) {
    let row = firstLine - 1
    if hasCases { return drawCaseNames(columns, in: &screen, row: row) }
    let names: [(String, Int)] = [
      ("STATE", columns.state), ("STUDY", columns.study), ("TOP", columns.top),
      ("SCORE", columns.score), ("AI", columns.ai),
    ]
    for (name, column) in names { screen.put(name, row, column, .head) }
    for (name, column) in [
      ("AGE", columns.age), ("SEX", columns.sex), ("MJOA", columns.mjoa),
      ("2ND", columns.second), (own, columns.you), ("QUALITY", columns.quality),
    ] { if let column { screen.put(name, row, column, .head) } }
    for free in columns.free { put(free.head, free, in: &screen, row: row, .head) }
  }

  /// A text in a column that the reader chose: numbers stand at its right, all else at its left.
  private static func put(
    _ text: String, _ free: WorklistColumns.Free, in screen: inout Screen, row: Int, _ style: Style
  ) {
    let fitted = DisplayText.pad(DisplayText.clean(text), free.width, right: free.isNumber)
    screen.put(fitted, row, free.start, style, limit: free.width)
  }

  private static func draw(
    _ entry: WorklistEntry, isSelected: Bool, hidesAI: Bool, isCase: Bool, name: String,
    _ columns: WorklistColumns,
    in screen: inout Screen, row: Int
  ) {
    let text: Style = isSelected ? .strong : .normal
    if isSelected { screen.put("▸", row, 1, .strong) }
    if entry.isBeingRead {
      screen.put("...", row, columns.state, .dim)
    } else {
      screen.put(entry.state.word, row, columns.state, stateStyle(entry.state))
    }
    if let conclusion = entry.conclusion {
      let style = Style.verdict(conclusion.sign)
      screen.put(Ladder.sign(conclusion.sign), row, columns.state - 1, style)
      if let you = columns.you {
        screen.put(conclusion.verdict.rawValue, row, you, style, limit: 7)
      }
    }
    if entry.isForDiscussion { screen.put("!", row, columns.mark, .strong) }
    // Beside the state; where that fills its column, beside it in the next.
    let beside = min(columns.state + entry.state.word.count, columns.mark)
    if !entry.relabelled.isEmpty, beside < columns.mark || !entry.isForDiscussion {
      screen.put(StudyScreenState.relabelledSign, row, beside, .error)
    }
    screen.put(
      isSelected ? " \(name) " : name, row,
      columns.study - (isSelected ? 1 : 0), isSelected ? .selected : text,
      limit: columns.studyEnd - columns.study - (columns.studyEnd == columns.tablesEnd ? 1 : 0))
    if let age = columns.age { screen.putRight(entry.age ?? "-", row, endingAt: age + 3, text) }
    if let sex = columns.sex { screen.put(entry.sex ?? "-", row, sex + 1, text, limit: 2) }
    if let mjoa = columns.mjoa {
      screen.putRight(entry.mjoa ?? "-", row, endingAt: mjoa + 4, text)
    }
    for free in columns.free {
      let texts = entry.texts(free.column)
      put(texts.isEmpty ? "-" : texts.joined(separator: " "), free, in: &screen, row: row, text)
    }
    // Cases of a session have no column of flags.
    let faults = isCase ? [] : faults(entry, hidesAI: hidesAI)
    switch entry.state {
    case _ where entry.isBeingRead: screen.put("being read", row, columns.top, .dim)
    case .problem(let reason):
      drawUnassessed(reason, entry, .normal, faults: faults, columns, in: &screen, row: row)
    case .waiting: screen.put("waits for detection", row, columns.top, .dim)
    case .detecting(let fraction, let left):
      drawProgress(fraction, left, columns, in: &screen, row: row)
    case .unread, .reading, .read, .signed, .reopened:
      if isCase {
        drawCase(entry, text, columns, in: &screen, row: row)
      } else if let reason = entry.notAssessed {
        // The reader's state stands at the left; the AI's inability stays in its own columns.
        let words = reason.hasPrefix("not assess") ? reason : "not assessed: \(reason)"
        drawUnassessed(words, entry, .dim, faults: faults, columns, in: &screen, row: row)
      } else if hidesAI {
        screen.put("AI hidden", row, columns.top, .dim)
      } else {
        drawResult(entry, text, columns, in: &screen, row: row)
      }
    }
  }

  private static func stateStyle(_ state: StudyState) -> Style {
    switch state {
    case .unread, .reopened: .strong
    case .reading, .read, .signed: .normal
    case .detecting, .waiting: .dim
    case .problem: .error
    }
  }

  private static func drawProgress(
    _ fraction: Double, _ left: Double?, _ columns: WorklistColumns, in screen: inout Screen,
    row: Int
  ) {
    let width = columns.ai - columns.top - 2
    let done = fraction.isFinite ? min(max(fraction, 0), 1) : 0
    let filled = Int(done * Double(width))
    for index in 0..<width {
      screen.set(
        index < filled ? "━" : "─", row, columns.top + index, index < filled ? .normal : .faint)
    }
    guard done > 0 || left != nil else {
      screen.put("being detected", row, columns.ai, .dim)
      return
    }
    var words = "\(Int(done * 100)) %"
    if let left, left.isFinite, left >= 0 { words += "  \(TimeLeft.words(left)) left" }
    screen.put(words, row, columns.ai, .dim)
  }

  private static func drawResult(
    _ entry: WorklistEntry, _ text: Style, _ columns: WorklistColumns, in screen: inout Screen,
    row: Int
  ) {
    let isFlagged = entry.isFlagged
    screen.put(entry.topSegment?.name ?? "-", row, columns.top, text)
    let decimals = ScoreText.decimals(entry.score, entry.threshold)
    screen.put(columns.number(entry.score, decimals), row, columns.score, text)
    if columns.barWidth > 0, let score = entry.score, let threshold = entry.threshold, threshold > 0
    {
      ScoreBar(fraction: score / (threshold * 3), mark: 1 / 3, isFlagged: isFlagged)
        .draw(in: &screen, row: row, column: columns.bar, width: columns.barWidth)
    }
    let room = columns.aiWidth - 1
    screen.put(
      flagWords(entry, isFlagged: isFlagged, room: room), row, columns.ai,
      isFlagged ? .accent : .dim, limit: room)
    if let second = columns.second {
      screen.put(
        agreement(entry, isFlagged: isFlagged), row, second, text,
        limit: (columns.you ?? columns.quality ?? columns.width) - second - 1)
    }
    if let quality = columns.quality {
      let room = columns.width - quality - 1
      screen.put(qualityWords(entry, room: room), row, quality, .dim, limit: room)
    }
  }

  /// The quality flags of the study and of every slice that was assessed: those by name that fit, and how
  /// many more there are.
  static func qualityWords(_ entry: WorklistEntry, room: Int = .max) -> String {
    qualityWords(entry.quality.names.map { DisplayText.clean($0) }, room: room)
  }

  /// Names of flags, those that fit, and how many more there are.
  static func qualityWords(_ names: [String], room: Int) -> String {
    guard !names.isEmpty else { return "-" }
    for named in (1...names.count).reversed() {
      let rest = names.count - named
      let words = names.prefix(named).joined(separator: ", ") + (rest > 0 ? " +\(rest)" : "")
      if DisplayText.width(words) <= room { return words }
    }
    return names.count == 1 ? names[0] : "\(names.count) flags"
  }

  /// The flagged segments by name where they fit, else how many; what was not seen is not "-".
  static func flagWords(
    _ entry: WorklistEntry, isFlagged: Bool, room: Int = .max
  ) -> String {
    switch entry.flagged.count {
    // The patient's threshold may be the lower one: no level is over its own.
    case 0: isFlagged ? room < 14 ? "▲ patient" : "▲ patient only" : seenWords(entry)
    case 1, 2:
      "▲ " + entry.flagged.map { compact($0) }.joined(separator: " ")
    default: "▲ \(entry.flagged.count) levels"
    }
  }

  private static func compact(_ segment: SpinalSegment) -> String { segment.name }

  /// How much an unflagged patient's result covers.
  private static func seenWords(_ entry: WorklistEntry) -> String {
    let (unseen, all) = (entry.notAssessable.count, SpinalSegment.allCases.count)
    return unseen == 0 ? "-" : unseen == all ? "no call" : "\(all - unseen)/\(all) seen"
  }

  /// How the second opinion relates to the AI's flags.
  static func agreement(_ entry: WorklistEntry, isFlagged: Bool) -> String {
    let scoring = entry.scoring.flatMap(StudyDetector.Scoring.init)
    if scoring?.includesSecondOpinion == true { return "in score" }
    let ours = Set(entry.flagged)
    let theirs = Set(entry.secondOpinionFlagged)
    if ours == theirs {
      if !ours.isEmpty { return "agrees" }
      // No segment is flagged, or there are none: the patients are compared.
      guard let second = entry.secondOpinionFlagsPatient else { return "-" }
      return second == isFlagged ? "agrees" : second ? "flags patient" : "does not flag"
    }
    let shared = ours.intersection(theirs)
    if ours.isEmpty { return "flags \(theirs.sorted().map(\.name).joined(separator: " "))" }
    if theirs.isEmpty {
      return entry.secondOpinionFlagsPatient == true ? "patient only" : "does not flag"
    }
    if shared.isEmpty { return "flags others" }
    let extra = theirs.count > shared.count ? " +\(theirs.count - shared.count)" : ""
    return "agrees \(shared.count)/\(ours.count)\(extra)"
  }
}

extension CaseConclusion {
  /// The verdict whose sign and colour stand for it, as in the ladder.
  fileprivate var sign: Core.Verdict {
    switch verdict {
    case .present: .present
    case .absent: .absent
    case .open: .cannotTell
    }
  }
}
