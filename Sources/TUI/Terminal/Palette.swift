internal import Imaging

/// How meanings look on a terminal with a given number of colours.
struct Palette {
  /// Palette colours (-1: the terminal's own) and attributes of one look.
  struct Look: Equatable {
    var foreground = -1
    var background = -1
    var attributes: Curses.Attributes = []
  }

  /// Colours of the terminal; 0 for none.
  let colours: Int
  /// Whether text stands on a light background; `nil`: what reads on both is used.
  var isLight: Bool?

  /// The look of a style.
  func look(_ style: Style) -> Look {
    var look = base(style.role)
    if style.bold { look.attributes.insert(.bold) }
    if style.underline { look.attributes.insert(.underline) }
    if style.inverse { look.attributes.insert(.inverse) }
    return look
  }

  private func base(_ role: Style.Role) -> Look {
    switch role {
    case .normal: return Look()
    case .dim:
      return colours >= 256 ? Look(foreground: on(246, 241, 244)) : Look(attributes: .dim)
    case .faint:
      return colours >= 256 ? Look(foreground: on(240, 248, 243)) : Look(attributes: .dim)
    case .accent:
      if colours >= 256 { return Look(foreground: on(214, 130, 166)) }
      // Yellow is not seen on white: magenta.
      return colours >= 8 ? Look(foreground: on(3, 5, 5)) : Look(attributes: .bold)
    case .error:
      if colours >= 256 { return Look(foreground: on(203, 88, 197)) }
      return colours >= 8 ? Look(foreground: 1) : Look(attributes: [.bold, .underline])
    case .absent:
      // Blue beside the accent's orange: told apart with any kind of colour vision.
      if colours >= 256 { return Look(foreground: on(75, 25, 32)) }
      guard colours >= 8, let isLight else { return Look(attributes: .bold) }
      return Look(foreground: isLight ? 4 : 6)
    case .image:
      // Its own pair: only then does ncurses erase the cells, and the picture with them.
      return colours >= 8 ? Look(foreground: 7, background: 0) : Look(attributes: .inverse)
    }
  }

  /// The colour for the background there is.
  private func on(_ dark: Int, _ light: Int, _ either: Int) -> Int {
    switch isLight {
    case true?: light
    case false?: dark
    case nil: either
    }
  }

  /// The palette colour nearest to a pixel.
  func index(_ colour: RGB8) -> Int {
    if colours > 256 { return Int(TerminalColour.direct(colour)) }
    return Int(colours >= 256 ? TerminalColour.index256(colour) : TerminalColour.index16(colour))
  }
}
