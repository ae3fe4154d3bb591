internal import Imaging

/// How much of the picture's fine structure comes back elsewhere in the same columns or rows: ghosts
/// along the cord, as motion and swallowing make them with phase encoding from head to foot, and ghosts
/// from front to back, as a patient makes who moved once between two parts of the acquisition.
///
/// They fall on the body itself, where `MotionCheck` does not look. Fine structure is what a Gaussian of
/// 1 mm along the direction keeps and one of 4 mm takes away, over its root mean square within 8 mm, so that the
/// faint echo of a bright edge counts as the edge does.
struct EchoCheck: Equatable {
  /// The direction in which structure comes back.
  enum Direction {
    /// Along the columns.
    case alongCord
    /// Along the rows, from front to back.
    case acrossCord

    /// Likeness from which on echoes are flagged.
    ///
    /// Along the cord clean studies have at most 0.052 (a crop of errsm 23; whole ones 0.044), 99 of 102 phantoms
    /// at most 0.071; across it clean studies have at most 0.07, 96 phantoms without ghosts at most 0.14
    /// (decision 015).
    var most: Double { self == .alongCord ? 0.075 : 0.15 }

    /// The longest way looked at. Farther across, skin in front and skin behind lie on each other.
    fileprivate var mostMM: Double { self == .alongCord ? 150 : 100 }

    /// Least likeness of either half of what lies on itself. Ghosts come in front of and behind what makes
    /// them; two straight edges of the body that happen to be parallel are one pair.
    fileprivate var leastOfHalves: Float? { self == .alongCord ? nil : 0.06 }
  }

  /// The direction that was looked in.
  var direction: Direction
  /// The largest correlation of the fine structure with itself at another place.
  var likeness: Double
  /// The distance of the two places, in mm; 0 where there are none.
  var distanceMM: Double

  private static let fineMM = 1.0
  private static let coarseMM = 4.0
  private static let nearMM = 8.0
  /// Part of the largest structure under which there is none.
  private static let flat: Float = 1e-3
  /// Vertebrae and the curve of the neck are alike over shorter ways.
  private static let leastMM = 25.0
  /// Length that must lie on itself.
  private static let overlapMM = 40.0

  /// Least width and height of what was acquired for echoes across: in narrower views a pair of edges is
  /// half of all there is (`t2_fake_lesion`, 79 mm wide, is 20 % alike unmoved).
  private static let leastViewMM = 100.0

  /// Measures a slice on the canonical grid; `nil` where too little of it was acquired.
  init?(_ image: ImageRaster, covered: MaskRaster, _ direction: Direction = .alongCord) {
    func pixels(_ mm: Double) -> Int { Int((mm / SagittalGrid.spacing).rounded()) }
    // Lines are rows of what is looked at, in either direction.
    let isAlong = direction == .alongCord
    let covered = isAlong ? covered : covered.transposed
    guard let box = covered.boundingBox() else { return nil }
    let acquired = box.rows
    guard isAlong || min(box.rows.count, box.columns.count) >= pixels(Self.leastViewMM) else {
      return nil
    }
    let longest = min(pixels(direction.mostMM), acquired.count - pixels(Self.overlapMM))
    guard pixels(Self.leastMM) <= longest else { return nil }
    let detail = Self.detail(isAlong ? image : image.transposed, covered)
    var found: (lag: Int, likeness: Float)?
    for lag in pixels(Self.leastMM)...longest {
      let rows = acquired.lowerBound..<(acquired.upperBound - lag)
      let likeness = Self.likeness(detail, lag: lag, rows)
      guard likeness > found?.likeness ?? -1,
        Self.isEven(detail, lag: lag, rows, least: direction.leastOfHalves)
      else { continue }
      found = (lag, likeness)
    }
    self.direction = direction
    likeness = Double(found?.likeness ?? 0)
    distanceMM = Double(found?.lag ?? 0) * SagittalGrid.spacing
  }

  /// Whether both halves of some rows are alike to what lies below them, where that is asked for.
  private static func isEven(
    _ detail: ImageRaster, lag: Int, _ rows: Range<Int>, least: Float?
  ) -> Bool {
    guard let least else { return true }
    let middle = rows.lowerBound + rows.count / 2
    return likeness(detail, lag: lag, rows.lowerBound..<middle) >= least
      && likeness(detail, lag: lag, middle..<rows.upperBound) >= least
  }

  /// The fine structure, about 1 in size where there is any, and 0 beyond what was acquired.
  private static func detail(_ image: ImageRaster, _ covered: MaskRaster) -> ImageRaster {
    let whole = extended(image, covered)
    func blurred(_ mm: Double) -> ImageRaster {
      Gaussian.blur(whole, sigmaRows: mm / SagittalGrid.spacing, sigmaColumns: 0)
    }
    var (fine, coarse) = (blurred(fineMM), blurred(coarseMM))
    for n in fine.pixels.indices {
      fine.pixels[n] = covered.pixels[n] ? fine.pixels[n] - coarse.pixels[n] : 0
      coarse.pixels[n] = fine.pixels[n] * fine.pixels[n]
    }
    let power = Gaussian.blur(coarse, sigma: nearMM / SagittalGrid.spacing)
    let least = flat * (whole.pixels.map(abs).max() ?? 0)
    for n in fine.pixels.indices {
      let size = power.pixels[n].squareRoot()
      fine.pixels[n] = size > least ? fine.pixels[n] / size : 0
    }
    return fine
  }

  /// Every column goes on beyond what was acquired as it ends there: its end is no structure.
  private static func extended(_ image: ImageRaster, _ covered: MaskRaster) -> ImageRaster {
    var result = image
    for column in 0..<image.columns {
      guard let top = (0..<image.rows).first(where: { covered[$0, column] }),
        let bottom = (0..<image.rows).last(where: { covered[$0, column] })
      else { continue }
      for row in 0..<top { result[row, column] = image[top, column] }
      for row in bottom..<image.rows { result[row, column] = image[bottom, column] }
    }
    return result
  }

  /// The correlation of some rows with those that lie `lag` rows below them.
  private static func likeness(_ detail: ImageRaster, lag: Int, _ rows: Range<Int>) -> Float {
    let shift = lag * detail.columns
    return detail.pixels.withUnsafeBufferPointer { p in
      var (product, above, below): (Float, Float, Float) = (0, 0, 0)
      for n in (rows.lowerBound * detail.columns)..<(rows.upperBound * detail.columns) {
        product += p[n] * p[n + shift]
        above += p[n] * p[n]
        below += p[n + shift] * p[n + shift]
      }
      let size = (above * below).squareRoot()
      return size > 0 ? product / size : 0
    }
  }

  /// The flag, where there are echoes.
  var flag: QualityFlag? {
    guard likeness >= direction.most else { return nil }
    let (way, lie) =
      direction == .alongCord
      ? ("higher or lower", "along the cord lie") : ("to the front or back", "across the cord lie")
    return QualityIssue.motion.flag(
      "The picture's fine structure comes back \(Int(distanceMM.rounded())) mm \(way) "
        + "(\((likeness * 100).tenths) % alike, \((direction.most * 100).tenths) % at most): ghosts of "
        + "motion \(lie) over the picture.")
  }
}

extension Raster {
  /// The raster with rows for columns.
  fileprivate var transposed: Raster<Pixel> {
    Raster(
      rows: columns, columns: rows,
      pixels: (0..<columns).flatMap { column in (0..<rows).map { self[$0, column] } })
  }
}
