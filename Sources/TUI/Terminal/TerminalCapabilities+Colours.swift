extension TerminalCapabilities {
  /// Whether the environment names a terminal of 24-bit colours that reach it.
  ///
  /// GNU screen hands `COLORTERM` of the terminal around it on, but takes 24-bit colours for attributes:
  /// a picture would be a pattern of other colours that blinks.
  public static func namesTrueColour(
    _ environment: [String: String], through multiplexer: Multiplexer?
  ) -> Bool {
    multiplexer != .screen
      && ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "")
  }

  /// Settles what pictures depend on beside the terminal's answers: the characters of the environment,
  /// and the colours of its type.
  ///
  /// One rule for the workstation and for what is told of it beforehand.
  mutating func settle(
    _ environment: [String: String], colours: () throws -> Int
  ) rethrows {
    unicode = Curses.chooseCharacters(terminalDrawsUTF8: unicode, environment: environment)
    take(colours: try colours(), environment: environment)
  }

  /// Takes in how many colours the terminal's type has, and what the environment says of them.
  mutating func take(colours count: Int, environment: [String: String]) {
    colours = count
    // Inside tmux the answer is its own, and it draws what it answers; through GNU screen comes what the
    // terminal around it says.
    let answers = trueColour && multiplexer != .screen
    trueColour =
      (answers || Self.namesTrueColour(environment, through: multiplexer)) && count >= 256
  }
}
