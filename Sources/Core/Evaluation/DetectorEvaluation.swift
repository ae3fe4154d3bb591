/// Everything the tables say of one detector on a set of cases with truth.
public struct DetectorEvaluation: Sendable {
  /// The detector's name.
  public var detector: String
  /// Cases it could assess, of how many.
  public var assessed: Int
  /// All cases.
  public var cases: Int
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

  /// Evaluates a detector.
  public init(
    _ detector: String, on cases: [EvaluationCase], bootstrap: Bootstrap,
    validation: CrossValidation
  ) {
    self.detector = detector
    self.cases = cases.count
    let scored = cases.filter { $0.scores[detector]?.patient != nil }
    assessed = scored.count
    let positives = scored.filter(\.hasLesion)
    let negatives = scored.filter { !$0.hasLesion }
    func scores(_ cases: [EvaluationCase]) -> [Double] {
      cases.compactMap { $0.scores[detector]?.patient }
    }
    func pairs(_ cases: [EvaluationCase]) -> [(Double, Double)] {
      cases.compactMap { item in
        guard let own = item.scores[detector]?.patient,
          let other = item.scores[Self.reference]?.patient
        else { return nil }
        return (own, other)
      }
    }
    area = bootstrap.area(positives: scores(positives), negatives: scores(negatives))
    let isReference = detector == Self.reference
    difference =
      isReference
      ? nil : bootstrap.areaDifference(positives: pairs(positives), negatives: pairs(negatives))
    areaByClass = [:]
    differenceByClass = [:]
    for name in Set(positives.map(\.className)) {
      let members = positives.filter { $0.className == name }
      areaByClass[name] = bootstrap.area(
        positives: scores(members), negatives: scores(negatives))
      if !isReference {
        differenceByClass[name] = bootstrap.areaDifference(
          positives: pairs(members), negatives: pairs(negatives))
      }
    }
    figures = validation.figures(of: detector, on: cases, bootstrap: bootstrap)
  }
}
