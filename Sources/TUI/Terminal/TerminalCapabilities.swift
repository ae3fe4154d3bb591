/// What the terminal can do, as probed; everything unknown is absent.
public struct TerminalCapabilities: Equatable, Sendable {
  /// How pictures reach the screen.
  public enum Graphics: Equatable, Sendable {
    /// Pixels in the sixel format.
    case sixel
    /// Pixels given to the terminal once, shown by placeholder cells (kitty's protocol).
    case kitty
    /// Two pixels a cell, of a palette with this many colours.
    case halfBlocks(colours: Int)
    /// No pictures, with the reason in words.
    case none(String)
  }

  /// Whether the terminal answered the probe at all.
  public var answered = false
  /// Whether it draws sixel pictures (attribute 4 of its primary attributes).
  public var sixel = false
  /// Whether it draws kitty pictures in placeholder cells, through a multiplexer too.
  public var kitty = false
  /// Whether it repeats a placeholder cell that it is told the number of (REP); not asked through tmux.
  public var repeatsCells = false
  /// What stands between; `nil` for nothing.
  public var multiplexer: Multiplexer?
  /// How the user wants pictures drawn.
  public var choice = GraphicsChoice.auto
  /// Whether the user has said that he sees the pictures which the terminal does not say that it draws.
  public var isPictureSeen = false
  /// The size of a character cell in pixels.
  public var cell: PixelSize?
  /// Colour registers for sixel pictures.
  public var sixelColours: Int?
  /// The largest sixel picture.
  public var sixelLimit: PixelSize?
  /// Whether output can be bracketed so that a frame appears at once (mode 2026).
  public var synchronizedOutput = false
  /// Whether it answers that the mouse can be reported in the SGR form (mode 1006).
  public var sgrMouse = false
  /// Whether GNU screen stands somewhere between, be it around another multiplexer.
  public var isWithinScreen = false
  /// Its own name and version.
  public var name: String?
  /// Whether it drew a two-byte character as one: `nil` when it did not tell.
  public var unicode: Bool?
  /// Whether it shows 24-bit colours.
  public var trueColour = false
  /// Colours for text; 0 for none.
  public var colours = 256
  /// Whether text stands on a light background; `nil` when the terminal did not tell.
  public var isLight: Bool?
  /// The terminal's type (`TERM`), for advice.
  public var type = ""
  /// Whether the user asked for no colour (`NO_COLOR`).
  public var monochrome = false

  /// Makes the capabilities of a terminal that answered nothing.
  public init() {}

  /// Whether characters beyond ASCII may be drawn.
  public var drawsUnicode: Bool { unicode ?? true }

  /// How pictures are drawn.
  public var graphics: Graphics {
    switch choice {
    case .auto:
      if kitty, drawsUnicode { return .kitty }
      return sixel && placesSixels ? .sixel : blocks
    case .sixel:
      if multiplexer == .screen { return .none("--graphics sixel does not pass GNU screen") }
      if placesSixels { return .sixel }
      return .none("--graphics sixel needs a terminal that tells the size of its cells")
    case .kitty:
      if multiplexer == .screen { return .none("--graphics kitty does not pass GNU screen") }
      return drawsUnicode ? .kitty : .none("--graphics kitty needs a UTF-8 terminal")
    case .blocks: return blocks
    case .text: return .none("--graphics text draws none")
    }
  }

  /// Whether sixels can be cut to cells and have greys enough.
  private var placesSixels: Bool {
    guard let cell else { return false }
    return cell.width > 1 && cell.height > 1 && (sixelColours ?? 256) >= 16
  }

  private var blocks: Graphics {
    if !drawsUnicode {
      return .none("pictures need a UTF-8 terminal, or sixel")
    }
    if trueColour { return .halfBlocks(colours: 1 << 24) }
    if colours >= 16 { return .halfBlocks(colours: min(colours, 1 << 24)) }
    // Short: it follows what is refused for want of a picture, on a line of 80 columns.
    let few = "\(max(colours, 0)) colours, 16 needed"
    return .none(betterType.map { "\(few): TERM=\($0)" } ?? few + ", or sixel")
  }

  /// The better-known sibling with 256 colours of a type with few, which most such terminals are: that of
  /// "screen", "screen.linux" and "screen-bce" is "screen-256color".
  var betterType: String? {
    let known = ["screen", "tmux", "xterm", "putty", "konsole", "vte", "gnome"]
    let base = String(type.prefix { $0 != "." && $0 != "-" })
    let better = "\(base)-256color"
    return known.contains(base) && type != better ? better : nil
  }

  /// The type with which the program has to be started to draw pictures, where colours are all that is
  /// missing; `nil` where it draws some, or no other type would help.
  var typeForPictures: String? {
    guard choice == .auto || choice == .blocks, drawsUnicode, !drawsPictures else { return nil }
    return betterType
  }

  /// Pixels across and down one cell of a picture; a terminal scales kitty pictures to its cells itself.
  public var pixelsPerCell: PixelSize {
    switch graphics {
    case .sixel: cell ?? Self.usualCell
    case .kitty: Self.thrifty(cell ?? Self.usualCell)
    case .halfBlocks, .none: PixelSize(width: 1, height: 2)
    }
  }

  /// The half of a large cell: tmux tells 16 x 32 px where it knows no better, and the slice has no detail for
  /// so many. Half pixels would change the picture's shape.
  private static func thrifty(_ cell: PixelSize) -> PixelSize {
    guard cell.height >= largeCell, cell.width.isMultiple(of: 2), cell.height.isMultiple(of: 2)
    else { return cell }
    return PixelSize(width: cell.width / 2, height: cell.height / 2)
  }

  /// Height in px from which on a cell is large.
  private static let largeCell = 28

  private static let usualCell = PixelSize(width: 8, height: 16)

  /// Whether pictures are drawn at all.
  var drawsPictures: Bool { if case .none = graphics { false } else { true } }

  /// Whether pictures have the terminal's own pixels, which are square.
  var drawsPixels: Bool { graphics == .sixel || graphics == .kitty }

  /// Height of a cell over its width; 2 when unknown.
  public var cellAspect: Double {
    guard let cell, cell.width > 0, cell.height > 0 else { return 2 }
    let aspect = Double(cell.height) / Double(cell.width)
    return aspect > 0.8 && aspect < 4 ? aspect : 2
  }
}
