internal import Core

/// An entry of the last line under what lies over a screen: commands of its context, shown by the keys that
/// they have, and a word for them.
struct KeyHint: Sendable {
  var commands: [Command]
  var word: String
  /// What is pressed beside those keys and no file of keys changes: the numbers of lines, the mouse.
  var fixed: String?
  /// Whether a command is shown by its last key, not by its first.
  var showsLast: Bool

  init(_ commands: Command..., word: String, fixed: String? = nil, showsLast: Bool = false) {
    self.commands = commands
    self.word = word
    self.fixed = fixed
    self.showsLast = showsLast
  }

  /// The keys and the word; `nil` where no command has a key.
  func entry(_ keys: KeyMap, in context: KeyContext) -> (String, String)? {
    let presses = commands.compactMap { command -> KeyPress? in
      let all = keys.keys(of: command, in: context)
      return showsLast ? all.last : all.first
    }
    if presses.isEmpty, !commands.isEmpty { return nil }
    let names = presses.map(\.name) + (fixed.map { [$0] } ?? [])
    return (names.joined(separator: " "), word)
  }
}

extension Popup {
  /// Where its keys are looked up.
  var context: KeyContext {
    switch self {
    case .help(let look): look.isTyping ? .typing : .pages
    case .acts, .report: .pages
    case .reasons, .meanings, .list, .macros: .lists
    case .prompt: .typing
    }
  }

  /// What the last line says of its keys.
  var hints: [KeyHint] {
    let scroll = KeyHint(.nextLine, .previousLine, word: "scroll")
    let (close, cancel) = (KeyHint(.back, word: "close"), KeyHint(.back, word: "cancel"))
    switch self {
    case .help(let look):
      let all = KeyHint(.back, word: "all lines")
      if look.isTyping { return [KeyHint(.confirm, word: "keep"), all] }
      return [scroll, KeyHint(.filter, word: "filter"), look.filter.isEmpty ? close : all]
    case .acts: return [scroll, close]
    case .report: return [scroll, close, KeyHint(word: "select to copy", fixed: "Shift-drag")]
    case .reasons(let menu):
      let numbers = KeyHint(word: "reason", fixed: "1-\(menu.reasons.count)")
      return [numbers, KeyHint(.ownWords, word: "own words"), cancel]
    case .meanings(let offered):
      let all = SignatureMeaning.allCases
      let numbers =
        offered == all ? "1-\(all.count)" : offered.map { "\($0.number)" }.joined(separator: " ")
      return [KeyHint(word: "meaning", fixed: numbers), cancel]
    case .list(let menu): return menu.hints
    case .macros(let menu): return menu.hints
    case .prompt(let prompt):
      guard case .command = prompt.purpose else {
        return [KeyHint(.confirm, word: "accept"), cancel]
      }
      return [
        KeyHint(.previousLine, .nextLine, word: "choose"), KeyHint(.confirm, word: "run"),
        KeyHint(.complete, word: "complete"), KeyHint(.back, word: "leave"),
      ]
    }
  }
}

extension SignatureMeaning {
  /// The key that chooses it: the same whichever others are offered beside it.
  var number: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }
}
