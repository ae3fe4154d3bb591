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

  /// The fold of each case where cases of one group (studies of one patient) stay together.
  ///
  /// Groups of one case each are assigned as ``assign(strata:count:seed:)`` does. With no more groups
  /// than folds each group is a fold: one patient is left out at a time. Else groups are dealt out
  /// in random order, the larger first, each to the fold with the fewest cases.
  public static func assign(
    strata: [String], groups: [String], count: Int, seed: UInt64
  ) -> [Int] {
    precondition(strata.count == groups.count, "one group per case")
    let names = Set(groups).sorted()
    if names.count == groups.count { return assign(strata: strata, count: count, seed: seed) }
    var order = names
    var random = RandomSource(seed: seed, stream: 0xF01D)
    random.shuffle(&order)
    let sizes = Dictionary(groups.map { ($0, 1) }, uniquingKeysWith: +)
    let place = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    order.sort { (sizes[$1] ?? 0, place[$0] ?? 0) < (sizes[$0] ?? 0, place[$1] ?? 0) }
    var filled = [Int](repeating: 0, count: count)
    var fold: [String: Int] = [:]
    for name in order {
      let emptiest = filled.indices.min { (filled[$0], $0) < (filled[$1], $1) } ?? 0
      fold[name] = emptiest
      filled[emptiest] += sizes[name] ?? 0
    }
    return groups.map { fold[$0] ?? 0 }
  }
}
