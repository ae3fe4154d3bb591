/// Binary morphology on rasters. What lies beyond the raster takes no part: a mask that reaches
/// the edge is not eroded there, and nothing grows in from outside.
public enum Morphology {
  /// The pixels under a 3x3 structuring element.
  public enum Element: Sendable {
    /// All nine.
    case square
    /// The centre and its four edge neighbours.
    case cross
  }

  /// Keeps the pixels whose whole 3x3 neighbourhood is true, `iterations` times.
  public static func erode(
    _ mask: MaskRaster, element: Element = .square, iterations: Int = 1
  ) -> MaskRaster {
    var result = mask
    for _ in 0..<max(iterations, 0) { result = sweep(result, element, keeping: true) }
    return result
  }

  /// Sets the pixels that have a true one in their 3x3 neighbourhood, `iterations` times.
  public static func dilate(
    _ mask: MaskRaster, element: Element = .square, iterations: Int = 1
  ) -> MaskRaster {
    var result = mask
    for _ in 0..<max(iterations, 0) { result = sweep(result, element, keeping: false) }
    return result
  }

  /// Removes what a disc of the radius does not fit into at its centre: keeps the pixels farther
  /// than `radiusMM` from the nearest false pixel's centre.
  public static func erode(
    _ mask: MaskRaster, radiusMM: Double, spacingMM: Double = SagittalGrid.spacing
  ) -> MaskRaster {
    let limit = Float(radiusMM / spacingMM)
    return DistanceTransform.distances(mask).map { $0 > limit }
  }

  /// Grows the mask by a disc: sets the pixels within `radiusMM` of a true pixel's centre.
  public static func dilate(
    _ mask: MaskRaster, radiusMM: Double, spacingMM: Double = SagittalGrid.spacing
  ) -> MaskRaster {
    let limit = Float(radiusMM / spacingMM)
    return DistanceTransform.distances(mask.map { !$0 }).map { $0 <= limit }
  }

  /// Erosion followed by dilation: removes specks and spurs.
  public static func open(_ mask: MaskRaster, element: Element = .square) -> MaskRaster {
    dilate(erode(mask, element: element), element: element)
  }

  /// Dilation followed by erosion: closes gaps.
  public static func close(_ mask: MaskRaster, element: Element = .square) -> MaskRaster {
    erode(dilate(mask, element: element), element: element)
  }

  /// Sets every false pixel that cannot be reached from the raster's edge through edge-sharing
  /// false pixels.
  public static func fillHoles(_ mask: MaskRaster) -> MaskRaster {
    let background = ConnectedComponents.label(mask.map { !$0 }, connectivity: .four)
    var result = mask
    let inner = background.components.filter { c in
      c.rows.lowerBound > 0 && c.rows.upperBound < mask.rows - 1
        && c.columns.lowerBound > 0 && c.columns.upperBound < mask.columns - 1
    }
    guard !inner.isEmpty else { return result }
    var isHole = [Bool](repeating: false, count: background.components.count + 1)
    for c in inner { isHole[Int(c.label)] = true }
    for n in result.pixels.indices where isHole[Int(background.labels.pixels[n])] {
      result.pixels[n] = true
    }
    return result
  }

  /// One pass: `keeping` asks that all neighbours be true, else that any be.
  private static func sweep(
    _ mask: MaskRaster, _ element: Element, keeping all: Bool
  ) -> MaskRaster {
    var result = mask
    let steps: [(Int, Int)] =
      element == .cross
      ? [(-1, 0), (0, -1), (0, 1), (1, 0)]
      : [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]
    for row in 0..<mask.rows {
      for column in 0..<mask.columns where mask[row, column] == all {
        for (dr, dc) in steps where mask.contains(row: row + dr, column: column + dc) {
          if mask[row + dr, column + dc] != all {
            result[row, column] = !all
            break
          }
        }
      }
    }
    return result
  }
}
