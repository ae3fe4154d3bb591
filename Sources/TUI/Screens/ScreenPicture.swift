public import Imaging

/// A picture drawn for the screen, ready for a placement; compared by identity.
public final class ScreenPicture: Sendable {
  /// The pixels: the placement's cells times the pixels per cell.
  public let pixels: RGBRaster
  /// Where the slice lies on them.
  public let placement: PicturePlacement
  /// The pixels in a palette, for terminals that draw sixels.
  let indexed: IndexedPicture?
  /// Whether only a part of it is in all greys.
  let isThrifty: Bool
  /// Whether half blocks name its colours, which are among xterm's 256, by their numbers.
  let isNumbered: Bool
  /// The whole picture encoded as sixels.
  let sixels: [UInt8]
  /// The picture as a PNG file in base64, for terminals that draw kitty pictures.
  let kitty: [UInt8]
  /// Bytes of its pixels in a terminal that keeps it: 4 for each px.
  let kittyBytes: Int

  /// - Parameters:
  ///   - palette: Colours of sixels; `nil` for none.
  ///   - fine: The part in all greys of the palette, where not all of it is.
  ///   - kittySquare: Side in px of what becomes one px of a kitty picture; `nil` for none.
  ///   - isNumbered: Whether its colours are among xterm's 256 and short to name.
  init(
    _ rendered: RenderedPicture, palette: SixelPalette?, fine: FineZone? = nil,
    kittySquare: Int? = nil, isNumbered: Bool = false
  ) {
    self.isNumbered = isNumbered
    pixels = rendered.canvas.picture
    placement = rendered.placement
    indexed = palette?.indexed(rendered.canvas.picture, fine: fine)
    isThrifty = palette != nil && fine != nil
    sixels = indexed.map { Sixel.encode($0) } ?? []
    // The terminal scales a picture to its cells, so one px of each square is enough.
    let small = kittySquare.map {
      $0 > 1 ? Self.sampled(rendered.canvas.picture, $0) : rendered.canvas.picture
    }
    kitty = small.map(Self.png) ?? []
    kittyBytes = small.map { 4 * $0.rows * $0.columns } ?? 0
  }

  /// As a PNG file in base64, in greys where it has no colour.
  private static func png(_ picture: RGBRaster) -> [UInt8] {
    let isGrey = picture.pixels.allSatisfy { $0.r == $0.g && $0.g == $0.b }
    let bytes = try? isGrey ? PNG.encode(picture.map(\.r)) : PNG.encode(picture)
    return KittyGraphics.base64(bytes ?? [])
  }

  /// The pixels at the squares' middles.
  private static func sampled(_ picture: RGBRaster, _ square: Int) -> RGBRaster {
    let rows = max((picture.rows + square / 2) / square, 1)
    let columns = max((picture.columns + square / 2) / square, 1)
    guard picture.rows > 0, picture.columns > 0 else { return picture }
    var small = RGBRaster(rows: rows, columns: columns, filledWith: .black)
    for row in 0..<rows {
      for column in 0..<columns {
        small[row, column] =
          picture[
            (2 * row + 1) * picture.rows / (2 * rows),
            (2 * column + 1) * picture.columns / (2 * columns)]
      }
    }
    return small
  }
}
