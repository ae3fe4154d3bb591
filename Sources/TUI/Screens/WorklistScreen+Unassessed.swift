internal import Core

/// Lines of studies of which the AI says nothing.
extension WorklistScreen {
  /// Why the AI says nothing of a study, its score where it has one without a call, and behind the reason in
  /// short the study's faults, in their own column.
  ///
  /// - Parameter faults: The names of quality flags, the gravest first.
  static func drawUnassessed(
    _ reason: String, _ entry: WorklistEntry, _ style: Style, faults: [String],
    _ columns: WorklistColumns, in screen: inout Screen, row: Int
  ) {
    var start = columns.top
    if entry.notAssessed != nil, let score = entry.score {
      let decimals = ScoreText.decimals(entry.score, entry.threshold)
      screen.put("-", row, columns.top, .dim)
      screen.put(columns.number(score, decimals), row, columns.score, style)
      start = columns.barWidth > 0 ? columns.bar : columns.ai
    }
    if let quality = columns.quality, quality - 1 > start {
      let words = shortReason(reason, room: quality - 1 - start)
      let others = faults.filter { !isSaid($0, in: words) }
      if !others.isEmpty {
        screen.put(words, row, start, style, limit: quality - 1 - start)
        let room = columns.width - quality - 1
        screen.put(qualityWords(others, room: room), row, quality, .dim, limit: room)
        return
      }
    }
    screen.put(reason, row, start, style, limit: columns.width - start - 1)
  }

  /// The flags of a study of which the AI says nothing: first the faults that take measurements away, then
  /// other faults of the study, then the rest. Where the AI is hidden, only faults of the study.
  static func faults(_ entry: WorklistEntry, hidesAI: Bool) -> [String] {
    let flags = entry.quality.filter { !hidesAI || $0.issue != nil }
    let grave = flags.filter { $0.issue?.voids.isEmpty == false }
    let other = flags.filter { $0.issue?.voids.isEmpty == true }
    // What the reader is to do comes first, and is nothing of the AI's.
    let own = entry.relabelled.isEmpty ? [] : ["relabelled"]
    return own
      + (grave + other + flags.filter { $0.issue == nil }).names.map { DisplayText.clean($0) }
  }

  /// As much of a reason as there is room for: the longest part of it that ends where a sentence does, or
  /// before what explains it.
  static func shortReason(_ reason: String, room: Int) -> String {
    guard DisplayText.width(reason) > room else { return reason }
    let ends = ["; ", ": ", " ("].flatMap { reason.ranges(of: $0).map(\.lowerBound) }
    let parts = ends.sorted().map { String(reason[..<$0]) }
    // A name of a fault alone says less than the beginning of its sentence.
    guard let part = parts.last(where: { DisplayText.width($0) <= room }),
      DisplayText.width(part) >= room / 3
    else { return DisplayText.fit(reason, room) }
    return part
  }

  /// Whether a reason has a flag's name or its words: "levels-missing" is said by "levels missing".
  private static func isSaid(_ flag: String, in reason: String) -> Bool {
    reason.contains(flag) || reason.contains(flag.replacing("-", with: " "))
  }
}
