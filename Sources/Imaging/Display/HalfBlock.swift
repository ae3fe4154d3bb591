/// Pictures as character cells: each cell is two pixels, the upper half block in the upper
/// pixel's colour on the lower one's.
public enum HalfBlock {
  /// The colours of one cell.
  @frozen
  public struct Cell: Hashable, Sendable {
    /// Colour of the upper half.
    public var top: RGB8
    /// Colour of the lower half.
    public var bottom: RGB8

    /// Makes a cell.
    @inlinable
    public init(top: RGB8, bottom: RGB8) {
      self.top = top
      self.bottom = bottom
    }
  }

  /// The character that goes with a cell whose halves differ: U+2580.
  public static let character: Character = "\u{2580}"

  /// The cells of a picture: one row of cells for two rows of pixels; a missing last row is the
  /// letterbox colour.
  public static func cells(_ picture: RGBRaster) -> Raster<Cell> {
    let rows = (picture.rows + 1) / 2
    var cells: [Cell] = []
    cells.reserveCapacity(rows * picture.columns)
    for row in 0..<rows {
      for column in 0..<picture.columns {
        let bottom =
          2 * row + 1 < picture.rows ? picture[2 * row + 1, column] : PictureStyle.letterbox
        cells.append(Cell(top: picture[2 * row, column], bottom: bottom))
      }
    }
    return Raster(rows: rows, columns: picture.columns, pixels: cells)
  }

  /// The picture as text with colour escapes, one line per row of cells, colours reset at each
  /// line's end. Only changes of colour are written.
  public static func ansi(_ picture: RGBRaster, depth: ColourDepth) -> String {
    let cells = cells(picture)
    var out: [UInt8] = []
    out.reserveCapacity(cells.pixels.count * 12)
    for row in 0..<cells.rows {
      var pen = Pen()
      for column in 0..<cells.columns { pen.put(cells[row, column], depth, into: &out) }
      out.append(contentsOf: "\u{1B}[0m\n".utf8)
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Writes cells one after the other; only changes of colour are written.
  public struct Pen: Sendable {
    private var foreground: Paint?
    private var background: Paint?

    /// Makes a pen for a terminal whose colours may be any.
    public init() {}

    /// Appends a cell. Where both halves have one colour it is a blank: fewer bytes, and no seam between
    /// rows.
    public mutating func put(_ cell: Cell, _ depth: ColourDepth, into out: inout [UInt8]) {
      let (top, bottom) = (Paint(cell.top, depth), Paint(cell.bottom, depth))
      let isPlain = top == bottom
      let (namesTop, namesBottom) = (!isPlain && foreground != top, background != bottom)
      if namesTop || namesBottom {
        out.append(contentsOf: [0x1B, 0x5B])
        if namesTop { out.append(contentsOf: top.code(isForeground: true).utf8) }
        if namesTop && namesBottom { out.append(0x3B) }
        if namesBottom { out.append(contentsOf: bottom.code(isForeground: false).utf8) }
        out.append(0x6D)
      }
      if !isPlain { foreground = top }
      background = bottom
      out.append(contentsOf: isPlain ? [0x20] : [0xE2, 0x96, 0x80])
    }
  }

  /// A colour as a terminal is told it.
  private enum Paint: Equatable {
    case direct(RGB8)
    case indexed(UInt8)
    case basic(UInt8)

    init(_ colour: RGB8, _ depth: ColourDepth) {
      switch depth {
      case .truecolour: self = .direct(colour)
      case .indexed256: self = .indexed(TerminalColour.index256(colour))
      case .indexed16: self = .basic(TerminalColour.index16(colour))
      }
    }

    func code(isForeground: Bool) -> String {
      switch self {
      case .direct(let c): "\(isForeground ? 38 : 48);2;\(c.r);\(c.g);\(c.b)"
      case .indexed(let n): "\(isForeground ? 38 : 48);5;\(n)"
      case .basic(let n):
        "\(Int(n) + (n < 8 ? 30 : 82) + (isForeground ? 0 : 10))"
      }
    }
  }
}
