/// Letters of 5 x 7 px for pictures that are written to files.
public enum CanvasText {
  /// Width of a character with its gap, in px at scale 1.
  public static let advance = 6
  /// Height of a character, in px at scale 1.
  public static let height = 7

  /// Width in px of a text at a scale.
  public static func width(_ text: String, scale: Int = 1) -> Int {
    max(text.count * advance - 1, 0) * max(scale, 1)
  }

  /// A scale that stays readable on a canvas of the given size.
  public static func scale(forRows rows: Int, columns: Int) -> Int {
    min(max(min(rows, columns) / 360, 1), 6)
  }

  /// The seven rows of a character, bit 4 at the left; a box for what the font lacks.
  static func glyph(_ character: Character) -> [UInt8] {
    guard let ascii = character.asciiValue, ascii >= 32, ascii < 127 else { return box }
    let start = Int(ascii - 32) * height
    return Array(CanvasFont.rows[start..<(start + height)])
  }

  private static let box: [UInt8] = [0x1F, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1F]
}

extension Canvas {
  /// Writes a line of text with its upper left corner at (x, y), on a dark rim.
  public mutating func write(
    _ text: String, x: Int, y: Int, colour: RGB8 = PictureStyle.mark, scale: Int = 1,
    rim: Bool = true
  ) {
    let size = max(scale, 1)
    if rim { stamp(text, x: x, y: y, size: size, rim: true, PictureStyle.shadow) }
    stamp(text, x: x, y: y, size: size, rim: false, colour)
  }

  private mutating func stamp(
    _ text: String, x: Int, y: Int, size: Int, rim: Bool, _ colour: RGB8
  ) {
    var left = x
    for character in text {
      for (row, bits) in CanvasText.glyph(character).enumerated() {
        for column in 0..<5 where bits & (0x10 >> UInt8(column)) != 0 {
          let dot = PixelRect(
            rows: (y + row * size)..<(y + (row + 1) * size),
            columns: (left + column * size)..<(left + (column + 1) * size))
          fill(rim ? dot.grown(rows: 1, columns: 1) : dot, colour)
        }
      }
      left += CanvasText.advance * size
    }
  }
}
