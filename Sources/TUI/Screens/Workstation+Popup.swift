/// The keys of what lies over a screen.
extension Workstation {
  /// Presses a key there: its own keys come first, then the one that opened it.
  static func press(_ key: KeyPress, in popup: Popup, _ state: inout AppState) -> [Effect] {
    let command = state.keys.command(for: key, in: [popup.context])
    if command == nil, isOpener(key, of: popup, state) {
      state.popup = nil
      return []
    }
    switch popup {
    case .help(let look): press(key, command, inHelp: look, &state)
    case .acts(let scroll):
      let last = ActsScreen.lastScroll(state)
      state.popup = scrolled(command, from: scroll, last: last, page: ActsScreen.page(state.size))
        .map { .acts(scroll: $0) }
    case .report(let report):
      state.popup = ReportScreen.scrolled(report, command, state.size)
    case .reasons(let menu): return press(key, command, inMenu: menu, &state)
    case .meanings: return pressInMeanings(key, command, &state)
    case .list(let menu): return press(key, command, inList: menu, &state)
    case .macros(let menu): return press(key, command, inMacros: menu, &state)
    case .findings(let menu): return press(key, command, inFindings: menu, &state)
    case .prompt(let prompt): return press(key, command, inPrompt: prompt, &state)
    }
    return []
  }

  /// The mouse over what lies over a screen: its wheel scrolls texts and moves in lists, and nothing is
  /// pressed there.
  static func turnWheel(
    _ act: MouseAct, in popup: Popup, _ state: inout AppState
  ) -> [Effect] {
    guard act.kind == .wheelDown || act.kind == .wheelUp else { return [] }
    let isDown = act.kind == .wheelDown
    let line = isDown ? Command.nextLine : .previousLine
    func scrolled(_ scroll: Int, last: Int) -> Int {
      min(max(scroll + (isDown ? linesOfWheel : -linesOfWheel), 0), last)
    }
    switch popup {
    case .help(var look):
      look.scroll = scrolled(look.scroll, last: HelpScreen.lastScroll(look, state))
      state.popup = .help(look)
    case .acts(let scroll):
      state.popup = .acts(scroll: scrolled(scroll, last: ActsScreen.lastScroll(state)))
    case .report(var report):
      report.scroll = scrolled(report.scroll, last: ReportScreen.lastScroll(report, state.size))
      state.popup = .report(report)
    case .list(let menu): return run(line, inList: menu, &state)
    case .macros(var menu):
      menu.selected =
        moved(line, from: menu.selected, count: menu.count(state), page: 1) ?? menu.selected
      state.popup = .macros(menu)
    case .findings(let menu): return run(line, inFindings: menu, &state)
    case .prompt(let prompt):
      guard case .command(let choice) = prompt.purpose else { break }
      return run(line, inPalette: choice, prompt, &state) ?? []
    // Of these a digit chooses; no line is selected.
    case .reasons, .meanings: break
    }
    return []
  }

  /// Lines of a text by which the wheel scrolls.
  private static let linesOfWheel = 3

  /// Whether a key of the screen below is the one that opened it, which closes it, too.
  private static func isOpener(_ key: KeyPress, of popup: Popup, _ state: AppState) -> Bool {
    let command = state.keys.command(for: key, in: state.contexts)
    switch popup {
    case .help(let look): return command == .help && !look.isTyping
    case .acts: return command == .showActs
    case .findings: return command == .showFindings
    case .report:
      return command == .showReport || command == .showScores || command == .showMessages
    case .reasons, .prompt, .meanings, .list, .macros: return false
    }
  }

  /// The line chosen after a command that moves among so many; `nil` after another one.
  static func moved(_ command: Command?, from line: Int, count: Int, page: Int) -> Int? {
    let wanted: Int
    switch command {
    case .nextLine: wanted = line + 1
    case .previousLine: wanted = line - 1
    case .nextPage: wanted = line + page
    case .previousPage: wanted = line - page
    case .firstLine: wanted = 0
    case .lastLine: wanted = count - 1
    default: return nil
    }
    return min(max(wanted, 0), max(count - 1, 0))
  }

  /// The scroll of a text after a command, or `nil` when that closes it.
  static func scrolled(_ command: Command?, from scroll: Int, last: Int, page: Int) -> Int? {
    if command == .back || command == .close { return nil }
    return moved(command, from: scroll, count: last + 1, page: page) ?? scroll
  }
}
