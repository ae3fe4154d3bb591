import Imaging
import Testing

@Suite struct PlotTextTests {
  static func drawn(
    _ text: String, _ style: PlotText = PlotText(colour: .black), isTurned: Bool = false
  ) -> RGBRaster {
    var canvas = PlotCanvas(width: 40, height: 40)
    canvas.write(text, x: isTurned ? 2 : 4, y: isTurned ? 36 : 2, style, isTurned: isTurned)
    return canvas.picture
  }

  static func isInk(_ picture: RGBRaster, _ row: Int, _ column: Int) -> Bool {
    picture[row, column] == .black
  }

  @Test func aGlyphsRows() {
    let rows = [
      "#####", "#....", "#....", "#....", "####.", "#....", "#....", "#....", "#####", ".....",
      ".....", ".....",
    ]
    for scale in [1, 2] {
      let picture = Self.drawn("E", PlotText(scale: scale, colour: .black))
      for row in 0..<(12 * scale) {
        for column in 0..<(6 * scale) {
          let expected = column / scale < 5 && Array(rows[row / scale])[column / scale] == "#"
          #expect(
            Self.isInk(picture, 2 + row, 4 + column) == expected, "\(scale): \(row) \(column)")
        }
      }
    }
  }

  @Test func everyLetterDiffers() {
    let printable = (33...126).map { String(UnicodeScalar(UInt8($0))) }
    let pictures = printable.map { Self.drawn($0) }
    for (n, picture) in pictures.enumerated() {
      #expect(picture.pixels.contains(.black), "\(printable[n])")
      for m in (n + 1)..<pictures.count where m < pictures.count {
        #expect(picture != pictures[m], "\(printable[n]) and \(printable[m])")
      }
    }
    #expect(!Self.drawn(" ").pixels.contains(.black))
    #expect(Self.drawn("\u{4E2D}").pixels.contains(.black))
  }

  @Test func turnedTextReadsUpwards() {
    let (upright, turned) = (Self.drawn("Fg"), Self.drawn("Fg", isTurned: true))
    for along in 0..<20 {
      for down in 0..<12 {
        #expect(
          Self.isInk(upright, 2 + down, 4 + along) == Self.isInk(turned, 35 - along, 2 + down))
      }
    }
  }

  @Test func anchorsShareAWidth() {
    let style = PlotText(colour: .black)
    let text = "Hm"
    #expect(style.width(text) == 11 && PlotText(isBold: true).width(text) == 13)
    func columns(_ anchor: PlotText.Anchor) -> [Int] {
      var canvas = PlotCanvas(width: 60, height: 20)
      canvas.write(text, x: 30, y: 4, style, anchor: anchor)
      return (0..<60).filter { column in
        (0..<20).contains { canvas.picture[$0, column] == .black }
      }
    }
    #expect(columns(.left).first == 30 && columns(.left).last == 40)
    #expect(columns(.right).first == 19 && columns(.right).last == 29)
    #expect(columns(.centre).first == 25 && columns(.centre).last == 35)
  }

  @Test func signsAreSpeltAndAccentsDropped() {
    #expect(Self.drawn("caf\u{E9}") == Self.drawn("cafe"))
    #expect(Self.drawn("\u{B1}1") == Self.drawn("+/-1"))
    #expect(Self.drawn("a\u{2013}b\nc") == Self.drawn("a-b c"))
    #expect(PlotText().width("\u{2265}") == PlotText().width(">="))
  }

  @Test func longTextIsCutAndWrapped() {
    let style = PlotText()
    let text = "uncertainty-guided masking of the cord"
    #expect(style.fitted(text, to: 1000) == text)
    for width in [0, 5, 11, 30, 77, 120] {
      #expect(style.width(style.fitted(text, to: width)) <= width)
      for limit in 1...3 {
        let lines = style.wrapped(text, to: width, lines: limit)
        #expect(lines.count <= limit && lines.allSatisfy { style.width($0) <= width })
      }
    }
    #expect(style.fitted(text, to: 59) == "uncertai..")
    #expect(
      style.wrapped(text, to: 120, lines: 3) == ["uncertainty-guided", "masking of the cord"])
    #expect(style.wrapped("", to: 50, lines: 2).isEmpty)
  }
}
