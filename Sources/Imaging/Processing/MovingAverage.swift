/// A moving average over values with gaps.
public enum MovingAverage {
  /// The mean of the values within `window` places centred on each place that has a value.
  ///
  /// NaN marks a gap: it is left out of the means and stays NaN. Near the ends and beside gaps
  /// the part that exists is used.
  public static func of(_ values: [Float], window: Int = 5) -> [Float] {
    let half = max(window, 1) / 2
    return values.indices.map { n in
      guard !values[n].isNaN else { return .nan }
      var sum: Float = 0
      var count: Float = 0
      for m in max(n - half, 0)...min(n + half, values.count - 1) where !values[m].isNaN {
        sum += values[m]
        count += 1
      }
      return sum / count
    }
  }
}
