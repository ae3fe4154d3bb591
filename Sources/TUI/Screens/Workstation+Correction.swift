internal import Core
internal import Imaging

/// Correcting labels and masks: the modes' beginning and end; what is edited in them is in
/// `Workstation+LabelEditing` and `Workstation+MaskEditing`.
extension Workstation {
  /// Runs a command of a correction; `nil` for one that is not about corrections, or that moves slices
  /// and picture as everywhere.
  static func runCorrection(_ command: Command, _ state: inout AppState) -> [Effect]? {
    guard let study = state.study else { return nil }
    switch command {
    case .editLabels where study.correction == nil, .editMask where study.correction == nil:
      state.study?.sliceBeforeCorrection = nil
      return beginCorrection(command == .editLabels ? .discs : .cord, &state)
    default: break
    }
    guard var correction = study.correction else { return nil }
    // A key ends what the mouse draws, also one that moves the picture under it: what follows is another
    // edit.
    correction.stroke = nil
    state.study?.correction?.stroke = nil
    if command != .editCommit {
      correction.askedSkips = nil
      state.study?.correction?.askedSkips = nil
    }
    if correction.isSaving, command != .editLeave {
      state.say(.refused, "still saving: a moment")
      return []
    }
    switch command {
    case .editCommit: return commit(correction, &state)
    case .editLeave: return leave(correction, &state)
    case .otherPoints:
      return change(to: correction.target == .discs ? .boundaries : .discs, &state)
    case .otherMask:
      return change(to: correction.target == .cord ? .lesion : .cord, &state)
    case .zoomIn, .zoomOut:
      state.study?.correction?.anchor = correction.place
      return nil
    case .editUndo, .editRedo: turn(command, &correction, study, &state)
    default:
      let wasDrawing = correction.hasJustDrawn
      correction.hasJustDrawn = false
      if let step = command.pictureStep {
        move(by: step, &correction, study, continues: wasDrawing, &state)
      } else {
        do {
          let isKnown =
            correction.target.isMask
            ? try editMask(command, &correction, study, &state)
            : try editLabels(command, &correction, &state)
          if !isKnown { return nil }
        } catch {
          state.say(.refused, "\(error)")
        }
      }
    }
    state.study?.correction = correction
    return []
  }

  // MARK: Beginning

  /// Why nothing can be corrected now, in words; `nil` where it can.
  static func correctionRefusal(
    _ study: StudyScreenState, _ state: AppState
  ) -> String? {
    if let refusal = study.access.refusal(of: .correct) { return refusal }
    if study.review.isSigned {
      return "the study is signed: nothing can be corrected; \(state.keys.reopening) opens it again"
    }
    if state.loading != nil { return "a study is being opened: a moment" }
    if case .none(let reason) = state.capabilities.graphics {
      return "nothing can be corrected without a picture: \(reason)"
    }
    if state.capabilities.unconfirmedPictures != nil {
      return "nothing can be corrected without a picture: :picture-seen if you see it"
    }
    return study.picture == nil ? "this study holds no slice that can be shown" : nil
  }

  private static func beginCorrection(
    _ target: CorrectionTarget, _ state: inout AppState
  ) -> [Effect] {
    guard let study = state.study else { return [] }
    if let refusal = correctionRefusal(study, state) {
      state.say(.refused, refusal)
      return []
    }
    let left = state.leftCorrections.left(target, of: study.study.subject)
    if let left, !left.isOutdated(on: study) {
      _ = state.leftCorrections.take(target, of: study.study.subject)
      goOn(left, &state)
      return []
    }
    state.study?.awaitedCorrection = target
    state.study?.typedForEditor = []
    state.say(.note, "reading the \(target.words)")
    return [
      .loadCorrection(
        target, subject: study.study.subject,
        grids: target.isMask ? study.correctionGrids : [],
        isBlind: left?.beganBlind ?? study.isBlind)
    ]
  }

  /// What a correction begins from was read: the editor opens, and has the keys typed for it.
  static func take(
    _ result: Result<CorrectionBasis, WorkerFailure>, _ target: CorrectionTarget,
    of subject: String, _ state: inout AppState
  ) -> [Effect] {
    guard let study = state.study, study.study.subject == subject,
      study.awaitedCorrection == target
    else { return [] }
    let keys = takeAwaited(&state)
    // The study on the screen is about to be another, or itself anew: what is drawn now would be lost.
    guard state.loading == nil else {
      refuseEditor(
        .refused, "a study is being opened: the \(target.words) are not corrected", keys, &state)
      return []
    }
    if let left = state.leftCorrections.left(target, of: subject), !left.isOutdated(on: study) {
      // What an earlier session left of it came while it was being read.
      _ = state.leftCorrections.take(target, of: subject)
      goOn(left, &state)
      return pressTypedForEditor(keys, &state)
    }
    switch result {
    case .failure(let failure):
      refuseEditor(
        .error, "the \(target.words) cannot be corrected: \(failure.words)", keys, &state)
      return []
    case .success(let basis):
      guard !target.isMask || basis.masks.count == study.study.pictures.count else {
        refuseEditor(.error, "the \(target.words) do not fit the slices shown", keys, &state)
        return []
      }
      if let left = state.leftCorrections.take(target, of: subject) {
        goOn(left.carried(onto: basis, of: study) ?? left, &state)
        return pressTypedForEditor(keys, &state)
      }
      let focus = study.segmentFocus
      let place = study.crosshair?.place ?? SIMD2(focus.column.rounded(), focus.row.rounded())
      let mode = CorrectionMode(
        basis, grids: study.correctionGrids, at: study.onPicture(place))
      let words =
        target.isMask || !basis.points.isEmpty
        ? target.words + beyondWords(basis)
        : "no \(target.words) yet: \(state.keys.name(.insertPoint)) inserts the first"
      enter(mode, words, &state)
      return pressTypedForEditor(keys, &state)
    }
  }

  /// Says of levels beyond the image's edge that they are not saved; empty where there are none.
  private static func beyondWords(_ basis: CorrectionBasis) -> String {
    let names = basis.beyondImage.compactMap { VertebralLevel(rawValue: Int($0))?.name }
    guard !names.isEmpty else { return "" }
    return "; without \(names.joined(separator: ", ")), beyond the image's edge"
  }

  static func enter(
    _ mode: CorrectionMode, _ words: String, _ state: inout AppState
  ) {
    state.study?.crosshair = nil
    state.study?.mark = nil
    state.study?.isWindowMode = false
    state.study?.isSignMode = false
    state.study?.correction = mode
    // From one mask to the other the reader stays in the editor.
    let before = state.study?.sliceBeforeCorrection ?? state.study?.slice
    state.study?.sliceBeforeCorrection = before
    if mode.labels != nil { showChosen(mode, &state) }
    let commit = state.keys.name(.editCommit, in: .labels)
    let leave = state.keys.name(.editLeave, in: .labels)
    state.say(.note, "\(words); \(commit) saves, \(leave) leaves")
  }

  private static func change(
    to target: CorrectionTarget, _ state: inout AppState
  ) -> [Effect] {
    if let study = state.study, let refusal = correctionRefusal(study, state) {
      state.say(.refused, refusal)
      return []
    }
    keepCorrection(&state)
    return beginCorrection(target, &state)
  }

  // MARK: End

  /// Puts the correction on the screen aside; its edits are there when it is begun again.
  static func keepCorrection(_ state: inout AppState) {
    guard let study = state.study, let correction = study.correction else { return }
    state.study?.correction = nil
    if correction.isChanged { state.leftCorrections.keep(correction, of: study.study.subject) }
  }

  /// Shows the slice again that was shown before the editor.
  private static func showSliceBefore(_ state: inout AppState) {
    guard let slice = state.study?.sliceBeforeCorrection else { return }
    state.study?.sliceBeforeCorrection = nil
    state.study?.slice = slice
  }

  private static func leave(
    _ correction: CorrectionMode, _ state: inout AppState
  ) -> [Effect] {
    if correction.isSaving {
      state.say(.refused, "still saving: a moment")
      return []
    }
    keepCorrection(&state)
    showSliceBefore(&state)
    state.say(.note, leftWords(correction, state))
    return reloadOutdated(&state)
  }

  private static func commit(
    _ correction: CorrectionMode, _ state: inout AppState
  ) -> [Effect] {
    guard let study = state.study else { return [] }
    if let refusal = correctionRefusal(study, state) {
      state.say(.refused, refusal)
      return []
    }
    guard correction.isChanged else {
      state.say(.refused, unchangedWords(correction, isOpen: true, state))
      return []
    }
    if let fault = correction.labels?.fault {
      state.say(.refused, "nothing was saved: \(fault)")
      return []
    }
    if let labels = correction.labels, let skips = labels.skips, skips != correction.askedSkips {
      state.study?.correction?.askedSkips = skips
      let save = state.keys.name(.editCommit, in: .labels)
      let doubt = labels.shiftDoubt.map { "; \($0)" } ?? ""
      state.say(.refused, "not saved: \(skips); \(save) again saves it so\(doubt)")
      return []
    }
    if !correction.target.isMask, let masks = state.leftCorrections.masks(of: study.study.subject) {
      let (leave, mask) = (
        state.keys.name(.editLeave, in: .labels), state.keys.name(.editMask, in: .study)
      )
      state.say(.refused, "first save or take back \(masks) (\(leave), then \(mask))")
      return []
    }
    if let refusal = otherPointsRefusal(correction, study, state) {
      state.say(.refused, refusal)
      return []
    }
    if isSaving(study, &state) { return [] }
    let note = CorrectionNote(
      correction.target, change: correction.changes, skips: correction.labels?.skips)
    let (token, draft) = send(.correct(note), study, "saving", &state)
    state.study?.correction?.isSaving = true
    return [
      .correct(token: token, correction.correction, draft, subject: study.study.subject)
    ]
  }

  /// The journal has answered: what is saved is detected again, what is not stays as it is drawn.
  static func endCorrection(
    _ result: Result<ReviewRecord, WorkerFailure>, of subject: String, _ state: inout AppState
  ) -> [Effect] {
    let isShown = state.study?.study.subject == subject
    guard case .success(let record) = result, let note = record.correction else {
      if isShown { state.study?.correction?.isSaving = false }
      return []
    }
    if isShown, record.action == .correct {
      state.study?.correction = nil
      showSliceBefore(&state)
    }
    if record.action == .correct, note.target == .discs {
      state.leftCorrections.noteSavedDiscs(note.after, of: subject)
    }
    let skips = note.skips.map { "; \($0)" } ?? ""
    let again = note.target.decidesDetection ? "; detecting again" : ""
    if let message = state.message, message.kind == .done {
      let words = stillUnsavedWords(record, note.target, of: subject, state) ?? message.text
      state.say(.done, "\(words)\(skips)\(again)")
    }
    guard note.target.decidesDetection else {
      guard isShown else { return [] }
      state.noteAfterLoading = state.message.map {
        NoteAfterLoading(subject: subject, words: $0.text)
      }
      return reload(subject, &state)
    }
    state.undetected.removeAll { $0 == subject }
    // Once for each detection asked for: the answer to one does not end another.
    state.redetecting.append(subject)
    return [.detectAgain(subject)]
  }

  // MARK: Edits

  /// Takes an edit back or restores it, and shows a slice that it changed.
  private static func turn(
    _ command: Command, _ correction: inout CorrectionMode, _ study: StudyScreenState,
    _ state: inout AppState
  ) {
    let isUndo = command == .editUndo
    var name: String?
    switch correction.edit {
    case .points(var edit):
      let before = edit.points
      name = isUndo ? edit.undo() : edit.redo()
      correction.edit = .points(edit)
      // The next key is for the point that came back, or moved, not for another.
      if name != nil {
        correction.chosen = edit.choice(after: before, chosen: correction.chosen)
        showChosen(correction, &state)
      }
    case .mask(var edit):
      let before = edit.masks
      name = isUndo ? edit.undo() : edit.redo()
      correction.edit = .mask(edit)
      let changed = edit.masks.indices.filter { edit.masks[$0] != before[$0] }
      if let first = changed.first, !changed.contains(study.slice) { state.study?.slice = first }
    }
    correction.hasJustDrawn = false
    if let name {
      state.say(.note, "\(isUndo ? "taken back" : "restored"): \(name)")
    } else {
      let nothing = isUndo ? "nothing to take back" : "nothing to restore"
      let others = otherEditWords(correction.target, isOpen: true, state)
      state.say(
        .refused, others.map { "\(correction.target.words): \(nothing); \($0)" } ?? nothing)
    }
  }

  /// Moves the crosshair; a pen that is down draws.
  private static func move(
    by step: SIMD2<Double>, _ correction: inout CorrectionMode, _ study: StudyScreenState,
    continues: Bool, _ state: inout AppState
  ) {
    let start = correction.place
    correction.place = study.onPicture(start + step)
    guard correction.isDrawing else { return }
    draw(from: start, &correction, study, continues: continues, &state)
  }
}
