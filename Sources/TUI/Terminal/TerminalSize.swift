/// A size in character cells.
public struct TerminalSize: Hashable, Sendable {
  /// Cells across.
  public var columns: Int
  /// Cells down.
  public var rows: Int

  /// Makes a size.
  public init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }

  /// The smallest size the workstation draws.
  public static let smallest = TerminalSize(columns: 80, rows: 24)

  /// Whether every screen fits.
  public var isEnough: Bool {
    columns >= Self.smallest.columns && rows >= Self.smallest.rows
  }
}

/// A size in pixels.
public struct PixelSize: Hashable, Sendable {
  /// Pixels across.
  public var width: Int
  /// Pixels down.
  public var height: Int

  /// Makes a size.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }
}

/// A rectangle of character cells; row 0, column 0 is the top left cell of the screen.
public struct CellRect: Hashable, Sendable {
  /// First row.
  public var row: Int
  /// First column.
  public var column: Int
  /// Rows.
  public var height: Int
  /// Columns.
  public var width: Int

  /// Makes a rectangle; negative sizes become empty.
  public init(row: Int, column: Int, height: Int, width: Int) {
    self.row = row
    self.column = column
    self.height = max(height, 0)
    self.width = max(width, 0)
  }

  /// The row after the last.
  public var rowEnd: Int { row + height }
  /// The column after the last.
  public var columnEnd: Int { column + width }
  /// Whether it holds no cell.
  public var isEmpty: Bool { height == 0 || width == 0 }

  /// Whether a cell lies inside.
  public func contains(row: Int, column: Int) -> Bool {
    row >= self.row && row < rowEnd && column >= self.column && column < columnEnd
  }
}
