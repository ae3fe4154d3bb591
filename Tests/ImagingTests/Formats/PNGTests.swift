import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct PNGTests {
  static let picture = RGBRaster(
    rows: 3, columns: 5,
    pixels: (0..<15).map { (n: UInt8) in RGB8(r: n * 17, g: 255 - n, b: n * n) })

  @Test func colourRoundTrips() throws {
    let folder = try TemporaryFolder()
    try PNG.write(Self.picture, to: folder("p.png"))
    #expect(try PNG.readRGB(folder("p.png")) == Self.picture)
    #expect(try PNG.decodeRGB(try PNG.encode(Self.picture)) == Self.picture)
  }

  @Test func greyRoundTrips() throws {
    let folder = try TemporaryFolder()
    let grey = Raster<UInt8>(rows: 16, columns: 16, pixels: (0..<256).map { UInt8($0) })
    try PNG.write(grey, to: folder("g.png"))
    #expect(try PNG.readGrey(folder("g.png")) == grey)
    #expect(try PNG.readRGB(folder("g.png")) == grey.map { RGB8(grey: $0) })
  }

  @Test func readsFilesOfOtherWriters() throws {
    let samples: [UInt8] = [0, 1, 2, 127, 128, 255]
    let grey = TinyCompressed.png(width: 3, height: 2, colorType: 0, samples: samples)
    #expect(try PNG.decodeGrey(grey).pixels == samples)
    let rgb = TinyCompressed.png(width: 1, height: 2, colorType: 2, samples: samples)
    #expect(
      try PNG.decodeRGB(rgb).pixels == [RGB8(r: 0, g: 1, b: 2), RGB8(r: 127, g: 128, b: 255)])
    // Opaque, then wholly transparent: composed on black.
    let rgba = TinyCompressed.png(
      width: 2, height: 1, colorType: 6, samples: [10, 20, 30, 255, 10, 20, 30, 0])
    #expect(try PNG.decodeRGB(rgba).pixels == [RGB8(r: 10, g: 20, b: 30), .black])
    let deep = TinyCompressed.png(
      width: 2, height: 1, bitDepth: 16, colorType: 0, samples: [0xFF, 0xFF, 0x80, 0x80])
    #expect(try PNG.decodeGrey(deep).pixels == [255, 128])
  }

  @Test func sizeIsJudgedBeforeMemoryIsTaken() {
    let huge = TinyCompressed.png(width: 900_000, height: 900_000, colorType: 2, samples: [])
    let error = #expect(throws: ReadError.self) { try PNG.decodeRGB(huge, path: "h.png") }
    #expect(error?.field == "IHDR")
    #expect(error?.problem.contains("900000x900000") == true)
    let small = TinyCompressed.png(width: 2, height: 2, colorType: 0, samples: [1, 2, 3, 4])
    #expect(throws: ReadError.self) { try PNG.decodeGrey(small, pixelLimit: 3) }
    for (w, h) in [(0, 1), (1, 0), (-1, 1), (1 << 31, 1)] {
      let bad = TinyCompressed.png(width: w, height: h, colorType: 0, samples: [])
      #expect(throws: ReadError.self, "\(w)x\(h)") { try PNG.decodeGrey(bad) }
    }
  }

  @Test func truncatedFilesAreErrors() throws {
    let bytes = try PNG.encode(Self.picture)
    // Pixels end before the last two checksums and the end mark, which decoding may not need.
    for count in 0..<(bytes.count - 24) {
      #expect(throws: ReadError.self, "cut at \(count)") {
        try PNG.decodeRGB(Array(bytes[..<count]))
      }
    }
  }

  @Test func emptyPicturesAreRefused() {
    #expect(throws: WriteError.self) {
      try PNG.encode(RGBRaster(rows: 0, columns: 3, pixels: []))
    }
    #expect(throws: ReadError.self) { try PNG.decodeRGB(Array("GIF89a".utf8)) }
  }
}
