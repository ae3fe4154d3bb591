import Testing

@testable import Core

@Suite("Studies on which one detector loses to another")
struct DiscordanceTests {
  private func study(
    _ subject: String, _ hasLesion: Bool, behind: Double?, ahead: Double?
  ) -> EvaluationCase {
    EvaluationCase(
      subject: subject, className: "x", hasLesion: hasLesion, affected: [],
      group: String(subject.prefix(1)),
      scores: [
        "behind": .init(patient: behind, segments: []),
        "ahead": .init(patient: ahead, segments: []),
      ])
  }

  @Test(
    "the pairs lost add up to the difference of the areas, over either kind of study",
    arguments: 0..<20)
  func sums(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    var cases: [EvaluationCase] = []
    for n in 0..<40 {
      // Coarse scores are often equal, and some studies are assessed by one of the two alone.
      let isLesion = n % 3 == 0
      var scores: [Double?] = []
      for _ in 0..<2 {
        let score = Double(random.below(9) + (isLesion ? 1 : 0))
        scores.append(random.below(12) == 0 ? nil : score)
      }
      cases.append(study("\(n)", isLesion, behind: scores[0], ahead: scores[1]))
    }
    let both = cases.filter { item in item.scores.values.allSatisfy { $0.patient != nil } }
    func area(_ detector: String) throws -> Double {
      let scores = both.patientScores(detector)
      return try #require(ROC.area(positives: scores.positives, negatives: scores.negatives))
    }
    let lesions = both.count(where: \.hasLesion)
    let pairs = Double(lesions * (both.count - lesions))
    let difference = try area("ahead") - area("behind")
    let found = cases.discordances("behind", ahead: "ahead")
    #expect(found.map(\.subject) == both.map(\.subject))
    for hasLesion in [true, false] {
      let own = found.filter { $0.hasLesion == hasLesion }
      let lost = own.reduce(0) { $0 + $1.pairsLost }
      #expect(abs(lost - difference * pairs) < 1e-9, "seed \(seed): \(lost)")
      #expect(own.allSatisfy { $0.others == (hasLesion ? both.count - lesions : lesions) })
    }
    let swapped = cases.discordances("ahead", ahead: "behind")
    #expect(swapped.map(\.pairsLost) == found.map { -$0.pairsLost })
  }

  @Test("one with lesion, one without, and one more of another patient, each that loses most")
  func choice() {
    let cases = [
      // Below all four studies without lesion: four pairs lost.
      study("a1", true, behind: 0.5, ahead: 9), study("a2", false, behind: 1, ahead: 1),
      // Below one of them; and above two of those with lesion.
      study("b1", true, behind: 7, ahead: 9), study("b2", false, behind: 8, ahead: 1),
      study("c1", true, behind: 9, ahead: 9), study("c2", false, behind: 1, ahead: 1),
      // Loses as much as c2, and comes later.
      study("d2", false, behind: 1, ahead: 1),
      // Not assessed by both.
      study("e1", true, behind: nil, ahead: 9), study("e2", false, behind: 10, ahead: nil),
    ]
    let found = cases.mostDiscordant("behind", ahead: "ahead")
    #expect(found.map(\.subject) == ["a1", "b2", "c2"])
    #expect(found.map(\.pairsLost) == [4, 2, 1])
    #expect(found[0].behind == .init(score: 0.5, wrongPairs: 4) && found[0].others == 4)
    #expect(found[0].ahead == .init(score: 9, wrongPairs: 0))
    // Of one patient there is no third, and where nothing is lost nothing is shown.
    let alone = cases.filter { $0.group == "a" }
    #expect(alone.mostDiscordant("behind", ahead: "ahead").map(\.subject) == ["a1", "a2"])
    #expect(cases.mostDiscordant("ahead", ahead: "behind").isEmpty)
    #expect(cases.mostDiscordant("ahead", ahead: "ahead").isEmpty)
    #expect(cases.mostDiscordant("behind", ahead: "none").isEmpty)
  }
}
