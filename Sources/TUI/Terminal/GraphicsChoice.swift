/// How the user wants pictures drawn.
public enum GraphicsChoice: String, Sendable, CaseIterable {
  /// What the terminal answered that it draws: kitty pictures, else sixels, else half blocks.
  case auto
  /// Sixels, whether or not the terminal says that it draws them.
  case sixel
  /// Kitty pictures in placeholder cells, whether or not the terminal says that it draws them.
  case kitty
  /// Half blocks in the terminal's colours.
  case blocks
  /// No pictures.
  case text
}

/// What stands between the workstation and the terminal that draws.
public enum Multiplexer: Equatable, Sendable {
  /// tmux, which lets pictures through where it is told to.
  case tmux
  /// GNU screen, which does not.
  case screen

  /// Which of them, by the name in the answers, else by the environment; `nil` for none.
  public init?(name: String?, environment: [String: String]) {
    func isSet(_ variable: String) -> Bool { !(environment[variable] ?? "").isEmpty }
    let type = environment["TERM"] ?? ""
    if let name {
      // The variables are inherited by terminals that are opened from within one of them.
      guard name.lowercased().hasPrefix("tmux") else { return nil }
      self = .tmux
    } else if type.hasPrefix("tmux") {
      self = .tmux
    } else if isSet("STY") {
      // Within both, the one that does not say its name is screen: what passes that passes tmux, too.
      self = .screen
    } else if isSet("TMUX") {
      self = .tmux
    } else if type.hasPrefix("screen") {
      self = .screen
    } else {
      return nil
    }
  }

  /// Whether GNU screen stands somewhere between: it itself, or around the tmux that was started in it.
  static func isWithinScreen(_ multiplexer: Multiplexer?, environment: [String: String]) -> Bool {
    multiplexer == .screen || (multiplexer == .tmux && !(environment["STY"] ?? "").isEmpty)
  }
}
