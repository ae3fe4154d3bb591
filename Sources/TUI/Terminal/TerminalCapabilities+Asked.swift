extension TerminalCapabilities {
  /// The pictures that the user asked for and the terminal does not say that it draws: "sixels"; `nil` for
  /// others, and once the user has said that he sees them.
  ///
  /// What does not draw them shows their bytes as letters, or nothing: neither is read.
  var unconfirmedPictures: String? {
    guard !isPictureSeen else { return nil }
    return switch graphics {
    case .sixel where !sixel: "sixels"
    case .kitty where !kitty: "kitty pictures"
    default: nil
    }
  }
}
