import Testing

@testable import Imaging

@Suite("All greys about the cord, fewer elsewhere")
struct FineZoneTests {
  /// Waves with a little noise, as tissue has.
  private static let image: ImageRaster = {
    let noise = Pattern.values(256 * 256, seed: 7)
    var image = ImageRaster(rows: 256, columns: 256, filledWith: 0)
    for row in 0..<256 {
      for column in 0..<256 {
        // Triangles 54 rows and 72 columns long.
        let (down, across) = (abs(Float(row % 108) / 54 - 1), abs(Float(column % 144) / 72 - 1))
        image[row, column] = 0.2 + 0.6 * down * across + 0.1 * (noise[row * 256 + column] - 0.5)
      }
    }
    return image
  }()

  /// Thirteen columns wide, from row 30 to 219.
  private static let cord: MaskRaster = {
    var cord = MaskRaster(rows: 256, columns: 256, filledWith: false)
    for row in 30..<220 { for column in 122...134 { cord[row, column] = true } }
    return cord
  }()

  private static let rendered = PictureRenderer.render(
    PictureRequest(
      image: image, window: WindowLevel(from: 0, to: 1), targetRows: 512, targetColumns: 512))

  @Test("the zone reaches its margin beyond the mask on every side")
  func place() throws {
    let zone = try #require(
      FineZone(about: Self.cord, margin: 16, Self.rendered.placement, rows: 512))
    // Two canvas px to each of the image's.
    for row in 0..<512 {
      let isInside = (28..<472).contains(row)
      #expect(zone.columns[row] == (isInside ? 212..<302 : 0..<0), "row \(row)")
    }
    let none = MaskRaster(rows: 256, columns: 256, filledWith: false)
    #expect(FineZone(about: none, margin: 16, Self.rendered.placement, rows: 512) == nil)
    let corner = PictureRenderer.render(
      PictureRequest(
        image: Self.image, window: WindowLevel(from: 0, to: 1), targetRows: 512,
        targetColumns: 512, crop: PixelRect(rows: 0..<64, columns: 0..<64)))
    #expect(FineZone(about: Self.cord, margin: 16, corner.placement, rows: 512) == nil)
  }

  @Test("a frame takes a quarter fewer bytes, and the cord loses nothing")
  func bytes() throws {
    let palette = SixelPalette(greys: 64, colormap: .anomaly)
    let zone = try #require(
      FineZone(about: Self.cord, margin: 16, Self.rendered.placement, rows: 512))
    let full = palette.indexed(Self.rendered.canvas.picture)
    let saved = palette.indexed(Self.rendered.canvas.picture, fine: zone)
    let (whole, part) = (Sixel.encode(full).count, Sixel.encode(saved).count)
    #expect(part > 20_000 && part * 4 < whole * 3, "\(part) of \(whole)")
    var greys: Set<UInt8> = []
    for row in 0..<512 {
      for column in 0..<512 {
        let (a, b) = (full.indices[row, column], saved.indices[row, column])
        if zone.columns[row].contains(column) {
          #expect(a == b)
        } else {
          greys.insert(b)
          let shown = Int(palette.colours[Int(b)].r)
          #expect(abs(shown - Int(Self.rendered.canvas.picture[row, column].r)) <= 4)
        }
      }
    }
    #expect(greys.count <= 33)
  }

  @Test("colours are colours everywhere, and palettes of few greys keep black and white")
  func colours() throws {
    let zone = try #require(
      FineZone(about: Self.cord, margin: 0, Self.rendered.placement, rows: 512))
    var picture = RGBRaster(rows: 512, columns: 512, filledWith: PictureStyle.accent)
    picture[0, 0] = .white
    picture[0, 1] = .black
    for palette in [SixelPalette(greys: 64), SixelPalette([.black, .white, PictureStyle.accent])] {
      let found = palette.indexed(picture, fine: zone).picture
      #expect(found[0, 0] == .white && found[0, 1] == .black)
      #expect(found[300, 10] == palette.indexed(picture).picture[300, 10])
    }
  }
}
