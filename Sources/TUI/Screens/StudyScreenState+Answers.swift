internal import Core

/// What of the reader's own answers is shown: nothing while others look on and the truth is hidden.
extension StudyScreenState {
  /// Whether the reader's own answers are hidden: they may be those of a rehearsal, and give the case away.
  var hidesAnswers: Bool { isPresented && isBlind }

  /// What the reader has stated, as far as it is shown.
  var shownReview: ReviewState { hidesAnswers ? ReviewState() : review }

  /// The verdict that stands on a row, where it is shown.
  func shownStanding(_ target: ReviewTarget) -> ReviewRecord? {
    hidesAnswers ? nil : standing(target)
  }
}
