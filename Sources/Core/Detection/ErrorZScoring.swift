internal import Imaging

/// A named scoring: how far a row's signed error stands out of the slice's own errors.
///
/// The core scoring subtracts a running median and so loses lesions longer than half its window, and
/// it counts in cord-to-CSF steps, which a slice full of ghosts or pulsation exceeds everywhere. Here
/// the error keeps its slow part and is divided by the slice's own spread, as the Z-score detector
/// does with the signal (method, section 10).
enum ErrorZScoring {
  /// The curve in robust standard deviations (1.4826 MAD of the core pixels' errors).
  static func curve(
    input: ImageRaster, mean: ImageRaster, reconstructed: MaskRaster, cord: CordGeometry,
    steps: [Float], rowWeight: [Float]
  ) -> AnoCurve? {
    let error = CoreScoring.signedError(
      input: input, mean: mean, reconstructed: reconstructed, cord: cord, steps: steps)
    let known = error.pixels.map { !$0.isNaN }
    guard let centre = Percentiles.median(of: error.pixels, where: known),
      let spread = Percentiles.scaledMAD(of: error.pixels, where: known), spread > 0
    else { return nil }
    let rows = CoreScoring.smoothedRows(error, cord: cord, rowWeight: rowWeight)
    return cord.curve(rows.indices.map { (rows[$0] - centre) / spread * rowWeight[$0] })
  }
}
