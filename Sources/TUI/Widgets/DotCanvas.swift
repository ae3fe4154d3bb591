/// A canvas of dots finer than cells: braille 2 x 4, half blocks 1 x 2, ASCII 1 x 1.
struct DotCanvas {
  let glyphs: StudyScreenState.CurveGlyphs
  let cellColumns: Int
  let cellRows: Int
  /// Dots in each cell.
  let perCell: (x: Int, y: Int)
  private var dots: [Bool]

  init(columns: Int, rows: Int, glyphs: StudyScreenState.CurveGlyphs) {
    self.glyphs = glyphs
    cellColumns = max(columns, 0)
    cellRows = max(rows, 0)
    perCell = glyphs.perCell
    dots = Array(repeating: false, count: cellColumns * perCell.x * cellRows * perCell.y)
  }

  /// Dots across.
  var width: Int { cellColumns * perCell.x }
  /// Dots down.
  var height: Int { cellRows * perCell.y }

  mutating func set(x: Int, y: Int) {
    guard x >= 0, x < width, y >= 0, y < height else { return }
    dots[y * width + x] = true
  }

  /// A vertical run of dots.
  mutating func fill(x: Int, from a: Int, to b: Int) {
    for y in min(a, b)...max(a, b) { set(x: x, y: y) }
  }

  /// A horizontal run of dots.
  mutating func fill(y: Int, from a: Int, to b: Int) {
    for x in min(a, b)...max(a, b) { set(x: x, y: y) }
  }

  /// The character of a cell, or `nil` where nothing is drawn.
  func glyph(row: Int, column: Int) -> Unicode.Scalar? {
    func on(_ x: Int, _ y: Int) -> Bool {
      dots[(row * perCell.y + y) * width + column * perCell.x + x]
    }
    switch glyphs {
    case .ascii: return on(0, 0) ? "*" : nil
    case .blocks:
      switch (on(0, 0), on(0, 1)) {
      case (true, true): return "█"
      case (true, false): return "▀"
      case (false, true): return "▄"
      case (false, false): return nil
      }
    case .braille:
      // Bits of the braille block: left column 1, 2, 3, 7; right column 4, 5, 6, 8.
      let bits: [(Int, Int, UInt32)] = [
        (0, 0, 0x01), (0, 1, 0x02), (0, 2, 0x04), (1, 0, 0x08), (1, 1, 0x10), (1, 2, 0x20),
        (0, 3, 0x40), (1, 3, 0x80),
      ]
      let pattern = bits.reduce(UInt32(0)) { on($1.0, $1.1) ? $0 | $1.2 : $0 }
      return pattern == 0 ? nil : Unicode.Scalar(0x2800 + pattern)
    }
  }
}

extension StudyScreenState.CurveGlyphs {
  /// Dots in each cell, across and down.
  var perCell: (x: Int, y: Int) {
    switch self {
    case .braille: (2, 4)
    case .blocks: (1, 2)
    case .ascii: (1, 1)
    }
  }
}
