internal import Foundation

/// Letters of charts: size, weight and measures. Widths and heights are in px.
public struct PlotText: Hashable, Sendable {
  /// Where a line of text lies about its point.
  public enum Anchor: Sendable {
    /// Begins there.
    case left
    /// Has its middle there.
    case centre
    /// Ends there.
    case right
  }

  /// Px per dot of a letter.
  public var scale: Int
  /// Whether strokes are one dot wider.
  public var isBold: Bool
  /// The colour.
  public var colour: RGB8

  /// Makes letters.
  public init(scale: Int = 1, isBold: Bool = false, colour: RGB8 = RGB8(grey: 30)) {
    self.scale = min(max(scale, 1), 16)
    self.isBold = isBold
    self.colour = colour
  }

  /// Width of a letter with its gap.
  public var advance: Int { (isBold ? 7 : 6) * scale }
  /// Height of a capital.
  public var capitals: Int { PlotFont.capitals * scale }
  /// Height from the top of a capital to the end of a descender.
  public var height: Int { PlotFont.height * scale }

  /// Width of a line of text.
  public func width(_ text: String) -> Int {
    max(Self.ascii(text).count * advance - scale, 0)
  }

  /// The text, or its beginning with dots where it is wider than there is room.
  public func fitted(_ text: String, to width: Int) -> String {
    let plain = Self.ascii(text)
    let room = max((width + scale) / advance, 0)
    guard plain.count > room else { return plain }
    return room < 3 ? String(plain.prefix(room)) : String(plain.prefix(room - 2)) + ".."
  }

  /// The text in lines at most so wide, broken at spaces; the last line is cut where it must be.
  public func wrapped(_ text: String, to width: Int, lines limit: Int) -> [String] {
    var lines: [String] = []
    for word in Self.ascii(text).split(separator: " ") {
      if let last = lines.last,
        lines.count >= limit || self.width(last + " " + word) <= width
      {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.map { fitted($0, to: width) }
  }

  /// The text in the letters there are: signs that reports use are spelt out, accents dropped.
  static func ascii(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 32 && $0 < 127 }) { return text }
    var result = ""
    for character in text.decomposedStringWithCanonicalMapping.unicodeScalars {
      if let sign = signs[character] {
        result += sign
      } else if !character.properties.isDiacritic || character.isASCII {
        result.unicodeScalars.append(character.properties.isWhitespace ? " " : character)
      }
    }
    return result
  }

  private static let signs: [Unicode.Scalar: String] = [
    "\u{2013}": "-", "\u{2014}": "-", "\u{2212}": "-", "\u{D7}": "x", "\u{B1}": "+/-",
    "\u{2264}": "<=", "\u{2265}": ">=", "\u{B0}": " deg", "\u{B5}": "u", "\u{3BC}": "u",
    "\u{2019}": "'", "\u{201C}": "\"", "\u{201D}": "\"", "\u{2026}": "...", "\u{B7}": ".",
    "\u{B2}": "^2", "\u{B3}": "^3",
  ]
}

extension PlotCanvas {
  /// Writes a line of text; `y` is the top of its capitals. Turned text reads upwards: then `x`
  /// is the left side of its capitals and the anchor lies along `y`.
  public mutating func write(
    _ text: String, x: Int, y: Int, _ style: PlotText = PlotText(),
    anchor: PlotText.Anchor = .left, isTurned: Bool = false
  ) {
    let shift =
      switch anchor {
      case .left: 0
      case .centre: style.width(text) / 2
      case .right: style.width(text)
      }
    let (x, y) = (Self.place(x), Self.place(y))
    for (n, letter) in PlotText.ascii(text).enumerated() {
      let along = n * style.advance - shift
      for dot in style.dots(letter) {
        let (a, b) = (along + dot.columns.lowerBound, along + dot.columns.upperBound)
        let turned = PixelRect(
          rows: (y - b)..<(y - a),
          columns: (x + dot.rows.lowerBound)..<(x + dot.rows.upperBound))
        let upright = PixelRect(
          rows: (y + dot.rows.lowerBound)..<(y + dot.rows.upperBound), columns: (x + a)..<(x + b))
        fill(isTurned ? turned : upright, style.colour)
      }
    }
  }
}

extension PlotText {
  /// The rectangles of ink of a letter, from its upper left corner.
  fileprivate func dots(_ letter: Character) -> [PixelRect] {
    var result: [PixelRect] = []
    for (row, bits) in PlotFont.glyph(letter).enumerated() {
      for column in 0..<5 where bits & (0x10 >> UInt8(column)) != 0 {
        let left = column * scale
        result.append(
          PixelRect(
            rows: (row * scale)..<((row + 1) * scale),
            columns: left..<(left + scale * (isBold ? 2 : 1))))
      }
    }
    return result
  }
}
