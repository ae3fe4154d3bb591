/// The list of commands that fit what is typed, beside the picture.
enum PaletteScreen {
  /// Lines under the list: a rule, and what the selected command does.
  private static let footRows = 4

  /// Commands shown at once.
  static func rows(_ state: AppState) -> Int { StudyLayout(state).listRows(over: footRows) }

  static func draw(
    _ text: String, _ choice: PaletteChoice, _ state: AppState, in screen: inout Screen
  ) {
    let rect = StudyLayout(state).list
    screen.box(rect, title: "Commands")
    let entries = CommandPalette.entries(text, in: choice.contexts, state.keys)
    guard entries.indices.contains(choice.selected) else {
      let words = "no command fits \"\(DisplayText.clean(text))\""
      screen.put(words, rect.row + 1, rect.column + 2, .dim, limit: rect.width - 4)
      return
    }
    let rows = rows(state)
    let top = max(choice.selected - rows + 1, 0)
    let wordWidth = min((entries.map(\.command.word.count).max() ?? 0) + 2, rect.width - 14)
    let shown = entries.dropFirst(top).prefix(rows)
    // Each is tried once a drawing: it runs the command on a copy of the state.
    let refusals = shown.map { Workstation.refusal(of: $0.command, state) }
    for (offset, entry) in shown.enumerated() {
      draw(
        entry, refusal: refusals[offset], isSelected: top + offset == choice.selected, wordWidth,
        in: &screen, rect,
        row: rect.row + 1 + offset)
    }
    drawFoot(
      entries[choice.selected], refusal: refusals[choice.selected - top], in: &screen, rect)
    if entries.count > rows {
      let last = min(top + rows, entries.count)
      screen.putRight(
        " \(top + 1)-\(last) of \(entries.count) ", rect.rowEnd - 1, endingAt: rect.columnEnd - 2,
        .dim)
    }
  }

  private static func draw(
    _ entry: CommandPalette.Entry, refusal: String?, isSelected: Bool, _ wordWidth: Int,
    in screen: inout Screen, _ rect: CellRect, row: Int
  ) {
    let (word, column) = (entry.command.word, rect.column + 3)
    if isSelected {
      screen.put("▸", row, rect.column + 1, .strong)
      screen.put(" \(word) ", row, column - 1, .selected, limit: wordWidth + 1)
    } else {
      screen.put(word, row, column, refusal == nil ? .normal : .dim, limit: wordWidth)
    }
    let at = column + wordWidth
    let room = rect.columnEnd - 2 - at
    if let refusal {
      screen.put("× \(refusal)", row, at, .dim, limit: room)
    } else {
      screen.put(
        entry.keys.map(\.name).joined(separator: "  "), row, at, .strong, limit: room)
    }
  }

  /// What the selected command does, its keys, and why it cannot be run now.
  private static func drawFoot(
    _ entry: CommandPalette.Entry, refusal: String?, in screen: inout Screen, _ rect: CellRect
  ) {
    let top = rect.rowEnd - 1 - footRows
    let width = rect.width - 4
    for column in (rect.column + 1)..<(rect.columnEnd - 1) { screen.set("─", top, column, .faint) }
    let rows = footRows - 1
    let text = DisplayText.wrap(entry.text, width, lines: refusal == nil ? rows : 1)
    let reason = refusal.map { DisplayText.wrap("× \($0)", width, lines: rows - 1) } ?? []
    for (index, line) in (text + reason).enumerated() {
      screen.put(
        line, top + 1 + index, rect.column + 2, index < text.count ? .normal : .dim, limit: width)
    }
  }
}
