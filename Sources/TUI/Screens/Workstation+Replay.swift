internal import Core

/// A reader's acts, one by one, with what the reader had before him at each.
extension Workstation {
  /// Shows a replay as it stood after so many acts.
  static func showAct(_ wanted: Int, _ state: inout AppState) {
    guard var study = state.study, let teaching = state.teaching else { return }
    let step = min(max(wanted, 0), teaching.acts.count)
    // What was shown after the last act stays while there is no other to go to.
    let stays = step > 0 && step == teaching.step && !study.isBlind
    state.teaching?.step = step
    study.review = ReviewState(Array(teaching.acts.prefix(step)))
    let hasSecrets = study.study.detection != nil || study.loaded.truth != nil
    study.isBlind = hasSecrets && !study.review.isRevealed && !stays
    guard step > 0, let line = study.review.history.last else {
      state.study = study
      let count = teaching.acts.count
      state.say(.note, count == 1 ? "before the only act" : "before the first of \(count) acts")
      return
    }
    if let segment = line.record.segment.flatMap(SpinalSegment.init(name:)) {
      study.select(.segment(segment))
    }
    if let place = line.record.place,
      let slice = study.study.pictures.firstIndex(where: { $0.index == place.slice })
    {
      study.slice = slice
    }
    state.study = study
    let time = ClockTime.text(of: line.record.time, in: state.timeZone)
    let end = wanted > teaching.acts.count ? "; that was the last" : ""
    let words = study.told(line)
    state.say(
      .note,
      "act \(step) of \(teaching.acts.count), \(time): \(words)\(end)\(wayToTruth(study, state))")
  }

  /// "; E shows truth and AI": after the last act of who did not see it, for a teacher.
  private static func wayToTruth(_ study: StudyScreenState, _ state: AppState) -> String {
    guard let teaching = state.teaching, study.isBlind,
      replayRefusal(study, teaching, state.keys) == nil
    else { return "" }
    return "; \(state.keys.name(.revealTruth)) shows \(study.revealWords)"
  }

  /// Why a replay shows no more than its reader saw so far, in words; `nil` where a key shows the truth.
  static func replayRefusal(
    _ study: StudyScreenState, _ teaching: TeachingState, _ keys: KeyMap
  ) -> String? {
    guard study.loaded.replay?.endsWithTruth == true else {
      return "a replay shows what its reader saw"
    }
    guard teaching.step < teaching.acts.count else { return nil }
    return "\(keys.name(.revealTruth)) shows the truth after the last act"
  }

  /// Shows the truth at the end of a replay; nothing is written.
  static func revealInReplay(
    _ study: StudyScreenState, _ teaching: TeachingState, _ state: inout AppState
  ) {
    guard study.isBlind || study.loaded.reveal == nil else {
      state.say(.note, study.loaded.truth == nil ? "nothing is known of this case" : "it is shown")
      return
    }
    if let refusal = replayRefusal(study, teaching, state.keys) {
      state.say(.refused, refusal)
      return
    }
    state.study?.isBlind = false
    state.say(.note, "showing \(study.revealWords)")
  }
}
