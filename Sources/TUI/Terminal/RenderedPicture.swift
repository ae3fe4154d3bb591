public import Imaging

/// A picture drawn to pixels, ready for a placement; compared by identity.
public final class RenderedPicture: Sendable {
  /// The pixels: the placement's cells times the pixels per cell.
  public let pixels: RGBRaster

  /// Makes a picture.
  public init(pixels: RGBRaster) { self.pixels = pixels }
}
