internal import Core

/// The state of the worklist screen.
struct WorklistScreenState: Sendable {
  var entries: [WorklistEntry] = []
  var isLoaded = false
  /// The subject selected; it stays selected when the order changes.
  var selected: String?
  /// First line shown.
  var top = 0
  /// Words of the filter.
  var filter = ""
  var flaggedFirst = true
  /// Whether the AI's results are hidden of studies in which the reader has not seen them.
  var hidesAI = false

  /// Whether a line's AI result is hidden.
  func hidesAI(of entry: WorklistEntry) -> Bool { hidesAI && !entry.isRevealed }

  /// The lines as they may be seen.
  var listed: [WorklistEntry] {
    hidesAI ? entries.map { hidesAI(of: $0) ? $0.withoutAI : $0 } : entries
  }

  /// The lines that pass the filter, in order.
  var visible: [WorklistEntry] {
    let words = filter.lowercased().split(separator: " ").map(String.init)
    let kept = listed.filter { entry in words.allSatisfy { Self.matches(entry, $0) } }
    let byName = kept.sorted { NaturalOrder.precedes($0.subject, $1.subject) }
    guard flaggedFirst else { return byName }
    // A stable order: rank, then score, then name.
    return byName.enumerated().sorted { a, b in
      let (left, right) = (Self.rank(a.element), Self.rank(b.element))
      if left != right { return left < right }
      let (s, t) = (a.element.score ?? -.infinity, b.element.score ?? -.infinity)
      if s != t { return s > t }
      return a.offset < b.offset
    }.map(\.element)
  }

  /// Flagged, then not flagged, then being detected, then waiting, then problems.
  private static func rank(_ entry: WorklistEntry) -> Int {
    switch entry.state {
    // A verdict on what could not be assessed does not move its line.
    case _ where entry.notAssessed != nil: 4
    case .problem: 4
    case .waiting: 3
    case .detecting: 2
    default: isFlagged(entry) ? 0 : 1
    }
  }

  /// Whether the AI flags the patient.
  static func isFlagged(_ entry: WorklistEntry) -> Bool {
    if !entry.flagged.isEmpty { return true }
    guard let score = entry.score, let threshold = entry.threshold else { return false }
    return score >= threshold
  }

  private static func matches(_ entry: WorklistEntry, _ word: String) -> Bool {
    if word.hasPrefix("!") {
      // While only the mark is typed, nothing is excluded yet.
      return word.count == 1 || !matches(entry, String(word.dropFirst()))
    }
    switch word {
    case "flagged": return isFlagged(entry)
    case "discussion": return entry.isForDiscussion
    case "problem": return entry.state.word == word || entry.notAssessed != nil
    case "waiting", "detecting", "unread", "reading", "read", "signed", "reopened":
      return entry.state.word == word
    case "present", "absent", "open": return entry.conclusion?.verdict.rawValue == word
    default:
      let subject = entry.subject.lowercased()
      // "sub-" stands before every name on the screen.
      if subject.contains(word) || "sub-\(subject)".hasPrefix(word) { return true }
      if entry.quality.contains(where: { $0.flag.lowercased().contains(word) }) { return true }
      return entry.flagged.contains { $0.name.lowercased() == word }
    }
  }

  /// Place of the selected line among the visible ones.
  func position(in visible: [WorklistEntry]) -> Int? {
    visible.firstIndex { $0.subject == selected }
  }

  /// Selects a line that exists, and scrolls so that it is seen on `rows` lines.
  mutating func settle(rows: Int) {
    let visible = visible
    if position(in: visible) == nil { selected = visible.first?.subject }
    guard let at = position(in: visible), rows > 0 else {
      top = 0
      return
    }
    if at < top { top = at }
    if at >= top + rows { top = at - rows + 1 }
    top = max(min(top, visible.count - rows), 0)
  }

  /// Puts a line in the place of the one of the same subject, or at the end.
  ///
  /// What is known of the patient stays when the new line does not tell it.
  mutating func update(_ entry: WorklistEntry) {
    if let index = entries.firstIndex(where: { $0.subject == entry.subject }) {
      let known = entries[index]
      entries[index] = entry
      entries[index].age = entry.age ?? known.age
      entries[index].sex = entry.sex ?? known.sex
      entries[index].mjoa = entry.mjoa ?? known.mjoa
      // A line that only tells of progress knows nothing of the journal.
      if case .detecting = entry.state {
        entries[index].isForDiscussion = known.isForDiscussion
        entries[index].conclusion = known.conclusion
        entries[index].isRevealed = known.isRevealed
      }
      // Nor does one that only says why detection failed.
      if case .problem = entry.state, known.notAssessed != nil, entry.notAssessed == nil {
        (entries[index].state, entries[index].notAssessed) = (known.state, known.notAssessed)
      }
    } else {
      entries.append(entry)
    }
  }
}

extension WorklistEntry {
  /// The line without anything the AI says of the patient.
  var withoutAI: WorklistEntry {
    var entry = self
    (entry.score, entry.threshold, entry.thresholdSource, entry.scoring) = (nil, nil, nil, nil)
    (entry.topSegment, entry.flagged) = (nil, [])
    (entry.secondOpinionFlagged, entry.secondOpinionFlagsPatient) = ([], nil)
    return entry
  }
}
