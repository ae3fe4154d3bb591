internal import Foundation
internal import Imaging

/// What a suite gave: the cases with every arm's scores, and tables made of them.
public struct ExperimentResult: Sendable {
  /// A part of the table: one detector of one arm.
  public struct Row: Sendable {
    /// The arm's name.
    public var arm: String
    /// The detector's name.
    public var detector: String
    /// As the table has it, with the names of its repetitions.
    public var row: DetectorEvaluation.Row
  }

  /// The suite.
  public let suite: ExperimentSuite
  /// How much work it was.
  public let scale: ExperimentScale
  /// The cases; scores are named by arm, detector and seed.
  public private(set) var cases: [EvaluationCase]
  /// The rows in the order of the table.
  public private(set) var rows: [Row] = []
  /// Outcomes by arm and seed, in the order made.
  public private(set) var outcomes: [(arm: String, seed: UInt64, outcome: ExperimentOutcome)] = []
  /// Patients left out together in adaptation.
  private let heldOut: [Set<String>]?
  /// Studies that are not used, each with the reason.
  public private(set) var leftOut: [String: String]
  private let libraryName: String

  init(suite: ExperimentSuite, scale: ExperimentScale, cohort: ExperimentCohort) {
    self.suite = suite
    self.scale = scale
    heldOut = cohort.heldOut
    leftOut = cohort.leftOut
    libraryName = cohort.library.root.lastPathComponent.cleaned
    cases = cohort.members.map { $0.truth.item($0.study.subject, scores: [:]) }
  }

  /// Adds what an arm gave with a seed.
  mutating func add(_ outcome: ExperimentOutcome, of arm: ExperimentArm, seed: UInt64) {
    outcomes.append((arm.name, seed, outcome))
    leftOut.merge(outcome.leftOut) { first, _ in first }
    for index in cases.indices {
      for (detector, score) in outcome.scores[cases[index].subject] ?? [:] {
        cases[index].scores[Self.run(arm, detector, seed)] = .init(
          patient: score.patient, segments: score.segments)
      }
    }
    let reference = Self.run(arm, DetectorEvaluation.reference, seed)
    for detector in arm.reported {
      let run = Self.run(arm, detector, seed)
      if let known = rows.firstIndex(where: { $0.arm == arm.name && $0.detector == detector }) {
        rows[known].row.runs.append(run)
      } else {
        rows.append(
          Row(
            arm: arm.name, detector: detector,
            row: .init(arm.rowName(detector), runs: [run], reference: [reference])))
      }
    }
  }

  private static func run(_ arm: ExperimentArm, _ detector: String, _ seed: UInt64) -> String {
    "\(arm.name) · \(detector) · seed \(seed)"
  }

  /// The table of all rows.
  ///
  /// - Parameter progress: called with the fraction done.
  public func table(
    threads: Int, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) -> EvaluationTable {
    EvaluationTable(
      cases: cases, rows: rows.map(\.row), heading: heading,
      bootstrap: Bootstrap(resamples: scale.resamples),
      validation: CrossValidation(repeats: scale.repeats), threads: threads, progress: progress)
  }

  private var heading: [String] {
    let patients = Set(cases.map(\.group)).count
    var lines = [
      "\(suite.rawValue) (\(scale.name)): \(suite.question)",
      "\(libraryName): \(CountText.studies(cases.count)) of \(CountText.patients(patients))",
    ]
    if suite != .signal {
      let seeds = scale.seeds.map(String.init).joined(separator: ", ")
      lines += [
        "training seeds \(seeds); figures are means over them",
        "under the core scoring a flat reconstruction scores as lc61: AUC - lc61 is what the network adds",
      ]
    }
    if suite.adapts { lines.append(adaptationRemark) }
    let reasons = leftOut.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    if !reasons.isEmpty {
      lines.append("left out: " + reasons.prefix(10).joined(separator: "; "))
      if reasons.count > 10 { lines.append("... and \(reasons.count - 10) more") }
    }
    return lines
  }

  private var adaptationRemark: String {
    guard let heldOut else {
      return "adapted to all \(cases.count) studies, those tested included (as the paper does)"
    }
    let groups = heldOut.map { $0.sorted().joined(separator: ", ").cleaned }
    return heldOut.allSatisfy { $0.count == 1 }
      ? "adapted to the other patients' studies, one left out at a time: "
        + groups.joined(separator: ", ")
      : "adapted to the other patients' studies, left out in \(heldOut.count) parts"
  }
}

/// The difference between two arms on the same patients.
public struct ExperimentComparison: Sendable {
  /// The first arm.
  public var arm: String
  /// The arm it is compared with.
  public var base: String
  /// The detector compared.
  public var detector: String
  /// AUC of the first less that of the other, means over the seeds, with its interval by patient.
  public var difference: Bootstrap.Interval?
  /// The same of the patients' F1 at sensitivity 0.9.
  public var f1Difference: Bootstrap.Interval?
  /// Networks of each arm.
  public var seeds: Int

  /// What the interval allows to say of these networks. Other seeds would make others: of one alone
  /// nothing is said.
  public var words: String {
    guard let difference else { return "cannot be compared" }
    guard seeds > 1 else { return "one seed: nothing" }
    if difference.lower > 0 { return "higher" }
    if difference.upper < 0 { return "lower" }
    return "not told apart"
  }
}

extension ExperimentResult {
  /// The comparisons that the suite is about.
  public func comparisons(threads: Int) -> [ExperimentComparison] {
    let arms = suite.arms(scale)
    let pairs = suite.pairs(arms).flatMap { arm, base in
      (arms.first?.reported ?? []).map { (arm: arm, base: base, detector: $0) }
    }
    return ThreadTeam(threads: threads).map(pairs) { pair, _ in
      compare(pair.arm, pair.base, pair.detector)
    }.compactMap(\.self)
  }

  private func compare(
    _ arm: String, _ base: String, _ detector: String
  ) -> ExperimentComparison? {
    guard let first = runs(arm, detector), let second = runs(base, detector) else { return nil }
    let samples = cases.compactMap { item -> Bootstrap.Sample? in
      let scores = (first + second).compactMap { item.scores[$0]?.patient }
      guard scores.count == first.count + second.count else { return nil }
      return Bootstrap.Sample(scores: scores, isPositive: item.hasLesion, group: item.group)
    }
    let difference = Bootstrap(resamples: scale.resamples)
      .areaDifference(samples, first: first.count)
    let f1 = CrossValidation(repeats: scale.repeats).f1Difference(
      first, less: second, on: cases, bootstrap: Bootstrap(resamples: scale.resamples))
    return ExperimentComparison(
      arm: arm, base: base, detector: detector, difference: difference, f1Difference: f1,
      seeds: first.count)
  }

  /// The names under which the cases hold an arm's scores by a detector, in the order of the seeds.
  func runs(_ arm: String, _ detector: String) -> [String]? {
    rows.first { $0.arm == arm && $0.detector == detector }?.row.runs
  }

  /// The area of each repetition of a row, in the order of the seeds.
  public func areas(_ row: Row) -> [Double?] {
    row.row.runs.map { cases.area($0) }
  }
}
