import Foundation
import Imaging
import Testing

@Suite struct ColourTests {
  /// CIE lightness of an sRGB colour, 0...100.
  static func lightness(_ c: RGB8) -> Double {
    func linear(_ v: UInt8) -> Double {
      let s = Double(v) / 255
      return s <= 0.04045 ? s / 12.92 : pow((s + 0.055) / 1.055, 2.4)
    }
    let y = 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b)
    return y > 0.008856 ? 116 * pow(y, 1.0 / 3) - 16 : 903.3 * y
  }

  @Test(arguments: Colormap.allCases)
  func mapsAreOrderedInLightness(map: Colormap) {
    let positive = (0...64).map { Self.lightness(map.colour(Float($0) / 64)) }
    for (a, b) in zip(positive, positive.dropFirst()) { #expect(b > a - 0.01, "\(map)") }
    if map.domain.lowerBound < 0 {
      let negative = (0...64).map { Self.lightness(map.colour(-Float($0) / 64 - 1e-6)) }
      for (a, b) in zip(negative, negative.dropFirst()) { #expect(b > a - 0.01, "\(map)") }
    }
    #expect((positive.last ?? 0) - positive[0] > 50)
  }

  /// The signs must stay apart for readers without red or green cones: blue minus yellow keeps
  /// its sign, whatever the red-green axis does (Vienot 1999: they see b against r + g).
  @Test func signsDifferWithoutTheRedGreenAxis() {
    for n in 1...20 {
      let v = Float(n) / 20
      let above = Colormap.anomaly.colour(v)
      let below = Colormap.anomaly.colour(-v)
      func yellowness(_ c: RGB8) -> Double {
        0.35 * Double(c.r) + 0.65 * Double(c.g) - Double(c.b)
      }
      #expect(yellowness(above) > 15 && yellowness(below) < -8, "at \(v)")
      #expect(yellowness(above) - yellowness(below) > 80, "at \(v)")
    }
  }

  @Test func oddValuesHaveColours() {
    for map in Colormap.allCases {
      for v in [Float.nan, .infinity, -.infinity, 5, -5] { _ = map.colour(v) }
      #expect(map.colour(9) == map.colour(1))
      #expect(map.steps(1).count == 1 && map.steps(0).isEmpty && map.steps(24).count == 24)
    }
    #expect(Colormap.grey.steps(2) == [.black, .white])
  }

  @Test func mixing() {
    let a = RGB8(r: 10, g: 200, b: 0)
    let b = RGB8(r: 250, g: 100, b: 255)
    #expect(a.mixed(with: b, opacity: 0) == a && a.mixed(with: b, opacity: 1) == b)
    #expect(a.mixed(with: b, opacity: .nan) == a)
    #expect(a.mixed(with: b, opacity: 0.5) == RGB8(r: 130, g: 150, b: 128))
  }

  @Test func the256ColoursAreTheNearest() {
    for n in 16...255 {
      let c = TerminalColour.colour256(UInt8(n))
      // The greys within the cube give way to the even ramp.
      if c.r == c.g, c.g == c.b, n < 231, n > 16 { continue }
      #expect(TerminalColour.colour256(TerminalColour.index256(c)) == c)
    }
    for level in 0...255 {
      let found = TerminalColour.colour256(TerminalColour.index256(RGB8(grey: UInt8(level))))
      let best = ([0, 255] + (0..<24).map { 8 + 10 * $0 }).map { abs($0 - level) }.min()
      #expect(found.r == found.g && found.g == found.b)
      #expect(abs(Int(found.r) - level) == best, "grey \(level)")
    }
    #expect(TerminalColour.index256(RGB8(r: 255, g: 0, b: 0)) == 196)
    #expect(TerminalColour.index256(RGB8(grey: 255)) == 231)
  }

  @Test func the16ColoursKeepGreysGrey() {
    for level in 0...255 {
      #expect([0, 8, 7, 15].contains(TerminalColour.index16(RGB8(grey: UInt8(level)))))
    }
    #expect([3, 11].contains(TerminalColour.index16(RGB8(r: 250, g: 200, b: 40))))
    #expect([4, 12].contains(TerminalColour.index16(RGB8(r: 30, g: 80, b: 190))))
    #expect(TerminalColour.direct(RGB8(r: 0, g: 0, b: 5)) == 0)
    #expect(TerminalColour.direct(RGB8(r: 1, g: 2, b: 3)) == 0x010203)
  }

  @Test func tooFewColoursAreRefusedWithAWayOut() {
    #expect(throws: DisplayError.tooFewColours(8)) { _ = try ColourDepth(colours: 8) }
    #expect(throws: DisplayError.self) { _ = try ColourDepth(colours: -1) }
    #expect(DisplayError.tooFewColours(8).description.contains("at least 16"))
    #expect((try? ColourDepth(colours: 256)) == .indexed256)
    #expect((try? ColourDepth(colours: 16_777_216)) == .truecolour)
    #expect((try? ColourDepth(colours: 88)) == .indexed16)
  }

  @Test func windowsSpanBlackToWhite() {
    let w = WindowLevel(from: 100, to: 300)
    #expect(w.window == 200 && w.level == 200)
    #expect(w.normalised(100) == 0 && w.normalised(300) == 1 && w.normalised(200) == 0.5)
    #expect(w.normalised(.nan) == 0 && w.normalised(.infinity) == 1)
    let narrow = w.adjusted(windowFactor: 0.5, levelFraction: 0.1)
    #expect(narrow.window == 100 && narrow.level == 220)
    for odd in [Float(0), -5, .nan, .infinity] {
      #expect(WindowLevel(window: odd, level: .nan).window > 0)
    }
  }

  @Test func presetsComeFromThePicture() throws {
    var image = ImageRaster(rows: 20, columns: 20, filledWith: 0)
    var cord = MaskRaster(rows: 20, columns: 20, filledWith: false)
    var csf = cord
    for row in 0..<20 {
      for column in 5..<15 { image[row, column] = 50 }
      image[row, 9] = 200
      image[row, 10] = 600
      cord[row, 9] = true
      csf[row, 10] = true
    }
    image[0, 0] = .nan
    let auto = try #require(WindowLevel.preset(.auto, of: image))
    #expect(auto.low == 50 && auto.high == 600)
    let wide = try #require(WindowLevel.preset(.wide, of: image))
    #expect(wide.low == 0 && wide.high == 600)
    let cordWindow = try #require(WindowLevel.preset(.cord, of: image, cord: cord, csf: csf))
    #expect(cordWindow.level == 200 && cordWindow.window == 800)
    let bright = try #require(WindowLevel.preset(.brightCSF, of: image, cord: cord, csf: csf))
    #expect(bright.low == 0 && bright.high == 600)
    #expect(WindowLevel.preset(.cord, of: image) == nil)
    #expect(WindowLevel.preset(.brightCSF, of: image, cord: cord) == nil)
    #expect(
      WindowLevel.preset(.auto, of: ImageRaster(rows: 2, columns: 2, filledWith: 3)) == nil)
    let empty = cord.map { _ in false }
    #expect(WindowLevel.preset(.cord, of: image, cord: empty, csf: csf) == nil)
  }
}
