/// One colour pixel: red, green and blue, 8 bits each, sRGB.
@frozen
public struct RGB8: Hashable, Sendable {
  /// Red, 0...255.
  public var r: UInt8
  /// Green, 0...255.
  public var g: UInt8
  /// Blue, 0...255.
  public var b: UInt8

  /// Makes a colour from its three parts.
  @inlinable
  public init(r: UInt8, g: UInt8, b: UInt8) {
    self.r = r
    self.g = g
    self.b = b
  }

  /// Makes a grey of equal parts.
  @inlinable
  public init(grey: UInt8) {
    self.init(r: grey, g: grey, b: grey)
  }

  /// All parts 0.
  public static let black = RGB8(grey: 0)
  /// All parts 255.
  public static let white = RGB8(grey: 255)
}

/// A colour picture, row-major, row 0 at the top.
public typealias RGBRaster = Raster<RGB8>
