import Imaging
import Testing

@Suite struct HalfBlockTests {
  static let picture = RGBRaster(
    rows: 3, columns: 2,
    pixels: [
      .white, RGB8(r: 255, g: 0, b: 0), .black, RGB8(r: 255, g: 0, b: 0), RGB8(grey: 128),
      .black,
    ])

  @Test func cellsPairRows() {
    let cells = HalfBlock.cells(Self.picture)
    #expect(cells.rows == 2 && cells.columns == 2)
    #expect(cells[0, 0] == HalfBlock.Cell(top: .white, bottom: .black))
    #expect(cells[1, 0] == HalfBlock.Cell(top: RGB8(grey: 128), bottom: PictureStyle.letterbox))
  }

  @Test func truecolourText() {
    #expect(
      HalfBlock.ansi(Self.picture, depth: .truecolour)
        == "\u{1B}[38;2;255;255;255;48;2;0;0;0m\u{2580}\u{1B}[48;2;255;0;0m \u{1B}[0m\n"
        + "\u{1B}[38;2;128;128;128;48;2;0;0;0m\u{2580} \u{1B}[0m\n")
  }

  @Test func indexedText() {
    #expect(
      HalfBlock.ansi(Self.picture, depth: .indexed256)
        == "\u{1B}[38;5;231;48;5;16m\u{2580}\u{1B}[48;5;196m \u{1B}[0m\n"
        + "\u{1B}[38;5;244;48;5;16m\u{2580} \u{1B}[0m\n")
    #expect(
      HalfBlock.ansi(Self.picture, depth: .indexed16)
        == "\u{1B}[97;40m\u{2580}\u{1B}[101m \u{1B}[0m\n\u{1B}[90;40m\u{2580} \u{1B}[0m\n")
  }

  @Test func coloursAreWrittenWhereTheyChange() {
    var pen = HalfBlock.Pen()
    var out: [UInt8] = []
    let grey = RGB8(grey: 128)
    for cell in [
      HalfBlock.Cell(top: .white, bottom: grey), .init(top: .white, bottom: grey),
      .init(top: grey, bottom: grey), .init(top: .black, bottom: grey),
    ] { pen.put(cell, .truecolour, into: &out) }
    #expect(
      String(decoding: out, as: UTF8.self)
        == "\u{1B}[38;2;255;255;255;48;2;128;128;128m\u{2580}\u{2580} \u{1B}[38;2;0;0;0m\u{2580}")
    // The same colour by its number is said again: a terminal may have another one under it.
    out = []
    pen.put(.init(top: .black, bottom: grey), .indexed256, into: &out)
    #expect(
      String(decoding: out, as: UTF8.self) == "\u{1B}[38;5;16;48;5;244m\u{2580}")
  }

  @Test(arguments: [2, 8, 13, 26])
  func fewGreys(_ greys: Int) {
    let ramp = RGBRaster(rows: 1, columns: 256, pixels: (0...255).map { RGB8(grey: UInt8($0)) })
    let reduced = TerminalColour.reduced(ramp, greys: greys)
    #expect(Set(reduced.pixels.map(\.r)).count == greys)
    #expect(reduced.pixels.first == RGB8.black && reduced.pixels.last == RGB8.white)
    for (before, after) in zip(ramp.pixels, reduced.pixels) {
      #expect(TerminalColour.reduced(after, to: .indexed256) == after)
      let step = 255.0 / Double(greys - 1)
      #expect(abs(Double(before.r) - Double(after.r)) <= step / 2 + 6, "\(before.r), \(after.r)")
    }
    let red = RGBRaster(rows: 1, columns: 1, pixels: [RGB8(r: 250, g: 3, b: 0)])
    #expect(TerminalColour.reduced(red, greys: greys).pixels == [RGB8(r: 255, g: 0, b: 0)])
  }

  @Test func emptyPicturesAreEmptyText() {
    let none = RGBRaster(rows: 0, columns: 0, pixels: [])
    #expect(HalfBlock.ansi(none, depth: .truecolour).isEmpty)
  }

  @Test func kittyChunksHoldTheWholeFile() {
    let bytes = (0..<7001).map { UInt8(truncatingIfNeeded: $0 * 31) }
    let text = String(decoding: KittyGraphics.show(png: bytes), as: UTF8.self)
    let chunks = text.components("\u{1B}\\").dropLast()
    #expect(chunks.count == 3)
    #expect(chunks[0].hasPrefix("\u{1B}_Ga=T,f=100,q=2,m=1;"))
    #expect(chunks[2].hasPrefix("\u{1B}_Gm=0;"))
    #expect(KittyGraphics.show(png: []).isEmpty)
    let small = String(decoding: KittyGraphics.show(png: Array("light w".utf8)), as: UTF8.self)
    #expect(small == "\u{1B}_Ga=T,f=100,q=2,m=0;bGlnaHQgdw==\u{1B}\\")
  }
}

extension String {
  /// The parts between a separator.
  func components(_ separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
