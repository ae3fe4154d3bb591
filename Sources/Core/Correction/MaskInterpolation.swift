public import Imaging

/// Shapes between two drawn ones (Raya and Udupa 1990, shape-based interpolation): the signed distances
/// to both outlines are mixed by position, and what is inside of the mixture is the mask.
///
/// Shapes that share no pixel leave nothing inside so; they are first brought to one place by their centroids, to
/// a whole px, and the mixture to its place between them (object centralisation as in Lee and Wang 2000,
/// IEEE TMI 19:711).
public enum MaskInterpolation {
  /// Masks at equal steps between two masks of one grid; one may be empty where shapes that share no pixel
  /// differ much.
  ///
  /// - Parameter steps: how many.
  /// - Throws: `EditRefusal` where the grids differ, or one of the masks is empty.
  public static func between(
    _ first: MaskRaster, _ last: MaskRaster, steps: Int
  ) throws -> [MaskRaster] {
    guard first.rows == last.rows, first.columns == last.columns else {
      throw EditRefusal("the two slices have different grids")
    }
    guard let start = centroid(first), let end = centroid(last) else {
      throw EditRefusal("nothing is drawn on one of the two slices")
    }
    guard steps > 0 else { return [] }
    let (a, b) = (signedDistances(first), signedDistances(last))
    let apart = (end - start).rounded(.toNearestOrAwayFromZero)
    let way = overlap(first, last) ? SIMD2<Double>.zero : apart
    return (1...steps).map { step in
      let t = Double(step) / Double(steps + 1)
      let moved = (way * t).rounded(.toNearestOrAwayFromZero)
      let (near, far) = (shifted(a, by: moved), shifted(b, by: moved - way))
      let part = Float(t)
      let inside = zip(near.pixels, far.pixels).map { $0 * (1 - part) + $1 * part > 0 }
      return MaskRaster(rows: first.rows, columns: first.columns, pixels: inside)
    }
  }

  /// Whether two masks of one grid share a pixel.
  static func overlap(_ a: MaskRaster, _ b: MaskRaster) -> Bool {
    zip(a.pixels, b.pixels).contains { $0 && $1 }
  }

  /// Column and row of the middle of a mask; `nil` of an empty one.
  private static func centroid(_ mask: MaskRaster) -> SIMD2<Double>? {
    var (sum, count) = (SIMD2<Double>.zero, 0.0)
    for n in mask.pixels.indices where mask.pixels[n] {
      sum += SIMD2(Double(n % mask.columns), Double(n / mask.columns))
      count += 1
    }
    return count > 0 ? sum / count : nil
  }

  /// Signed distances moved by whole px, columns first; what comes from beyond the raster is as far outside of its edge.
  private static func shifted(_ map: ImageRaster, by step: SIMD2<Double>) -> ImageRaster {
    guard step != .zero else { return map }
    let (columns, rows) = (Int(step.x), Int(step.y))
    var result = map
    for row in 0..<map.rows {
      for column in 0..<map.columns {
        let (fromRow, fromColumn) = (row - rows, column - columns)
        let nearRow = min(max(fromRow, 0), map.rows - 1)
        let nearColumn = min(max(fromColumn, 0), map.columns - 1)
        let beyond = SIMD2(Double(fromColumn - nearColumn), Double(fromRow - nearRow))
        result[row, column] = map[nearRow, nearColumn] - Float((beyond * beyond).sum().squareRoot())
      }
    }
    return result
  }

  /// The distance in px of each pixel's centre from the outline, which runs half a pixel outside of the
  /// outermost pixels: above 0 inside, below 0 outside.
  static func signedDistances(_ mask: MaskRaster) -> ImageRaster {
    let inside = DistanceTransform.distances(mask)
    let outside = DistanceTransform.distances(mask.map { !$0 })
    var result = inside
    for n in result.pixels.indices {
      // A mask that fills its raster has no outline: it is deep everywhere.
      let depth = mask.pixels[n] ? inside.pixels[n] - 0.5 : 0.5 - outside.pixels[n]
      result.pixels[n] = min(max(depth, -1e6), 1e6)
    }
    return result
  }
}
