internal import Core

/// What a follower is told who has nothing to follow: whether somebody presents, and that the screen follows then.
extension Workstation {
  /// Tells a follower without anything to follow who is there: once what is presented, its presenter and the list
  /// of cases were looked up, and when it changes.
  ///
  /// - Parameter former: the sign of life that was known before.
  static func tellWaiting(after former: PresenterSign, _ state: inout AppState) {
    // The list, once it is read, takes away what was said before.
    guard let teaching = state.teaching, teaching.role == .follower, teaching.hasLooked,
      state.worklist.isLoaded, !teaching.isPresenceTold || former != teaching.sign
    else { return }
    takeBackWaiting(&state)
    state.teaching?.isPresenceTold = true
    guard teaching.isWaiting,
      let words = waitingWords(
        teaching, after: teaching.isPresenceTold ? former : .unknown)
    else { return }
    state.teaching?.waitingWords = words
    announce(words, &state)
  }

  /// Takes back what was said while there was nothing to follow: it is not true any more.
  static func takeBackWaiting(_ state: inout AppState) {
    guard let words = state.teaching?.waitingWords else { return }
    state.teaching?.waitingWords = nil
    state.takeBack(words)
  }

  /// "anna has left: this screen follows when somebody presents"; `nil` where other words say it.
  private static func waitingWords(
    _ teaching: TeachingState, after former: PresenterSign
  ) -> String? {
    switch (former, teaching.sign) {
    case (_, .silent), (.silent, .there), (.there, .there): return nil
    case (.unknown, .there(let reader)):
      // Who has stopped following does not follow him, either.
      let follows = teaching.isAlone ? "" : ": this screen follows as soon as a case is shown"
      return "\(reader) presents\(follows)"
    case (.there(let reader), .unknown), (.silent(let reader), .unknown):
      // The view with which he left says it.
      let isTold = teaching.isPresenterGone && teaching.presented?.isStale == false
      return isTold ? nil : leftWords(reader, teaching)
    case (.unknown, .unknown):
      guard let presented = teaching.presented else {
        return "nobody presents yet\(followsLater(teaching))"
      }
      // Who left in sight of this follower was told of then.
      guard presented.isStale else { return nil }
      guard teaching.isPresenterGone else { return "nobody presents now\(followsLater(teaching))" }
      return leftWords(presented.reader, teaching)
    }
  }

  /// "anna has left: this screen follows when somebody presents".
  static func leftWords(_ reader: String?, _ teaching: TeachingState) -> String {
    "\(reader ?? "the presenter") has left\(followsLater(teaching))"
  }

  private static func followsLater(_ teaching: TeachingState) -> String {
    teaching.isAlone ? "" : ": this screen follows when somebody presents"
  }
}
