/// Patient-grouped, stratified, seeded folds (method, section 7).
public enum Folds {
  /// The fold of each case, 0 ..< count: every stratum is spread evenly over the folds.
  ///
  /// - Parameters:
  ///   - strata: a name per case, such as its class; cases are patients, so grouping is given.
  ///   - count: number of folds, at least 2.
  ///   - seed: the seed of the repeat.
  public static func assign(strata: [String], count: Int, seed: UInt64) -> [Int] {
    precondition(count >= 2, "at least two folds")
    var random = RandomSource(seed: seed, stream: 0xF01D)
    var folds = [Int](repeating: 0, count: strata.count)
    // A running start keeps small strata from filling the first folds only.
    var next = 0
    for stratum in Set(strata).sorted() {
      var members = strata.indices.filter { strata[$0] == stratum }
      random.shuffle(&members)
      for member in members {
        folds[member] = next % count
        next += 1
      }
    }
    return folds
  }
}
