/// How many colours a terminal shows.
public enum ColourDepth: String, CaseIterable, Sendable {
  /// 24-bit colours.
  case truecolour
  /// The 256 colours of xterm: 26 greys and a 6x6x6 cube.
  case indexed256
  /// The 16 colours of the oldest colour terminals: four greys.
  case indexed16

  /// The depth for a number of colours.
  /// - Throws: ``DisplayError/tooFewColours(_:)`` below 16, where a slice would be a black shape.
  public init(colours: Int) throws(DisplayError) {
    switch colours {
    case (1 << 24)...: self = .truecolour
    case 256...: self = .indexed256
    case 16...: self = .indexed16
    default: throw .tooFewColours(colours)
    }
  }
}

/// Why a picture cannot be shown.
public enum DisplayError: Error, Equatable, CustomStringConvertible {
  /// The terminal has fewer than 16 colours.
  case tooFewColours(Int)

  /// A sentence for the reader, with a way out.
  public var description: String {
    switch self {
    case .tooFewColours(let count):
      "this terminal shows \(max(count, 0)) colours and a slice needs at least 16; "
        + "use a terminal with 256 colours (TERM=xterm-256color) or write a PNG file instead"
    }
  }
}

/// Colours as terminals name them.
public enum TerminalColour {
  /// The nearest of xterm's colours 16...255: for greys the ramp 232...255 with 16 and 231 at its
  /// ends (26 levels), else the nearer of the cube and the ramp.
  public static func index256(_ c: RGB8) -> UInt8 {
    let ramp = greyIndex256(grey(c))
    if c.r == c.g && c.g == c.b { return ramp }
    let r = cubeLevel(c.r)
    let g = cubeLevel(c.g)
    let b = cubeLevel(c.b)
    let cube = RGB8(r: cubeValues[r], g: cubeValues[g], b: cubeValues[b])
    let index = UInt8(16 + 36 * r + 6 * g + b)
    return distance(c, cube) <= distance(c, colour256(ramp)) ? index : ramp
  }

  /// The nearest of the 16 basic colours (0 black, 7 light grey, 8 dark grey, 15 white for
  /// greys; a colour with a clear hue keeps its hue).
  public static func index16(_ c: RGB8) -> UInt8 {
    let high = max(c.r, c.g, c.b)
    let low = min(c.r, c.g, c.b)
    // Under a quarter of saturation the hue of 16 strong colours would say too much.
    let isGrey = Int(high) - Int(low) < 48 || (Int(high) - Int(low)) * 4 < Int(high)
    var best = (index: 0, distance: Int.max)
    for n in isGrey ? [0, 8, 7, 15] : [1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14] {
      let d = distance(c, basic[n])
      if d < best.distance { best = (n, d) }
    }
    return UInt8(best.index)
  }

  /// The colour value of ncurses on a direct-colour terminal: 0xRRGGBB, except that 1...7 would
  /// mean the basic colours there and become 0.
  public static func direct(_ c: RGB8) -> Int32 {
    let value = Int32(c.r) << 16 | Int32(c.g) << 8 | Int32(c.b)
    return value < 8 ? 0 : value
  }

  /// The colour behind one of xterm's 256 numbers.
  public static func colour256(_ index: UInt8) -> RGB8 {
    switch index {
    case 0..<16: return basic[Int(index)]
    case 16..<232:
      let n = Int(index) - 16
      return RGB8(r: cubeValues[n / 36], g: cubeValues[n / 6 % 6], b: cubeValues[n % 6])
    default: return RGB8(grey: UInt8(8 + 10 * (Int(index) - 232)))
    }
  }

  /// The colour a picture has at a depth: what the reader sees of it.
  public static func reduced(_ c: RGB8, to depth: ColourDepth) -> RGB8 {
    switch depth {
    case .truecolour: c
    case .indexed256: colour256(index256(c))
    case .indexed16: basic[Int(index16(c))]
    }
  }

  /// The greys among the 16 basic colours.
  public static let greys16 = 4

  /// The greys among xterm's 256 colours: black, a ramp of 24, white.
  public static let greys256 = 26

  /// A picture in xterm's 256 colours, with so many of their greys at even distances, 2...26.
  public static func reduced(_ picture: RGBRaster, greys: Int) -> RGBRaster {
    let steps = min(max(greys, 2), greys256) - 1
    let table = (0...255).map { level -> RGB8 in
      let even = steps == greys256 - 1 ? level : (level * steps + 127) / 255 * 255 / steps
      return reduced(RGB8(grey: UInt8(even)), to: .indexed256)
    }
    return picture.map { pixel -> RGB8 in
      pixel.r == pixel.g && pixel.g == pixel.b
        ? table[Int(pixel.r)] : reduced(pixel, to: .indexed256)
    }
  }

  /// xterm's sixteen basic colours.
  public static let basic: [RGB8] = [
    RGB8(grey: 0), RGB8(r: 205, g: 0, b: 0), RGB8(r: 0, g: 205, b: 0), RGB8(r: 205, g: 205, b: 0),
    RGB8(r: 0, g: 0, b: 238), RGB8(r: 205, g: 0, b: 205), RGB8(r: 0, g: 205, b: 205),
    RGB8(grey: 229), RGB8(grey: 127), RGB8(r: 255, g: 0, b: 0), RGB8(r: 0, g: 255, b: 0),
    RGB8(r: 255, g: 255, b: 0), RGB8(r: 92, g: 92, b: 255), RGB8(r: 255, g: 0, b: 255),
    RGB8(r: 0, g: 255, b: 255), RGB8(grey: 255),
  ]

  private static let cubeValues: [UInt8] = [0, 95, 135, 175, 215, 255]

  /// The nearest level of the cube: 0, 95, 135, 175, 215, 255.
  private static func cubeLevel(_ part: UInt8) -> Int {
    part < 48 ? 0 : part < 115 ? 1 : min((Int(part) - 35) / 40, 5)
  }

  /// The nearest of 0, 8, 18, ..., 238, 255.
  private static func greyIndex256(_ level: UInt8) -> UInt8 {
    let v = Int(level)
    if v < 4 { return 16 }
    if v > 246 { return 231 }
    return UInt8(232 + min(max((v - 3) / 10, 0), 23))
  }

  /// The lightness of a colour as a grey level (Rec. 601 weights).
  static func grey(_ c: RGB8) -> UInt8 {
    let weighted: Int = Int(c.r) * 299 + Int(c.g) * 587 + Int(c.b) * 114
    return UInt8((weighted + 500) / 1000)
  }

  private static func distance(_ a: RGB8, _ b: RGB8) -> Int {
    let r = Int(a.r) - Int(b.r)
    let g = Int(a.g) - Int(b.g)
    let b = Int(a.b) - Int(b.b)
    return 3 * r * r + 6 * g * g + 2 * b * b
  }
}
