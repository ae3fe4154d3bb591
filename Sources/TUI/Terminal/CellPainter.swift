internal import Imaging

/// Puts the cells of a screen into ncurses, which sends what changed.
struct CellPainter {
  private let palette: Palette
  private let pictures: Palette
  private let drawsUnicode: Bool
  private let halfBlocks: Bool
  private var looks: [Style: (Curses.Attributes, Int32)] = [:]

  init(capabilities: TerminalCapabilities) {
    palette = Palette(
      colours: capabilities.monochrome ? 0 : capabilities.colours, isLight: capabilities.isLight)
    pictures = Palette(colours: capabilities.colours)
    drawsUnicode = capabilities.drawsUnicode
    if case .halfBlocks = capabilities.graphics {
      halfBlocks = !capabilities.trueColour
    } else {
      halfBlocks = false
    }
  }

  /// Puts every cell.
  mutating func paint(_ screen: Screen) {
    for row in 0..<screen.size.rows {
      for column in 0..<screen.size.columns {
        let cell = screen[row, column]
        if cell.glyph == "\0" { continue }
        if cell.image != 0, halfBlocks {
          paintHalfBlock(screen, cell.image, row, column)
        } else if cell.image != 0, let mark = mark(screen, row, column) {
          Curses.put(mark, row: row, column: column, [], pair: Curses.pair(0, 0))
        } else {
          let (attributes, pair) = look(cell.style)
          let glyph = drawsUnicode ? cell.glyph : DisplayText.ascii(cell.glyph)
          Curses.put(glyph, row: row, column: column, attributes, pair: pair)
        }
      }
    }
  }

  /// Black on black under the left edge of a picture, other signs in each row.
  ///
  /// ncurses scrolls lines that it takes for others further up or down; lines with signs of their own are
  /// never taken for others, so that a picture that stays is never moved.
  private func mark(_ screen: Screen, _ row: Int, _ column: Int) -> Unicode.Scalar? {
    let signs = 94
    switch screen.edgeDistance(row, column) {
    case 1: return Unicode.Scalar(UInt8(0x21 + row % signs))
    case 2: return Unicode.Scalar(UInt8(0x21 + row / signs % signs))
    default: return nil
    }
  }

  private mutating func look(_ style: Style) -> (Curses.Attributes, Int32) {
    if let known = looks[style] { return known }
    let look = palette.look(style)
    let coloured = look.foreground >= 0 || look.background >= 0
    let pair = coloured ? Curses.pair(look.foreground, look.background) : 0
    // Pairs may be given away when very many are in use, so only those without colour are kept.
    if !coloured { looks[style] = (look.attributes, 0) }
    return (look.attributes, pair)
  }

  private func paintHalfBlock(_ screen: Screen, _ image: UInt8, _ row: Int, _ column: Int) {
    let placement = screen.placements[Int(image) - 1]
    let pixels = placement.picture.pixels
    let (y, x) = ((row - placement.rect.row) * 2, column - placement.rect.column)
    guard y + 1 < pixels.rows, x < pixels.columns else { return }
    let upper = pictures.index(pixels[y, x])
    let lower = pictures.index(pixels[y + 1, x])
    // One colour twice is a blank: fewer bytes, and no seam between rows.
    let glyph: Unicode.Scalar = upper == lower ? " " : "\u{2580}"
    Curses.put(glyph, row: row, column: column, [], pair: Curses.pair(upper, lower))
  }
}

extension Screen {
  /// How near a cell of a picture is to the left edge of what is shown of it: 1 or 2 cells, under which
  /// `CellPainter` puts marks of its own; `nil` further off.
  func edgeDistance(_ row: Int, _ column: Int) -> Int? {
    (1...2).first { column < $0 || self[row, column - $0].image != self[row, column].image }
  }
}
