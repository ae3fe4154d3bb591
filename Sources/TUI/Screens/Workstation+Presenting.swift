internal import Core

/// What a presenter shows, and how followers see it.
extension Workstation {
  /// Sends what the presenter sees, if it is something else than was sent; while one view is on its
  /// way the others wait, and only the last of them is sent.
  static func present(_ state: inout AppState) -> [Effect] {
    if state.isDone { return takeLeave(&state) }
    guard let teaching = state.teaching, teaching.role == .presenter, !teaching.isSending,
      !teaching.isReplaced,
      state.view == .study, state.opening == nil, let study = state.study,
      let number = Int(study.study.subject)
    else { return [] }
    var view = TeachingView(study, caseNumber: number)
    view.layout = TeachingView.Layout(state)
    guard view != teaching.sent else { return [] }
    state.teaching?.sent = view
    state.teaching?.isSending = true
    return [.present(view)]
  }

  /// Tells followers that the presenter goes, with the view shown last; who showed nothing has no followers.
  private static func takeLeave(_ state: inout AppState) -> [Effect] {
    guard let teaching = state.teaching, teaching.role == .presenter, !teaching.isReplaced,
      var last = teaching.sent, last.hasLeft != true
    else { return [] }
    last.hasLeft = true
    state.teaching?.sent = last
    return [.present(last)]
  }

  /// A view is in the file, or is not.
  static func settlePresented(_ result: Result<Int, WorkerFailure>, _ state: inout AppState) {
    state.teaching?.isSending = false
    if case .failure(let failure) = result {
      state.sayUnasked(.error, "followers do not see this: \(failure.words)")
    }
  }

  /// A moment has passed: asks for what the presenter shows.
  static func lookAtPresenter(_ state: inout AppState) -> [Effect] {
    guard let teaching = state.teaching, teaching.role == .follower, !state.isDone else {
      return []
    }
    state.teaching?.settling = max(teaching.settling - 1, 0)
    let effects = teaching.isUnapplied ? follow(&state) : []
    guard !teaching.isReading else { return effects }
    state.teaching?.isReading = true
    return effects + [.readPresented(known: teaching.presented)]
  }

  /// What the presenter shows has come.
  static func take(
    _ result: Result<PresentedView?, WorkerFailure>, _ state: inout AppState
  ) -> [Effect] {
    state.teaching?.isReading = false
    if case .success = result { state.teaching?.hasLooked = true }
    switch result {
    case .success(let presented?): return take(presented, &state)
    case .success(nil): return []
    case .failure(let failure):
      // Looked for four times a second: said once.
      state.sayUnasked(.error, failure.words)
      return []
    }
  }

  /// Takes a view in; one with which the presenter left shows nothing new, unless a look missed the one before,
  /// and one of an earlier showing is not shown at all.
  private static func take(_ presented: PresentedView, _ state: inout AppState) -> [Effect] {
    let former = state.teaching?.presented
    let (before, wasOld) = (former?.view, state.teaching?.isViewOld == true)
    var same = presented.view
    same.hasLeft = nil
    state.teaching?.presented = presented
    settleSecondScreen(presented, &state)
    if presented.isStale { return [] }
    takeBackWaiting(&state)
    guard presented.view.hasLeft == true else {
      state.teaching?.isUnapplied = true
      let effects = follow(&state)
      if before?.hasLeft == true, former?.isStale == false {
        tellPresence("the presenter is back", &state)
      }
      return effects
    }
    let next = state.keys.name(.nextCase, in: .teaching)
    let words = "the presenter has left: \(next) goes on to the next case"
    guard same == before else {
      state.teaching?.isUnapplied = true
      let effects = follow(&state)
      tellPresence(words, &state)
      return effects
    }
    // What was shown before this terminal joined is none the newer for it.
    if wasOld { state.teaching?.presented?.isOld = true }
    if state.view == .worklist, let teaching = state.teaching {
      // No key goes on to the next case there.
      announce(leftWords(presented.reader, teaching), &state)
    } else {
      announce(words, &state)
    }
    return []
  }

  /// This terminal is a second screen while its reader presents in another one: what nobody is seen to
  /// present, as a rehearsal's last view, makes none.
  private static func settleSecondScreen(_ presented: PresentedView, _ state: inout AppState) {
    let isSecond =
      !presented.isStale && presented.reader == ReaderIdentity.sanitised(state.reader)
    let wasSecond = state.teaching?.isSecondScreen == true
    state.teaching?.isSecondScreen = isSecond
    if isSecond {
      emptyList(&state)
    } else if wasSecond {
      refillList(&state)
      // Also where following waits, and nothing is brought to the screen yet.
      state.study?.isPresented = false
    }
  }

  /// Takes the reader's own answers and results out of the list of cases on a second screen: the room may
  /// see it.
  static func emptyList(_ state: inout AppState) {
    guard state.teaching?.isSecondScreen == true else { return }
    var entries = state.worklist.entries
    for (index, entry) in entries.enumerated()
    where entry.conclusion != nil || entry.caseResult != nil {
      state.teaching?.answersSetAside[entry.subject] = AnswersSetAside(
        conclusion: entry.conclusion, caseResult: entry.caseResult)
      entries[index].conclusion = nil
      entries[index].caseResult = nil
    }
    if entries != state.worklist.entries { state.worklist.entries = entries }
  }

  /// Lists again what was set aside: somebody else presents, and nobody looks on.
  private static func refillList(_ state: inout AppState) {
    let kept = state.teaching?.answersSetAside ?? [:]
    state.teaching?.answersSetAside = [:]
    var entries = state.worklist.entries
    for (index, entry) in entries.enumerated() {
      guard let own = kept[entry.subject] else { continue }
      entries[index].conclusion = own.conclusion
      entries[index].caseResult = own.caseResult
    }
    if entries != state.worklist.entries { state.worklist.entries = entries }
  }

  /// Says that the presenter is there or not beside what following says; with a case that is being opened,
  /// once it is there.
  static func tellPresence(_ words: String, _ state: inout AppState) {
    guard let subject = state.loading else {
      // Behind an error it is said once.
      if state.message?.kind == .error { return state.sayUnasked(.note, words) }
      return addNote(words, &state)
    }
    var note = NoteAfterLoading(subject: subject, words: words, kind: .note)
    if let known = state.noteAfterLoading, known.subject == subject {
      (note.words, note.kind) = ("\(known.words); \(words)", known.kind)
    }
    state.noteAfterLoading = note
  }

  /// The key that goes back to what the presenter shows.
  static func backToPresenter(_ teaching: TeachingState, _ state: inout AppState) -> [Effect] {
    guard teaching.role == .follower, teaching.presented?.isStale == false else {
      state.say(.refused, nobodyFollowed(teaching))
      return []
    }
    state.teaching?.isAlone = false
    state.teaching?.isUnapplied = true
    // What was arranged otherwise meanwhile is as the presenter has it again.
    state.study?.followed = nil
    state.teaching?.layout = nil
    let effects = follow(&state)
    if teaching.isPresenterGone {
      addNote("the presenter has left: shown last", &state)
    } else if teaching.sign.isSilent {
      addNote("no sign of life from the presenter: shown last", &state)
    }
    return effects
  }

  /// Why there is nobody to go back to, in words.
  private static func nobodyFollowed(_ teaching: TeachingState) -> String {
    if teaching.role == .presenter {
      return teaching.isReplaced
        ? "you present no longer: --follow shows who does" : "you present: others follow you"
    }
    if case .there = teaching.sign { return "the presenter shows nothing yet" }
    return "nobody presents"
  }

  /// Stops following: what the presenter does moves nothing here until this reader follows again.
  static func leavePresenter(_ teaching: TeachingState, _ state: inout AppState) -> [Effect] {
    guard teaching.role == .follower else {
      state.say(.refused, "you follow nobody")
      return []
    }
    let key = state.keys.name(.toPresenter)
    guard !teaching.isAlone else {
      state.say(.note, "you follow nobody: \(key) follows the presenter again")
      return []
    }
    state.teaching?.isAlone = true
    state.teaching?.isHeld = false
    // What the presenter points at is no longer pointed at here.
    state.study?.pointed = nil
    // A guest has no journal in which a look would stand.
    let isGuest = state.study?.access.role == .guest
    let named = isGuest ? "" : "; a look at the truth is named in the teacher's scores"
    state.say(.note, "not following: \(key) follows again\(named)")
    return []
  }
}
