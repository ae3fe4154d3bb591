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
    // Strata that are too small for every fold are shuffled together: alone they would lie in the
    // same folds in every repeat.
    let sizes = Dictionary(strata.map { ($0, 1) }, uniquingKeysWith: +)
    let merged = strata.map { (sizes[$0] ?? 0) < count ? "" : $0 }
    // A running start keeps small strata from filling the first folds only.
    var next = 0
    for stratum in Set(merged).sorted() {
      var members = merged.indices.filter { merged[$0] == stratum }
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
  /// Groups of one case each are assigned as ``assign(strata:count:seed:)`` does. Else a group's
  /// stratum is all that its cases are, those of fewer groups than folds together; strata are dealt out one after the other, larger groups
  /// first, each group to the fold with the fewest cases of its stratum, of equals the emptiest. With
  /// no more groups than folds each group is a fold: one patient is left out at a time.
  public static func assign(
    strata: [String], groups: [String], count: Int, seed: UInt64
  ) -> [Int] {
    precondition(strata.count == groups.count, "one group per case")
    let members = Dictionary(grouping: groups.indices) { groups[$0] }
    if members.count == groups.count { return assign(strata: strata, count: count, seed: seed) }
    var order = members.keys.sorted()
    var random = RandomSource(seed: seed, stream: 0xF01D)
    random.shuffle(&order)
    let own = members.mapValues { Set($0.map { strata[$0] }).sorted().joined(separator: "+") }
    let sizes = Dictionary(own.values.map { ($0, 1) }, uniquingKeysWith: +)
    let kinds = own.mapValues { (sizes[$0] ?? 0) < count ? "" : $0 }
    var total = [Int](repeating: 0, count: count)
    var fold: [String: Int] = [:]
    for kind in Set(kinds.values).sorted() {
      var filled = [Int](repeating: 0, count: count)
      let dealt = order.filter { kinds[$0] == kind }.enumerated().sorted {
        let sizes = (members[$0.element]?.count ?? 0, members[$1.element]?.count ?? 0)
        return (sizes.1, $0.offset) < (sizes.0, $1.offset)
      }
      for (_, name) in dealt {
        let size = members[name]?.count ?? 0
        let chosen =
          filled.indices.min { (filled[$0], total[$0], $0) < (filled[$1], total[$1], $1) } ?? 0
        fold[name] = chosen
        filled[chosen] += size
        total[chosen] += size
      }
    }
    return groups.map { fold[$0] ?? 0 }
  }
}
