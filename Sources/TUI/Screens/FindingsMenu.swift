internal import Core

/// The list of the reader's findings on a study: those that stand, then those that were taken back.
struct FindingsMenu: Equatable, Sendable {
  /// The line chosen.
  var selected = 0
  /// The finding on that line, as it was shown last; `nil` where another line has just been chosen.
  var chosen: ReviewRecord?

  /// A line of the list.
  struct Line {
    /// The finding, in the words that stand.
    var finding: ReviewRecord
    /// Whether it was taken back.
    var isTakenBack: Bool
  }

  /// The lines on the study shown.
  static func lines(_ state: AppState) -> [Line] {
    guard let review = state.study?.shownReview else { return [] }
    return review.findings.map { Line(finding: $0, isTakenBack: false) }
      + review.findingsTakenBack.map { Line(finding: $0, isTakenBack: true) }
  }

  /// Stays on the finding chosen where taking it back, restoring it or another session moved it to another line:
  /// the next key is for it, and not for the one that took its line.
  mutating func settle(_ lines: [Line]) {
    if let chosen, let index = Self.index(of: chosen, in: lines) { selected = index }
    selected = min(selected, max(lines.count - 1, 0))
    chosen = lines.indices.contains(selected) ? lines[selected].finding : nil
  }

  /// The line of a finding, or of the same one stated anew.
  private static func index(of finding: ReviewRecord, in lines: [Line]) -> Int? {
    lines.firstIndex { $0.finding.seq == finding.seq }
      ?? lines.firstIndex {
        $0.finding.place == finding.place && $0.finding.comment == finding.comment
      }
  }

  /// What the last line of the screen says of its keys.
  static let hints = [
    KeyHint(.nextLine, .previousLine, word: "choose"),
    KeyHint(.confirm, word: "go there", fixed: "1-9"),
    KeyHint(.deleteLine, word: "take back, restore"), KeyHint(.ownWords, word: "other words"),
    KeyHint(.back, word: "leave"),
  ]
}

/// Opening, moving in and choosing from the list of findings.
extension Workstation {
  static func openFindings(study: StudyScreenState?, _ state: inout AppState) {
    if study?.hidesAnswers == true {
      state.say(.refused, "your findings are hidden until the truth is shown: others look on")
    } else if FindingsMenu.lines(state).isEmpty {
      state.say(.refused, noFindingWords(study, state.keys))
    } else {
      state.popup = .findings(FindingsMenu())
    }
  }

  private static func noFindingWords(_ study: StudyScreenState?, _ keys: KeyMap) -> String {
    if let study, study.loaded.replay != nil { return "\(study.answerer) has no finding so far" }
    return "you have no finding on this study: \(keys.name(.addFinding)) adds one"
  }

  /// Keeps the list, where it is open, on the finding chosen.
  static func settleFindings(_ state: inout AppState) {
    guard case .findings(var menu) = state.popup else { return }
    menu.settle(FindingsMenu.lines(state))
    state.popup = .findings(menu)
  }

  static func press(
    _ key: KeyPress, _ command: Command?, inFindings menu: FindingsMenu, _ state: inout AppState
  ) -> [Effect] {
    guard command == nil, let number = key.number else {
      return run(command, inFindings: menu, &state)
    }
    guard FindingsMenu.lines(state).indices.contains(number - 1) else { return [] }
    return run(.confirm, inFindings: FindingsMenu(selected: number - 1), &state)
  }

  static func run(
    _ command: Command?, inFindings menu: FindingsMenu, _ state: inout AppState
  ) -> [Effect] {
    let lines = FindingsMenu.lines(state)
    guard command != .back, lines.indices.contains(menu.selected) else {
      state.popup = nil
      return []
    }
    let line = lines[menu.selected]
    switch command {
    case .confirm: goTo(line, menu.selected + 1, &state)
    case .deleteLine: return turnBack(line, &state)
    case .ownWords: askForWords(line, &state)
    default:
      let page = FindingsScreen.rows(state)
      guard let chosen = moved(command, from: menu.selected, count: lines.count, page: page) else {
        return []
      }
      state.popup = .findings(FindingsMenu(selected: chosen))
    }
    return []
  }

  private static func goTo(_ line: FindingsMenu.Line, _ number: Int, _ state: inout AppState) {
    state.popup = nil
    guard let place = line.finding.place, let study = state.study else { return }
    guard state.study?.show(place) == true else {
      state.say(.refused, "slice \(place.sliceNumber) is not among those that can be shown")
      return
    }
    let words = DisplayText.fit(line.finding.comment ?? "", 40)
    let mark = line.isTakenBack ? "taken back, not marked" : "finding \(number)"
    state.say(.note, "\(mark): \(words) (\(study.words(for: place)))")
  }

  /// Takes a finding back, or brings one back that was taken back; the list stays open.
  private static func turnBack(_ line: FindingsMenu.Line, _ state: inout AppState) -> [Effect] {
    guard let study = openForFindings(&state) else { return [] }
    let (seq, sha) = (line.finding.seq, study.study.detectionSHA256)
    let draft =
      line.isTakenBack
      ? study.review.restoreDraft(ofFinding: seq, blind: study.readsBlind, detectionSHA256: sha)
      : study.review.takeBackDraft(ofFinding: seq, blind: study.readsBlind, detectionSHA256: sha)
    guard let draft else { return [] }
    state.study?.takenByOwnKey = line.isTakenBack ? nil : seq
    return write(draft, &state)
  }

  /// What undo does right after a finding was taken back in the list, or the flag for discussion by its key: that
  /// was the reader's latest act, so it is restored, and no other act taken back. `nil` where another act, or
  /// another undo, came since.
  static func restoringDraft(_ study: StudyScreenState) -> ReviewDraft? {
    guard let seq = study.takenByOwnKey, let last = study.review.history.last?.record,
      last.action == .undo, last.reverts == seq
    else { return nil }
    let (blind, sha) = (study.readsBlind, study.study.detectionSHA256)
    return study.review.restoreDraft(ofFinding: seq, blind: blind, detectionSHA256: sha)
      ?? study.review.reflagDraft(of: seq, blind: blind, detectionSHA256: sha)
  }

  /// By which key the finding comes back that an act takes back; `nil` for other acts.
  static func restoringWords(
    of draft: ReviewDraft, in study: StudyScreenState?, _ keys: KeyMap
  ) -> String? {
    guard draft.action == .undo, let study,
      let act = study.review.target(of: draft), act.action == .finding, act.revises == nil
    else { return nil }
    guard study.takenByOwnKey == act.seq else {
      return "\(keys.name(.redo, in: .study)) restores it"
    }
    let (here, outside) = (keys.name(.deleteLine, in: .lists), keys.name(.undo, in: .study))
    return "\(here) restores it, or \(outside) outside"
  }

  private static func askForWords(_ line: FindingsMenu.Line, _ state: inout AppState) {
    if line.isTakenBack {
      let key = state.keys.name(.deleteLine, in: .lists)
      state.say(.refused, "it was taken back: \(key) restores it first")
      return
    }
    guard let study = openForFindings(&state), let place = line.finding.place else { return }
    state.popup = .prompt(
      TextPrompt(
        purpose: .findingWords(line.finding.seq, place),
        title: "finding at \(study.words(for: place))", text: line.finding.comment ?? ""))
  }

  /// The study, where its findings can be changed now; else says why not.
  private static func openForFindings(_ state: inout AppState) -> StudyScreenState? {
    guard let study = state.study else { return nil }
    // What a teaching session does not take it says by itself.
    if runInTeaching(.addFinding, &state) != nil { return nil }
    if let refusal = closedWords(.addFinding, study, state.keys) {
      state.say(.refused, refusal)
      return nil
    }
    if let unseen = unseenWords(state.capabilities) {
      state.say(.refused, unseen)
      return nil
    }
    return isSaving(study, &state) ? nil : study
  }
}

/// The list of findings beside the picture.
enum FindingsScreen {
  /// Lines under the list: a rule, and the whole of the finding chosen.
  private static let footRows = 5

  /// Lines shown at once.
  static func rows(_ state: AppState) -> Int { StudyLayout(state).listRows(over: footRows) }

  static func draw(_ menu: FindingsMenu, _ state: AppState, in screen: inout Screen) {
    guard let study = state.study else { return }
    let rect = StudyLayout(state).list
    let rows = rows(state)
    let lines = FindingsMenu.lines(state)
    let top = max(menu.selected - rows + 1, 0)
    screen.fill(rect, " ", .normal)
    screen.box(rect, title: study.ownTitle("findings"))
    for (offset, line) in lines.dropFirst(top).prefix(rows).enumerated() {
      let index = top + offset
      let row = rect.row + 1 + offset
      let isSelected = index == menu.selected
      if isSelected { screen.put("▸", row, rect.column + 1, .strong) }
      screen.putRight(Menu.number(ofLine: index), row, endingAt: rect.column + 6, .dim)
      screen.put(
        words(line, study), row, rect.column + 7,
        isSelected ? .selected : line.isTakenBack ? .dim : .normal, limit: rect.width - 9)
    }
    if lines.indices.contains(menu.selected) {
      drawFoot(lines[menu.selected], study, in: &screen, rect)
    }
    if lines.count > rows {
      screen.putRight(
        " \(top + 1)-\(min(top + rows, lines.count)) of \(lines.count) ", rect.rowEnd - 1,
        endingAt: rect.columnEnd - 2, .dim)
    }
  }

  /// "slice 7: syrinx", "taken back: slice 7: syrinx".
  private static func words(_ line: FindingsMenu.Line, _ study: StudyScreenState) -> String {
    let number = line.finding.place.map { study.sliceNumber($0) } ?? "?"
    let words = DisplayText.clean(line.finding.comment ?? "")
    return "\(line.isTakenBack ? "taken back: " : "")slice \(number): \(words)"
  }

  /// The finding chosen: where it lies, and all its words.
  private static func drawFoot(
    _ line: FindingsMenu.Line, _ study: StudyScreenState, in screen: inout Screen, _ rect: CellRect
  ) {
    let top = rect.rowEnd - 1 - footRows
    let width = rect.width - 4
    for column in (rect.column + 1)..<(rect.columnEnd - 1) { screen.set("─", top, column, .faint) }
    if let place = line.finding.place {
      // Where segments lie is anatomy, and no secret of the AI's.
      let level = study.study.detection?.nearestLevel(toZ: place.z)
      let words = study.words(for: place) + (level.map { ", \($0.words)" } ?? "")
      screen.put(words, top + 1, rect.column + 2, .strong, limit: width)
    }
    let text = DisplayText.clean(line.finding.comment ?? "")
    for (index, part) in DisplayText.wrap(text, width, lines: footRows - 2).enumerated() {
      screen.put(part, top + 2 + index, rect.column + 2, .normal, limit: width)
    }
  }
}
