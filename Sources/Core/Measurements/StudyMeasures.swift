/// The measurements of a study that screens show level by level; the whole stands in the report.
public struct StudyMeasures: Equatable, Sendable {
  /// The levels, C2-3 ... C7-T1.
  public var levels: [LevelMeasures]
  /// Why nothing could be measured, or `nil`.
  public var reason: String?

  /// Takes the levels out of a study's measurements.
  public init(_ study: CervicalMeasurements) {
    levels = SpinalSegment.allCases.map { LevelMeasures($0, of: study) }
    reason = study.reason
  }

  /// A study of which nothing can be measured, and why.
  public init(unmeasured reason: String) {
    self.init(CervicalMeasurements(subject: "", image: "", reason: reason))
  }

  /// The measures of a level.
  public subscript(_ segment: SpinalSegment) -> LevelMeasures? {
    levels.first { $0.segment == segment }
  }

  /// The level with the largest MSCC that could be measured.
  public var mostCompressed: LevelMeasures? {
    levels.filter { $0.msccPercent.value != nil }
      .max { ($0.msccPercent.value ?? 0) < ($1.msccPercent.value ?? 0) }
  }

  /// The same with other words for reasons and flags, which may hold what a file says.
  func reworded(_ words: (String) -> String) -> StudyMeasures {
    var result = self
    result.levels = levels.map { $0.reworded(words) }
    result.reason = reason.map(words)
    return result
  }
}
