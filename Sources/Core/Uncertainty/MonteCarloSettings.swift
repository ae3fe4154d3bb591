/// How a slice is reconstructed again and again.
public struct MonteCarloSettings: Equatable, Sendable {
  /// How masks are drawn.
  public enum Scheme: Equatable, Sendable {
    /// `passes` masks in which every patch is masked equally often.
    case balanced(passes: Int)
    /// Random masks until every patch was masked `minimum` times, of which the first `minimum`
    /// count: the reference's way (its cap of 400 passes too).
    case random(minimum: Int)
  }

  /// How masks are drawn, and how many.
  public var scheme: Scheme
  /// The share of the region's patches that one pass masks.
  public var ratio: Double
  /// Decides all masks.
  public var seed: UInt64
  /// The context, or `nil` for the weights' first one.
  public var context: NetworkContext?

  /// Makes settings; 7 balanced passes are as good as 14 for the score (evidence, section 6).
  public init(
    scheme: Scheme = .balanced(passes: 7), ratio: Double = 0.75, seed: UInt64 = 7,
    context: NetworkContext? = nil
  ) {
    self.scheme = scheme
    self.ratio = ratio
    self.seed = seed
    self.context = context
  }

  /// Balanced passes in which every patch is masked at least `times` times: 14 for T = 10.
  public static func balanced(
    times: Int, ratio: Double = 0.75, seed: UInt64 = 7, context: NetworkContext? = nil
  ) -> MonteCarloSettings {
    MonteCarloSettings(
      scheme: .balanced(passes: BalancedMasks.passes(times: times, ratio: ratio)), ratio: ratio,
      seed: seed, context: context)
  }

  /// The most passes that are made.
  public static let mostPasses = 400

  /// Throws when no masks can be drawn with these settings.
  public func validate() throws {
    guard ratio > 0, ratio < 1 else {
      throw NetworkError.invalidInput("mask ratio \(ratio) is not between 0 and 1")
    }
    let (count, name) =
      switch scheme {
      case .balanced(let passes): (passes, "passes")
      case .random(let minimum): (minimum, "reconstructions per patch")
      }
    guard (1...Self.mostPasses).contains(count) else {
      throw NetworkError.invalidInput("\(count) \(name) are not within 1...\(Self.mostPasses)")
    }
  }

  /// The masks of a slice.
  func masks(for slice: TokenisedSlice) -> [PassMask] {
    let tokens = slice.tokens.count
    let masked = RandomMasks.maskedCount(
      region: slice.maskable.count, rest: tokens - slice.maskable.count, ratio: ratio)
    var random = RandomSource.derived(seed, .masks)
    switch scheme {
    case .balanced(let passes):
      return BalancedMasks.make(
        count: slice.maskable.count, masked: masked, passes: passes, random: &random
      ).map { chosen in PassMask(masked: chosen.map { slice.maskable[$0] }, of: tokens) }
    case .random(let minimum):
      var times = [Int](repeating: 0, count: tokens)
      var masks: [PassMask] = []
      while masks.count < Self.mostPasses, slice.maskable.contains(where: { times[$0] < minimum }) {
        let noise = (0..<tokens).map { _ in random.uniform() }
        let mask = RandomMasks.make(
          noise: noise, regionCounts: slice.regionCounts, ratio: ratio)
        for position in mask.masked { times[position] += 1 }
        masks.append(mask)
      }
      return masks
    }
  }

  /// Reconstructions of a patch that count, or all of them.
  var keepFirst: Int? {
    if case .random(let minimum) = scheme { minimum } else { nil }
  }
}
