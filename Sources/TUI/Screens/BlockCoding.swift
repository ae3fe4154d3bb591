internal import Imaging

/// How half blocks are sent to a terminal that has more than the sixteen basic colours.
enum BlockCoding: Hashable, Sendable {
  /// In 24-bit colours, past ncurses.
  case direct
  /// In xterm's 256 colours, by ncurses.
  case numbered

  /// What a terminal takes; `nil` where its pictures are no half blocks, or short in any case.
  init?(_ capabilities: TerminalCapabilities) {
    guard case .halfBlocks(let colours) = capabilities.graphics else { return nil }
    if capabilities.trueColour {
      self = .direct
    } else if colours == 256 {
      self = .numbered
    } else {
      return nil
    }
  }

  /// Cells of a picture at most, those on a screen of 300 x 100: each takes a byte at least, and what is
  /// shown while the reader moves on has to stay short.
  static let mostCells = 20_800

  /// Cells of each of two pictures beside each other at most: twice as many rows have places of their own.
  static let mostCellsOfTwo = 9_000

  /// The columns and rows of a picture in some room, with so many cells at most.
  ///
  /// Columns beyond a square, which show little of the spine, are given up first, then both in proportion.
  static func fitted(
    width: Int, height: Int, cells: Int = mostCells
  ) -> (width: Int, height: Int) {
    guard width * height > cells else { return (width, height) }
    // A cell is two px high.
    let columns = min(width, max(cells / height, 2 * height))
    let share = min((Double(cells) / Double(columns * height)).squareRoot(), 1)
    return (Int(Double(columns) * share), Int(Double(height) * share))
  }

  /// The bytes of a whole picture where nothing of it is shown, the text around it not counted.
  func bytes(of picture: ScreenPicture) -> Int {
    switch self {
    case .direct:
      let (rows, columns) = ((picture.pixels.rows + 1) / 2, picture.pixels.columns)
      // Below a picture there is a row at least.
      var screen = Screen(size: TerminalSize(columns: columns, rows: rows + 1))
      screen.place(picture, in: CellRect(row: 0, column: 0, height: rows, width: columns))
      var layer = DirectBlockLayer()
      return layer.bytes(for: screen).count
    case .numbered: return Self.ncursesBytes(HalfBlock.cells(picture.pixels))
    }
  }

  /// As ncurses writes them: both colours whenever one of them changes, and a place for each row.
  private static func ncursesBytes(_ cells: Raster<HalfBlock.Cell>) -> Int {
    let place = 8
    var count = cells.rows * place
    var last: (upper: UInt8, lower: UInt8)?
    for cell in cells.pixels {
      let upper = TerminalColour.index256(cell.top)
      let lower = TerminalColour.index256(cell.bottom)
      if last?.upper != upper || last?.lower != lower {
        count += sequence(upper) + sequence(lower)
        last = (upper, lower)
      }
      count += upper == lower ? 1 : HalfBlock.character.utf8.count
    }
    return count
  }

  /// "ESC[38;5;240m".
  private static func sequence(_ colour: UInt8) -> Int { colour < 100 ? 10 : 11 }
}
