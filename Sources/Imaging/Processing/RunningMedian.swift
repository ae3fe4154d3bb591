/// A running median over values with gaps; the flat baseline of the AnoCurve (method, section 6).
public enum RunningMedian {
  /// The median of the values within `window` places centred on each place.
  ///
  /// NaN marks a gap and is left out; near the ends the part of the window that exists is used.
  /// A place whose whole window is empty gets NaN.
  /// - Parameter window: Length in places; an even number counts as the next odd one.
  /// - Complexity: O(n x window) moves in the worst case.
  public static func of(_ values: [Float], window: Int = 61) -> [Float] {
    let half = max(window, 1) / 2
    var sorted: [Float] = []
    sorted.reserveCapacity(2 * half + 1)
    var result = [Float](repeating: .nan, count: values.count)
    for n in 0..<min(half, values.count) { insert(values[n], &sorted) }
    for n in values.indices {
      if n + half < values.count { insert(values[n + half], &sorted) }
      if n - half - 1 >= 0 { remove(values[n - half - 1], &sorted) }
      guard !sorted.isEmpty else { continue }
      let middle = sorted.count / 2
      result[n] =
        sorted.count % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle])
    }
    return result
  }

  private static func insert(_ v: Float, _ sorted: inout [Float]) {
    if !v.isNaN { sorted.insert(v, at: lowerBound(v, sorted)) }
  }

  private static func remove(_ v: Float, _ sorted: inout [Float]) {
    if !v.isNaN { sorted.remove(at: lowerBound(v, sorted)) }
  }

  /// The first place whose value is not below `v`.
  private static func lowerBound(_ v: Float, _ sorted: [Float]) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < v { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
