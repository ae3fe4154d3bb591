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
  /// - Parameters:
  ///   - shown: What each cell of a picture shows now, row after row; `nil` for cells of none.
  ///   - size: The screen's size when they were written; of another size nothing is left.
  static func bytes<Part>(
    of shown: [Part?], on size: TerminalSize, leavingPictures screen: Screen
  ) -> [UInt8] {
    guard size == screen.size, !shown.isEmpty else { return [] }
    var gone: [CellRect] = []
    for row in 0..<size.rows {
      for column in 0..<size.columns
      where screen[row, column].image == 0 && shown[row * size.columns + column] != nil {
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
