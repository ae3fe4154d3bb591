/// What is shown of the help.
struct HelpLook: Equatable, Sendable, TypedLine {
  /// The first line shown.
  var scroll = 0
  /// The words that lines must hold, with the caret in them.
  var typed: PromptText
  /// Why the text typed last was not taken whole.
  var refusal: String?
  /// Whether the filter is being typed.
  var isTyping: Bool

  /// Characters that a filter may have.
  static let longestFilter = 40

  init(filter: String = "", isTyping: Bool = false) {
    typed = PromptText(filter)
    self.isTyping = isTyping
  }

  /// The words that lines must hold; empty for all lines.
  var filter: String { typed.whole }

  /// Characters that the filter may have.
  var most: Int { Self.longestFilter }

  /// The words of the filter, in small letters.
  var words: [String] { filter.lowercased().split(separator: " ").map(String.init) }

  /// Whether a text holds every word of the filter.
  func fits(_ text: String) -> Bool {
    let text = text.lowercased()
    return words.allSatisfy { text.contains($0) }
  }
}

extension Workstation {
  /// A key in the help: it scrolls, filters, or leaves the filter or the help.
  static func press(
    _ key: KeyPress, _ command: Command?, inHelp look: HelpLook, _ state: inout AppState
  ) {
    if look.isTyping { return typeFilter(key, command, look, &state) }
    var look = look
    if command == .filter {
      look.isTyping = true
    } else if command == .back, !look.filter.isEmpty {
      look = HelpLook()
    } else {
      let page = LinePages.step(rows: HelpScreen.rows(state.size))
      let last = HelpScreen.lastScroll(look, state)
      guard let scroll = scrolled(command, from: look.scroll, last: last, page: page) else {
        state.popup = nil
        return
      }
      look.scroll = scroll
    }
    state.popup = .help(look)
  }

  private static func typeFilter(
    _ key: KeyPress, _ command: Command?, _ look: HelpLook, _ state: inout AppState
  ) {
    var look = look
    look.scroll = 0
    switch command {
    case .back: look = HelpLook()
    case .confirm: look = HelpLook(filter: look.filter)
    default:
      guard look.press(key) else { return }
    }
    state.popup = .help(look)
  }

  /// Pasted text goes into a filter that is being typed, at the caret and as one line.
  static func paste(_ text: String, inHelp look: HelpLook, _ state: inout AppState) {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    var look = look
    look.insert(DisplayText.clean(line))
    look.scroll = 0
    state.popup = .help(look)
  }
}
