internal import Core

/// What a reader may do on the study shown: the hold of this session, the role, what others signed.
extension Workstation {
  /// Renews the hold on the study shown, which may have become another session's or free again.
  static func renewAccess(_ state: AppState) -> [Effect] {
    // A study being opened brings its own; to renew now would give that back.
    guard state.loading == nil else { return [] }
    return holdShown(state)
  }

  /// Takes the study shown again after another was loaded for nothing; without one nothing is held.
  static func holdShown(_ state: AppState) -> [Effect] {
    // What was given back at the end is not taken again.
    guard !state.isDone else { return [] }
    guard state.view == .study, let study = state.study else {
      return state.loading == nil ? [.leaveStudy] : []
    }
    return [.readAccess(study.study.subject, known: study.access)]
  }

  /// Takes in what was looked up, and says what changed; a study that is free again is read again.
  static func take(
    _ result: Result<StudyAccess, WorkerFailure>, of subject: String, _ state: inout AppState
  ) -> [Effect] {
    guard let study = state.study, study.study.subject == subject else { return [] }
    switch result {
    case .success(let access):
      state.study?.access = access
      settleDispute(&state)
      switch (study.access.hold.owner, access.hold.owner) {
      case (nil, let owner?):
        state.sayUnasked(.error, lostWords(owner))
      case (_?, nil): return readFreed(subject, &state)
      default: break
      }
    case .failure(let failure): state.say(.error, failure.words)
    }
    return []
  }

  /// Reads a study again that another session has given back: it may have corrected labels, and have had it
  /// detected on them.
  private static func readFreed(_ subject: String, _ state: inout AppState) -> [Effect] {
    let words = "the study is free again: verdicts are taken"
    state.sayUnasked(.note, words)
    guard state.view == .study else { return [] }
    state.study?.isOutdated = true
    let again = reloadOutdated(&state)
    if !again.isEmpty, state.noteAfterLoading == nil {
      state.noteAfterLoading = NoteAfterLoading(subject: subject, words: words, kind: .note)
    }
    return again
  }

  /// The worklist's line of the study shown says whether readers differ as soon as its reader may see it: with the
  /// own signature, and no longer once that is opened again.
  private static func settleDispute(_ state: inout AppState) {
    guard state.teaching == nil, let study = state.study,
      let index = state.worklist.entries.firstIndex(where: { $0.subject == study.study.subject })
    else { return }
    let isDecided =
      study.review.isAdjudicated || study.access.others.contains { $0.meaning == .adjudicated }
    let isDisputed = study.review.seesOthers && !isDecided && study.comparison.isDisputed
    guard state.worklist.entries[index].isDisputed != isDisputed else { return }
    state.worklist.entries[index].isDisputed = isDisputed
  }

  /// Says that another session has the study, or has ended without giving it back.
  static func sayHold(_ hold: StudyHold, _ state: inout AppState) {
    switch hold {
    case .mine(let owner?):
      state.sayUnasked(.note, "taken over from a session that ended: \(owner.words)")
    case .elsewhere(let owner): state.say(.error, heldWords(owner))
    case .mine(nil), .free: break
    }
  }

  /// Takes back that another session has the study, which leaves the screen.
  static func takeBackHold(_ hold: StudyHold, _ state: inout AppState) {
    guard let owner = hold.owner else { return }
    state.takeBack(heldWords(owner))
    state.takeBack(lostWords(owner))
  }

  private static func heldWords(_ owner: StudyOwner) -> String {
    "read-only: the study is open by \(owner.words)"
  }

  private static func lostWords(_ owner: StudyOwner) -> String {
    "the study is now open by \(owner.words): read-only"
  }
}
