internal import Core

/// A text being typed, with the caret between two of its characters.
///
/// Letters with their accents and wide characters are passed and deleted as one.
struct PromptText: Equatable, Sendable {
  /// What stands before the caret.
  private(set) var before: String
  /// What stands behind it.
  private(set) var after = ""

  /// A text with the caret at its end.
  init(_ text: String) { before = text }

  /// The whole text.
  var whole: String { before + after }

  /// Writes a text at the caret as far as the whole stays within so many Unicode scalars: a journal counts them,
  /// and a character may have several.
  ///
  /// - Returns: whether all of it was taken.
  mutating func insert(_ text: String, most: Int) -> Bool {
    var room = most - whole.unicodeScalars.count
    for character in text {
      room -= character.unicodeScalars.count
      guard room >= 0 else { return false }
      before.append(character)
    }
    return true
  }

  /// Moves the caret, or deletes.
  ///
  /// - Returns: whether the key does that; one that writes does not.
  mutating func edit(with key: KeyPress) -> Bool {
    switch key.key {
    case .character("a") where key == .control("a"): moveToStart()
    case .character("e") where key == .control("e"): moveToEnd()
    case .character("u") where key == .control("u"): (before, after) = ("", "")
    case .backspace: before = String(before.dropLast())
    case .delete where key.modifiers.isEmpty: after = String(after.dropFirst())
    case .home where key.modifiers.isEmpty: moveToStart()
    case .end where key.modifiers.isEmpty: moveToEnd()
    case .left where key.modifiers.isEmpty:
      guard let passed = before.popLast() else { break }
      after = String(passed) + after
    case .right where key.modifiers.isEmpty:
      guard let passed = after.first else { break }
      after = String(after.dropFirst())
      before.append(passed)
    default: return false
    }
    return true
  }

  private mutating func moveToStart() { (before, after) = ("", whole) }

  private mutating func moveToEnd() { (before, after) = (whole, "") }
}

extension PromptText {
  /// The text made of what is shown for it on either side of the caret.
  func shown(_ words: (String) -> String) -> PromptText {
    var shown = PromptText(words(before))
    shown.after = words(after)
    return shown
  }

  /// The end of what stands before the caret, in at most so many cells.
  func beforeCaret(_ cells: Int) -> String {
    var (start, room) = (before.endIndex, cells)
    while start > before.startIndex {
      let previous = before.index(before: start)
      room -= DisplayText.width(String(before[previous]))
      guard room >= 0 else { break }
      start = previous
    }
    return String(before[start...])
  }
}

/// A line that is being typed: what is beyond its limit is not taken, which is said.
protocol TypedLine {
  /// What is typed, with the caret in it.
  var typed: PromptText { get set }
  /// Why the text typed last was not taken whole; shown in the title's place.
  var refusal: String? { get set }
  /// Characters that the text may have.
  var most: Int { get }
}

extension TextPrompt: TypedLine {
  /// Characters that a comment, a reason or a finding may have: as many as a journal takes.
  static let limit = ReviewJournal.longestText
  /// Characters that filters, names and other short texts may have.
  static let shortLimit = 500

  /// Characters that this text may have.
  var most: Int {
    switch purpose {
    case .comment, .reason, .finding, .findingWords, .reopening: Self.limit
    case .filter, .signerName, .pin, .newPIN, .newPINAgain, .renumber, .command, .viewName,
      .macroName:
      Self.shortLimit
    }
  }
}

extension TypedLine {
  /// Writes at the caret; what is beyond the limit is not taken, and that is said in the title's place until the
  /// text is changed.
  mutating func insert(_ text: String) {
    let isWhole = typed.insert(text, most: most)
    refusal = isWhole ? nil : "at most \(most) characters: the rest was not taken"
  }

  /// Presses a key that writes, deletes or moves the caret.
  ///
  /// - Returns: whether it does one of them.
  mutating func press(_ key: KeyPress) -> Bool {
    let former = typed.whole
    if typed.edit(with: key) {
      if typed.whole != former { refusal = nil }
      return true
    }
    guard case .character(let character) = key.key, key.modifiers.isEmpty else { return false }
    insert(String(character))
    return true
  }
}
