/// Otsu's threshold: the cut that maximises the variance between the two classes (Otsu 1979).
public enum Otsu {
  /// The threshold of a 256-bin histogram over the finite values; brighter values lie above it.
  ///
  /// `nil` when fewer than two different finite values exist.
  public static func threshold(of values: [Float], bins: Int = 256) -> Float? {
    guard let histogram = Histogram(values, bins: bins) else { return nil }
    return Float(histogram.centre(bestCut(histogram)))
  }

  /// The two thresholds that part the finite values into three classes.
  ///
  /// `nil` when fewer than three bins of the histogram are filled.
  public static func twoThresholds(
    of values: [Float], bins: Int = 128
  ) -> (lower: Float, upper: Float)? {
    guard let histogram = Histogram(values, bins: bins) else { return nil }
    // Prefix sums of counts and of first moments: class sums are differences.
    var weight = [0.0]
    var moment = [0.0]
    for n in 0..<bins {
      weight.append(weight[n] + histogram.counts[n])
      moment.append(moment[n] + histogram.counts[n] * histogram.centre(n))
    }
    var best = (score: -Double.infinity, lower: 0, upper: 0)
    for a in 1..<max(bins - 1, 1) where weight[a] > 0 {
      for b in (a + 1)..<bins {
        let middle = weight[b] - weight[a]
        let high = weight[bins] - weight[b]
        guard middle > 0, high > 0 else { continue }
        let m1 = moment[b] - moment[a]
        let m2 = moment[bins] - moment[b]
        let low = moment[a] * moment[a] / weight[a]
        let score = low + m1 * m1 / middle + m2 * m2 / high
        if score > best.score { best = (score, a - 1, b - 1) }
      }
    }
    guard best.score.isFinite else { return nil }
    return (Float(histogram.centre(best.lower)), Float(histogram.centre(best.upper)))
  }

  /// Counts of the finite values in bins of equal width from the smallest to the largest.
  private struct Histogram {
    let origin: Double
    let width: Double
    var counts: [Double]

    init?(_ values: [Float], bins: Int) {
      guard bins > 1 else { return nil }
      var low = Float.infinity
      var high = -Float.infinity
      for v in values where v.isFinite {
        low = min(low, v)
        high = max(high, v)
      }
      guard low < high else { return nil }
      origin = Double(low)
      width = (Double(high) - Double(low)) / Double(bins)
      guard width > 0 else { return nil }
      counts = [Double](repeating: 0, count: bins)
      for v in values where v.isFinite {
        counts[min(Int((Double(v) - origin) / width), bins - 1)] += 1
      }
    }

    func centre(_ bin: Int) -> Double { origin + (Double(bin) + 0.5) * width }
  }

  /// The bin after which cutting separates best.
  private static func bestCut(_ histogram: Histogram) -> Int {
    let counts = histogram.counts
    let total = counts.reduce(0, +)
    var sum = 0.0
    for n in counts.indices { sum += counts[n] * histogram.centre(n) }
    var below = 0.0
    var sumBelow = 0.0
    var best = (cut: 0, variance: -1.0)
    for n in 0..<(counts.count - 1) {
      below += counts[n]
      sumBelow += counts[n] * histogram.centre(n)
      let above = total - below
      guard below > 0, above > 0 else { continue }
      let gap = sumBelow / below - (sum - sumBelow) / above
      let variance = below * above * gap * gap
      if variance > best.variance { best = (n, variance) }
    }
    return best.cut
  }
}
