internal import Core

/// A saved correction that the reader was asked about, and the command that answers.
struct AskedTurn: Equatable, Sendable {
  /// `seq` of the correction.
  var act: Int
  /// Undo or redo.
  var command: Command
}

/// Taking saved corrections back and restoring them: as they change label files, and the results that rest on
/// these, the first press says what would be done, and the same key again does it.
extension Workstation {
  /// Asks about a correction, or turns it where that was the answer.
  static func turnCorrection(
    _ draft: ReviewDraft, of act: ReviewRecord, _ command: Command, _ study: StudyScreenState,
    _ state: inout AppState
  ) -> [Effect] {
    guard let note = act.correction else { return [] }
    if let refusal = turnRefusal(study, state) {
      state.say(.refused, refusal)
      return []
    }
    let asked = AskedTurn(act: act.seq, command: command)
    guard study.askedTurn == asked else {
      state.study?.askedTurn = asked
      let key = state.keys.name(command, in: .study)
      let does = command == .undo ? "takes back" : "restores"
      let time = ClockTime.dated(act.time, in: state.timeZone)
      state.say(
        .note,
        "\(key) again \(does): \(note.target.words), corrected \(time) by \(act.reader): \(note.change)"
      )
      return []
    }
    state.study?.askedTurn = nil
    var turn = draft
    turn.correction = note
    let (token, sent) = send(turn, study, "saving", &state)
    return [.turnCorrection(token: token, sent, subject: study.study.subject)]
  }

  /// Why no saved correction can be taken back or restored now, in words; `nil` where one can.
  private static func turnRefusal(_ study: StudyScreenState, _ state: AppState) -> String? {
    if let refusal = study.access.refusal(of: .correct) { return refusal }
    if state.loading != nil { return "a study is being opened: a moment" }
    guard let left = state.leftCorrections.words(of: study.study.subject) else { return nil }
    let (labels, mask) = (
      state.keys.name(.editLabels, in: .study), state.keys.name(.editMask, in: .study)
    )
    return "first save or take back your edits (\(labels), \(mask)): \(left)"
  }

  /// A correction was neither taken back nor restored: undo and redo go on to the act before it.
  static func refuseTurn(
    _ act: InFlightAct, _ why: String, isShown: Bool, _ state: inout AppState
  ) {
    let isUndo = act.draft.action == .undo
    let place = isShown ? "" : "\(state.name(of: act.subject)) "
    let words = act.draft.correction?.target.words ?? "the correction"
    var next = ""
    if isShown, var study = state.study, let target = study.review.target(of: act.draft) {
      study.refusedTurns.insert(target.seq)
      state.study = study
      let key = state.keys.name(isUndo ? .undo : .redo, in: .study)
      let skipped = study.refusedTurns
      let draft =
        isUndo
        ? study.review.undoDraft(blind: false, detectionSHA256: nil, skipping: skipped)
        : study.review.redoDraft(blind: false, detectionSHA256: nil, skipping: skipped)
      next =
        draft.flatMap { study.review.target(of: $0) }.map {
          "; \(key) goes on to \($0.name)"
        } ?? ""
    }
    state.say(.refused, "\(place)\(words) not \(isUndo ? "taken back" : "restored"): \(why)\(next)")
  }

  /// What is said where there is nothing to take back or to restore, which of a correction names the key that
  /// edits it again.
  static func nothingToTurn(
    _ command: Command, _ study: StudyScreenState, _ keys: KeyMap
  ) -> String {
    let what = command == .undo ? "take back" : "restore"
    guard study.refusedTurns.isEmpty else { return "nothing else to \(what)" }
    guard command == .undo, let record = study.review.history.last?.record,
      record.action == .correct, let note = record.correction
    else { return "nothing to \(what)" }
    let edit: Command = note.target.isMask ? .editMask : .editLabels
    let (key, again) = (keys.name(edit, in: .study), note.target.isMask ? "it" : "them")
    return "\(note.target.words): saved by a former version, stays; \(key) edits \(again) again"
  }
}
