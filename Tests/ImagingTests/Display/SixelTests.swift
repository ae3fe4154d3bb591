import Imaging
import Testing

@Suite struct SixelTests {
  static func noise(_ rows: Int, _ columns: Int, colours: Bool) -> RGBRaster {
    let v = Pattern.values(rows * columns * 3, seed: UInt32(rows * 1000 + columns))
    return RGBRaster(
      rows: rows, columns: columns,
      pixels: (0..<(rows * columns)).map { n in
        // Runs of equal pixels beside single ones.
        let m = n % 7 < 4 ? n - n % 7 : n
        let g = UInt8(v[m] * 255)
        return colours && v[m + rows * columns] > 0.5
          ? RGB8(r: g, g: UInt8(v[m + 2 * rows * columns] * 255), b: 255 - g) : RGB8(grey: g)
      })
  }

  @Test func onePixelGoldenBytes() {
    let palette = SixelPalette([.black, .white])
    let white = RGBRaster(rows: 1, columns: 1, filledWith: .white)
    #expect(
      String(decoding: Sixel.encode(white, palette: palette), as: UTF8.self)
        == "\u{1B}P0;1;0q\"1;1;1;1#1;2;100;100;100#1@\u{1B}\\")
  }

  @Test func twoBandsGoldenBytes() {
    // 7 rows of 5 px: a white column on black, then one row of white. Black runs on under white.
    var picture = RGBRaster(rows: 7, columns: 5, filledWith: .black)
    for row in 0..<6 { picture[row, 2] = .white }
    for column in 0..<5 { picture[6, column] = .white }
    #expect(
      String(
        decoding: Sixel.encode(picture, palette: SixelPalette([.black, .white])), as: UTF8.self)
        == "\u{1B}P0;1;0q\"1;1;5;7#0;2;0;0;0#1;2;100;100;100#0!5~$#1??~-#1!5@\u{1B}\\")
  }

  @Test func longRunsAreCut() throws {
    let wide = RGBRaster(rows: 2, columns: 600, filledWith: .white)
    let bytes = Sixel.encode(wide, palette: SixelPalette([.black, .white]))
    #expect(String(decoding: bytes, as: UTF8.self).contains("#1!255B!255B!90B"))
    #expect(try #require(SixelDecoder(bytes)).longestRun == 255)
  }

  @Test(arguments: [(1, 1), (6, 6), (5, 9), (13, 31), (64, 300), (50, 257)])
  func decodingGivesTheQuantisedPicture(rows: Int, columns: Int) throws {
    for palette in [
      SixelPalette(greys: 64, colormap: .anomaly), SixelPalette(greys: 16),
      SixelPalette(greys: 32, colormap: .uncertainty, limit: 64),
    ] {
      let indexed = palette.indexed(Self.noise(rows, columns, colours: true))
      let decoded = try #require(SixelDecoder(Sixel.encode(indexed)), "\(rows)x\(columns)")
      #expect(decoded.parameters == "0;1;0" && decoded.raster == [1, 1, columns, rows])
      #expect(decoded.rest == [0x1B, 0x5C])
      for row in 0..<rows {
        #expect(
          decoded.pixels[row] == (0..<columns).map { Int(indexed.indices[row, $0]) },
          "row \(row) of \(rows)x\(columns)")
      }
      for (n, percent) in decoded.colours {
        let c = palette.colours[n]
        for (part, p) in zip([c.r, c.g, c.b], percent) {
          #expect(abs(Double(part) / 255 * 100 - Double(p)) <= 0.51)
        }
      }
    }
  }

  @Test func partsAreCutOutExactly() throws {
    let indexed = SixelPalette(greys: 32).indexed(Self.noise(40, 50, colours: false))
    let part = PixelRect(rows: 7..<31, columns: 11..<49)
    let decoded = try #require(SixelDecoder(Sixel.encode(indexed, part: part)))
    for row in 0..<part.height {
      for column in 0..<part.width {
        #expect(decoded.pixels[row][column] == Int(indexed.indices[row + 7, column + 11]))
      }
    }
    let outside = PixelRect(rows: 90..<99, columns: 0..<5)
    #expect(Sixel.encode(indexed, part: outside).isEmpty)
    let over = PixelRect(rows: 30..<500, columns: 40..<500)
    #expect(SixelDecoder(Sixel.encode(indexed, part: over))?.raster == [1, 1, 10, 10])
  }

  @Test func palettesFitTheTerminal() {
    for greys in [16, 32, 64, 500] {
      for limit in [2, 16, 64, 256, 4096] {
        let palette = SixelPalette(greys: greys, colormap: .anomaly, limit: limit)
        #expect(palette.colours.count <= max(4, min(limit, 256)))
        #expect(palette.colours[0] == .black && palette.colours.contains(.white))
      }
    }
    #expect(SixelPalette([]).colours.count == 2)
  }

  @Test func greysGoToTheNearestGrey() {
    let palette = SixelPalette(greys: 64)
    let ramp = RGBRaster(rows: 1, columns: 256, pixels: (0...255).map { RGB8(grey: UInt8($0)) })
    for (a, b) in zip(ramp.pixels, palette.indexed(ramp).picture.pixels) {
      #expect(b.r == b.g && b.g == b.b)
      #expect(abs(Int(a.r) - Int(b.r)) <= 3)
    }
  }

  @Test func anatomyStaysVisibleUnderTheMap() {
    // One heat value over a grey ramp: the quantised picture still rises with the ramp.
    let heat = Colormap.anomaly.colour(0.7)
    let ramp = RGBRaster(
      rows: 1, columns: 256,
      pixels: (0...255).map { RGB8(grey: UInt8($0)).mixed(with: heat, opacity: 0.5) })
    let palette = SixelPalette(greys: 64, colormap: .anomaly, opacity: 0.5)
    let found = palette.indexed(ramp).picture
    #expect(Set(found.pixels).count >= 5)
    for (a, b) in zip(ramp.pixels, found.pixels) {
      let red = abs(Int(a.r) - Int(b.r))
      let green = abs(Int(a.g) - Int(b.g))
      let blue = abs(Int(a.b) - Int(b.b))
      #expect(max(red, green, blue) < 25)
    }
  }
}
