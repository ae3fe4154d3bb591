internal import Core
internal import Foundation

/// The last two lines of every screen: what happened, and which keys there are.
enum StatusLine {
  /// Cells in which what runs in the background can still be told.
  private static let leastBackground = 12

  /// Draws message, background work and keys.
  static func draw(_ state: AppState, in screen: inout Screen) {
    let row = screen.size.rows - 2
    var room = screen.size.columns - 2
    let again =
      state.redetecting.isEmpty
      ? nil : "detecting sub-\(Workstation.redetectingNames(state)) again"
    // The worklist has a line of its own for it.
    let beside = state.view == .study ? state.background?.words : nil
    let reading = state.loading != nil && state.opening == nil ? "reading the study again" : nil
    if let background = state.macros.words ?? reading ?? again ?? beside ?? state.worklist.reading {
      let text = DisplayText.fit(background, screen.size.columns / 3)
      // What was said comes first: that something was saved must not be cut for what runs beside it.
      let said = state.message.map { DisplayText.width(look($0.kind).mark + $0.text) + 2 } ?? 0
      let (wanted, left) = (DisplayText.width(text), room - said)
      if left >= min(wanted, leastBackground) {
        screen.putRight(
          DisplayText.fit(text, left), row, endingAt: screen.size.columns - 1, .dim)
        room -= min(wanted, left) + 2
      }
    }
    if case .prompt(let prompt) = state.popup {
      draw(prompt, in: &screen, row: row)
    } else if case .help(let help) = state.popup, help.isTyping {
      let columns = screen.size.columns
      draw(
        help.refusal ?? "lines with", help.typed.shown { DisplayText.clean($0) }, in: &screen,
        row: row, limit: help.refusal == nil ? columns / 2 : columns * 3 / 4)
    } else if let message = state.message {
      let (mark, style) = look(message.kind)
      screen.put(fitted(mark + message.text, state, room: room), row, 1, style, limit: room)
    } else if state.view == .study, let words = state.study?.signedWords(in: state.timeZone) {
      screen.put(words, row, 1, .strong, limit: room)
    } else if state.view == .study, state.popup == nil, let study = state.study,
      let text = study.lastComment
    {
      let words = "\(study.answerer) noted on \(study.target.name): \(text)"
      screen.put(words, row, 1, .normal, limit: room)
    } else if state.view == .study, state.popup == nil,
      let type = state.capabilities.typeForPictures
    {
      screen.put(
        "no pictures in \(state.capabilities.colours) colours: quit, and start with TERM=\(type)",
        row, 1, .dim, limit: room)
    }
    drawKeys(state, in: &screen)
  }

  /// A message in the room there is: paths lose their middle first; where that is not enough the key that
  /// shows all of it stands at the end.
  private static func fitted(_ text: String, _ state: AppState, room: Int) -> String {
    let short = DisplayText.shortenPaths(text, room)
    guard DisplayText.width(short) > room, state.popup == nil else { return short }
    let way = " (\(state.keys.name(.showMessages)) all)"
    return DisplayText.fit(short, room - DisplayText.width(way)) + way
  }

  /// The mark before a message of a kind, and its look.
  static func look(_ kind: StatusMessage.Kind) -> (mark: String, style: Style) {
    switch kind {
    case .note: ("", .normal)
    case .done: ("✓ ", .strong)
    case .refused: ("× ", .strong)
    case .error: ("! ", .error)
    }
  }

  private static func draw(_ prompt: TextPrompt, in screen: inout Screen, row: Int) {
    let typed = prompt.typed.shown {
      prompt.isHidden ? String(repeating: "●", count: $0.count) : DisplayText.clean($0)
    }
    // Dots need little room, and what is wrong with a PIN stands in the title.
    let columns = screen.size.columns
    // A title has the room that the text leaves, and half of the line in any case.
    let free = columns - DisplayText.width(typed.whole) - 4
    let least = prompt.refusal == nil ? columns / 2 : columns * 3 / 4
    let limit = prompt.isHidden ? columns * 9 / 10 : max(least, free)
    draw(prompt.refusal ?? prompt.title, typed, in: &screen, row: row, limit: limit)
  }

  private static func draw(
    _ title: String, _ typed: PromptText, in screen: inout Screen, row: Int, limit: Int
  ) {
    screen.fill(
      CellRect(row: row, column: 0, height: 1, width: screen.size.columns), " ", .normal)
    // A title that is cut stays apart from what is typed.
    let column = screen.put("\(DisplayText.fit(title, limit - 2)): ", row, 1, .dim, limit: limit)
    let room = screen.size.columns - column - 2
    // Of a long text the part around the caret is what is being written.
    let ahead = min(DisplayText.width(typed.after), room / 3)
    let caret = screen.put(typed.beforeCaret(room - ahead), row, column, .strong)
    guard let under = typed.after.first else {
      screen.set(" ", row, caret, .selected)
      return
    }
    let rest = screen.put(String(under), row, caret, .selected)
    screen.put(
      String(typed.after.dropFirst()), row, rest, .strong,
      limit: screen.size.columns - 1 - rest)
  }

  private static func drawKeys(_ state: AppState, in screen: inout Screen) {
    let row = screen.size.rows - 1
    let width = screen.size.columns
    var entries: [(String, String)]
    // While an editor is being opened the key of help waits for it as all others do.
    let hasHelp = state.popup == nil && state.editorAwaited == nil
    if let popup = state.popup {
      entries = popup.hints.compactMap { $0.entry(state.keys, in: popup.context) }
      if case .report(let report) = popup {
        entries.append(("", ReportScreen.position(report, screen.size)))
      }
    } else if let target = state.editorAwaited {
      entries = Workstation.awaitingHints(target, state.keys)
    } else {
      entries = wayBack(state) + footer(state).map { (keyNames($0, state.keys), word($0, state)) }
    }
    // Help is the last to be dropped.
    let helpKey = state.keys.name(.help)
    let help = "\(helpKey) help"
    let end = hasHelp ? width - help.count - 2 : width
    var column = 1
    for (key, word) in entries {
      let need = key.count + 1 + word.count
      guard column + need < end else { break }
      column = screen.put(key, row, column, .strong)
      column = screen.put(" \(word)", row, column, .dim) + 2
    }
    if hasHelp {
      let end = screen.put(helpKey, row, width - help.count - 1, .strong)
      screen.put(" help", row, end, .dim)
    }
  }

  /// What a key does, in a word or two: in a replay the next case is the next act.
  private static func word(_ binding: KeyBinding, _ state: AppState) -> String {
    let isStep = state.teaching?.role == .replay && binding.command == .nextCase
    return isStep ? "next act" : binding.footer ?? ""
  }

  /// Where one pane has the whole screen, the key that shows the others again.
  private static func wayBack(_ state: AppState) -> [(String, String)] {
    guard state.study?.shownPane != nil, state.contexts.contains(.study),
      let key = state.keys.bindings.first(where: { $0.command == .enlargePane })?.keys.first
    else { return [] }
    return [(key.name, "all panes")]
  }

  /// The bindings that are shown: those whose keys do something now. In a teaching session answers come
  /// first, then segments, the truth and the next case.
  private static func footer(_ state: AppState) -> [KeyBinding] {
    let shown = state.keys.bindings.filter {
      state.contexts.contains($0.context) && $0.footer != nil && $0.command != .help
        && !$0.keys.isEmpty
        // A key that means something else before it gets here is not promised.
        && state.keys.command(for: $0.keys[0], in: state.contexts) == $0.command
    }
    guard let study = state.study else { return shown }
    let useful = shown.filter { isUseful($0.command, study, state) }
    guard state.teaching != nil else { return useful }
    func rank(_ command: Command) -> Int {
      switch command {
      case _ where command.isVerdict: 0
      case .nextSegment, .revealTruth, .nextCase: 1
      case .showScores: study.isBlind ? 2 : 1
      default: 2
      }
    }
    return (0...2).flatMap { wanted in useful.filter { rank($0.command) == wanted } }
  }

  /// Whether a command is not refused for as long as the study is shown as it is.
  private static func isUseful(
    _ command: Command, _ study: StudyScreenState, _ state: AppState
  ) -> Bool {
    if let teaching = state.teaching {
      let isReplay = teaching.role == .replay
      let isHidden = !isReplay && study.isBlind
      if !isHidden || study.review.isRevealed, command.altersStudy,
        isReplay || !Workstation.turnsComment(command, study)
      {
        return false
      }
      if command == .revealTruth {
        let mayShow =
          !isReplay || Workstation.replayRefusal(study, teaching, state.keys) == nil
        guard study.isBlind, mayShow, !teaching.keepsTruth(of: study) else { return false }
      }
      if isReplay, command == .showScores { return false }
    }
    // Who may not write it, has signed the study, or does not see its picture, is shown other keys in
    // their place.
    if Workstation.closedWords(command, study, state.keys) != nil { return false }
    if command.isVerdict {
      if state.capabilities.unconfirmedPictures != nil { return false }
      if study.absence(of: .picture, state.capabilities) != nil { return false }
      if Workstation.hiddenPictureWords(study, state) != nil { return false }
    }
    switch command {
    // What the AI says can be answered only where it is shown; elsewhere one's own words are.
    case .accept, .disagree:
      return study.detection != nil && Workstation.outdatedCallWords(study, state) == nil
    case .statePresent, .stateAbsent:
      return Workstation.redetectionWords(on: study.target, state) == nil
        && (study.detection == nil || Workstation.outdatedCallWords(study, state) != nil)
    case .cannotTell: return Workstation.redetectionWords(on: study.target, state) == nil
    case .takeAgreed: return Workstation.redetectionWords(on: nil, state) == nil
    case .nextFlagged: return study.detection != nil
    case .undo, .redo:
      let restoring = command == .undo ? Workstation.restoringDraft(study) : nil
      let act =
        restoring.flatMap { study.review.target(of: $0) }
        ?? (command == .undo ? study.review.nextUndo : study.review.nextRedo)
      return act.map { Workstation.unseenTurnWords($0, study, state) == nil } ?? false
    case .signOff: return Workstation.signingRefusal(study, state) == nil
    case .reopen: return study.review.isSigned
    case .toggleOverlay: return !study.isHidden
    default: return true
    }
  }

  /// Two keys that belong together are shown together: "j k slice".
  private static func keyNames(_ binding: KeyBinding, _ keys: KeyMap) -> String {
    let partners: [Command: Command] = [
      .nextSegment: .previousSegment, .nextFlagged: .previousFlagged, .nextSlice: .previousSlice,
      .zoomIn: .zoomOut, .nextDifference: .previousDifference, .nextPoint: .previousPoint,
      .largerBrush: .smallerBrush, .windowWider: .windowNarrower, .windowBrighter: .windowDarker,
    ]
    guard let other = partners[binding.command] else { return binding.keys[0].name }
    let partner = keys.name(other, in: binding.context)
    switch binding.command {
    case .nextSegment, .nextFlagged, .nextPoint, .largerBrush, .nextDifference:
      return "\(partner) \(binding.keys[0].name)"
    default: return "\(binding.keys[0].name) \(partner)"
    }
  }
}

extension StudyScreenState {
  /// "signed by Anna Liu, 2026-11-20 10:42:07: I have reviewed this study", with "labels changed since: C5-6"
  /// before it where that is so; `nil` while the study is not signed.
  func signedWords(in zone: TimeZone) -> String? {
    guard let record = review.signOff, let signature = record.signature else { return nil }
    let time = "\(record.time.prefix(10)) \(ClockTime.text(of: record.time, in: zone))"
    // What was signed is not what is seen: that comes before who signed it.
    let changed = relabelledNote.map { "\($0); " } ?? ""
    return DisplayText.clean(
      "\(changed)signed by \(signature.name), \(time): \(signature.meaning.words)")
  }
}
