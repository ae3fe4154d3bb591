internal import Core
internal import Imaging

/// Keeping what is corrected and not saved, and bringing back what an earlier session left: a hang-up or a kill
/// costs the last two seconds of drawing at most.
extension Workstation {
  /// Looks for what an earlier session left of a study that comes to the screen, and has kept what has changed:
  /// of the editor on the screen with every tick, of editors that were left, or are saved, at once, and all of
  /// it when the workstation ends.
  static func tendDrafts(_ event: TerminalEvent, _ state: inout AppState) -> [Effect] {
    let isTime: Bool
    switch event {
    case .message(.tick): isTime = !state.isDone
    case .hangup, .terminate: isTime = true
    default: isTime = false
    }
    return keepDrafts(isTime: isTime, &state) + askForDrafts(&state)
  }

  /// - Parameter isTime: Whether what is being drawn is kept, too, and what could not be kept is tried again:
  ///   never with the answer to such a try.
  private static func keepDrafts(isTime: Bool, _ state: inout AppState) -> [Effect] {
    let unsaved = state.unsavedCorrections
    if unsaved.isEmpty, state.keeping.isEmpty { return [] }
    var effects: [Effect] = []
    let drawing = isTime || state.isDone ? nil : drawn(state)
    let elsewhere = state.isDone ? nil : heldElsewhere(state)
    for (key, mode) in unsaved
    where key != drawing && key.subject != elsewhere
      && (!state.keeping.holds(mode, key) || isTime && mustWriteAgain(key, state))
    {
      var draft = mode.draft
      draft.isLast =
        state.isDone && state.keeping.failures[key] == nil && state.keeping.holds(mode, key)
      state.keeping.keep(mode, key)
      effects.append(
        .keepDraft(draft, over: state.keeping.sessions(of: key), subject: key.subject))
    }
    var gone = state.keeping.kept.keys.filter { $0 != drawing && unsaved[$0] == nil }
    if isTime { gone += state.keeping.removing.filter { state.keeping.failures[$0] != nil } }
    for key in gone {
      state.keeping.remove(key)
      effects.append(
        .removeDraft(key.target, from: state.keeping.sessions(of: key), subject: key.subject))
    }
    return effects
  }

  /// Whether what was sent to be kept is sent again: it could not be written, or this session ends, and another
  /// one of the reader may have taken it over and given it up.
  private static func mustWriteAgain(_ key: CorrectionKeeping.Key, _ state: AppState) -> Bool {
    state.isDone || state.keeping.failures[key] != nil
  }

  /// What is drawn on the screen and waits for the tick; not what is on its way to being saved.
  private static func drawn(_ state: AppState) -> CorrectionKeeping.Key? {
    guard let study = state.study, let correction = study.correction, !correction.isSaving else {
      return nil
    }
    return CorrectionKeeping.Key(subject: study.study.subject, target: correction.target)
  }

  /// The study on the screen where another session of the reader has it: what is kept there is that session's,
  /// until this one ends and has nothing else to leave its edits in.
  private static func heldElsewhere(_ state: AppState) -> String? {
    guard let study = state.study, study.access.refusal(of: .correct) != nil else { return nil }
    return study.study.subject
  }

  /// Asks once for each reading of a study in which its reader may correct.
  private static func askForDrafts(_ state: inout AppState) -> [Effect] {
    guard state.view == .study, state.loading == nil, state.teaching == nil, !state.isDone,
      let study = state.study, study.access.refusal(of: .correct) == nil, !study.review.isSigned,
      state.keeping.look(at: study.reading, isBlind: study.isBlind)
    else { return [] }
    return [
      .loadDrafts(
        study.study.subject, grids: study.correctionGrids, isBlind: study.isBlind,
        except: [CorrectionDraft.session])
    ]
  }

  // MARK: Answers

  /// An edit was kept or removed, or was not.
  static func take(
    _ result: Result<String?, WorkerFailure>, keptOf target: CorrectionTarget,
    _ subject: String, isRemoval: Bool, _ state: inout AppState
  ) {
    let key = CorrectionKeeping.Key(subject: subject, target: target)
    switch result {
    case .success(let aside):
      _ = state.keeping.settle(key, failure: nil, isRemoval: isRemoval)
      guard let aside else { return }
      state.sayUnasked(
        .error, "earlier unsaved edits of the \(target.words) are kept aside as \(aside)")
    case .failure(let failure):
      guard
        let words = state.keeping.settle(key, failure: failure.words, isRemoval: isRemoval)
      else { return }
      state.sayUnasked(
        .error, "what is kept of the \(target.words) against a hang-up cannot be written: \(words)")
    }
  }

  /// What an earlier session left of a study is here: its editors open with it, and it is this session's.
  static func take(
    _ result: Result<DraftSearch, WorkerFailure>, draftsOf subject: String,
    _ grids: [CorrectionGrid], _ state: inout AppState
  ) -> [Effect] {
    guard state.view == .study, let study = state.study, study.study.subject == subject,
      study.correctionGrids == grids
    else {
      // The reader has gone on, or the slices are others: what can go on is looked for again, what cannot is
      // said now.
      state.keeping.lookAgain()
      if case .success(let search) = result { sayRefused(search, subject, &state) }
      return []
    }
    switch result {
    case .failure(let failure):
      state.sayUnasked(
        .error,
        "unsaved corrections of \(state.name(of: subject)) cannot be looked for: \(failure.words)")
      return []
    case .success(let search):
      var (back, effects): ([String], [Effect]) = ([], [])
      for found in search.found {
        guard let mode = bringBack(found, study, &state) else { continue }
        let time = ClockTime.dated(found.time, in: state.timeZone)
        back.append("\(mode.target.words) of \(time) (\(way(to: mode.target, state.keys)))")
        var draft = mode.draft
        draft.time = found.time
        let key = CorrectionKeeping.Key(subject: subject, target: mode.target)
        effects.append(
          .keepDraft(draft, over: state.keeping.sessions(of: key), subject: subject))
      }
      if !back.isEmpty {
        let save = state.keys.name(.editCommit, in: .labels)
        state.sayUnasked(
          .note, "unsaved corrections are back: \(back.joined(separator: ", ")); \(save) saves")
      }
      sayRefused(search, subject, &state)
      return effects
    }
  }

  /// Says what does not go on, why, and where it is kept.
  private static func sayRefused(
    _ search: DraftSearch, _ subject: String, _ state: inout AppState
  ) {
    let isShown = state.view == .study && state.study?.study.subject == subject
    let study = isShown ? "" : "\(state.name(of: subject)), "
    for refused in search.refused {
      let time = refused.time.map { " of \(ClockTime.dated($0, in: state.timeZone))" } ?? ""
      let place = refused.name.map { "; kept as \($0)" } ?? ""
      state.sayUnasked(
        .error,
        "NOT BACK: unsaved edits\(time), \(study)\(refused.target.words): \(refused.reason)\(place)"
      )
    }
  }

  /// Puts edits of an earlier session among those that were left; `nil` where they do not fit, or the same
  /// labels are being corrected already.
  private static func bringBack(
    _ found: DraftSearch.Found, _ study: StudyScreenState, _ state: inout AppState
  ) -> CorrectionMode? {
    let (target, subject) = (found.correction.target, study.study.subject)
    let time = ClockTime.dated(found.time, in: state.timeZone)
    guard state.leftCorrections.left(target, of: subject) == nil,
      study.correction?.target != target
    else {
      state.sayUnasked(
        .note,
        "another session of yours left edits of the \(target.words), \(time): those here go first")
      // What was kept of those here lay where the other's lies now.
      let key = CorrectionKeeping.Key(subject: subject, target: target)
      if state.unsavedCorrections[key] != nil { state.keeping.forget(key) }
      return nil
    }
    let focus = study.segmentFocus
    let place = study.crosshair?.place ?? SIMD2(focus.column.rounded(), focus.row.rounded())
    do {
      let mode = try CorrectionMode(
        found, grids: study.correctionGrids, at: study.onPicture(place), named: "edits of \(time)")
      let key = CorrectionKeeping.Key(subject: subject, target: target)
      state.keeping.take(mode, key, from: found.session)
      guard mode.isChanged else { return nil }
      state.leftCorrections.keep(mode, of: subject)
      return mode
    } catch {
      state.sayUnasked(.error, "NOT BACK: unsaved edits of \(time), \(target.words): \(error)")
      return nil
    }
  }
}

extension AppState {
  /// The corrections that are nowhere but in memory, those left and that on the screen.
  var unsavedCorrections: [CorrectionKeeping.Key: CorrectionMode] {
    var unsaved: [CorrectionKeeping.Key: CorrectionMode] = [:]
    for (subject, mode) in leftCorrections.all {
      unsaved[CorrectionKeeping.Key(subject: subject, target: mode.target)] = mode
    }
    if let study, let correction = study.correction {
      // Where it is taken back wholly nothing is left of it, also not what was left of it before.
      let key = CorrectionKeeping.Key(subject: study.study.subject, target: correction.target)
      unsaved[key] = correction.isChanged ? correction : nil
    }
    return unsaved
  }
}
