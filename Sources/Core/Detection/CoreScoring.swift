public import Imaging

/// The default scoring: signed error on core pixels, without slow drift (method, section 6).
public enum CoreScoring {
  /// Rows averaged.
  public static let meanWindow = 5
  /// Rows of the running median that is subtracted (48 mm).
  public static let medianWindow = 61

  /// The curve of a reconstruction in cord-to-CSF steps.
  /// - Parameters:
  ///   - input: The network's input.
  ///   - mean: The mean reconstruction.
  ///   - reconstructed: Pixels that were reconstructed; others are no evidence of normality and
  ///     take no part. `nil` for all.
  ///   - steps: The slice's cord-to-CSF step in units of the input, one per row.
  ///   - levels: The slow level of the cord that the input is free of, one per row, in steps. It is
  ///     put back, so that the drift is subtracted once and not twice (decision 012).
  ///   - rowWeight: One weight per row.
  public static func curve(
    input: ImageRaster, mean: ImageRaster, reconstructed: MaskRaster?, cord: CordGeometry,
    steps: [Float], levels: [Float], rowWeight: [Float]
  ) -> AnoCurve {
    precondition(levels.count == input.rows, "one level per row")
    var signal = signedError(
      input: input, mean: mean, reconstructed: reconstructed, cord: cord, steps: steps)
    for n in signal.pixels.indices { signal.pixels[n] += levels[n / signal.columns] }
    return curve(signal: signal, cord: cord, step: 1, rowWeight: rowWeight)
  }

  /// Input less reconstruction on the core pixels, in cord-to-CSF steps; NaN elsewhere.
  static func signedError(
    input: ImageRaster, mean: ImageRaster, reconstructed: MaskRaster?, cord: CordGeometry,
    steps: [Float]
  ) -> ImageRaster {
    var error = input
    let core = cord.sampledCore
    for n in error.pixels.indices {
      let used = core.pixels[n] && (reconstructed?.pixels[n] ?? true)
      error.pixels[n] = used ? (input.pixels[n] - mean.pixels[n]) / steps[n / input.columns] : .nan
    }
    return error
  }

  /// The curve of any signal on the core pixels (NaN marks pixels without one): row mean, 5-row
  /// mean inside the cord, minus its running median over 61 rows, over the step, times weight.
  public static func curve(
    signal: ImageRaster, cord: CordGeometry, step: Float, rowWeight: [Float]
  ) -> AnoCurve {
    guard step > 0, step.isFinite else { return cord.curve(cord.width.map { _ in .nan }) }
    let smooth = smoothedRows(signal, cord: cord, rowWeight: rowWeight)
    let drift = RunningMedian.of(smooth, window: medianWindow)
    return cord.curve(smooth.indices.map { (smooth[$0] - drift[$0]) / step * rowWeight[$0] })
  }

  /// The mean of a signal on each row's core pixels, averaged over 5 rows inside the cord; NaN
  /// where there is none. Rows of weight 0 have left the slice and take no part.
  public static func smoothedRows(
    _ signal: ImageRaster, cord: CordGeometry, rowWeight: [Float]
  ) -> [Float] {
    MovingAverage.of(rowMeans(signal, cord, rowWeight), window: meanWindow)
  }

  private static func rowMeans(
    _ signal: ImageRaster, _ cord: CordGeometry, _ rowWeight: [Float]
  ) -> [Float] {
    (0..<signal.rows).map { row in
      guard cord.width[row] > 0, rowWeight[row] > 0 else { return .nan }
      if let sections = cord.sections {
        return CrossSections.mean(of: signal, on: sections.core[row])
      }
      var sum: Float = 0
      var count: Float = 0
      for n in (row * signal.columns)..<((row + 1) * signal.columns)
      where cord.core.pixels[n] && !signal.pixels[n].isNaN {
        sum += signal.pixels[n]
        count += 1
      }
      return count > 0 ? sum / count : .nan
    }
  }
}
