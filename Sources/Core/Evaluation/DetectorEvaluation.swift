/// Everything the tables say of one detector on a set of cases with truth.
public struct DetectorEvaluation: Sendable {
  /// The detector's name.
  public var detector: String
  /// Cases it could assess, of how many.
  public var assessed: Int
  /// All cases.
  public var cases: Int
  /// Segments with truth that it could assess, in every repetition.
  public var assessedSegments: Int
  /// Segments with truth of all cases.
  public var knownSegments: Int
  /// Area under the curve over all patients.
  public var area: Bootstrap.Interval?
  /// Area of this detector minus that of the reference detector, on patients both could assess.
  public var difference: Bootstrap.Interval?
  /// Area of each lesion class against all lesion-free patients.
  public var areaByClass: [String: Bootstrap.Interval]
  /// Difference to the reference detector for each lesion class.
  public var differenceByClass: [String: Bootstrap.Interval]
  /// Decisions by cross-validation.
  public var figures: CrossValidation.Figures

  /// The detector that every other one is compared with (evidence, section 7).
  public static let reference = "lc61"

  /// Names under which cases hold the scores of one row of a table.
  public struct Row: Equatable, Sendable {
    /// What the table calls it.
    public var name: String
    /// The detector itself, or each of its repetitions: figures are means over them.
    public var runs: [String]
    /// What it is compared with, likewise.
    public var reference: [String]

    /// A row; by default of a detector scored once.
    public init(
      _ name: String, runs: [String]? = nil,
      reference: [String] = [DetectorEvaluation.reference]
    ) {
      self.name = name
      self.runs = runs ?? [name]
      self.reference = reference
    }
  }

  /// Evaluates a detector.
  public init(
    _ row: Row, on cases: [EvaluationCase], bootstrap: Bootstrap, validation: CrossValidation
  ) {
    detector = row.name
    self.cases = cases.count
    let scored = cases.filter { item in
      row.runs.allSatisfy { item.scores[$0]?.patient != nil }
    }
    assessed = scored.count
    knownSegments = cases.reduce(0) { $0 + $1.known.count }
    assessedSegments = scored.reduce(0) { sum, item in
      sum + (row.runs.map { item.segmentOutcomes(of: $0).count }.min() ?? 0)
    }
    let positives = scored.filter(\.hasLesion)
    let negatives = scored.filter { !$0.hasLesion }
    func samples(_ cases: [EvaluationCase], of detectors: [String]) -> [Bootstrap.Sample] {
      cases.compactMap { item in
        let scores = detectors.compactMap { item.scores[$0]?.patient }
        guard scores.count == detectors.count else { return nil }
        return Bootstrap.Sample(scores: scores, isPositive: item.hasLesion, group: item.group)
      }
    }
    let pair = row.runs + row.reference
    let count = row.runs.count
    area = bootstrap.area(samples(scored, of: row.runs))
    let isReference = row.runs == row.reference
    difference =
      isReference ? nil : bootstrap.areaDifference(samples(scored, of: pair), first: count)
    areaByClass = [:]
    differenceByClass = [:]
    for name in Set(positives.map(\.className)) {
      let members = positives.filter { $0.className == name } + negatives
      areaByClass[name] = bootstrap.area(samples(members, of: row.runs))
      if !isReference {
        differenceByClass[name] = bootstrap.areaDifference(
          samples(members, of: pair), first: count)
      }
    }
    figures = validation.figures(of: row.runs, on: cases, bootstrap: bootstrap)
  }
}
