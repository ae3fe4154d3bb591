import CNcurses

/// ncurses as this program uses it; the only file that touches it.
///
/// One thread only: the one that runs the workstation.
enum Curses {
  /// Bits of a cell's look.
  struct Attributes: OptionSet {
    let rawValue: UInt32
    static let bold = Attributes(rawValue: CN_BOLD)
    static let dim = Attributes(rawValue: CN_DIM)
    static let underline = Attributes(rawValue: CN_UNDERLINE)
    static let inverse = Attributes(rawValue: CN_REVERSE)
  }

  /// Chooses the characters of the environment; whether they are UTF-8.
  ///
  /// A locale of other characters, such as plain `C`, is obeyed: the reader may have set it because
  /// of a font or a screen reader. Where the environment names none, or one that asks for UTF-8 and is
  /// not installed, and the terminal has shown that it draws UTF-8, the C.UTF-8 locale is taken.
  static func chooseCharacters(
    terminalDrawsUTF8: Bool?, environment: [String: String]
  ) -> Bool {
    if cn_use_locale("") != 0 { return terminalDrawsUTF8 ?? true }
    guard mayBeUTF8(environment), terminalDrawsUTF8 == true else { return false }
    return cn_use_locale("C.UTF-8") != 0
  }

  /// Whether the environment leaves the characters open or asks for UTF-8 by name.
  static func mayBeUTF8(_ environment: [String: String]) -> Bool {
    let named = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }
      .first { !$0.isEmpty }
    guard let name = named?.uppercased() else { return true }
    return name.contains("UTF-8") || name.contains("UTF8")
  }

  /// Starts ncurses.
  static func start(terminalType: String) throws { try check(cn_start(), terminalType) }

  /// The colours of a terminal type, 0 for none, without starting ncurses.
  ///
  /// - Throws: What ``start(terminalType:)`` throws on such a terminal.
  static func colours(ofType type: String) throws -> Int {
    var count: Int32 = 0
    try check(cn_type(type, &count), type)
    return Int(count)
  }

  private static func check(_ answer: Int32, _ terminalType: String) throws {
    switch answer {
    case 0: return
    case 1:
      throw TerminalError.unusable(
        "the terminal type TERM=\(terminalType) is unknown here: set TERM to one that is known, "
          + "such as xterm-256color, or install ncurses-term")
    default:
      throw TerminalError.unusable(
        "the terminal type TERM=\(terminalType) cannot place the cursor: use a real terminal, "
          + "such as TERM=xterm-256color")
    }
  }

  /// The colours of the terminal type; 0 for none.
  static var colours: Int { Int(cn_colours()) }

  /// The pair of two palette colours; -1 is the terminal's own colour.
  static func pair(_ foreground: Int, _ background: Int) -> Int32 {
    max(alloc_pair(Int32(foreground), Int32(background)), 0)
  }

  /// Puts one character into the screen to come.
  static func put(
    _ glyph: Unicode.Scalar, row: Int, column: Int, _ attributes: Attributes, pair: Int32
  ) {
    cn_put(Int32(row), Int32(column), glyph.value, attributes.rawValue, pair)
  }

  /// Sends the differences to the terminal.
  static func update() {
    cn_stage()
    doupdate()
  }

  /// Sends everything at the next update.
  static func redrawAll() { cn_redraw_all() }

  /// Takes a new size.
  static func resize(_ size: TerminalSize) {
    resizeterm(Int32(size.rows), Int32(size.columns))
  }

  /// Leaves the screen.
  static func end() { endwin() }
}
