internal import Core

/// What the presenter shows comes to a follower's screen: the case, the place in it, and the truth.
extension Workstation {
  /// Brings the presenter's view to the screen, unless something is placed on it or lies over it: what is
  /// being typed belongs to the case under it.
  static func follow(_ state: inout AppState) -> [Effect] {
    guard let teaching = state.teaching, teaching.isUnapplied, !teaching.isAlone,
      let view = teaching.presented?.view
    else { return [] }
    if holdsFollowing(state) {
      holdFollowing(&state)
      return []
    }
    state.teaching?.isHeld = false
    let effects = bring(view, teaching, &state)
    if teaching.isHeld {
      tellPresence("following again: the presenter went on meanwhile", &state)
    }
    return effects
  }

  private static func bring(
    _ view: TeachingView, _ teaching: TeachingState, _ state: inout AppState
  ) -> [Effect] {
    let subject = "\(view.caseNumber)"
    guard state.view == .study, state.opening == nil, let study = state.study,
      study.study.subject == subject
    else {
      // `settleCase` comes back here when the case is there.
      return state.loading == subject ? [] : openPresented(subject, teaching, &state)
    }
    state.teaching?.isUnapplied = false
    // Where the truth was shown before this reader came, the place would tell it: he sees the case alone.
    let isKept = view.isRevealed && study.isBlind && teaching.isViewOld
    var next = study
    if !isKept { next.follow(view) }
    // Where somebody else presents by now, this reader's own answers are shown again.
    next.isPresented = teaching.isPresenting
    // What its reader has seen alone is hidden from the room as on the presenter's own screen.
    if teaching.isPresenting, !view.isRevealed { next.isBlind = true }
    let isJoining = next.isPresented && !study.isPresented
    if isJoining || (next.hidesAnswers && !study.hidesAnswers) {
      forgetAnswersSaid(&state)
    }
    if next.target != study.target { state.teaching?.settling = TeachingState.settlingLooks }
    next.followed = isKept ? nil : view
    state.study = next
    if isKept {
      let key = state.keys.name(.revealTruth)
      state.sayUnasked(
        .note, "the truth was shown before you came: \(key), or the presenter, shows it")
      return []
    }
    return followArrangement(view, of: study, &state)
      + followTruth(view, of: study, teaching, &state)
  }

  /// Opens the case that is presented; an error that stands comes with it, for the reader asked for nothing.
  private static func openPresented(
    _ subject: String, _ teaching: TeachingState, _ state: inout AppState
  ) -> [Effect] {
    // Of the next case it is not true, or said anew.
    if let hold = state.study?.access.hold { takeBackHold(hold, &state) }
    let error = state.message.flatMap { $0.kind == .error ? $0 : nil }
    let effects = open(subject, &state)
    // On a screen that the room sees it may name answers.
    if let error, !teaching.isPresenting {
      state.message = error
      state.noteAfterLoading = NoteAfterLoading(subject: subject, words: error.text, kind: .error)
    }
    return effects
  }

  /// What was said to this reader alone may name answers, and goes; that an act was not saved does not.
  private static func forgetAnswersSaid(_ state: inout AppState) {
    state.message = nil
    state.messageLog = MessageLog()
    let count = state.unsaved.count
    guard count > 0 else { return }
    let acts = count == 1 ? "an act" : "\(count) acts"
    state.say(.error, "NOT SAVED: \(acts) of yours, named on quitting")
  }

  /// Shows the truth where the presenter does and it was hidden here.
  private static func followTruth(
    _ view: TeachingView, of study: StudyScreenState, _ teaching: TeachingState,
    _ state: inout AppState
  ) -> [Effect] {
    guard view.isRevealed, study.isBlind else { return [] }
    if teaching.isPresenting {
      // The presenter's own screen writes it.
      state.teaching?.shownCases.insert(study.study.subject)
      state.study?.isBlind = false
      return []
    }
    // A guest has no answers that could end.
    let isGuest = study.access.role == .guest
    let error = state.message.flatMap { $0.kind == .error ? $0 : nil }
    // It is no act of the learner's: what he needed for the case had ended before.
    let reveal = ReviewDraft(action: .reveal, reason: ReviewRecord.presentedReason)
    let effects = isGuest ? [] : write(reveal, &state)
    // That it is being saved is not asked for.
    if let error { state.message = error }
    // The presenter's picture is seen also where the learner's journal cannot be written.
    state.study?.isBlind = false
    return effects
  }
}
