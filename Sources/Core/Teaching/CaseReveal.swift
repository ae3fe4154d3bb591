/// What the reveal of a case of a teaching session shows beside the AI's result.
public enum CaseReveal: Equatable, Sendable {
  /// The truth.
  case truth
  /// No truth: none is known.
  case nothing
  /// A truth that cannot be read now.
  case unread
}
