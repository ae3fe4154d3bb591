extension KeyContext {
  /// Whether its keys are those of something that lies over a screen, where no others are valid.
  var isOfPopup: Bool { self == .pages || self == .lists || self == .typing }

  /// What a key does there whatever the registry says, in words; `nil` for keys that commands can have.
  func ownUse(of key: KeyPress) -> String? {
    guard isOfPopup else { return nil }
    if key == .control("c") { return "always leaves what lies over the screen" }
    switch self {
    case .lists: return key.number == nil ? nil : "is the number of a line there"
    case .typing where key.edits: return "types or deletes there"
    default: return nil
    }
  }
}

extension KeyPress {
  /// The number of a line, 1 to 9, that is typed; `nil` for other keys.
  var number: Int? {
    guard modifiers.isEmpty, case .character(let character) = key,
      let number = Int(String(character)), number > 0
    else { return nil }
    return number
  }

  /// Whether it types or deletes where a text is typed.
  var edits: Bool {
    switch key {
    case .character: modifiers.isEmpty || self == .control("u")
    case .backspace: true
    default: false
    }
  }
}

/// The keys of what lies over a screen.
extension KeyBindings {
  /// Texts that are scrolled.
  static let pages: [KeyBinding] = [
    KeyBinding(c("j") + [KeyPress(.down)], .nextLine, "down", in: .pages),
    KeyBinding(c("k") + [KeyPress(.up)], .previousLine, "up", in: .pages),
    KeyBinding(c("J ") + [KeyPress(.pageDown)], .nextPage, "one page down", in: .pages),
    KeyBinding(c("K") + [KeyPress(.pageUp)], .previousPage, "one page up", in: .pages),
    KeyBinding(c("g") + [KeyPress(.home)], .firstLine, "to the beginning", in: .pages),
    KeyBinding(c("G") + [KeyPress(.end)], .lastLine, "to the end", in: .pages),
    KeyBinding(c("/"), .filter, "help: only lines with the words typed", in: .pages),
    KeyBinding([KeyPress(.escape)], .back, "close; in filtered help all lines again", in: .pages),
    KeyBinding(
      c("q?C") + [KeyPress(.enter), KeyPress(.function(1))], .close, "close", in: .pages),
  ]

  /// Lists from which a line is chosen; a command that a list has no use for does nothing there.
  static let lists: [KeyBinding] = [
    KeyBinding(c("j") + [KeyPress(.down)], .nextLine, "down", in: .lists),
    KeyBinding(c("k") + [KeyPress(.up)], .previousLine, "up", in: .lists),
    KeyBinding([KeyPress(.pageDown)], .nextPage, "one page down", in: .lists),
    KeyBinding([KeyPress(.pageUp)], .previousPage, "one page up", in: .lists),
    KeyBinding(c("g") + [KeyPress(.home)], .firstLine, "first line", in: .lists),
    KeyBinding(c("G") + [KeyPress(.end)], .lastLine, "last line", in: .lists),
    KeyBinding([KeyPress(.enter)] + c(" "), .confirm, "choose the line", in: .lists),
    KeyBinding(
      c("+"), .addLine, "save the view shown now; a macro of your latest acts", in: .lists),
    KeyBinding(
      c("d") + [KeyPress(.backspace)], .deleteLine,
      "delete the view or the macro; again: for good; take the finding back", in: .lists),
    KeyBinding(
      c("r"), .relativeSteps, "a macro of acts: on segments as named, or from the one selected on",
      in: .lists),
    KeyBinding(
      c("t"), .ownWords, "a reason in your own words; other words for the finding", in: .lists),
    KeyBinding([KeyPress(.escape)] + c("q"), .back, "leave the list", in: .lists),
  ]

  /// Texts that are typed, where every character is itself; the list of commands moves under them.
  static let typing: [KeyBinding] = [
    KeyBinding([KeyPress(.enter)], .confirm, "accept; run the command chosen", in: .typing),
    KeyBinding([KeyPress(.escape)], .back, "cancel", in: .typing),
    KeyBinding([KeyPress(.up)], .previousLine, "list of commands: up", in: .typing),
    KeyBinding([KeyPress(.down)], .nextLine, "list of commands: down", in: .typing),
    KeyBinding([KeyPress(.pageUp)], .previousPage, "list of commands: one page up", in: .typing),
    KeyBinding([KeyPress(.pageDown)], .nextPage, "list of commands: one page down", in: .typing),
    KeyBinding([KeyPress(.tab)], .complete, "list of commands: complete the word", in: .typing),
  ]
}
