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

  /// Whose answers are shown: "you", or the name of the reader whose acts are replayed.
  var answerer: String { loaded.replay.map { DisplayText.clean($0.name) } ?? "you" }

  /// "Your acts", or "Acts of bob" in a replay: the title of a list of what was stated.
  func ownTitle(_ what: String) -> String {
    guard loaded.replay != nil else { return "Your \(what)" }
    return "\(what.prefix(1).uppercased())\(what.dropFirst()) of \(answerer)"
  }

  /// "YOUR ACTS", or "ACTS OF bob" in a replay: the head over what was stated.
  func ownHead(_ what: String) -> String {
    let what = what.uppercased()
    return loaded.replay == nil ? "YOUR \(what)" : "\(what) OF \(answerer)"
  }

  /// How far the reader of a replay is with the study after the acts shown; `nil` in no replay.
  var replayedState: StudyState? {
    guard loaded.replay != nil else { return nil }
    return loaded.reveal == nil
      ? review.caseState(assessable: assessable) : review.learnerState
  }
}
