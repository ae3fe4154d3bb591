internal import Core

/// The foot of the list: which of its lines are shown, and what the results come from.
extension WorklistScreen {
  /// Lines of the list that stay when the foot takes two lines; on lower screens it has one.
  private static let fewestLines = 4

  /// Studies shown at once: one less where weights, threshold and source do not fit into one line.
  static func lines(_ list: WorklistScreenState, _ size: TerminalSize) -> Int {
    lines(size) + 1 - foot(list, size).count
  }

  /// What the results come from, or what the filter does not understand, in one line or two; the first
  /// leaves room for which lines of the list are shown.
  private static func foot(_ list: WorklistScreenState, _ size: TerminalSize) -> [String] {
    if let problem = list.filterProblem { return [problem] }
    let (origin, most) = (list.summary.origin, lines(size))
    var room = size.columns - 2
    if list.count >= most { room -= range(list.count - 1, of: list.count, list.count).count + 2 }
    guard DisplayText.width(origin) > room, most > fewestLines else { return [origin] }
    let parts = DisplayText.wrap(origin, room)
    return parts.count > 1 ? [parts[0], parts.dropFirst().joined(separator: " ")] : parts
  }

  /// "1-17 of 125".
  private static func range(_ top: Int, of count: Int, _ end: Int) -> String {
    "\(top + 1)-\(min(end, count)) of \(count)"
  }

  static func drawFoot(_ list: WorklistScreenState, in screen: inout Screen) {
    let (width, shown) = (screen.size.columns, lines(list, screen.size))
    let foot = foot(list, screen.size)
    let row = screen.size.rows - 2 - foot.count
    var room = width - 2
    if list.count > shown {
      let words = range(list.top, of: list.count, list.top + shown)
      screen.putRight(words, row, endingAt: width - 1, .dim)
      room -= words.count + 2
    }
    let style: Style = list.filterProblem == nil ? .dim : .error
    for (line, text) in foot.enumerated() {
      screen.put(text, row + line, 1, style, limit: line == 0 ? room : width - 2)
    }
  }

  /// The weights, the scoring that decides, its threshold and where that comes from.
  static func originWords(_ entries: [WorklistEntry]) -> String {
    let weights = WeightsInUse.words(entries.compactMap(\.weights))
    guard !weights.isEmpty else { return "" }
    var limits: [String] = []
    for entry in entries {
      guard let threshold = entry.threshold, let scoring = entry.scoring else { continue }
      let value = ScoreText.number(threshold, threshold < 0.1 ? 3 : 2)
      let words = "\(scoring) from \(value) (\(entry.thresholdSource ?? "source not stated"))"
      if !limits.contains(words) { limits.append(words) }
    }
    return (["weights \(weights.joined(separator: ", "))"] + limits).joined(separator: "; ")
  }
}
