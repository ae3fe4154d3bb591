internal import Core

/// Draws the state as a screen; a pure function.
enum Renderer {
  static func render(_ state: AppState) -> Screen {
    var screen = Screen(size: state.size)
    guard state.size.isEnough else {
      drawTooSmall(state, in: &screen)
      return screen
    }
    switch state.view {
    case .worklist: WorklistScreen.draw(state, in: &screen)
    case .study:
      if let study = state.study { StudyScreen.draw(study, state, in: &screen) }
    }
    switch state.popup {
    case .help(let look): HelpScreen.draw(look, state, in: &screen)
    case .acts(let scroll): ActsScreen.draw(scroll: scroll, state, in: &screen)
    case .reasons(let menu): Menu.draw(menu, in: &screen, menuRect(menu.reasons.count, state))
    case .meanings(let offered):
      Menu.draw(
        "Sign sub-\(state.study?.study.subject ?? "") off", offered.map(\.words),
        numbers: offered.map { "\($0.number)" }, in: &screen, menuRect(offered.count, state))
    case .list(let menu): ListMenuScreen.draw(menu, state, in: &screen)
    case .macros(let menu): MacroMenuScreen.draw(menu, state, in: &screen)
    case .findings(let menu): FindingsScreen.draw(menu, state, in: &screen)
    case .report(let report): ReportScreen.draw(report, in: &screen)
    case .prompt(let prompt):
      if case .command(let choice) = prompt.purpose {
        PaletteScreen.draw(prompt.text, choice, state, in: &screen)
      }
    case nil: break
    }
    StatusLine.draw(state, in: &screen)
    return screen
  }

  /// The menu lies over the curve, never over the picture that is being judged.
  private static func menuRect(_ items: Int, _ state: AppState) -> CellRect {
    let layout = StudyLayout(state)
    let height = items + 2
    let bottom = state.size.rows - 2
    let row = min(layout.ladder.rowEnd + 1, bottom - height)
    return CellRect(
      row: max(row, 0), column: layout.ladder.column, height: height, width: layout.ladder.width)
  }

  private static func drawTooSmall(_ state: AppState, in screen: inout Screen) {
    let least = TerminalSize.smallest
    var lines = [
      "Cordscope needs \(least.columns) x \(least.rows) characters.",
      "This terminal has \(state.size.columns) x \(state.size.rows).",
      "Make it larger, or \(state.keys.name(.quit, in: .everywhere)) to quit.",
      "Nothing can be stated meanwhile.",
    ]
    if let message = state.message, message.kind == .refused || message.kind == .error {
      lines += DisplayText.wrap(message.text, max(state.size.columns - 2, 1), lines: 3)
    }
    let top = max((state.size.rows - lines.count) / 2, 0)
    for (index, line) in lines.enumerated() {
      let column = max((state.size.columns - line.count) / 2, 0)
      screen.put(line, top + index, column, index == 0 ? .strong : .normal)
    }
    // The whole notice, or its first words, in the last row where that is free.
    let short = String(Notice.researchUse.prefix { $0 != "," })
    guard top + lines.count < state.size.rows,
      let notice = [Notice.researchUse, short].first(where: { $0.count <= state.size.columns })
    else { return }
    let column = (state.size.columns - notice.count) / 2
    screen.put(notice, state.size.rows - 1, column, .dim)
  }
}
