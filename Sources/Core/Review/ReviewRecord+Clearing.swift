/// What an act states beside verdicts: the values that a press beyond the last clears.
public protocol ClearableStatement {
  /// The kind of act.
  var action: ReviewAction { get }
  /// The quality of the images.
  var quality: QualityVerdict? { get }
  /// The Yukawa grade of a segment's lesion.
  var grade: Int? { get }
  /// How sure the reader is.
  var confidence: Int? { get }
  /// How hard the study is to read.
  var difficulty: Difficulty? { get }
}

extension ClearableStatement {
  /// Whether the act says that nothing is stated any more of what it is about: a quality, grade, confidence or
  /// difficulty without a value.
  public var clears: Bool {
    switch action {
    case .quality: quality == nil
    case .grade: grade == nil
    case .confidence: confidence == nil
    case .difficulty: difficulty == nil
    default: false
    }
  }
}

extension ReviewRecord: ClearableStatement {}
extension ReviewDraft: ClearableStatement {}
