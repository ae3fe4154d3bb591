/// The decisions of one detector on cases outside its calibration folds, for every repeat.
struct FoldDecisions {
  /// What one case adds to the counts.
  struct Counts {
    var patient = Confusion()
    var segments = Confusion()
    var topSegment = Confusion()

    init() {}

    init(
      _ item: EvaluationCase, _ detector: String, patientThreshold: Double?,
      segmentThreshold: Double?
    ) {
      guard let score = item.scores[detector]?.patient else { return }
      if let patientThreshold {
        patient.add(flagged: score >= patientThreshold, truth: item.hasLesion)
      }
      guard let segmentThreshold else { return }
      let outcomes = item.segmentOutcomes(of: detector)
      for outcome in outcomes {
        segments.add(flagged: outcome.score >= segmentThreshold, truth: outcome.truth)
      }
      guard let top = outcomes.max(by: { $0.score < $1.score }) else { return }
      // A flag on a wrong level finds nothing: it counts as the lesion missed.
      let topFlagged = top.score >= segmentThreshold && (top.truth || !item.hasLesion)
      topSegment.add(flagged: topFlagged, truth: item.hasLesion)
    }
  }

  /// Repeat, then case.
  let repeats: [[Counts]]

  /// The sums over cases, each counted as often as its weight says, per repeat.
  func sums(weights: [Int]) -> [Counts] {
    repeats.map { counts in
      var sum = Counts()
      for (count, weight) in zip(counts, weights) where weight > 0 {
        sum.patient.add(count.patient, times: weight)
        sum.segments.add(count.segments, times: weight)
        sum.topSegment.add(count.topSegment, times: weight)
      }
      return sum
    }
  }

  /// The decisions on some of the cases.
  func on(_ cases: [Int]) -> FoldDecisions {
    FoldDecisions(repeats: repeats.map { counts in cases.map { counts[$0] } })
  }
}

extension CrossValidation.Figures {
  /// A figure made of the sums over cases.
  private typealias Rate = (FoldDecisions.Counts) -> Double?

  /// The figures of decisions, with intervals by patient.
  init(_ decisions: FoldDecisions, on cases: [EvaluationCase], bootstrap: Bootstrap) {
    let rates: [Rate] = [
      \.patient.accuracy, \.patient.sensitivity, \.patient.specificity, \.patient.f1,
      \.segments.f1, \.segments.sensitivity, \.segments.specificity, \.topSegment.f1,
      \.topSegment.sensitivity, \.topSegment.specificity,
    ]
    let found = Self.spreads(rates, decisions, cases, bootstrap)
    (accuracy, sensitivity, specificity, f1) = (found[0], found[1], found[2], found[3])
    (segmentF1, segmentRecall, segmentSpecificity) = (found[4], found[5], found[6])
    (topSegmentF1, topSegmentRecall, topSegmentSpecificity) = (found[7], found[8], found[9])
    for (name, members) in Dictionary(grouping: cases.indices, by: { cases[$0].className }) {
      let found = Self.spreads(
        [\.patient.specificity, \.patient.sensitivity], decisions.on(members),
        members.map { cases[$0] }, bootstrap)
      specificityByClass[name] = found[0]
      sensitivityByClass[name] = found[1]
    }
  }

  private static func spreads(
    _ rates: [Rate], _ decisions: FoldDecisions, _ cases: [EvaluationCase], _ bootstrap: Bootstrap
  ) -> [CrossValidation.Spread?] {
    func means(_ weights: [Int]) -> [Double?] {
      let sums = decisions.sums(weights: weights)
      return rates.map { rate in mean(sums.compactMap(rate)) }
    }
    let intervals = bootstrap.intervals(
      groups: cases.map(\.group), isPositive: cases.map(\.hasLesion), statistics: means)
    let sums = decisions.sums(weights: Array(repeating: 1, count: cases.count))
    return zip(rates, intervals).map { rate, interval in
      let values = sums.compactMap(rate)
      guard let mean = mean(values) else { return nil }
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : 0
      return CrossValidation.Spread(mean: mean, deviation: deviation, interval: interval)
    }
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
