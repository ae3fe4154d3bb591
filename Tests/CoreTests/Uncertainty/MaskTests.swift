import Testing

@testable import Core

@Suite struct MaskTests {
  @Test func balancedMasksAreBalanced() {
    for seed in UInt64(0)..<30 {
      var random = RandomSource(seed: seed)
      let count = 3 + random.below(120)
      let masked = RandomMasks.maskedCount(region: count, rest: 64, ratio: 0.75)
      for times in [1, 5, 10] {
        let passes = BalancedMasks.passes(times: times, ratio: 0.75)
        let masks = BalancedMasks.make(
          count: count, masked: masked, passes: passes, random: &random)
        #expect(masks.count == passes)
        #expect(masks.allSatisfy { $0.count == masked && $0 == $0.sorted() })
        var found = [Int](repeating: 0, count: count)
        for mask in masks { for patch in mask { found[patch] += 1 } }
        let (low, high) = (found.min() ?? 0, found.max() ?? 0)
        #expect(high - low <= 1, "seed \(seed), \(count) patches")
        #expect(low >= times, "seed \(seed), \(count) patches: \(low) < \(times)")
      }
    }
    #expect(BalancedMasks.passes(times: 10, ratio: 0.75) == 14)
  }

  @Test func balancedMasksAreRandomButSeeded() {
    func make(_ seed: UInt64) -> [[Int]] {
      var random = RandomSource(seed: seed)
      return BalancedMasks.make(count: 40, masked: 30, passes: 7, random: &random)
    }
    #expect(make(1) == make(1))
    #expect(make(1) != make(2))
  }

  @Test func maskedCountFollowsTheReference() {
    #expect(RandomMasks.maskedCount(region: 51, rest: 973, ratio: 0.75) == 39)
    #expect(RandomMasks.maskedCount(region: 3, rest: 0, ratio: 0.75) == 2)
    #expect(RandomMasks.maskedCount(region: 3, rest: 5, ratio: 0.75) == 3)
    #expect(RandomMasks.maskedCount(region: 100, rest: 0, ratio: 0.5) == 50)
  }

  @Test func randomSchemeReachesItsMinimum() throws {
    let tokens = try TinyCase.tokens(seed: 2)
    let settings = MonteCarloSettings(scheme: .random(minimum: 3), seed: 11)
    let masks = settings.masks(for: tokens)
    var times = [Int](repeating: 0, count: tokens.tokens.count)
    for mask in masks { for position in mask.masked { times[position] += 1 } }
    #expect(tokens.maskable.allSatisfy { times[$0] >= 3 })
    #expect(times.indices.allSatisfy { times[$0] == 0 || tokens.maskable.contains($0) })
    #expect(masks == settings.masks(for: tokens))
  }

  @Test func settingsThatMakeNoSenseAreRefused() {
    let settings: [MonteCarloSettings] = [
      MonteCarloSettings(scheme: .balanced(passes: 0)),
      MonteCarloSettings(scheme: .random(minimum: 1000)),
      .balanced(times: .max), .balanced(times: 0), .balanced(times: .min),
      .balanced(times: 10, ratio: 0),
      .balanced(times: 10, ratio: .nan), MonteCarloSettings(ratio: 0), MonteCarloSettings(ratio: 1),
      MonteCarloSettings(ratio: .nan),
    ]
    for settings in settings {
      #expect(throws: NetworkError.self) { try settings.validate() }
    }
  }

  @Test func guidedMasksPreferUncertainPatches() {
    var random = RandomSource(seed: 21)
    let uncertainty = (0..<50).map { 0.04 * Double($0 + 1) / 50 }
    var times = [Int](repeating: 0, count: 50)
    let rounds = 400
    for _ in 0..<rounds {
      let mask = GuidedMasks.make(
        uncertainty: uncertainty, temperature: 1, masked: 38, random: &random)
      #expect(mask.count == 38 && Set(mask).count == 38)
      for patch in mask { times[patch] += 1 }
    }
    let bottom = Double(times[..<10].reduce(0, +)) / Double(10 * rounds)
    let top = Double(times[40...].reduce(0, +)) / Double(10 * rounds)
    #expect(top > bottom + 0.1, "top \(top), bottom \(bottom)")
  }

  @Test func guidedMasksSurviveEmptyUncertainty() {
    var random = RandomSource(seed: 22)
    for uncertainty in [[Double](repeating: 0, count: 10), [.nan, .infinity, -1, 0, 2]] {
      let mask = GuidedMasks.make(
        uncertainty: uncertainty, temperature: 1, masked: 4, random: &random)
      #expect(Set(mask).count == 4)
    }
    #expect(GuidedMasks.make(uncertainty: [], temperature: 1, masked: 4, random: &random) == [])
  }
}
