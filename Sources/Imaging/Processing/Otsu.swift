/// Otsu's threshold: the cut that maximises the variance between the two classes (Otsu 1979).
public enum Otsu {
  /// The threshold of a 256-bin histogram over the finite values; brighter values lie above it.
  ///
  /// `nil` when fewer than two different finite values exist.
  public static func threshold(of values: [Float], bins: Int = 256) -> Float? {
    guard bins > 1 else { return nil }
    var low = Float.infinity
    var high = -Float.infinity
    for v in values where v.isFinite {
      low = min(low, v)
      high = max(high, v)
    }
    guard low < high else { return nil }
    let origin = Double(low)
    let width = (Double(high) - origin) / Double(bins)
    guard width.isFinite, width > 0 else { return nil }
    var counts = [Double](repeating: 0, count: bins)
    for v in values where v.isFinite {
      counts[min(Int((Double(v) - origin) / width), bins - 1)] += 1
    }
    let centres = (0..<bins).map { origin + (Double($0) + 0.5) * width }
    return Float(centres[bestCut(counts, centres)])
  }

  /// The bin after which cutting separates best.
  private static func bestCut(_ counts: [Double], _ centres: [Double]) -> Int {
    let total = counts.reduce(0, +)
    var sum = 0.0
    for n in counts.indices { sum += counts[n] * centres[n] }
    var below = 0.0
    var sumBelow = 0.0
    var best = (cut: 0, variance: -1.0)
    for n in 0..<(counts.count - 1) {
      below += counts[n]
      sumBelow += counts[n] * centres[n]
      let above = total - below
      guard below > 0, above > 0 else { continue }
      let gap = sumBelow / below - (sum - sumBelow) / above
      let variance = below * above * gap * gap
      if variance > best.variance { best = (n, variance) }
    }
    return best.cut
  }
}
