import Testing

@testable import Core

@Suite("Kappa")
struct KappaTests {
  /// Cohen, Educ. Psychol. Meas. 20:37 (1960): 200 subjects in three categories by two judges.
  static let cohen = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]

  /// Fleiss, Psychol. Bull. 76:378 (1971), table 1: 30 patients, 5 diagnoses, 6 psychiatrists each.
  static let fleiss = [
    [0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0],
    [2, 0, 4, 0, 0], [0, 0, 4, 0, 2], [2, 0, 3, 1, 0], [2, 0, 0, 4, 0], [0, 0, 0, 0, 6],
    [1, 0, 0, 5, 0], [1, 1, 0, 4, 0], [0, 3, 3, 0, 0], [1, 0, 0, 5, 0], [0, 2, 0, 3, 1],
    [0, 0, 5, 0, 1], [3, 0, 0, 1, 2], [5, 1, 0, 0, 0], [0, 2, 0, 4, 0], [1, 0, 2, 0, 3],
    [0, 0, 0, 0, 6], [0, 1, 0, 5, 0], [0, 2, 0, 1, 3], [2, 0, 0, 4, 0], [1, 0, 0, 4, 1],
    [0, 5, 0, 1, 0], [4, 0, 0, 0, 2], [0, 2, 0, 4, 0], [1, 0, 5, 0, 0], [0, 0, 0, 0, 6],
  ]

  private func isNear(_ a: Double?, _ b: Double, _ margin: Double = 0.0005) -> Bool {
    a.map { abs($0 - b) <= margin } ?? false
  }

  @Test("Cohen's published example: 0.70 observed, 0.41 expected, kappa 0.492")
  func cohenExample() throws {
    let kappa = try #require(Kappa(cohen: Self.cohen))
    #expect(isNear(kappa.observed, 0.70) && isNear(kappa.expected, 0.41))
    #expect(isNear(kappa.value, 0.492))
  }

  @Test("Fleiss's published example: 0.556 observed, 0.220 expected, kappa 0.430")
  func fleissExample() throws {
    let kappa = try #require(Kappa(fleiss: Self.fleiss))
    #expect(isNear(kappa.observed, 0.5556) && isNear(kappa.expected, 0.2199))
    #expect(isNear(kappa.value, 0.430))
  }

  @Test("Ten subjects by fourteen raters: 0.378 observed, 0.213 expected, kappa 0.210")
  func fleissExampleOfFourteen() throws {
    let counts = [
      [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
      [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]
    let kappa = try #require(Kappa(fleiss: counts))
    #expect(isNear(kappa.observed, 0.378) && isNear(kappa.expected, 0.213))
    #expect(isNear(kappa.value, 0.210))
  }

  @Test("Perfect agreement is 1, full disagreement of two halves -1, one category undefined")
  func extremes() {
    #expect(isNear(Kappa(cohen: [[5, 0], [0, 5]])?.value, 1, 1e-12))
    #expect(isNear(Kappa(cohen: [[0, 5], [5, 0]])?.value, -1, 1e-12))
    #expect(
      Kappa(cohen: [[9, 0], [0, 0]]) != nil && Kappa(cohen: [[9, 0], [0, 0]])?.value == nil)
    #expect(Kappa(fleiss: [[3, 0], [3, 0]])?.value == nil)
    #expect(isNear(Kappa(fleiss: [[3, 0], [0, 3]])?.value, 1, 1e-12))
    #expect(Kappa(cohen: [[0, 0], [0, 0]]) == nil && Kappa(fleiss: [[1, 0], [0, 1]]) == nil)
  }

  @Test(
    "Kappa stays within -1...1 and does not depend on the order of raters, subjects or categories")
  func properties() throws {
    var random = RandomSource(seed: 11, stream: 3)
    for _ in 0..<200 {
      let table = (0..<3).map { _ in (0..<3).map { _ in random.below(9) } }
      guard let kappa = Kappa(cohen: table) else { continue }
      let exchanged = (0..<3).map { row in (0..<3).map { table[$0][row] } }
      let renamed = [2, 0, 1].map { row in [2, 0, 1].map { table[row][$0] } }
      for other in [exchanged, renamed] {
        let value = try #require(Kappa(cohen: other))
        #expect(abs(value.observed - kappa.observed) < 1e-12)
        #expect(abs(value.expected - kappa.expected) < 1e-12)
      }
      #expect(0...1 ~= kappa.observed && 0...1 ~= kappa.expected)
      if let value = kappa.value { #expect(-1 - 1e-9...1 + 1e-9 ~= value) }

      let counts = (0..<12).map { _ in (0..<3).map { _ in random.below(4) } }
      guard let all = Kappa(fleiss: counts) else { continue }
      let turned = try #require(Kappa(fleiss: counts.reversed().map { $0.reversed() }))
      #expect(abs(turned.observed - all.observed) < 1e-12)
      #expect(abs(turned.expected - all.expected) < 1e-12)
      if let value = all.value { #expect(-1 - 1e-9...1 + 1e-9 ~= value) }
    }
  }

  @Test("A subject of weight 2 counts as two subjects, one of weight 0 not at all")
  func weights() throws {
    let counts = [[2, 1, 0], [0, 3, 0], [1, 1, 1]]
    let weighted = try #require(Kappa(fleiss: counts, weights: [2, 0, 1]))
    let repeated = try #require(Kappa(fleiss: [counts[0], counts[0], counts[2]]))
    #expect(abs(weighted.observed - repeated.observed) < 1e-12)
    #expect(abs(weighted.expected - repeated.expected) < 1e-12)
  }
}
