import Testing

@testable import Core

@Suite("Evaluation of several studies of one patient")
struct GroupingTests {
  @Test("one study of each patient: grouped folds are the ungrouped ones")
  func singleStudies() {
    let strata = (0..<40).map { ["a", "b"][$0 % 2] }
    let groups = (0..<40).map { "p\($0)" }
    #expect(
      Folds.assign(strata: strata, groups: groups, count: 5, seed: 3)
        == Folds.assign(strata: strata, count: 5, seed: 3))
  }

  @Test("few patients: each is a fold of its own", arguments: 0..<5)
  func leaveOneOut(seed: UInt64) {
    let groups = (0..<30).map { "p\($0 % 3)" }
    let strata = (0..<30).map { $0 % 2 == 0 ? "lesion" : "normal" }
    let folds = Folds.assign(strata: strata, groups: groups, count: 5, seed: seed)
    for patient in Set(groups) {
      let own = Set(groups.indices.filter { groups[$0] == patient }.map { folds[$0] })
      let others = Set(groups.indices.filter { groups[$0] != patient }.map { folds[$0] })
      #expect(own.count == 1 && own.isDisjoint(with: others), "seed \(seed)")
    }
  }

  @Test("of each patient the study that is most wrong, the worst patient first")
  func worst() {
    func study(_ subject: String, _ group: String, _ hasLesion: Bool, _ score: Double?)
      -> EvaluationCase
    {
      EvaluationCase(
        subject: subject, className: "x", hasLesion: hasLesion, affected: [], group: group,
        scores: ["core": .init(patient: score, segments: [])])
    }
    let cases = [
      study("a1", "a", true, 0.9), study("a2", "a", false, 0.1),
      // Above one of the lesions, and level with another: one and a half of four pairs.
      study("b1", "b", false, 0.5), study("b2", "b", true, 0.8),
      // Below two of the three studies without lesion that have a score.
      study("c1", "c", true, 0.2), study("c2", "c", true, 0.5), study("c3", "c", false, 0.3),
      // Nothing is known of a patient who was not assessed.
      study("d1", "d", false, nil),
    ]
    #expect(cases.worstOfEachPatient("core") == ["c1", "b1", "a1"])
    #expect(cases.worstOfEachPatient("other") == [])
    // Without the other kind nothing is wrong: the first of each, in their order.
    #expect(cases.filter(\.hasLesion).worstOfEachPatient("core") == ["a1", "b2", "c1"])
    #expect(cases.shownOfSeveral("core") == ["c1", "b1", "a1"])
    // Nobody was assessed; nobody has several.
    #expect(cases.shownOfSeveral("other") == nil)
    #expect(cases.filter { $0.subject.hasSuffix("1") }.shownOfSeveral("core") == nil)
  }

  @Test("many patients of unlike size: together, and the folds even", arguments: 0..<5)
  func manyPatients(seed: UInt64) {
    let groups = (0..<23).flatMap { n in Array(repeating: "p\(n)", count: 1 + n % 4) }
    let strata = groups.map { _ in "x" }
    let folds = Folds.assign(strata: strata, groups: groups, count: 5, seed: seed)
    for patient in Set(groups) {
      #expect(Set(groups.indices.filter { groups[$0] == patient }.map { folds[$0] }).count == 1)
    }
    let sizes = (0..<5).map { fold in folds.count { $0 == fold } }
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1, "\(sizes)")
    #expect(folds == Folds.assign(strata: strata, groups: groups, count: 5, seed: seed))
  }

  @Test("patients with lesions are spread over the folds", arguments: 0..<20)
  func strataOfPatients(seed: UInt64) {
    let groups = (0..<100).map { "p\($0 / 2)" }
    let strata = groups.map { ["p7", "p31"].contains($0) ? "lesion" : "normal" }
    let folds = Folds.assign(strata: strata, groups: groups, count: 5, seed: seed)
    #expect(Set(groups.indices.filter { strata[$0] == "lesion" }.map { folds[$0] }).count == 2)
    let sizes = (0..<5).map { fold in folds.count { $0 == fold } }
    #expect(sizes.allSatisfy { $0 == 20 }, "\(sizes)")
  }

  @Test("kinds that few patients have are dealt out anew in every repeat")
  func smallKindsOfPatients() {
    let groups = (0..<24).map { "p\($0 / 2)" }
    let assignments = (0..<20).map { seed in
      Folds.assign(strata: groups, groups: groups, count: 5, seed: UInt64(seed))
    }
    #expect(Set(assignments).count > 10)
  }

  /// Patients whose studies all score alike: n studies say no more than one.
  private func samples(studies: Int) -> [Bootstrap.Sample] {
    var random = RandomSource(seed: 4)
    return (0..<12).flatMap { patient -> [Bootstrap.Sample] in
      let isPositive = patient % 2 == 0
      let score = Double(random.normal()) + (isPositive ? 0.8 : 0)
      return (0..<studies).map { _ in
        Bootstrap.Sample(scores: [score], isPositive: isPositive, group: "p\(patient)")
      }
    }
  }

  @Test("more studies of the same patients do not narrow the interval")
  func wholePatientsAreDrawn() throws {
    let bootstrap = Bootstrap(resamples: 1000, seed: 2)
    let two = try #require(bootstrap.area(samples(studies: 2)))
    let ten = try #require(bootstrap.area(samples(studies: 10)))
    #expect(two.estimate == ten.estimate)
    #expect(abs(two.lower - ten.lower) < 1e-9 && abs(two.upper - ten.upper) < 1e-9)
    let naive = try #require(
      bootstrap.area(
        samples(studies: 10).enumerated().map { n, s in
          Bootstrap.Sample(scores: s.scores, isPositive: s.isPositive, group: "\(n)")
        }))
    #expect(ten.upper - ten.lower > 2 * (naive.upper - naive.lower))
  }

  @Test("one study of each patient: every resample has as many lesions as the cohort")
  func ungroupedIsStratified() throws {
    let samples = samples(studies: 1)
    let bootstrap = Bootstrap(resamples: 300, seed: 2)
    func lesions(_ samples: [Bootstrap.Sample]) -> Set<Int> {
      let cases = samples.enumerated().map { number, sample in
        EvaluationCase(
          subject: "\(number)", className: "any", hasLesion: sample.isPositive, affected: [],
          group: sample.group, scores: [:])
      }
      return Set(bootstrap.resamples(of: cases).map { $0.count(where: \.hasLesion) })
    }
    #expect(lesions(samples) == [6])
    // Whole patients come as they are drawn, with two studies each.
    let grouped = lesions(self.samples(studies: 2))
    #expect(grouped.count > 3 && grouped.allSatisfy { $0.isMultiple(of: 2) })
    let paired = samples.map { sample in
      Bootstrap.Sample(
        scores: sample.scores + [0], isPositive: sample.isPositive, group: sample.group)
    }
    #expect(bootstrap.area([]) == nil && bootstrap.areaDifference([]) == nil)
    let area = try #require(bootstrap.area(samples)?.estimate)
    #expect(bootstrap.areaDifference(paired)?.estimate == area - 0.5)
  }

  @Test("one patient alone: an area, but no decisions, as nothing is left to calibrate on")
  func onePatient() {
    let cases = (0..<6).map { n in
      EvaluationCase(
        subject: "\(n)", className: n % 2 == 0 ? "planted" : "unplanted", hasLesion: n % 2 == 0,
        affected: n % 2 == 0 ? [.c4c5] : [], known: [.c4c5, .c5c6], group: "p",
        scores: [
          "lc61": .init(patient: n % 2 == 0 ? 1 : 0, segments: [1, 0, 1, 0, 0, 0].map { $0 })
        ])
    }
    let table = EvaluationTable(
      cases: cases, detectors: ["lc61"], heading: [], bootstrap: Bootstrap(resamples: 20),
      validation: CrossValidation(repeats: 2))
    #expect(table.patientCount == 1 && table.detectors[0].area?.estimate == 1)
    #expect(table.detectors[0].figures.specificity == nil)
    #expect(table.text.contains("6 studies of 1 patient:"))
    // Segments without truth take no part.
    #expect(cases[0].segmentOutcomes(of: "lc61").count == 2)
  }
}
