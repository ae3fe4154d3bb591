extension ReviewRecord {
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

extension ReviewDraft {
  /// Whether the act says that nothing is stated any more of what it is about.
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
