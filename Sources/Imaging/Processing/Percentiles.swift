/// Exact percentiles with linear interpolation between ranks (numpy's default).
///
/// Values that are not finite are left out. All functions return `nil` when nothing is left.
public enum Percentiles {
  /// The percentiles (0...100) of the values, or of those under a mask of the same length.
  /// - Complexity: O(n) for long arrays: two counting passes per rank instead of a sort.
  public static func values(
    _ percents: [Double], of values: [Float], where mask: [Bool]? = nil
  ) -> [Float]? {
    let finite = finiteValues(values, where: mask)
    guard !finite.isEmpty else { return nil }
    let last = Double(finite.count - 1)
    let positions = percents.map { min(max($0, 0), 100) / 100 * last }
    var ranks: [Int] = []
    for position in positions {
      let low = position.isFinite ? Int(position) : 0
      ranks.append(low)
      ranks.append(min(low + 1, finite.count - 1))
    }
    let found = select(ranks, from: finite)
    return positions.indices.map { n in
      let fraction = positions[n].isFinite ? positions[n] - positions[n].rounded(.down) : 0
      let low = Double(found[2 * n])
      return Float(low + (Double(found[2 * n + 1]) - low) * fraction)
    }
  }

  /// One percentile (0...100).
  public static func value(
    _ percent: Double, of values: [Float], where mask: [Bool]? = nil
  ) -> Float? {
    self.values([percent], of: values, where: mask)?.first
  }

  /// The median.
  public static func median(of values: [Float], where mask: [Bool]? = nil) -> Float? {
    value(50, of: values, where: mask)
  }

  /// The median absolute deviation from the median, times 1.4826 (the normal distribution's SD).
  public static func scaledMAD(of values: [Float], where mask: [Bool]? = nil) -> Float? {
    guard let centre = median(of: values, where: mask) else { return nil }
    return median(of: values.map { abs($0 - centre) }, where: mask).map { $0 * 1.4826 }
  }

  /// The finite values, under the mask if there is one.
  static func finiteValues(_ values: [Float], where mask: [Bool]?) -> [Float] {
    guard let mask else { return values.filter { $0.isFinite } }
    precondition(mask.count == values.count, "mask and values differ in length")
    var result: [Float] = []
    for n in values.indices where mask[n] && values[n].isFinite { result.append(values[n]) }
    return result
  }

  /// The values at the given ranks of the sorted order.
  static func select(_ ranks: [Int], from values: [Float]) -> [Float] {
    if values.count <= 8192 {
      let sorted = values.sorted()
      return ranks.map { sorted[$0] }
    }
    var high = [Int](repeating: 0, count: 65536)
    values.withUnsafeBufferPointer { source in
      for v in source { high[Int(key(v) >> 16)] += 1 }
    }
    var lowTables: [Int: (below: Int, counts: [Int])] = [:]
    return ranks.map { rank in
      var bin = 0
      var below = 0
      while below + high[bin] <= rank {
        below += high[bin]
        bin += 1
      }
      let table = lowTables[bin] ?? (below, lowCounts(values, bin: bin))
      lowTables[bin] = table
      var rest = rank - table.below
      var low = 0
      while rest >= table.counts[low] {
        rest -= table.counts[low]
        low += 1
      }
      return value(ofKey: UInt32(bin) << 16 | UInt32(low))
    }
  }

  /// How often each lower half occurs among the keys with one upper half.
  private static func lowCounts(_ values: [Float], bin: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: 65536)
    values.withUnsafeBufferPointer { source in
      for v in source {
        let k = key(v)
        if Int(k >> 16) == bin { counts[Int(k & 0xFFFF)] += 1 }
      }
    }
    return counts
  }

  /// An integer that sorts as the float does.
  @inline(__always)
  private static func key(_ v: Float) -> UInt32 {
    let bits = v.bitPattern
    return bits & 0x8000_0000 != 0 ? ~bits : bits | 0x8000_0000
  }

  /// The float of a sorting key.
  private static func value(ofKey k: UInt32) -> Float {
    Float(bitPattern: k & 0x8000_0000 != 0 ? k & 0x7FFF_FFFF : ~k)
  }
}
