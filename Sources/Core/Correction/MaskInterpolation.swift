public import Imaging

/// Shapes between two drawn ones (Raya and Udupa 1990, shape-based interpolation): the signed distances
/// to both outlines are mixed by position, and what is inside of the mixture is the mask.
public enum MaskInterpolation {
  /// Masks at equal steps between two masks of one grid.
  ///
  /// - Parameter steps: how many.
  /// - Throws: `EditRefusal` where the grids differ, or one of the masks is empty.
  public static func between(
    _ first: MaskRaster, _ last: MaskRaster, steps: Int
  ) throws -> [MaskRaster] {
    guard first.rows == last.rows, first.columns == last.columns else {
      throw EditRefusal("the two slices have different grids")
    }
    guard first.pixels.contains(true), last.pixels.contains(true) else {
      throw EditRefusal("nothing is drawn on one of the two slices")
    }
    guard steps > 0 else { return [] }
    let (a, b) = (signedDistances(first), signedDistances(last))
    return (1...steps).map { step in
      let t = Float(step) / Float(steps + 1)
      let inside = zip(a.pixels, b.pixels).map { $0 * (1 - t) + $1 * t > 0 }
      return MaskRaster(rows: first.rows, columns: first.columns, pixels: inside)
    }
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
