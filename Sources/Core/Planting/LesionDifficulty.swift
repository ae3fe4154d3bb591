/// How strong planted lesions are, as a share of the cord-to-CSF step.
public enum LesionDifficulty: String, CaseIterable, Codable, Sendable {
  /// The paper's (appendix A.1) but for the faintest: 15-100 % of the step.
  case easy
  /// Weak lesions: 8-45 % of the step.
  case hard

  /// The range that the mean signal is drawn from.
  public var contrast: ClosedRange<Double> {
    switch self {
    case .easy: 0.15...1
    case .hard: 0.08...0.45
    }
  }

  /// The class of such a study in the tables.
  public var className: String { "planted-\(rawValue)" }
}
