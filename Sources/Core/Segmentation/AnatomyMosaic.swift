#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif
internal import Imaging

/// Joins what the network says of overlapping windows of one slice.
///
/// Probabilities of tissues are averaged with weights that fall towards a window's edges, where the
/// network sees least around it; those of levels geometrically, so that a window that does not see C2
/// and cannot tell adds little.
struct AnatomyMosaic {
  /// Rows and columns between the first pixels of neighbouring windows.
  static let step = SagittalGrid.side / 2

  private var tissues: [ImageRaster]
  private var levels: [ImageRaster]
  private var weight: ImageRaster

  /// An empty mosaic of a shape in px.
  init(rows: Int, columns: Int) {
    let empty = ImageRaster(rows: rows, columns: columns, filledWith: 0)
    tissues = Array(repeating: empty, count: AnatomyTissue.allCases.count)
    levels = Array(repeating: empty, count: AnatomyLevel.allCases.count)
    weight = empty
  }

  /// The first pixels of the windows along a side of `length` px that is at least one window long.
  static func starts(_ length: Int) -> [Int] {
    let last = length - SagittalGrid.side
    guard last > 0 else { return [0] }
    let count = (last + step - 1) / step
    return (0...count).map { $0 * last / count }
  }

  /// Adds a window whose first pixel lies at a row and column of the mosaic.
  ///
  /// - Parameter covered: the pixels of the mosaic that were imaged; others are not said anything of.
  mutating func add(
    _ window: AnatomyPrediction, row: Int, column: Int, covered: MaskRaster
  ) {
    let side = window.side
    let half = side / 2
    for r in 0..<side where row + r < weight.rows {
      for c in 0..<side where column + c < weight.columns {
        let index = (row + r) * weight.columns + column + c
        guard covered.pixels[index] else { continue }
        let share = Self.share(r, side) * Self.share(c, side)
        weight.pixels[index] += share
        for k in tissues.indices {
          tissues[k].pixels[index] += share * window.tissues[(r * side + c) * tissues.count + k]
        }
        let block = (r / 2) * half + c / 2
        for k in levels.indices {
          let p = window.levels[block * levels.count + k]
          levels[k].pixels[index] += share * log(max(p, Self.leastProbability))
        }
      }
    }
  }

  /// The joined maps.
  func maps() -> AnatomyMaps {
    func divided(_ map: ImageRaster) -> ImageRaster {
      var map = map
      for index in map.pixels.indices where weight.pixels[index] > 0 {
        map.pixels[index] /= weight.pixels[index]
      }
      return map
    }
    return AnatomyMaps(tissues: tissues.map(divided), levels: levels.map(divided))
  }

  /// A level is never ruled out beyond this: what is said with certainty may still be wrong.
  private static let leastProbability: Float = 1e-3

  /// 1 in the middle of a window, falling to a tenth at its edges.
  private static func share(_ place: Int, _ side: Int) -> Float {
    let middle = Float(side - 1) / 2
    return 1 - 0.9 * abs(Float(place) - middle) / middle
  }
}
