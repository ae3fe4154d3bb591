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
  /// The whole picture encoded as sixels.
  let sixels: [UInt8]

  /// Encodes a picture in a palette; without one it is for half blocks.
  /// - Parameter fine: The part in all greys of the palette, where not all of it is.
  init(_ rendered: RenderedPicture, palette: SixelPalette?, fine: FineZone? = nil) {
    pixels = rendered.canvas.picture
    placement = rendered.placement
    indexed = palette?.indexed(rendered.canvas.picture, fine: fine)
    isThrifty = palette != nil && fine != nil
    sixels = indexed.map { Sixel.encode($0) } ?? []
  }
}
