internal import Core

/// Whether a session is presented, by whom, and at which place: signs of life, and taking over.
extension Workstation {
  /// From time to time a presenter gives a sign of life; who follows, or was replaced, looks for it.
  static func tendPresence(_ state: AppState) -> [Effect] {
    guard let teaching = state.teaching, !state.isDone else { return [] }
    switch teaching.role {
    case .presenter where !teaching.isReplaced: return [.renewPresence]
    case .presenter: return [.readPresenterSign(known: teaching.sign)]
    // Until he was told, a follower is to hear also that nobody is there.
    case .follower:
      return [.readPresenterSign(known: teaching.isPresenceTold ? teaching.sign : nil)]
    case .learner, .replay: return []
    }
  }

  /// Somebody else presents by now, or the sign of life could not be given.
  static func takePresence(_ result: Result<String, WorkerFailure>, _ state: inout AppState) {
    switch result {
    case .success(let owner):
      state.teaching?.successor = owner
      state.sayUnasked(.error, replacedWords(owner))
    case .failure(let failure):
      // Given every two seconds: said once.
      state.sayUnasked(.error, "followers cannot see that you are there: \(failure.words)")
    }
  }

  private static func replacedWords(_ owner: String) -> String {
    "presented by \(owner) now: followers see that screen and not yours"
  }

  /// Tells who does not present that the presenter has fallen silent, is back, or is another.
  static func take(_ sign: PresenterSign, _ state: inout AppState) {
    guard let before = state.teaching?.sign else { return }
    state.teaching?.sign = sign
    tellWaiting(after: before, &state)
    guard before != sign else { return }
    switch (before, sign) {
    case (_, .silent(let reader)):
      announce("no sign of life from \(reader), who presents: \(wayOn(state))", &state)
    case (.there(let former), .unknown) where state.teaching?.isReplaced == true:
      announce("\(former) presents no longer: quit, then --present shows yours again", &state)
    case (.silent, .there(let reader)): announce("\(reader) presents again", &state)
    case (.there(let former), .there(let reader)) where former != reader:
      announce("\(reader) presents now", &state)
    default: break
    }
  }

  /// What is left to do where nobody presents: who was replaced presents again as everybody does.
  private static func wayOn(_ state: AppState) -> String {
    if state.teaching?.isReplaced == true { return "quit, then --present goes on there" }
    return "\(state.keys.name(.nextCase, in: .teaching)) goes on to the next case"
  }

  /// Says it before all else, but where a finding is placed, a case is being opened or an error stands: that an
  /// answer was not saved stays to be read.
  static func announce(_ words: String, _ state: inout AppState) {
    if let owner = state.teaching?.successor { state.takeBack(replacedWords(owner)) }
    if state.loading != nil || state.study?.mark != nil || state.message?.kind == .error {
      return tellPresence(words, &state)
    }
    state.say(.note, words)
  }

  // MARK: Taking over

  /// A presenter who has taken a session over opens the case that was shown last.
  static func goOnPresenting(_ state: inout AppState) -> [Effect] {
    guard let last = state.teaching?.takenOver, state.teaching?.role == .presenter,
      state.view == .worklist, state.loading == nil
    else { return [] }
    return open("\(last.view.caseNumber)", &state)
  }

  /// Shows the case as it was presented last; its truth is shown anew only when asked for.
  static func settleTakenOver(_ state: inout AppState) -> [Effect] {
    guard let last = state.teaching?.takenOver else { return [] }
    state.teaching?.takenOver = nil
    guard var study = state.study, study.study.subject == "\(last.view.caseNumber)" else {
      return []
    }
    study.follow(last.view)
    study.pointed = nil
    state.study = study
    let effects = followArrangement(last.view, of: study, &state)
    let former = last.reader.map { ", presented by \($0)" } ?? ""
    let key = state.keys.name(.revealTruth)
    let wasShown = last.view.isRevealed && study.isBlind
    let truth = wasShown ? "; the truth was shown: \(key) shows it" : ""
    addNote("you go on where the session stood\(former)\(truth)", &state)
    return effects
  }
}
