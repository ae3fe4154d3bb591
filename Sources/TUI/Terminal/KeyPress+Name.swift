/// Why a word names no key.
struct KeyNameError: Error, Equatable {
  let reason: String
}

extension KeyPress {
  /// Keys that are named by words.
  private static let words: [String: Key] = [
    "Space": .character(" "), "Up": .up, "Down": .down, "Left": .left, "Right": .right,
    "Home": .home, "End": .end, "PgUp": .pageUp, "PgDn": .pageDown, "Ins": .insert,
    "Del": .delete, "Enter": .enter, "Tab": .tab, "Backspace": .backspace, "Esc": .escape,
  ]

  /// Characters that a terminal can tell apart when control is held with them.
  private static let controls = Set("abcdefgklnopqrstuvwxyz \\]^_")

  /// The key that ``name`` names so.
  ///
  /// - Throws: `KeyNameError` for a word that names no key, and for keys that terminals do not send.
  init(named name: String) throws {
    if name == "Shift-Tab" {
      self.init(.backTab)
      return
    }
    var rest = Substring(name)
    var modifiers: Modifiers = []
    let prefixes: [(String, Modifiers)] = [("Ctrl-", .control), ("Alt-", .alt), ("Shift-", .shift)]
    while let (prefix, modifier) = prefixes.first(where: {
      rest.hasPrefix($0.0) && rest.count > $0.0.count && !modifiers.contains($0.1)
    }) {
      rest = rest.dropFirst(prefix.count)
      modifiers.insert(modifier)
    }
    guard var key = Self.key(String(rest)) else {
      throw KeyNameError(
        reason:
          "there is no key \"\(DisplayText.fit(name, 40))\": a key is a character as typed, or a "
          + "name such as Space, Ctrl-R, PgDn, F2")
    }
    if modifiers.contains(.control), case .character(let character) = key {
      key = .character(Character(character.lowercased()))
    }
    try Self.check(key, modifiers, name)
    self.init(key, modifiers)
  }

  private static func key(_ word: String) -> Key? {
    if let key = words[word] { return key }
    if word.hasPrefix("F"), let number = Int(word.dropFirst()), (1...12).contains(number) {
      return .function(number)
    }
    guard word.unicodeScalars.count == 1, let scalar = word.unicodeScalars.first,
      !DisplayText.isUnsafe(scalar)
    else { return nil }
    return .character(Character(scalar))
  }

  /// Refuses what no terminal sends.
  private static func check(_ key: Key, _ modifiers: Modifiers, _ name: String) throws {
    guard !modifiers.isEmpty else { return }
    switch key {
    case .character(let character):
      if modifiers.contains(.shift) {
        throw KeyNameError(reason: "\(name): write the character that Shift gives")
      }
      if modifiers == .control, !controls.contains(character) {
        throw KeyNameError(reason: "\(name): terminals do not tell this key from another one")
      }
      if modifiers.contains(.alt), modifiers.contains(.control) || !character.isASCII {
        throw KeyNameError(reason: "\(name): terminals do not tell this key from another one")
      }
    case .enter, .tab, .backTab, .backspace, .escape:
      throw KeyNameError(reason: "\(name): terminals do not tell this key from another one")
    default: break
    }
  }
}
