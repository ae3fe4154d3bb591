import Imaging
import Testing

@Suite struct PictureTests {
  static let window = WindowLevel(from: 0, to: 1)

  @Test func atItsOwnSizeAPictureIsTheWindowedImage() {
    let image = Pattern.raster(20, 30, seed: 4)
    let result = PictureRenderer.render(
      PictureRequest(image: image, window: Self.window, targetRows: 20, targetColumns: 30))
    for n in image.pixels.indices {
      #expect(result.canvas.picture.pixels[n] == RGB8(grey: UInt8(image.pixels[n] * 255 + 0.5)))
    }
    #expect(result.placement.content == PixelRect(rows: 0..<20, columns: 0..<30))
  }

  @Test func aspectIsKeptAndTheRestIsLetterbox() {
    let image = ImageRaster(rows: 10, columns: 20, filledWith: 1)
    let result = PictureRenderer.render(
      PictureRequest(image: image, window: Self.window, targetRows: 60, targetColumns: 60))
    #expect(result.placement.content == PixelRect(rows: 15..<45, columns: 0..<60))
    #expect(result.canvas.picture[14, 30] == PictureStyle.letterbox)
    #expect(result.canvas.picture[15, 30] == .white && result.canvas.picture[44, 0] == .white)
    let tall = PicturePlacement(
      crop: PixelRect(image), targetRows: 60, targetColumns: 60, pixelAspect: 4)
    #expect(tall.content == PixelRect(rows: 0..<60, columns: 15..<45))
  }

  @Test func aDraftLiesWhereThePictureLiesInSquares() {
    let image = Pattern.raster(40, 30, seed: 4)
    let request = PictureRequest(
      image: image, window: Self.window, targetRows: 163, targetColumns: 200)
    let (full, draft) = (
      PictureRenderer.render(request), PictureRenderer.draft(request, square: 4)
    )
    #expect(draft.placement == full.placement)
    let picture = draft.canvas.picture
    #expect(picture.rows == 163 && picture.columns == 200)
    let content = full.placement.content
    for row in 0..<163 where !content.rows.contains(row) {
      #expect(picture[row, 100] == PictureStyle.letterbox)
    }
    // Neighbours are alike but at a square's edge: three steps out of four along a row.
    let alike = content.columns.dropLast().filter { picture[80, $0] == picture[80, $0 + 1] }
    #expect(alike.count * 10 >= content.width * 7)
    let means = [full, draft].map { rendered in
      rendered.canvas.picture.pixels.reduce(0) { $0 + Int($1.r) } / (163 * 200)
    }
    #expect(abs(means[0] - means[1]) < 8)
    let tiny = PictureRenderer.draft(
      PictureRequest(image: image, window: Self.window, targetRows: 0, targetColumns: 9), square: 4)
    #expect(tiny.canvas.picture.pixels.isEmpty)
  }

  @Test func aDraftInStepWithSixelsHasNoBlockInTwoBands() {
    let image = Pattern.raster(40, 30, seed: 4)
    // 200 = 33 bands and two rows; with letterbox over and under the picture 300 rows are 50.
    for (rows, columns) in [(200, 150), (300, 90)] {
      let request = PictureRequest(
        image: image, window: Self.window, targetRows: rows, targetColumns: columns)
      let draft = PictureRenderer.draft(request, square: 12, height: 6)
      let full = PictureRenderer.render(request)
      #expect(draft.placement == full.placement)
      let picture = draft.canvas.picture
      let content = full.placement.content
      for row in content.rows.dropLast() where row / 6 == (row + 1) / 6 {
        #expect(content.columns.allSatisfy { picture[row, $0] == picture[row + 1, $0] })
      }
      let means = [full, draft].map { rendered in
        rendered.canvas.picture.pixels.reduce(0) { $0 + Int($1.r) } / (rows * columns)
      }
      #expect(abs(means[0] - means[1]) < 8)
    }
  }

  @Test func placementGoesBothWays() {
    let placement = PicturePlacement(
      crop: PixelRect(rows: 40..<200, columns: 90..<150), targetRows: 400, targetColumns: 300)
    for (row, column) in [(40.0, 90.0), (111.3, 120.7), (199.4, 149)] {
      let y = placement.y(ofRow: row)
      let x = placement.x(ofColumn: column)
      #expect(close(placement.row(atY: y), row) && close(placement.column(atX: x), column))
      #expect(placement.content.rows.contains(Int(y)))
      #expect(placement.content.columns.contains(Int(x)))
    }
  }

  @Test func magnifyingARampKeepsIt() {
    var image = ImageRaster(rows: 8, columns: 64, filledWith: 0)
    for row in 0..<8 { for column in 0..<64 { image[row, column] = Float(column) / 63 } }
    let result = PictureRenderer.render(
      PictureRequest(image: image, window: Self.window, targetRows: 32, targetColumns: 256))
    for x in 12..<244 {
      let expected = ((Double(x) + 0.5) / 4 - 0.5) / 63 * 255
      #expect(abs(Double(result.canvas.picture[16, x].r) - expected) <= 0.51)
    }
  }

  @Test func shrinkingAveragesAreas() {
    // Alternating black and white columns become an even grey at 2:1 and at 3.2:1.
    var image = ImageRaster(rows: 32, columns: 32, filledWith: 0)
    for row in 0..<32 { for column in 0..<32 where column % 2 == 0 { image[row, column] = 1 } }
    for side in [16, 10] {
      let result = PictureRenderer.render(
        PictureRequest(image: image, window: Self.window, targetRows: side, targetColumns: side))
      for pixel in result.canvas.picture.pixels {
        #expect(abs(Int(pixel.r) - 128) <= (side == 16 ? 1 : 45))
      }
    }
  }

  @Test func cropsUseTheNeighboursBeyondTheirEdge() {
    let image = Pattern.raster(40, 40, seed: 12)
    let whole = PictureRenderer.render(
      PictureRequest(image: image, window: Self.window, targetRows: 160, targetColumns: 160))
    let part = PictureRenderer.render(
      PictureRequest(
        image: image, window: Self.window, targetRows: 80, targetColumns: 80,
        crop: PixelRect(rows: 10..<30, columns: 12..<32)))
    for y in 0..<80 {
      for x in 0..<80 {
        #expect(part.canvas.picture[y, x] == whole.canvas.picture[y + 40, x + 48])
      }
    }
  }

  @Test func oddRequestsDoNoHarm() {
    let image = ImageRaster(rows: 6, columns: 5, filledWith: .nan)
    var marks = PictureRequest.Marks(
      boundaryRows: [.nan, -1e300, 1e300, 3], selectedRows: -1e9...1e9, cursorRow: .infinity,
      crosshair: (.nan, 2))
    for size in [(0, 0), (1, 1), (-4, 7), (3, 200), (200, 3)] {
      for crop in [
        nil, PixelRect(rows: 90..<99, columns: -9..<(-3)),
        PixelRect(rows: -5..<3, columns: 2..<99),
      ] {
        let result = PictureRenderer.render(
          PictureRequest(
            image: image, window: WindowLevel(window: 0, level: .nan), targetRows: size.0,
            targetColumns: size.1,
            overlay: .init(
              values: image.map { _ in 0.5 }, fullScale: .nan, threshold: .nan, opacity: 7),
            contours: [.init(mask: image.map { _ in true })], marks: marks,
            lettering: .init(
              orientation: .sagittal, mmPerColumn: 0, notice: "note é", title: ["t"],
              rowNames: [(.nan, "x"), (2, "C4")], showsColourBar: true),
            crop: crop, pixelAspect: .nan))
        #expect(result.canvas.rows == max(size.0, 0))
      }
    }
    marks.selectedRows = 2...2
    let empty = PictureRenderer.render(
      PictureRequest(
        image: ImageRaster(rows: 0, columns: 0, pixels: []), window: Self.window, targetRows: 9,
        targetColumns: 9, marks: marks))
    #expect(empty.canvas.picture.pixels.allSatisfy { $0 == PictureStyle.letterbox })
  }

  @Test func overlaysColourByValueWithOneOpacity() {
    let image = ImageRaster(rows: 8, columns: 8, filledWith: 0.5)
    var values = ImageRaster(rows: 8, columns: 8, filledWith: .nan)
    values[2, 2] = 1
    values[2, 3] = -0.5
    values[4, 4] = 0.1
    let result = PictureRenderer.render(
      PictureRequest(
        image: image, window: Self.window, targetRows: 8, targetColumns: 8,
        overlay: .init(values: values, fullScale: 1, threshold: 0.2, opacity: 0.5)))
    let grey = RGB8(grey: 128)
    let map = Colormap.anomaly
    #expect(
      result.canvas.picture[2, 2] == grey.mixed(with: map.colour(1), opacity: 0.5))
    #expect(
      result.canvas.picture[2, 3] == grey.mixed(with: map.colour(-0.5), opacity: 0.5))
    #expect(result.canvas.picture[4, 4] == grey && result.canvas.picture[0, 0] == grey)
  }

  @Test func overlaysStayInPlaceWhenMagnified() {
    let image = ImageRaster(rows: 32, columns: 32, filledWith: 0)
    var values = ImageRaster(rows: 32, columns: 32, filledWith: .nan)
    for row in 10..<14 { for column in 20..<22 { values[row, column] = 1 } }
    let result = PictureRenderer.render(
      PictureRequest(
        image: image, window: Self.window, targetRows: 256, targetColumns: 256,
        overlay: .init(values: values, fullScale: 1, opacity: 1)))
    let drawn = PixelRect(around: result.canvas.picture.map { $0 != .black })
    #expect(drawn == PixelRect(rows: 80..<112, columns: 160..<176))
  }

  @Test func contoursFollowTheMask() {
    let image = ImageRaster(rows: 16, columns: 16, filledWith: 0)
    var mask = MaskRaster(rows: 16, columns: 16, filledWith: false)
    for row in 4..<10 { for column in 5..<9 { mask[row, column] = true } }
    let result = PictureRenderer.render(
      PictureRequest(
        image: image, window: Self.window, targetRows: 64, targetColumns: 64,
        contours: [.init(mask: mask)]))
    let picture = result.canvas.picture
    #expect(picture[16, 28] == PictureStyle.contour && picture[39, 28] == PictureStyle.contour)
    #expect(picture[28, 20] == PictureStyle.contour && picture[28, 28] == .black)
    #expect(picture[15, 28] == .black)
    let small = PictureRenderer.render(
      PictureRequest(
        image: image, window: Self.window, targetRows: 16, targetColumns: 16,
        contours: [.init(mask: mask)]))
    #expect(small.canvas.picture.pixels.allSatisfy { $0 == .black })
  }

  @Test func fillsLieUnderOutlinesAtTheirOpacity() {
    let image = ImageRaster(rows: 16, columns: 16, filledWith: 0.5)
    var mask = MaskRaster(rows: 16, columns: 16, filledWith: false)
    for row in 4..<10 { for column in 5..<9 { mask[row, column] = true } }
    let colour = RGB8(r: 240, g: 10, b: 90)
    var request = PictureRequest(
      image: image, window: Self.window, targetRows: 64, targetColumns: 64,
      contours: [.init(mask: mask, colour: .white)])
    request.fills = [.init(mask: mask, colour: colour, opacity: 0.5)]
    let picture = PictureRenderer.render(request).canvas.picture
    let grey = RGB8(grey: 128)
    #expect(picture[28, 28] == grey.mixed(with: colour, opacity: 0.5))
    #expect(picture[16, 28] == .white && picture[12, 28] == grey)
  }

  @Test func colourBarsNameTheirEndsAndUnitUnlessTheyArePlain() {
    let image = ImageRaster(rows: 200, columns: 200, filledWith: 0)
    var request = PictureRequest(
      image: image, window: Self.window, targetRows: 200, targetColumns: 200,
      overlay: .init(
        values: image.map { _ in .nan }, colormap: .uncertainty, fullScale: 0.5, threshold: 0.25))
    request.lettering.showsColourBar = true
    func lit(_ rows: Range<Int>) -> Int {
      let picture = PictureRenderer.render(request).canvas.picture
      return rows.reduce(0) { sum, row in
        sum + (100..<200).count { picture[row, $0] == PictureStyle.mark }
      }
    }
    // Under the bar: the lower end's value, then the unit.
    let unitRows = 90..<104
    #expect(lit(4..<11) > 0 && lit(unitRows) == 0)
    request.overlay?.unit = "grey^2"
    #expect(lit(unitRows) > 0)
    request.lettering.namesColourBar = false
    let plain = PictureRenderer.render(request).canvas.picture
    #expect(plain.pixels.allSatisfy { $0 != PictureStyle.mark })
    #expect(plain[1, 198] == Colormap.uncertainty.colour(1))
    // Under the threshold the bar is dark.
    #expect(plain[79, 198] == RGB8(grey: 40) && plain[81, 198] == .black)
  }

  @Test func rectanglesMoveAndZoomWithinTheirBounds() {
    let bounds = PixelRect(rows: 0..<256, columns: 0..<256)
    let rect = PixelRect(rows: 100..<180, columns: 110..<150)
    let square = rect.expanded(toAspect: 1, within: bounds)
    #expect(square == PixelRect(rows: 100..<180, columns: 90..<170))
    let edge = PixelRect(rows: 0..<200, columns: 230..<256).expanded(toAspect: 1, within: bounds)
    #expect(edge == PixelRect(rows: 0..<200, columns: 56..<256))
    #expect(rect.expanded(toAspect: 9, within: bounds).width == 256)
    let zoomed = bounds.zoomed(by: 2, aboutRow: 64, column: 128, within: bounds)
    #expect(zoomed == PixelRect(rows: 32..<160, columns: 64..<192))
    #expect(zoomed.zoomed(by: 0.01, aboutRow: 9, column: 9, within: bounds) == bounds)
    #expect(bounds.zoomed(by: 1e9, aboutRow: 9, column: 9, within: bounds).height == 8)
    #expect(
      rect.moved(rows: 500, columns: -500, within: bounds)
        == PixelRect(rows: 176..<256, columns: 0..<40))
    #expect(PixelRect(around: MaskRaster(rows: 3, columns: 3, filledWith: false)) == nil)
  }

  @Test func lettersAreDrawnWhereTheyBelong() {
    var canvas = Canvas(rows: 9, columns: 20)
    canvas.write("H.", x: 1, y: 1, colour: .white, rim: false)
    let drawn = (0..<9).map { row in
      String((0..<14).map { canvas.picture[row, $0] == .white ? "#" : "." })
    }
    #expect(
      drawn == [
        "..............",
        ".#...#........",
        ".#...#........",
        ".#...#........",
        ".#####........",
        ".#...#........",
        ".#...#..##....",
        ".#...#..##....",
        "..............",
      ])
    #expect(CanvasText.width("H.") == 11 && CanvasText.width("") == 0)
  }

  @Test func everyCharacterHasItsOwnShape() {
    var shapes: Set<[Bool]> = []
    for code in UInt8(32)...126 {
      var canvas = Canvas(rows: 7, columns: 5)
      canvas.write(
        String(UnicodeScalar(code)), x: 0, y: 0, colour: .white, rim: false)
      shapes.insert(canvas.picture.pixels.map { $0 == .white })
    }
    #expect(shapes.count == 95)
  }
}
