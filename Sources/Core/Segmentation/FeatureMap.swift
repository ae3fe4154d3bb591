/// A view of an image of channels in memory: pixels row by row, the channels of a pixel together
/// (NHWC of one image).
///
/// Pixels may lie further apart than their channels, so that a map can be some of another's
/// channels; rows may lie further apart than their pixels, so that a map can have a border.
struct FeatureMap {
  /// Channel 0 of pixel (0, 0).
  let base: UnsafeMutablePointer<Float>
  let rows: Int
  let columns: Int
  let channels: Int
  /// Floats from a pixel to the next in its row.
  let pixelStride: Int
  /// Floats from a row to the next.
  let rowStride: Int

  var pixels: Int { rows * columns }
  /// Whether the pixels lie side by side without anything between them.
  var isDense: Bool { pixelStride == channels && rowStride == columns * channels }

  /// Channel 0 of the first pixel of a row; with a border, rows -1 and `rows` are there too.
  @inline(__always)
  func row(_ row: Int) -> UnsafeMutablePointer<Float> { base + row * rowStride }

  /// Some channels of the map.
  func slice(_ range: Range<Int>) -> FeatureMap {
    FeatureMap(
      base: base + range.lowerBound, rows: rows, columns: columns, channels: range.count,
      pixelStride: pixelStride, rowStride: rowStride)
  }
}

/// The place of a map in a slab that is planned before it exists.
struct MapPlan: Equatable {
  let side: Int
  let channels: Int
  /// Whether a border of one pixel surrounds the map; it is zero and nobody writes there.
  let isPadded: Bool
  /// The slab's float where the map (border included) begins.
  let offset: Int

  /// Floats of the map with its border.
  var count: Int { Self.count(side: side, channels: channels, isPadded: isPadded) }

  static func count(side: Int, channels: Int, isPadded: Bool) -> Int {
    let whole = isPadded ? side + 2 : side
    return whole * whole * channels
  }

  /// The map in a slab.
  func map(_ slab: UnsafeMutablePointer<Float>) -> FeatureMap {
    let rowStride = (isPadded ? side + 2 : side) * channels
    return FeatureMap(
      base: slab + offset + (isPadded ? rowStride + channels : 0), rows: side, columns: side,
      channels: channels, pixelStride: channels, rowStride: rowStride)
  }
}
