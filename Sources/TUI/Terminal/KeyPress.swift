/// A key as typed.
public struct KeyPress: Hashable, Sendable {
  /// The keys a terminal can tell apart.
  public enum Key: Hashable, Sendable {
    case character(Character)
    case function(Int)
    case up, down, left, right, home, end, pageUp, pageDown, insert, delete
    case enter, tab, backTab, backspace, escape
  }

  /// Keys held at the same time.
  public struct Modifiers: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8
    /// Makes modifiers from bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Shift, where the key itself does not show it.
    public static let shift = Modifiers(rawValue: 1)
    /// Alt.
    public static let alt = Modifiers(rawValue: 2)
    /// Control.
    public static let control = Modifiers(rawValue: 4)
  }

  /// The key.
  public var key: Key
  /// What was held.
  public var modifiers: Modifiers

  /// Makes a key press.
  public init(_ key: Key, _ modifiers: Modifiers = []) {
    self.key = key
    self.modifiers = modifiers
  }

  /// A character key.
  public static func character(_ character: Character) -> KeyPress {
    KeyPress(.character(character))
  }
  /// A character key with control held.
  public static func control(_ character: Character) -> KeyPress {
    KeyPress(.character(character), .control)
  }

  /// The name as help shows it: "j", "Space", "Ctrl-R", "Shift-Left".
  public var name: String {
    var prefix = ""
    if modifiers.contains(.control) { prefix += "Ctrl-" }
    if modifiers.contains(.alt) { prefix += "Alt-" }
    if modifiers.contains(.shift) { prefix += "Shift-" }
    switch key {
    case .character(" "): return prefix + "Space"
    case .character(let character):
      return prefix + (modifiers.contains(.control) ? character.uppercased() : String(character))
    case .function(let number): return prefix + "F\(number)"
    case .up: return prefix + "Up"
    case .down: return prefix + "Down"
    case .left: return prefix + "Left"
    case .right: return prefix + "Right"
    case .home: return prefix + "Home"
    case .end: return prefix + "End"
    case .pageUp: return prefix + "PgUp"
    case .pageDown: return prefix + "PgDn"
    case .insert: return prefix + "Ins"
    case .delete: return prefix + "Del"
    case .enter: return prefix + "Enter"
    case .tab: return prefix + "Tab"
    case .backTab: return prefix + "Shift-Tab"
    case .backspace: return prefix + "Backspace"
    case .escape: return prefix + "Esc"
    }
  }
}
