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
  static func press(_ key: KeyPress, inHelp look: HelpLook, _ state: inout AppState) {
    if look.isTyping { return typeFilter(key, look, &state) }
    var look = look
    if key == .character("/") {
      look.isTyping = true
    } else if key == KeyPress(.escape), !look.filter.isEmpty {
      look = HelpLook()
    } else {
      let page = LinePages.step(rows: HelpScreen.rows(state.size))
      let last = HelpScreen.lastScroll(look, state)
      guard let scroll = scrolled(key, from: look.scroll, last: last, page: page) else {
        state.popup = nil
        return
      }
      look.scroll = scroll
    }
    state.popup = .help(look)
  }

  private static func typeFilter(
    _ key: KeyPress, _ look: HelpLook, _ state: inout AppState
  ) {
    var look = look
    look.scroll = 0
    switch key.key {
    case .escape: look = HelpLook()
    case .enter: look.isTyping = false
    case .backspace:
      if !look.filter.isEmpty { look.filter.removeLast() }
    case .character("u") where key.modifiers == .control: look.filter = ""
    case .character(let character) where key.modifiers.isEmpty:
      if look.filter.count < HelpLook.longestFilter { look.filter.append(character) }
    default: return
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
