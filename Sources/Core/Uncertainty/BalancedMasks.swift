/// Masks in which every patch is masked equally often (method, section 4).
public enum BalancedMasks {
  /// Passes needed to mask every patch `times` times at a mask ratio; absurd wishes give a number
  /// that `MonteCarloSettings.validate` refuses.
  public static func passes(times: Int, ratio: Double) -> Int {
    guard times > 0 else { return 0 }
    let passes = (Double(times) / ratio).rounded(.up)
    return passes >= 1 && passes <= 1e6 ? Int(passes) : 1_000_000
  }

  /// Which of `count` patches each pass masks, ascending.
  ///
  /// Every pass takes the patches masked least so far, equals in random order: counts never differ
  /// by more than one.
  public static func make(
    count: Int, masked: Int, passes: Int, random: inout RandomSource
  ) -> [[Int]] {
    var times = [Int](repeating: 0, count: count)
    let masked = min(max(0, masked), count)
    return (0..<max(0, passes)).map { _ in
      let order = random.permutation(count)
      let rank = order.indices.sorted { (times[order[$0]], $0) < (times[order[$1]], $1) }
      let chosen = rank.prefix(masked).map { order[$0] }
      for patch in chosen { times[patch] += 1 }
      return chosen.sorted()
    }
  }
}
