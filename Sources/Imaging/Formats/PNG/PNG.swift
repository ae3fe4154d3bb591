public import Foundation

/// Pictures in PNG files: 8-bit grey and 8-bit RGB, sRGB.
public enum PNG {
  /// The largest picture read by default, in pixels.
  public static let defaultPixelLimit = 1 << 28

  /// Reads a picture as RGB; grey is repeated, transparency composed on black, 16 bits reduced.
  /// - Throws: `ReadError` when the file is no PNG, damaged, or has more than `pixelLimit` pixels.
  public static func readRGB(
    _ url: URL, pixelLimit: Int = defaultPixelLimit
  ) throws -> RGBRaster {
    try decodeRGB(try FileBytes.read(url), path: url.path, pixelLimit: pixelLimit)
  }

  /// Reads a picture as grey; colours become their luminance.
  /// - Throws: `ReadError` when the file is no PNG, damaged, or has more than `pixelLimit` pixels.
  public static func readGrey(
    _ url: URL, pixelLimit: Int = defaultPixelLimit
  ) throws -> Raster<UInt8> {
    try decodeGrey(try FileBytes.read(url), path: url.path, pixelLimit: pixelLimit)
  }

  /// Decodes a PNG in memory as RGB.
  /// - Throws: `ReadError`, as ``readRGB(_:pixelLimit:)``.
  public static func decodeRGB(
    _ bytes: [UInt8], path: String = "", pixelLimit: Int = defaultPixelLimit
  ) throws -> RGBRaster {
    try decode(bytes, .rgb8, RGB8.black, path, pixelLimit)
  }

  /// Decodes a PNG in memory as grey.
  /// - Throws: `ReadError`, as ``readGrey(_:pixelLimit:)``.
  public static func decodeGrey(
    _ bytes: [UInt8], path: String = "", pixelLimit: Int = defaultPixelLimit
  ) throws -> Raster<UInt8> {
    try decode(bytes, .grey8, 0, path, pixelLimit)
  }

  /// The picture as the bytes of a PNG file.
  /// - Throws: `WriteError` when it is empty or libpng refuses it.
  public static func encode(_ picture: RGBRaster) throws -> [UInt8] {
    try encode(picture, .rgb8)
  }

  /// The grey picture as the bytes of a PNG file.
  /// - Throws: `WriteError` when it is empty or libpng refuses it.
  public static func encode(_ picture: Raster<UInt8>) throws -> [UInt8] {
    try encode(picture, .grey8)
  }

  /// Writes a picture atomically.
  /// - Throws: `WriteError`.
  public static func write(
    _ picture: RGBRaster, to url: URL, rights: FileRights = .caller
  ) throws {
    try AtomicFile.write(try encode(picture), to: url, permissions: rights.fileMode)
  }

  /// Writes a grey picture atomically.
  /// - Throws: `WriteError`.
  public static func write(
    _ picture: Raster<UInt8>, to url: URL, rights: FileRights = .caller
  ) throws {
    try AtomicFile.write(try encode(picture), to: url, permissions: rights.fileMode)
  }

  private static func decode<Pixel: BitwiseCopyable & Sendable>(
    _ bytes: [UInt8], _ layout: SystemCodecs.PixelLayout, _ blank: Pixel, _ path: String,
    _ pixelLimit: Int
  ) throws -> Raster<Pixel> {
    guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else {
      throw ReadError(path: path, offset: 0, problem: "is not a PNG file")
    }
    do {
      return try bytes.withUnsafeBytes { raw in
        try SystemCodecs.decodePNG(raw, layout: layout) { width, height, decode in
          let count = width.multipliedReportingOverflow(by: height)
          guard !count.overflow, count.partialValue <= pixelLimit else {
            throw ReadError(
              path: path, field: "IHDR", offset: 16,
              problem: "\(width)x\(height) pixels are more than the limit of \(pixelLimit)")
          }
          var pixels = [Pixel](repeating: blank, count: count.partialValue)
          try pixels.withUnsafeMutableBytes { if let base = $0.baseAddress { try decode(base) } }
          return Raster(rows: height, columns: width, pixels: pixels)
        }
      }
    } catch let failure as SystemCodecs.PNGFailure {
      throw ReadError(
        path: path, problem: "cannot be decoded as PNG: \(failure.message)",
        advice: "the file is truncated or damaged; copy it again")
    }
  }

  private static func encode<Pixel: BitwiseCopyable & Sendable>(
    _ picture: Raster<Pixel>, _ layout: SystemCodecs.PixelLayout
  ) throws -> [UInt8] {
    let (height, width) = (picture.rows, picture.columns)
    guard width > 0, height > 0, width < 1 << 24, height < 1 << 24 else {
      throw WriteError(path: "", problem: "a picture of \(width)x\(height) pixels cannot be a PNG")
    }
    do {
      return try picture.pixels.withUnsafeBytes {
        try SystemCodecs.encodePNG($0, width: width, height: height, layout: layout)
      }
    } catch let failure as SystemCodecs.PNGFailure {
      throw WriteError(path: "", problem: "libpng: \(failure.message)")
    }
  }
}
