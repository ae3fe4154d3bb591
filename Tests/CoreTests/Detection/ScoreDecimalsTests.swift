import Testing

@testable import Core

@Suite("Decimals of scores and thresholds")
struct ScoreDecimalsTests {
  @Test("a score under its threshold never reads like it")
  func told() {
    #expect(ScoreDecimals.text(0.092, threshold: 0.094) == "0.092")
    #expect(ScoreDecimals.text(0.094, threshold: 0.094, beside: 0.092) == "0.094")
    #expect(ScoreDecimals.text(0.1028, threshold: 0.1031) == "0.1028")
    #expect(ScoreDecimals.text(0.1031, threshold: 0.1031, beside: 0.1028) == "0.1031")
    #expect(ScoreDecimals.text(0.41, threshold: 0.15) == "0.41")
    #expect(ScoreDecimals.needed(0.15, scores: [0.1499, nil, .nan], most: 3) == 3)
  }

  @Test("at the threshold, and without one, two or three decimals are enough")
  func few() {
    #expect(ScoreDecimals.needed(0.15, scores: [0.15, 0.151]) == 2)
    #expect(ScoreDecimals.needed(0.05, scores: [0.05]) == 3)
    #expect(ScoreDecimals.needed(nil) == 2 && ScoreDecimals.needed(.infinity, scores: [1]) == 2)
    // What differs in the tenth decimal only ends at the most.
    #expect(ScoreDecimals.needed(0.15, scores: [0.15 - 1e-10]) == 6)
    #expect(ScoreDecimals.text(nil, threshold: 0.15) == "-")
    #expect(ScoreDecimals.text(.nan, threshold: 0.15) == "-")
  }
}
