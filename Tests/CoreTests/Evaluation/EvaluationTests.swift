import Foundation
import Testing

@testable import Core

@Suite("Evaluation")
struct EvaluationTests {
  @Test("the area equals the count of ordered pairs", arguments: 0..<20)
  func areaAgainstBruteForce(seed: UInt64) {
    var random = RandomSource(seed: seed)
    // Few distinct values make many ties.
    let positives = (0..<(1 + random.below(30))).map { _ in Double(random.below(8)) }
    let negatives = (0..<(1 + random.below(30))).map { _ in Double(random.below(6)) }
    var won = 0.0
    for p in positives {
      for n in negatives { won += p > n ? 1 : p == n ? 0.5 : 0 }
    }
    let expected = won / Double(positives.count * negatives.count)
    let area = ROC.area(positives: positives, negatives: negatives)
    #expect(abs((area ?? -1) - expected) < 1e-12, "seed \(seed)")
  }

  @Test("no positives or no negatives: no area")
  func areaNeedsBothSides() {
    #expect(ROC.area(positives: [], negatives: [1]) == nil)
    #expect(ROC.area(positives: [1], negatives: []) == nil)
  }

  @Test("the threshold is the largest that reaches the sensitivity", arguments: 0..<10)
  func sensitivityThreshold(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let scores = (0..<37).map { _ in Double(random.below(20)) }
    let t = try #require(ROC.threshold(sensitivity: 0.9, positives: scores))
    func sensitivity(_ t: Double) -> Double {
      Double(scores.filter { $0 >= t }.count) / Double(scores.count)
    }
    #expect(sensitivity(t) >= 0.9, "seed \(seed)")
    for larger in scores where larger > t { #expect(sensitivity(larger) < 0.9, "seed \(seed)") }
  }

  @Test("the F1 threshold beats every other", arguments: 0..<10)
  func f1Threshold(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let positives = (0..<12).map { _ in Double(random.below(10)) + 2 }
    let negatives = (0..<25).map { _ in Double(random.below(10)) }
    func f1(_ t: Double) -> Double {
      var c = Confusion()
      for p in positives { c.add(flagged: p >= t, truth: true) }
      for n in negatives { c.add(flagged: n >= t, truth: false) }
      return c.f1 ?? 0
    }
    let t = try #require(
      ROC.thresholdMaximisingF1(positives: positives, negatives: negatives))
    let best = (positives + negatives).map(f1).max() ?? 0
    #expect(abs(f1(t) - best) < 1e-12, "seed \(seed)")
  }

  @Test("folds are even within every stratum and depend on the seed alone")
  func foldsAreStratified() {
    let strata = (0..<103).map { ["a", "b", "c"][$0 % 3] }
    let folds = Folds.assign(strata: strata, count: 5, seed: 7)
    #expect(folds == Folds.assign(strata: strata, count: 5, seed: 7))
    #expect(folds != Folds.assign(strata: strata, count: 5, seed: 8))
    for stratum in ["a", "b", "c"] {
      let counts = (0..<5).map { fold in
        strata.indices.filter { strata[$0] == stratum && folds[$0] == fold }.count
      }
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }
  }

  @Test("bootstrap: same seed same interval, the estimate inside it")
  func bootstrapIntervals() throws {
    var random = RandomSource(seed: 3)
    let samples = (0..<100).map { number in
      let score = Double(random.normal()) + (number < 40 ? 1 : 0)
      return Bootstrap.Sample(scores: [score], isPositive: number < 40, group: "\(number)")
    }
    let bootstrap = Bootstrap(resamples: 400, seed: 5)
    let interval = try #require(bootstrap.area(samples))
    #expect(interval == bootstrap.area(samples))
    #expect(interval.lower < interval.estimate && interval.estimate < interval.upper)
    // A detector compared with itself differs by nothing, in every resample.
    let same = try #require(
      bootstrap.areaDifference(
        samples.map {
          Bootstrap.Sample(
            scores: $0.scores + $0.scores, isPositive: $0.isPositive, group: $0.group)
        }))
    #expect(same == Bootstrap.Interval(estimate: 0, lower: 0, upper: 0))
  }

  /// A cohort in which `good` separates perfectly and `useless` says the same of everybody.
  private var cohort: [EvaluationCase] {
    (0..<40).map { number in
      let lesion = number % 2 == 0
      let segment = SpinalSegment.allCases[number % 6]
      let segments: [Double?] = SpinalSegment.allCases.map {
        lesion && $0 == segment ? 0.8 : 0.1
      }
      return EvaluationCase(
        subject: "\(number)", className: lesion ? "focal" : "normal", hasLesion: lesion,
        affected: lesion ? [segment] : [],
        scores: [
          "lc61": .init(patient: lesion ? 0.8 : 0.1, segments: segments),
          "useless": .init(patient: 0.5, segments: Array(repeating: 0.5, count: 6)),
          "blind": .init(patient: nil, segments: Array(repeating: nil, count: 6)),
        ])
    }
  }

  @Test("cross-validation: a perfect detector is perfect, a useless one has no specificity")
  func crossValidation() {
    let validation = CrossValidation(repeats: 3)
    let good = validation.figures(of: ["lc61"], on: cohort)
    #expect(good.sensitivity?.mean == 1 && good.specificity?.mean == 1)
    #expect(good.segmentF1?.mean == 1 && good.topSegmentF1?.mean == 1)
    let useless = validation.figures(of: ["useless"], on: cohort)
    #expect(useless.sensitivity?.mean == 1 && useless.specificity?.mean == 0)
  }

  @Test("studies without levels have decisions on patients, none on segments")
  func patientsAlone() {
    let cases = cohort.map { item in
      var item = item
      item.known = []
      return item
    }
    let figures = CrossValidation(repeats: 2).figures(of: ["lc61"], on: cases)
    #expect(figures.sensitivity?.mean == 1 && figures.specificity?.mean == 1)
    #expect(figures.f1?.mean == 1 && figures.segmentF1 == nil && figures.topSegmentF1 == nil)
    var card = ModelCard(name: "m", sha256: "aa")
    let before = card.thresholds["lc61"]?.patient
    #expect(card.calibrate(on: cases, detectors: ["lc61"], source: "x") == ["lc61"])
    #expect(card.thresholds["lc61"]?.patient == before)
  }

  @Test("segments that a detector does not assess are counted")
  func assessedSegments() {
    let cases = cohort.enumerated().map { n, item in
      var item = item
      if n == 0 { item.scores["lc61"]?.segments[2] = nil }
      return item
    }
    let table = EvaluationTable(
      cases: cases, detectors: ["lc61", "useless"], heading: [],
      bootstrap: Bootstrap(resamples: 10), validation: CrossValidation(repeats: 1))
    let all = 6 * cases.count
    #expect(table.detectors.map(\.knownSegments) == [all, all])
    #expect(table.detectors.map(\.assessedSegments) == [all - 1, all])
    #expect(table.text.contains("leave out what is not assessed: lc61 \(all - 1)/\(all)."))
  }

  @Test("repetitions of a detector count as one row: means over them, and over their repeats")
  func repetitions() throws {
    let cases = cohort.map { item in
      var item = item
      item.scores["again"] = item.scores["lc61"]
      return item
    }
    let (bootstrap, validation) = (Bootstrap(resamples: 50), CrossValidation(repeats: 2))
    func row(_ runs: [String]) -> DetectorEvaluation {
      DetectorEvaluation(
        .init("row", runs: runs, reference: ["useless"]), on: cases, bootstrap: bootstrap,
        validation: validation)
    }
    #expect(row(["lc61", "again"]).area == row(["lc61"]).area)
    let half = row(["lc61", "useless"])
    #expect(half.area?.estimate == 0.75 && half.difference?.estimate == 0.25)
    // One perfect run, one that flags everybody.
    #expect(half.figures.specificity?.mean == 0.5 && half.figures.sensitivity?.mean == 1)
    #expect(row(["lc61", "blind"]).assessed == 0 && row(["lc61", "blind"]).area == nil)
  }

  /// A cohort of `count` patients; every other has a lesion, found in three of four; of the others
  /// one in five is flagged.
  private func graded(_ count: Int) -> [EvaluationCase] {
    (0..<count).map { number in
      let lesion = number % 2 == 0
      let score = lesion ? (number % 8 == 0 ? 0.1 : 0.8) : (number % 10 == 1 ? 0.9 : 0.2)
      let segments: [Double?] = SpinalSegment.allCases.map { $0 == .c5c6 ? score : 0.05 }
      return EvaluationCase(
        subject: "\(number)", className: lesion ? "focal" : number % 4 == 1 ? "gibbs" : "normal",
        hasLesion: lesion, affected: lesion ? [.c5c6] : [],
        scores: ["lc61": .init(patient: score, segments: segments)])
    }
  }

  @Test("every decision figure has an interval by patient that holds it and narrows with patients")
  func decisionIntervals() throws {
    let validation = CrossValidation(repeats: 3, sensitivity: 0.6)
    let bootstrap = Bootstrap(resamples: 300, seed: 4)
    func width(_ spread: CrossValidation.Spread?) throws -> Double {
      let spread = try #require(spread)
      let interval = try #require(spread.interval)
      #expect(interval.estimate == spread.mean)
      #expect(interval.lower <= spread.mean && spread.mean <= interval.upper)
      return interval.upper - interval.lower
    }
    let few = validation.figures(of: ["lc61"], on: graded(80), bootstrap: bootstrap)
    let many = validation.figures(of: ["lc61"], on: graded(800), bootstrap: bootstrap)
    for figure: KeyPath<CrossValidation.Figures, CrossValidation.Spread?> in [
      \.accuracy, \.sensitivity, \.specificity, \.f1, \.segmentF1, \.segmentRecall,
      \.segmentSpecificity, \.topSegmentF1, \.topSegmentRecall, \.topSegmentSpecificity,
    ] {
      let (wide, narrow) = (try width(few[keyPath: figure]), try width(many[keyPath: figure]))
      #expect(wide > 0 && narrow < 0.6 * wide, "\(wide) \(narrow)")
    }
    #expect(Set(few.specificityByClass.keys) == ["gibbs", "normal"])
    #expect(Set(few.sensitivityByClass.keys) == ["focal"])
    for spread in few.specificityByClass.values { #expect(try width(spread) > 0) }
  }

  @Test("a difference of F1 is that of the means, and 0 against itself")
  func f1Differences() throws {
    let cases = graded(200).map { item in
      var item = item
      item.scores["useless"] = .init(patient: 0.5, segments: Array(repeating: 0.5, count: 6))
      return item
    }
    let validation = CrossValidation(repeats: 3, sensitivity: 0.6)
    let bootstrap = Bootstrap(resamples: 200, seed: 4)
    func f1(_ name: String) throws -> Double {
      try #require(validation.figures(of: [name], on: cases, bootstrap: bootstrap).f1).mean
    }
    func difference(_ first: [String], _ second: [String]) throws -> Bootstrap.Interval {
      try #require(
        validation.f1Difference(first, less: second, on: cases, bootstrap: bootstrap))
    }
    let found = try difference(["lc61"], ["useless"])
    #expect(abs(found.estimate - (try f1("lc61") - f1("useless"))) < 1e-12)
    #expect(found.lower > 0 && found.lower < found.estimate && found.estimate < found.upper)
    let half = try difference(["lc61", "useless"], ["useless"])
    #expect(abs(half.estimate - found.estimate / 2) < 1e-12)
    let none = try difference(["lc61"], ["lc61"])
    #expect(none.lower == 0 && none.upper == 0)
    #expect(
      validation.f1Difference(["lc61"], less: ["blind"], on: cases, bootstrap: bootstrap) == nil)
  }

  @Test("the interval of a proportion is that of drawing its patients")
  func intervalOfAProportion() throws {
    // Thresholds that no fold changes: decisions are the same in every repeat.
    let figures = CrossValidation(repeats: 2, sensitivity: 0.6).figures(
      of: ["lc61"], on: graded(400), bootstrap: Bootstrap(resamples: 2000, seed: 9))
    let spread = try #require(figures.specificity)
    let interval = try #require(spread.interval)
    #expect(spread.mean == 0.8 && spread.deviation == 0)
    // 95 % of a binomial mean over 200 patients: 0.8 -+ 1.96 sqrt(0.8 x 0.2 / 200).
    #expect(abs(interval.lower - (0.8 - 0.0554)) < 0.015)
    #expect(abs(interval.upper - (0.8 + 0.0554)) < 0.015)
  }

  @Test("several studies of a patient are drawn together: they do not narrow the interval")
  func repeatedStudies() throws {
    let bootstrap = Bootstrap(resamples: 500, seed: 2)
    func width(copies: Int) throws -> Double {
      let groups = (0..<30).flatMap { Array(repeating: "p\($0)", count: copies) }
      let found = groups.map { Double((Int($0.dropFirst()) ?? 0) % 3) }
      let interval = try #require(
        bootstrap.intervals(groups: groups, isPositive: groups.map { _ in true }) { weights in
          let sum = zip(found, weights).reduce(0) { $0 + $1.0 * Double($1.1) }
          return [sum / Double(weights.reduce(0, +))]
        }[0])
      return interval.upper - interval.lower
    }
    #expect(abs(try width(copies: 2) - (try width(copies: 9))) < 1e-9)
  }

  @Test("what a detector could not assess is counted, not called normal")
  func unassessedIsNotNormal() {
    let table = EvaluationTable(
      cases: cohort, detectors: ["lc61", "useless", "blind"], heading: ["test"],
      bootstrap: Bootstrap(resamples: 50), validation: CrossValidation(repeats: 2))
    #expect(table.detectors[0].assessed == 40 && table.detectors[2].assessed == 0)
    #expect(table.detectors[2].area == nil && table.detectors[2].figures.specificity == nil)
    #expect(table.detectors[1].difference?.estimate == -0.5)
    #expect(table.text.contains("0/40"))
    #expect(table.text.contains(Notice.researchUse))
    #expect(table.text.contains("1.000 [1.00..1.00]"))
  }

  @Test("the JSON names every detector and leaves out what is unknown")
  func json() throws {
    let table = EvaluationTable(
      cases: cohort, detectors: ["lc61", "blind"], heading: ["test"],
      bootstrap: Bootstrap(resamples: 50), validation: CrossValidation(repeats: 2))
    let text = String(decoding: try table.json(), as: UTF8.self)
    #expect(text.contains("\"detector\" : \"blind\""))
    #expect(text.components(separatedBy: "\"auc\" :").count == 2)
    let root = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let first = try #require((root["detectors"] as? [[String: Any]])?.first)
    let byClass = try #require(first["specificity_by_class"] as? [String: [String: Double]])
    for figure in [first["segment_f1"] as? [String: Double], byClass["normal"]] {
      #expect(try #require(figure).keys.sorted() == ["lower", "mean", "sd", "upper"])
    }
  }
}
