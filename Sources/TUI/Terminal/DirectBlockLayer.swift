internal import Imaging

/// Half blocks in 24-bit colours, written past ncurses, which knows 256 colours only.
///
/// ncurses keeps blanks of a pair of their own under the picture, as under sixels; here only the
/// cells that differ from what is shown are sent.
struct DirectBlockLayer {
  /// What a cell of the screen shows.
  private struct Shown: Equatable {
    var cell: HalfBlock.Cell
    /// What ncurses keeps under it: where that changes it is written, and hides the same colours.
    var edgeDistance: Int?
    /// Whether its colours were named by their numbers, which a terminal may have of its own: a picture in
    /// full takes the place of a draft in every cell.
    var isNumbered: Bool
  }

  /// What each cell of the screen shows; `nil` where ncurses has the last word.
  private var shown: [Shown?] = []
  private var size = TerminalSize(columns: 0, rows: 0)

  /// Everything must be sent again.
  mutating func forget() { shown = [] }

  /// The bytes to write before the text: what takes away cells that will not be of a picture.
  func wipe(for screen: Screen) -> [UInt8] {
    PictureWipe.bytes(of: shown, on: size, leavingPictures: screen)
  }

  /// The bytes to write after the text.
  mutating func bytes(for screen: Screen) -> [UInt8] {
    if size != screen.size || shown.isEmpty {
      size = screen.size
      shown = Array(repeating: nil, count: size.columns * size.rows)
    }
    var writer = Writer()
    var now = [Shown?](repeating: nil, count: shown.count)
    for placement in screen.placements {
      let cells = HalfBlock.cells(placement.picture.pixels)
      let isNumbered = placement.picture.isNumbered
      for row in placement.rect.row..<placement.rect.rowEnd {
        for column in placement.rect.column..<placement.rect.columnEnd {
          let (y, x) = (row - placement.rect.row, column - placement.rect.column)
          guard screen[row, column].image == placement.id, cells.contains(row: y, column: x)
          else { continue }
          let cell = Shown(
            cell: cells[y, x], edgeDistance: screen.edgeDistance(row, column),
            isNumbered: isNumbered)
          let index = row * size.columns + column
          now[index] = cell
          if shown[index] != cell {
            writer.put(
              cell.cell, isNumbered ? .indexed256 : .truecolour, row: row, column: column)
          }
        }
      }
    }
    shown = now
    return writer.finished
  }

  /// Cells as escape sequences; only changes of place and colour are written.
  private struct Writer {
    private var bytes: [UInt8] = []
    private var next: (row: Int, column: Int)?
    private var pen = HalfBlock.Pen()

    mutating func put(_ cell: HalfBlock.Cell, _ depth: ColourDepth, row: Int, column: Int) {
      if next?.row != row || next?.column != column {
        bytes.append(contentsOf: "\u{1b}[\(row + 1);\(column + 1)H".utf8)
      }
      pen.put(cell, depth, into: &bytes)
      next = (row, column + 1)
    }

    /// The cursor and the colours are as before.
    var finished: [UInt8] {
      bytes.isEmpty ? [] : Array("\u{1b}7".utf8) + bytes + Array("\u{1b}[0m\u{1b}8".utf8)
    }
  }
}
