internal import Imaging

/// A named scoring: how far a row's signed error stands out of the slice's own errors.
///
/// The core scoring subtracts a running median and so loses lesions longer than half its window, and
/// it counts in cord-to-CSF steps, which a slice full of ghosts or pulsation exceeds everywhere. Here
/// the error keeps its slow part and is divided by the slice's own spread, as the Z-score detector
/// does with the signal (method, section 10).
enum ErrorZScoring {
  /// The curve in robust standard deviations (1.4826 MAD of the smoothed rows' errors).
  static func curve(
    input: ImageRaster, mean: ImageRaster, reconstructed: MaskRaster, cord: CordGeometry,
    steps: [Float], rowWeight: [Float]
  ) -> AnoCurve? {
    let error = CoreScoring.signedError(
      input: input, mean: mean, reconstructed: reconstructed, cord: cord, steps: steps)
    let rows = CoreScoring.smoothedRows(error, cord: cord, rowWeight: rowWeight)
    let known = rows.filter(\.isFinite)
    guard let centre = Percentiles.median(of: known),
      let deviation = Percentiles.median(of: known.map { abs($0 - centre) }), deviation > 0
    else { return nil }
    return cord.curve(
      rows.indices.map { (rows[$0] - centre) / (1.4826 * deviation) * rowWeight[$0] })
  }
}
