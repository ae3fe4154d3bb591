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
}
