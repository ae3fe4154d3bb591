internal import Core

extension WorklistOrder {
  /// The order of a teaching session's cases: that of their numbers, whatever was answered.
  static let ofCases = WorklistOrder(.flagged)
}

/// The list of a teaching session's cases: nothing of the AI is in it, and of the truth only how the reader
/// did once it was shown.
extension WorklistScreen {
  /// Names the columns that cases have.
  static func drawCaseNames(_ columns: WorklistColumns, in screen: inout Screen, row: Int) {
    let names = [("STATE", columns.state), ("CASE", columns.study), ("RESULT", columns.top)]
    for (name, column) in names { screen.put(name, row, column, .head) }
    if let you = columns.you { screen.put("YOU", row, you, .head) }
  }

  /// Draws how the reader did on a case, or whether its truth is hidden.
  static func drawCase(
    _ entry: WorklistEntry, _ text: Style, _ columns: WorklistColumns, in screen: inout Screen,
    row: Int
  ) {
    let room = (columns.you ?? columns.width) - columns.top - 1
    let shown = entry.isRevealed ? "truth shown" : "truth hidden"
    let result = entry.caseResult?.words(room: room)
    screen.put(result ?? shown, row, columns.top, result == nil ? .dim : text, limit: room)
  }
}
