internal import Core

/// The keys, from the registry.
enum HelpScreen {
  private enum Line {
    case title(String)
    case binding(KeyBinding)
    case blank
  }

  private static let lines: [Line] = {
    var lines: [Line] = []
    for context in [KeyContext.study, .window, .worklist, .everywhere] {
      if !lines.isEmpty { lines.append(.blank) }
      lines.append(.title(context.title))
      lines += KeyBindings.all.filter { $0.context == context }.map { .binding($0) }
    }
    return lines
  }()

  /// Columns of bindings side by side.
  private static func columns(_ width: Int) -> Int { width >= 120 ? 2 : 1 }

  /// Lines of the whole help at a width.
  static func lineCount(width: Int) -> Int {
    let columns = columns(width)
    return (lines.count + columns - 1) / columns
  }

  /// Lines shown at once.
  static func rows(_ size: TerminalSize) -> Int { max(size.rows - 5, 1) }

  static func draw(scroll: Int, _ state: AppState, in screen: inout Screen) {
    let size = screen.size
    let rect = CellRect(row: 0, column: 0, height: size.rows - 2, width: size.columns)
    screen.box(rect, title: "Keys")
    screen.put(" \(Notice.researchUse) ", rect.rowEnd - 1, 2, .dim)
    let columns = columns(size.columns)
    let count = lineCount(width: size.columns)
    let width = (rect.width - 4) / columns
    for column in 0..<columns {
      for row in 0..<rows(size) {
        let index = column * count + scroll + row
        guard scroll + row < count, lines.indices.contains(index) else { continue }
        draw(
          lines[index], in: &screen, row: 1 + row, column: rect.column + 2 + column * width, width)
      }
    }
    let shown = min(scroll + rows(size), count)
    if count > rows(size) {
      screen.putRight(
        " \(scroll + 1)-\(shown) of \(count) ", rect.rowEnd - 1, endingAt: rect.columnEnd - 2, .dim)
    }
  }

  private static func draw(
    _ line: Line, in screen: inout Screen, row: Int, column: Int, _ width: Int
  ) {
    switch line {
    case .blank: break
    case .title(let title):
      screen.put(title, row, column, Style(.normal, bold: true, underline: true), limit: width)
    case .binding(let binding):
      screen.put(binding.keyNames, row, column, .strong, limit: 19)
      screen.put(binding.text, row, column + 20, .normal, limit: width - 21)
    }
  }
}
