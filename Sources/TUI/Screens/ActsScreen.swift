internal import Core
internal import Foundation

/// The reader's acts on a study, the latest first: verdicts and comments, those taken back among them, and
/// said to be.
enum ActsScreen {
  /// All lines at a width.
  private static func lines(_ state: AppState) -> [(String, Style)] {
    guard let study = state.study else { return [] }
    if study.hidesAnswers {
      return [("your acts are hidden until the truth is shown: others look on", .dim)]
    }
    let width = state.size.columns - 4
    var lines: [(String, Style)] = []
    for line in study.review.history.reversed() {
      let time = ClockTime.text(of: line.record.time, in: state.timeZone)
      let head = "\(line.record.time.prefix(10))  \(time)  "
      let blank = String(repeating: " ", count: head.count)
      for (index, text) in DisplayText.wrap(study.told(line), width - head.count).enumerated() {
        lines.append(((index == 0 ? head : blank) + text, .normal))
      }
    }
    return lines.isEmpty ? [("nothing is stated on this study yet", .dim)] : lines
  }

  /// Lines shown at once.
  private static func rows(_ size: TerminalSize) -> Int { max(size.rows - 4, 1) }

  /// The largest scroll that still fills the screen.
  static func lastScroll(_ state: AppState) -> Int { max(lines(state).count - rows(state.size), 0) }

  /// Lines of a page.
  static func page(_ size: TerminalSize) -> Int { rows(size) }

  static func draw(scroll: Int, _ state: AppState, in screen: inout Screen) {
    let size = screen.size
    let rect = CellRect(row: 0, column: 0, height: size.rows - 2, width: size.columns)
    let whose = state.study?.ownTitle("acts") ?? "Your acts"
    screen.box(rect, title: "\(whose) on \(state.name(of: state.study?.study.subject ?? ""))")
    screen.put(" \(Notice.researchUse) ", rect.rowEnd - 1, 2, .dim)
    let all = lines(state)
    for (row, line) in all.dropFirst(scroll).prefix(rows(size)).enumerated() {
      screen.put(line.0, 1 + row, 2, line.1, limit: size.columns - 4)
    }
    if all.count > rows(size) {
      let shown = min(scroll + rows(size), all.count)
      screen.putRight(
        " \(scroll + 1)-\(shown) of \(all.count) ", rect.rowEnd - 1, endingAt: rect.columnEnd - 2,
        .dim)
    }
  }
}
