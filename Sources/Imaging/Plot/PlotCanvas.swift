/// A white picture to draw charts on: whole pixels for rectangles and letters, smooth edges for
/// lines and shapes. What lies outside the picture or its `clip` is cut off.
public struct PlotCanvas: Equatable, Sendable {
  /// The pixels.
  public private(set) var picture: RGBRaster
  /// The part that drawing changes; the whole picture at first.
  public var clip: PixelRect {
    didSet { clip = clip.clamped(to: bounds) }
  }

  /// Width in px.
  public var width: Int { picture.columns }
  /// Height in px.
  public var height: Int { picture.rows }
  /// The whole picture.
  public var bounds: PixelRect { PixelRect(picture) }

  /// The longest side of a canvas in px.
  public static let longestSide = 16_384

  /// Makes a canvas of one colour; sides are cut to 1...``longestSide``.
  public init(width: Int, height: Int, colour: RGB8 = .white) {
    func side(_ wanted: Int) -> Int { min(max(wanted, 1), Self.longestSide) }
    picture = RGBRaster(rows: side(height), columns: side(width), filledWith: colour)
    clip = PixelRect(rows: 0..<side(height), columns: 0..<side(width))
  }

  /// Fills a rectangle of whole pixels.
  public mutating func fill(_ rect: PixelRect, _ colour: RGB8, opacity: Double = 1) {
    let part = rect.clamped(to: clip)
    for row in part.rows {
      for column in part.columns {
        picture[row, column] = picture[row, column].mixed(with: colour, opacity: Float(opacity))
      }
    }
  }

  /// Draws the edge of a rectangle, inwards.
  public mutating func frame(_ rect: PixelRect, _ colour: RGB8, thickness: Int = 1) {
    let t = min(max(thickness, 1), rect.width, rect.height)
    guard t > 0 else { return }
    let (rows, columns) = (rect.rows, rect.columns)
    let inner = (rows.lowerBound + t)..<max(rows.upperBound - t, rows.lowerBound + t)
    fill(PixelRect(rows: rows.prefix(t), columns: columns), colour)
    if rows.count > t { fill(PixelRect(rows: rows.suffix(t), columns: columns), colour) }
    fill(PixelRect(rows: inner, columns: columns.prefix(t)), colour)
    if columns.count > t { fill(PixelRect(rows: inner, columns: columns.suffix(t)), colour) }
  }

  /// Copies a picture into a rectangle, nearest pixel.
  public mutating func draw(_ image: RGBRaster, in rect: PixelRect) {
    guard image.rows > 0, image.columns > 0, !rect.isEmpty else { return }
    let part = rect.clamped(to: clip)
    for row in part.rows {
      let y = (row - rect.rows.lowerBound) * image.rows / rect.height
      for column in part.columns {
        let x = (column - rect.columns.lowerBound) * image.columns / rect.width
        picture[row, column] = image[y, x]
      }
    }
  }

  /// Copies a picture with its upper left corner at (x, y), every pixel `scale` px wide.
  public mutating func draw(_ image: RGBRaster, x: Int, y: Int, scale: Int = 1) {
    let size = min(max(scale, 1), Self.longestSide)
    let (top, left) = (Self.place(y), Self.place(x))
    draw(
      image,
      in: PixelRect(
        rows: top..<(top + image.rows * size), columns: left..<(left + image.columns * size)))
  }

  /// Copies grey values through a window into a rectangle, nearest pixel.
  public mutating func draw(_ image: ImageRaster, _ window: WindowLevel, in rect: PixelRect) {
    draw(image.map { Colormap.grey.colour(window.normalised($0)) }, in: rect)
  }

  /// A coordinate that can be reckoned with.
  static func place(_ px: Int) -> Int { min(max(px, -1 << 30), 1 << 30) }

  /// Mixes a colour in where a shape covers pixels.
  mutating func paint(_ shape: PlotCoverage, _ colour: RGB8, opacity: Double) {
    let part = shape.rect.clamped(to: clip)
    for row in part.rows {
      let start = (row - shape.rect.rows.lowerBound) * shape.rect.width
      for column in part.columns {
        let covered = shape.values[start + column - shape.rect.columns.lowerBound]
        guard covered > 0 else { continue }
        picture[row, column] = picture[row, column].mixed(
          with: colour, opacity: covered * Float(opacity))
      }
    }
  }
}

extension Range<Int> {
  /// The first numbers of the range, as a range.
  func prefix(_ count: Int) -> Range<Int> {
    lowerBound..<Swift.min(lowerBound + Swift.max(count, 0), upperBound)
  }

  /// The last numbers of the range, as a range.
  func suffix(_ count: Int) -> Range<Int> {
    Swift.max(upperBound - Swift.max(count, 0), lowerBound)..<upperBound
  }
}
