/// The evaluation of every detector, as text and as JSON.
public struct EvaluationTable: Sendable {
  /// One entry per detector, in the order given.
  public var detectors: [DetectorEvaluation]
  /// Number of patients of each class.
  public var classCounts: [String: Int]
  /// Number of patients whom the studies come from; fewer than the studies where some have several.
  public var patientCount: Int
  /// Folds of the cross-validation.
  public var foldCount: Int
  /// Classes with lesion, in the order printed.
  public var lesionClasses: [String]
  /// Classes without lesion, in the order printed.
  public var otherClasses: [String]
  /// How well planted lesions are painted over; `nil` for cohorts without originals.
  public var reconstruction: PlantedReconstruction?
  /// What was measured and how: data, model, seeds.
  public var heading: [String]

  /// Evaluates the named detectors on cases with truth, one after the other.
  ///
  /// - Parameter progress: called with the fraction done.
  public init(
    cases: [EvaluationCase], detectors names: [String], heading: [String],
    bootstrap: Bootstrap = Bootstrap(), validation: CrossValidation = CrossValidation(),
    threads: Int = 2, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) {
    self.init(
      cases: cases, rows: names.map { DetectorEvaluation.Row($0) }, heading: heading,
      bootstrap: bootstrap, validation: validation, threads: threads, progress: progress)
  }

  /// Evaluates rows that may each have several repetitions.
  ///
  /// - Parameter progress: called with the fraction done.
  public init(
    cases: [EvaluationCase], rows: [DetectorEvaluation.Row], heading: [String],
    bootstrap: Bootstrap = Bootstrap(), validation: CrossValidation = CrossValidation(),
    threads: Int = 2, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) {
    self.heading = heading
    classCounts = Dictionary(cases.map { ($0.className, 1) }, uniquingKeysWith: +)
    foldCount = validation.folds
    patientCount = Set(cases.map(\.group)).count
    lesionClasses = Set(cases.filter(\.hasLesion).map(\.className)).sorted()
    otherClasses = Set(cases.filter { !$0.hasLesion }.map(\.className)).sorted()
    detectors = ThreadTeam(threads: threads).map(rows) { row, done in
      progress(Double(done) / Double(rows.count))
      return DetectorEvaluation(row, on: cases, bootstrap: bootstrap, validation: validation)
    }
  }
}
