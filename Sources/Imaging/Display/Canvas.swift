/// An RGB picture that can be drawn on; drawing outside it is cut off.
public struct Canvas: Equatable, Sendable {
  /// The pixels.
  public var picture: RGBRaster

  /// Width in px.
  public var columns: Int { picture.columns }
  /// Height in px.
  public var rows: Int { picture.rows }

  /// Makes a canvas of one colour.
  public init(rows: Int, columns: Int, colour: RGB8 = .black) {
    picture = RGBRaster(rows: max(rows, 0), columns: max(columns, 0), filledWith: colour)
  }

  /// Makes a canvas of a picture.
  public init(_ picture: RGBRaster) {
    self.picture = picture
  }

  /// Sets one pixel.
  public mutating func set(_ colour: RGB8, x: Int, y: Int) {
    guard picture.contains(row: y, column: x) else { return }
    picture[y, x] = colour
  }

  /// Fills a rectangle.
  public mutating func fill(_ rect: PixelRect, _ colour: RGB8) {
    let part = rect.clamped(to: PixelRect(picture))
    for row in part.rows {
      for column in part.columns { picture[row, column] = colour }
    }
  }

  /// Draws a horizontal line.
  public mutating func horizontal(_ colour: RGB8, x: Range<Int>, y: Int, thickness: Int = 1) {
    fill(PixelRect(rows: y..<(y + max(thickness, 1)), columns: x), colour)
  }

  /// Draws a vertical line.
  public mutating func vertical(_ colour: RGB8, x: Int, y: Range<Int>, thickness: Int = 1) {
    fill(PixelRect(rows: y, columns: x..<(x + max(thickness, 1))), colour)
  }
}
