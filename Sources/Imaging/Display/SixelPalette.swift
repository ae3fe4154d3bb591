/// The fixed colours of a sixel picture, at most 256: greys, the accents of
/// ``PictureStyle``, and the heat steps as they look mixed over several greys.
///
/// A constant layer opacity mixes each heat colour with the tissue under it. One colour per
/// heat step would flatten the anatomy under the map, so each step is kept over several greys.
public struct SixelPalette: Equatable, Sendable {
  /// The colours; a picture's index is the sixel colour number.
  public let colours: [RGB8]
  /// Nearest colour of each 8-bit grey.
  let greyIndex: [UInt8]
  /// The same among every other one of the greys that the palette begins with.
  let coarseIndex: [UInt8]

  /// Makes a palette of given colours, cut to 256; never empty.
  public init(_ colours: [RGB8]) {
    self.colours = colours.isEmpty ? [.black, .white] : Array(colours.prefix(256))
    let all = self.colours
    greyIndex = (0...255).map { UInt8(Self.nearest(RGB8(grey: $0), in: all)) }
    let greys = all.prefix { $0.r == $0.g && $0.g == $0.b }.count
    let coarse = (0..<greys).filter { $0.isMultiple(of: 2) || $0 == greys - 1 }
    let levels = coarse.map { all[$0] }
    coarseIndex =
      coarse.count < 2
      ? greyIndex
      : (0...255).map { UInt8(coarse[Self.nearest(RGB8(grey: $0), in: levels)]) }
  }

  /// The palette for pictures with an optional overlay.
  /// - Parameters:
  ///   - greys: Grey levels, 2...128: 64 for reading, 32 for slow links, 16 for drafts.
  ///   - colormap: The overlay's map, or `nil` when there is none.
  ///   - tints: Colours that masks are filled or outlined with, where there is no colormap.
  ///   - lines: Colours of outlines, kept as they are beside any colormap.
  ///   - opacity: The overlay's opacity.
  ///   - heatSteps: Heat colours per picture.
  ///   - limit: Colour registers of the terminal, at most 256.
  public init(
    greys: Int = 64, colormap: Colormap? = nil, tints: [RGB8] = [], lines: [RGB8] = [],
    opacity: Float = 0.6, heatSteps: Int = 24, limit: Int = 256
  ) {
    let room = min(max(limit, 4), 256)
    let count = min(max(greys, 2), 128, room)
    var colours = (0..<count).map { RGB8(grey: Self.level($0, of: count)) }
    if room - colours.count >= 8 {
      colours += [PictureStyle.accent, PictureStyle.contour]
      if count < 128 { colours.append(PictureStyle.mark) }
      colours += lines
    }
    let free = room - colours.count
    let heats = colormap.map { $0.steps(min(max(heatSteps, 2), max(free, 1))) } ?? tints
    if free > 0, !heats.isEmpty {
      let under = min(max(free / heats.count, 1), 8)
      for heat in heats.prefix(free) {
        for n in 0..<under {
          // Middles of equal grey intervals: the mean error is smallest there.
          let grey = RGB8(grey: UInt8((Float(n) + 0.5) / Float(under) * 255))
          colours.append(grey.mixed(with: heat, opacity: opacity))
        }
      }
    }
    self.init(colours)
  }

  /// A picture in palette indices.
  /// - Parameter fine: The part in all greys, where not all of it is.
  public func indexed(_ picture: RGBRaster, fine: FineZone? = nil) -> IndexedPicture {
    var memo = [Int16](repeating: -1, count: 1 << 15)
    var indices = [UInt8](repeating: 0, count: picture.pixels.count)
    picture.pixels.withUnsafeBufferPointer { source in
      indices.withUnsafeMutableBufferPointer { out in
        for row in 0..<picture.rows {
          let whole = 0..<picture.columns
          let fineColumns = fine.map { row < $0.columns.count ? $0.columns[row] : 0..<0 } ?? whole
          for column in whole {
            let n = row * picture.columns + column
            let p = source[n]
            if p.r == p.g && p.g == p.b {
              let isFine = fineColumns.contains(column)
              out[n] = isFine ? greyIndex[Int(p.r)] : coarseIndex[Int(p.r)]
              continue
            }
            let key = Int(p.r >> 3) << 10 | Int(p.g >> 3) << 5 | Int(p.b >> 3)
            if memo[key] < 0 { memo[key] = Int16(Self.nearestToCell(key, in: colours)) }
            out[n] = UInt8(truncatingIfNeeded: memo[key])
          }
        }
      }
    }
    return IndexedPicture(
      indices: Raster(rows: picture.rows, columns: picture.columns, pixels: indices),
      palette: self)
  }

  /// A grey level at even distances from black to white.
  private static func level(_ n: Int, of count: Int) -> UInt8 {
    UInt8((Double(n) * 255 / Double(max(count - 1, 1))).rounded())
  }

  /// The nearest colour to the middle of a 5-bit colour cell.
  private static func nearestToCell(_ key: Int, in colours: [RGB8]) -> Int {
    nearest(
      RGB8(
        r: UInt8((key >> 10) << 3 | 4), g: UInt8(((key >> 5) & 31) << 3 | 4),
        b: UInt8((key & 31) << 3 | 4)), in: colours)
  }

  /// The first of the nearest colours, green counting most as the eye does.
  static func nearest(_ c: RGB8, in colours: [RGB8]) -> Int {
    var best = (index: 0, distance: Int.max)
    for (n, p) in colours.enumerated() {
      let r = Int(c.r) - Int(p.r)
      let g = Int(c.g) - Int(p.g)
      let b = Int(c.b) - Int(p.b)
      let distance = 3 * r * r + 6 * g * g + 2 * b * b
      if distance < best.distance { best = (n, distance) }
    }
    return best.index
  }
}

/// A picture of palette indices.
public struct IndexedPicture: Equatable, Sendable {
  /// The indices into the palette's colours.
  public let indices: Raster<UInt8>
  /// The colours.
  public let palette: SixelPalette

  /// The picture in the palette's colours.
  public var picture: RGBRaster { indices.map { palette.colours[Int($0)] } }
}
