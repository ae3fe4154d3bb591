public import Imaging

/// What the anatomy network says of a sagittal slice as maps on the canonical pixel grid, of any height.
public struct AnatomyMaps: Sendable {
  /// Probability of each ``AnatomyTissue`` in order, summing to 1 where the slice was seen, 0 elsewhere.
  public var tissues: [ImageRaster]
  /// Natural log of the probability of each ``AnatomyLevel`` in order, should the pixel be bone or disc.
  public var levels: [ImageRaster]

  /// Makes a set of maps, which share one shape.
  public init(tissues: [ImageRaster], levels: [ImageRaster]) {
    precondition(
      tissues.count == AnatomyTissue.allCases.count && levels.count == AnatomyLevel.allCases.count,
      "one map per class")
    self.tissues = tissues
    self.levels = levels
  }

  /// Rows of the maps.
  public var rows: Int { tissues[0].rows }
  /// Columns of the maps.
  public var columns: Int { tissues[0].columns }

  /// The probability map of a tissue.
  public subscript(_ tissue: AnatomyTissue) -> ImageRaster { tissues[Int(tissue.rawValue)] }

  /// Probability of cord or fluid: the canal.
  public var canal: ImageRaster {
    var sum = self[.cord]
    for (index, value) in self[.csf].pixels.enumerated() { sum.pixels[index] += value }
    return sum
  }

  /// The likeliest tissue of every pixel, numbers of ``AnatomyTissue``; background where nothing was
  /// seen.
  public var likeliestTissue: Raster<UInt8> {
    var best = Raster<UInt8>(rows: rows, columns: columns, filledWith: 0)
    for index in best.pixels.indices {
      for tissue in tissues.indices.dropFirst()
      where tissues[tissue].pixels[index] > tissues[Int(best.pixels[index])].pixels[index] {
        best.pixels[index] = UInt8(tissue)
      }
    }
    return best
  }

  /// The mean of neighbouring slices; `nil` without any.
  public static func mean(_ slices: [AnatomyMaps]) -> AnatomyMaps? {
    guard var result = slices.first else { return nil }
    let share = 1 / Float(slices.count)
    func average(_ maps: KeyPath<AnatomyMaps, [ImageRaster]>) -> [ImageRaster] {
      result[keyPath: maps].indices.map { map in
        var sum = result[keyPath: maps][map].map { $0 * share }
        for other in slices.dropFirst() {
          let pixels = other[keyPath: maps][map].pixels
          for index in pixels.indices { sum.pixels[index] += pixels[index] * share }
        }
        return sum
      }
    }
    let tissues = average(\.tissues)
    result.levels = average(\.levels)
    result.tissues = tissues
    return result
  }
}

extension ImageRaster {
  /// The value at a fractional pixel position inside the raster, bilinear; the edge's beyond it.
  func interpolated(row: Double, column: Double) -> Float {
    let y = Swift.min(Swift.max(row, 0), Double(rows - 1))
    let x = Swift.min(Swift.max(column, 0), Double(columns - 1))
    let (r, c) = (Int(y), Int(x))
    let (below, right) = (Swift.min(r + 1, rows - 1), Swift.min(c + 1, columns - 1))
    let (t, u) = (Float(y - Double(r)), Float(x - Double(c)))
    let upper = self[r, c] * (1 - u) + self[r, right] * u
    let lower = self[below, c] * (1 - u) + self[below, right] * u
    return upper * (1 - t) + lower * t
  }
}
