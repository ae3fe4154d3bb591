import Imaging
import Testing

@Suite struct PlotCanvasTests {
  /// How much of the canvas black ink covers, in px.
  static func ink(_ canvas: PlotCanvas) -> Double {
    canvas.picture.pixels.reduce(0) { $0 + (255 - Double($1.g)) / 255 }
  }

  static func strokes(_ points: [(Double, Double)], width: Double, _ dash: PlotDash = .solid)
    -> PlotCanvas
  {
    var canvas = PlotCanvas(width: 60, height: 40)
    canvas.stroke(points.map { PlotPoint($0.0, $0.1) }, .black, width: width, dash: dash)
    return canvas
  }

  @Test func rectanglesAreExact() {
    var canvas = PlotCanvas(width: 6, height: 5)
    let red = RGB8(r: 255, g: 0, b: 0)
    canvas.fill(PixelRect(rows: 1..<3, columns: 2..<9), red)
    for row in 0..<5 {
      for column in 0..<6 {
        let isInside = (1..<3).contains(row) && column >= 2
        #expect(canvas.picture[row, column] == (isInside ? red : .white))
      }
    }
    canvas.fill(canvas.bounds, .black, opacity: 0.5)
    #expect(canvas.picture[0, 0] == RGB8(grey: 128))
  }

  @Test func framesRunInside() {
    var canvas = PlotCanvas(width: 8, height: 7)
    canvas.frame(PixelRect(rows: 1..<6, columns: 1..<7), .black)
    #expect(Self.ink(canvas) == 18)
    #expect(canvas.picture[1, 1] == .black && canvas.picture[5, 6] == .black)
    #expect(canvas.picture[3, 3] == .white)
    canvas.frame(PixelRect(rows: 1..<6, columns: 1..<7), .black, thickness: 99)
    #expect(Self.ink(canvas) == 30)
  }

  @Test func straightLinesFallOnPixels() {
    let onRow = Self.strokes([(10, 20.5), (50, 20.5)], width: 1)
    #expect(onRow.picture[20, 30] == .black)
    #expect(onRow.picture[19, 30] == .white && onRow.picture[21, 30] == .white)
    let between = Self.strokes([(10, 20), (50, 20)], width: 1)
    #expect(between.picture[19, 30] == RGB8(grey: 128))
    #expect(between.picture[20, 30] == RGB8(grey: 128))
  }

  @Test func slantedLinesCoverTheirArea() {
    for end in [(50.0, 20.0), (44, 33), (20, 38), (11, 36)] {
      let canvas = Self.strokes([(10, 5), end], width: 2)
      let (dx, dy) = (end.0 - 10, end.1 - 5)
      let length = (dx * dx + dy * dy).squareRoot()
      // The round ends add a disc of the line's width.
      #expect(abs(Self.ink(canvas) - (2 * length + 3.14)) < 0.06 * length, "to \(end)")
    }
  }

  @Test func jointsAreNoDarker() {
    var canvas = PlotCanvas(width: 60, height: 40)
    let zigzag = (0..<12).map { PlotPoint(5 + 4 * Double($0), $0 % 2 == 0 ? 10 : 30) }
    canvas.stroke(zigzag, .black, width: 4, opacity: 0.5)
    let darkest = canvas.picture.pixels.map(\.r).min()
    #expect(darkest == 128)
  }

  @Test func dashesLeaveGaps() {
    let solid = Self.ink(Self.strokes([(5, 20.5), (55, 20.5)], width: 2))
    for dash in PlotDash.allCases where dash != .solid {
      let canvas = Self.strokes([(5, 20.5), (55, 20.5)], width: 2, dash)
      let row = (5..<55).map { canvas.picture[20, $0].r }
      #expect(row.contains { $0 < 40 } && row.contains(255), "\(dash)")
      #expect(Self.ink(canvas) < solid * 0.9, "\(dash)")
    }
  }

  @Test func gapsStayEmptyAndLonePointsAreSeen() {
    let canvas = Self.strokes(
      [(5, 20), (20, 20), (.nan, 20), (30, 20), (40, .nan), (45, 20), (55, 20)], width: 2)
    for column in 23..<28 { #expect(canvas.picture[20, column] == .white) }
    for column in 33..<43 { #expect(canvas.picture[20, column] == .white) }
    #expect(canvas.picture[20, 30].r < 128)
  }

  @Test func polygonsCoverTheirArea() {
    var canvas = PlotCanvas(width: 60, height: 40)
    canvas.fill(
      polygon: [PlotPoint(10, 5), PlotPoint(45.5, 15), PlotPoint(20, 35.25)], .black)
    #expect(abs(Self.ink(canvas) - 0.5 * (35.5 * 30.25 - 10 * 10)) < 1)
    var crossed = PlotCanvas(width: 60, height: 40)
    crossed.fill(
      polygon: [PlotPoint(10, 10), PlotPoint(50, 30), PlotPoint(50, 10), PlotPoint(10, 30)],
      .black, opacity: 0.5)
    #expect(abs(Self.ink(crossed) - 200) < 2)
    var none = PlotCanvas(width: 6, height: 4)
    none.fill(polygon: [PlotPoint(1, 1), PlotPoint(.nan, 2), PlotPoint(3, 3)], .black)
    #expect(Self.ink(none) == 0)
  }

  @Test func markersAreOfLikeSizeAndDiffer() {
    let drawn = PlotMarker.allCases.map { marker in
      var canvas = PlotCanvas(width: 21, height: 21)
      canvas.mark(marker, at: PlotPoint(10.5, 10.5), .black, size: 9)
      return canvas
    }
    for (n, canvas) in drawn.enumerated() {
      #expect((20...90).contains(Self.ink(canvas)), "\(PlotMarker.allCases[n])")
      #expect(canvas.picture[10, 10] == .black)
      for other in drawn[(n + 1)...] { #expect(canvas != other) }
    }
  }

  @Test func nothingIsDrawnOutsideTheClip() {
    var canvas = PlotCanvas(width: 40, height: 30)
    canvas.clip = PixelRect(rows: 10..<20, columns: 10..<20)
    canvas.fill(canvas.bounds, .black)
    canvas.stroke([PlotPoint(-50, -40), PlotPoint(90, 70)], .black, width: 9)
    canvas.mark(.square, at: PlotPoint(20, 20), .black, size: 30)
    canvas.write("WWWWWWWW", x: 0, y: 12)
    #expect(canvas.picture.pixels.count { $0 != .white } == 100)
    canvas.clip = PixelRect(rows: -5..<500, columns: -5..<500)
    #expect(canvas.clip == canvas.bounds)
  }

  @Test func farAndOddPlacesDoNoHarm() {
    var canvas = PlotCanvas(width: 20, height: 20)
    let far = PlotPoint(1e300, -1e300)
    for dash in PlotDash.allCases {
      canvas.stroke([PlotPoint(.infinity, 3), far, PlotPoint(-1e12, 1e12)], .black, dash: dash)
    }
    canvas.fill(polygon: [far, PlotPoint(1e300, 0), PlotPoint(-1e300, 1e300)], .black)
    canvas.mark(.circle, at: far, .black)
    canvas.write("x", x: .max, y: .min)
    canvas.draw(RGBRaster(rows: 2, columns: 2, filledWith: .black), x: .max, y: .max, scale: .max)
    #expect(PlotCanvas(width: -3, height: .max).bounds.height == PlotCanvas.longestSide)
    // A line that crosses from afar is drawn where it crosses.
    var crossed = PlotCanvas(width: 20, height: 20)
    crossed.stroke([PlotPoint(-1e9, 10.5), PlotPoint(1e9, 10.5)], .black)
    #expect(crossed.picture[10, 3] == .black && crossed.picture[5, 3] == .white)
  }

  @Test func picturesAreCopiedByNearestPixel() {
    let image = RGBRaster(
      rows: 2, columns: 2,
      pixels: [.black, RGB8(grey: 80), RGB8(grey: 160), RGB8(grey: 240)])
    var canvas = PlotCanvas(width: 10, height: 10)
    canvas.draw(image, x: 1, y: 2, scale: 3)
    for row in 2..<8 {
      for column in 1..<7 {
        #expect(canvas.picture[row, column] == image[(row - 2) / 3, (column - 1) / 3])
      }
    }
    #expect(canvas.picture[1, 1] == .white && canvas.picture[8, 6] == .white)
    let grey = ImageRaster(rows: 1, columns: 3, pixels: [0, 5, .nan])
    canvas.draw(
      grey, WindowLevel(from: 0, to: 10), in: PixelRect(rows: 0..<1, columns: 0..<3))
    #expect((0..<3).map { canvas.picture[0, $0].r } == [0, 128, 0])
  }
}
