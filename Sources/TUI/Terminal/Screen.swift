/// One character cell.
public struct Cell: Equatable, Sendable {
  /// The character; NUL in the second cell of a wide one.
  public var glyph: Unicode.Scalar
  /// How it looks.
  public var style: Style
  /// The picture that owns the cell; 0 for none.
  public var image: UInt8

  /// Makes a cell.
  public init(_ glyph: Unicode.Scalar = " ", style: Style = .normal, image: UInt8 = 0) {
    self.glyph = glyph
    self.style = style
    self.image = image
  }
}

/// A picture and the cells it fills.
public struct Placement: Sendable {
  /// 1 and up; cells name their picture by it.
  public var id: UInt8
  /// The cells filled.
  public var rect: CellRect
  /// The picture: cells times pixels per cell.
  public var picture: ScreenPicture
}

/// A whole screen as a value: cells and the pictures over them.
public struct Screen: Sendable {
  /// The size in cells.
  public let size: TerminalSize
  /// The cells, row after row.
  public private(set) var cells: [Cell]
  /// The pictures; each cell names the one that may show through.
  public private(set) var placements: [Placement] = []

  /// Makes an empty screen.
  public init(size: TerminalSize) {
    self.size = size
    cells = Array(repeating: Cell(), count: max(size.columns, 0) * max(size.rows, 0))
  }

  /// The cell at a place, which must exist.
  public subscript(row: Int, column: Int) -> Cell { cells[row * size.columns + column] }

  /// Sets one cell; outside of the screen nothing happens.
  public mutating func set(_ glyph: Unicode.Scalar, _ row: Int, _ column: Int, _ style: Style) {
    guard row >= 0, row < size.rows, column >= 0, column < size.columns else { return }
    let safe = DisplayText.isUnsafe(glyph) ? "\u{b7}" : glyph
    cells[row * size.columns + column] = Cell(safe, style: style)
  }

  /// Writes text from a place to the right, cut at `limit` cells or the screen's edge.
  ///
  /// - Returns: the column after the last cell written.
  @discardableResult
  public mutating func put(
    _ text: String, _ row: Int, _ column: Int, _ style: Style = .normal, limit: Int = .max
  ) -> Int {
    let end = min(size.columns, limit == .max ? size.columns : column + max(limit, 0))
    guard row >= 0, row < size.rows, column < end else { return column }
    var at = column
    for scalar in DisplayText.fit(text, end - column).unicodeScalars {
      let width = DisplayText.width(scalar)
      guard width > 0 else { continue }
      guard at + width <= end else { break }
      set(scalar, row, at, style)
      if width == 2 { cells[row * size.columns + at + 1] = Cell("\0", style: style) }
      at += width
    }
    return at
  }

  /// Writes text that ends before a column.
  public mutating func putRight(
    _ text: String, _ row: Int, endingAt end: Int, _ style: Style = .normal
  ) {
    put(text, row, max(end - DisplayText.width(text), 0), style)
  }

  /// Fills a rectangle with one character.
  public mutating func fill(_ rect: CellRect, _ glyph: Unicode.Scalar = " ", _ style: Style) {
    for row in max(rect.row, 0)..<max(min(rect.rowEnd, size.rows), max(rect.row, 0)) {
      for column in rect.column..<rect.columnEnd { set(glyph, row, column, style) }
    }
  }

  /// Draws a box of lines, empties its inside and writes a title into its upper edge.
  public mutating func box(_ rect: CellRect, title: String, style: Style = .normal) {
    guard rect.width >= 2, rect.height >= 2 else { return }
    fill(rect, " ", .normal)
    let (top, bottom) = (rect.row, rect.rowEnd - 1)
    let (left, right) = (rect.column, rect.columnEnd - 1)
    for column in (left + 1)..<right {
      set("─", top, column, style)
      set("─", bottom, column, style)
    }
    for row in (top + 1)..<bottom {
      set("│", row, left, style)
      set("│", row, right, style)
    }
    set("╭", top, left, style)
    set("╮", top, right, style)
    set("╰", bottom, left, style)
    set("╯", bottom, right, style)
    put(" \(title) ", top, left + 2, .strong, limit: rect.width - 4)
  }

  /// Puts a picture over cells that lie wholly on the screen.
  ///
  /// Later text over it takes cells away from it again. The last row is never part of a picture:
  /// a sixel there scrolls the screen.
  public mutating func place(_ picture: ScreenPicture, in rect: CellRect) {
    guard !rect.isEmpty, rect.row >= 0, rect.column >= 0, rect.rowEnd < size.rows,
      rect.columnEnd <= size.columns, placements.count < 200
    else { return }
    let id = UInt8(placements.count + 1)
    placements.append(Placement(id: id, rect: rect, picture: picture))
    for row in rect.row..<rect.rowEnd {
      for column in rect.column..<rect.columnEnd {
        cells[row * size.columns + column] = Cell(" ", style: .image, image: id)
      }
    }
  }

  /// The parts of a picture that no text covers, as rectangles of cells.
  public func visibleRects(of placement: Placement) -> [CellRect] {
    var open: [CellRect] = []
    var done: [CellRect] = []
    for row in placement.rect.row..<placement.rect.rowEnd {
      let runs = visibleRuns(of: placement, row: row)
      var next: [CellRect] = []
      for run in runs {
        if let index = open.firstIndex(where: {
          $0.column == run.lowerBound && $0.columnEnd == run.upperBound
        }) {
          var grown = open.remove(at: index)
          grown.height += 1
          next.append(grown)
        } else {
          next.append(CellRect(row: row, column: run.lowerBound, height: 1, width: run.count))
        }
      }
      done.append(contentsOf: open)
      open = next
    }
    return done + open
  }

  private func visibleRuns(of placement: Placement, row: Int) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var start: Int?
    for column in placement.rect.column..<placement.rect.columnEnd {
      let owned = self[row, column].image == placement.id
      if owned, start == nil { start = column }
      if !owned, let from = start {
        runs.append(from..<column)
        start = nil
      }
    }
    if let from = start { runs.append(from..<placement.rect.columnEnd) }
    return runs
  }

  /// The screen as lines of text; picture cells are `▒`.
  public func dump() -> String {
    var lines: [String] = []
    for row in 0..<size.rows {
      var line = String.UnicodeScalarView()
      for column in 0..<size.columns {
        let cell = self[row, column]
        if cell.image != 0 {
          line.append("▒")
        } else if cell.glyph != "\0" {
          line.append(cell.glyph)
        }
      }
      var text = String(line)
      while text.last == " " { text.removeLast() }
      lines.append(text)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The looks of the screen as lines of letters: `a` accent, `d` dim, `f` faint, `e` error, `b` absent, `n`
  /// normal; capitals are bold; `#` is inverse.
  public func dumpStyles() -> String {
    let letters: [Style.Role: Character] = [
      .normal: "n", .dim: "d", .faint: "f", .accent: "a", .error: "e", .image: "i",
      .absent: "b",
    ]
    var lines: [String] = []
    for row in 0..<size.rows {
      var line = ""
      for column in 0..<size.columns {
        let cell = self[row, column]
        if cell.style.inverse {
          line.append("#")
        } else if cell.glyph == " ", cell.image == 0 {
          line.append(" ")
        } else {
          let letter = letters[cell.style.role] ?? "?"
          line.append(contentsOf: cell.style.bold ? letter.uppercased() : String(letter))
        }
      }
      while line.last == " " { line.removeLast() }
      lines.append(line)
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
