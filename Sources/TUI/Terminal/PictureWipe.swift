/// Takes pictures away before the text changes, so that nothing of them can stay or be moved.
///
/// ncurses knows only blanks under a picture. Where it finds it cheaper it scrolls lines instead of
/// writing them, and the pixels of a picture that was there stayed on the screen: with it gone
/// first, there is nothing to stay.
enum PictureWipe {
  /// The bytes that erase rectangles to the black that ncurses believes there; cursor and colours are as
  /// before.
  static func bytes(_ rects: [CellRect]) -> [UInt8] {
    guard !rects.isEmpty else { return [] }
    var text = "\u{1b}7\u{1b}[40m"
    for rect in rects.sorted(by: { ($0.row, $0.column) < ($1.row, $1.column) }) {
      for row in rect.row..<rect.rowEnd {
        text += "\u{1b}[\(row + 1);\(rect.column + 1)H\u{1b}[\(rect.width)X"
      }
    }
    return Array((text + "\u{1b}8").utf8)
  }

  /// The same for single cells that show a part of a picture, and will not.
  ///
  /// - Parameter shows: whether a cell, counted row after row, shows one now.
  static func bytes(leavingPictures screen: Screen, _ shows: (Int) -> Bool) -> [UInt8] {
    var gone: [CellRect] = []
    for row in 0..<screen.size.rows {
      for column in 0..<screen.size.columns
      where screen[row, column].image == 0 && shows(row * screen.size.columns + column) {
        if let last = gone.last, last.row == row, last.columnEnd == column {
          gone[gone.count - 1].width += 1
        } else {
          gone.append(CellRect(row: row, column: column, height: 1, width: 1))
        }
      }
    }
    return bytes(gone)
  }
}
