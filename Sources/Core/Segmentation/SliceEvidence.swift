internal import Imaging

/// What is kept of one slice until all are known.
struct SliceEvidence {
  /// The slice, counted from the patient's left.
  let index: Int
  /// Where its maps lie.
  let grid: SagittalGrid
  /// Probability of cord.
  let cord: ImageRaster
  /// Probability of cord or fluid.
  let canal: ImageRaster
  /// The likeliest tissue of every pixel, ``AnatomyTissue``.
  let tissue: Raster<UInt8>

  init(index: Int, grid: SagittalGrid, maps: AnatomyMaps) {
    self.index = index
    self.grid = grid
    cord = maps[.cord]
    canal = maps.canal
    tissue = maps.likeliestTissue
  }

  /// Widest dark line in px between displaced disc and fluid that is taken for ligament and dura.
  private static let widestLining = 2

  /// The tissues, with the lining between displaced disc and canal as disc.
  ///
  /// On T2 disc, posterior ligament and dura are one dark band, which readers measure as a whole: what
  /// is displaced reaches to the fluid.
  var tissueWithLining: Raster<UInt8> {
    var result = tissue
    let protrusion = AnatomyTissue.discProtrusion.rawValue
    for row in 0..<tissue.rows {
      // Columns rise towards posterior.
      var last: Int?
      for column in 0..<tissue.columns {
        if tissue[row, column] == protrusion {
          last = column
        } else if canal[row, column] > 0.5, let first = last {
          let gap = first + 1..<column
          if gap.count <= Self.widestLining,
            gap.allSatisfy({ tissue[row, $0] == AnatomyTissue.background.rawValue })
          {
            for between in gap { result[row, between] = protrusion }
          }
          last = nil
        }
      }
    }
    return result
  }
}
