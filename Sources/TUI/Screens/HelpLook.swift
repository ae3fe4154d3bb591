/// What is shown of the help.
struct HelpLook: Equatable, Sendable {
  /// The first line shown.
  var scroll = 0
  /// The words that lines must hold; empty for all lines.
  var filter = ""
  /// Whether the filter is being typed.
  var isTyping = false

  /// Characters that a filter may have.
  static let longestFilter = 40

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
    case .confirm: look.isTyping = false
    default:
      guard let filter = typed(key, into: look.filter, limit: HelpLook.longestFilter) else {
        return
      }
      look.filter = filter
    }
    state.popup = .help(look)
  }

  /// Pasted text goes into a filter that is being typed, as one line.
  static func paste(_ text: String, inHelp look: HelpLook, _ state: inout AppState) {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    var look = look
    look.filter = String((look.filter + DisplayText.clean(line)).prefix(HelpLook.longestFilter))
    look.scroll = 0
    state.popup = .help(look)
  }
}
