internal import Imaging

/// How much of the picture's fine structure comes back higher or lower in the same columns: ghosts
/// along the cord, as motion and swallowing make them with phase encoding from head to foot.
///
/// They fall on the body itself, where `MotionCheck` does not look. Fine structure is what a Gaussian of
/// 1 mm along the columns keeps and one of 4 mm takes away, over its root mean square within 8 mm, so that the
/// faint echo of a bright edge counts as the edge does.
struct EchoCheck: Equatable {
  /// The largest correlation of the fine structure with itself at another height.
  var likeness: Double
  /// The distance of the two heights, in mm.
  var distanceMM: Double

  /// Likeness from which on echoes are flagged.
  ///
  /// Clean studies have at most 0.038, 99 of 102 phantoms at most 0.071 (decision 015).
  static let most = 0.075

  private static let fineMM = 1.0
  private static let coarseMM = 4.0
  private static let nearMM = 8.0
  /// Part of the largest structure under which there is none.
  private static let flat: Float = 1e-3
  /// Vertebrae and the curve of the neck are alike over shorter ways.
  private static let leastMM = 25.0
  private static let mostMM = 150.0
  /// Height that must lie on itself.
  private static let overlapMM = 40.0

  /// Measures a slice on the canonical grid; `nil` where too little of its height was acquired.
  init?(_ image: ImageRaster, covered: MaskRaster) {
    func pixels(_ mm: Double) -> Int { Int((mm / SagittalGrid.spacing).rounded()) }
    guard let acquired = covered.boundingBox() else { return nil }
    let longest = min(pixels(Self.mostMM), acquired.rows.count - pixels(Self.overlapMM))
    guard pixels(Self.leastMM) <= longest else { return nil }
    let detail = Self.detail(image, covered)
    let found = (pixels(Self.leastMM)...longest)
      .map { (lag: $0, likeness: Self.likeness(detail, lag: $0)) }
      .max { $0.likeness < $1.likeness }
    guard let found else { return nil }
    likeness = Double(found.likeness)
    distanceMM = Double(found.lag) * SagittalGrid.spacing
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

  private static func likeness(_ detail: ImageRaster, lag: Int) -> Float {
    let shift = lag * detail.columns
    return detail.pixels.withUnsafeBufferPointer { p in
      var (product, above, below): (Float, Float, Float) = (0, 0, 0)
      for n in 0..<(p.count - shift) {
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
    guard likeness >= Self.most else { return nil }
    return QualityIssue.motion.flag(
      "The picture's fine structure comes back \(Int(distanceMM.rounded())) mm higher or lower "
        + "(\((likeness * 100).tenths) % alike, \((Self.most * 100).tenths) % at most): ghosts of motion "
        + "along the cord lie over the picture.")
  }
}
