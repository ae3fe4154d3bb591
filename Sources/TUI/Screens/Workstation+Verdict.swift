internal import Core

extension Workstation {
  static func runVerdict(_ command: Command, _ state: inout AppState) -> [Effect] {
    guard let study = state.study else { return [] }
    if let refusal = closedWords(command, study, state.keys) {
      state.say(.refused, refusal)
      return []
    }
    switch command {
    case .undo, .redo: return undoOrRedo(command, study, &state)
    case .comment, .commentStudy:
      let target = command == .comment ? study.target : .study
      let name = target == .study ? "the study" : target.name
      state.popup = .prompt(
        TextPrompt(
          purpose: .comment(target), title: "comment on \(name)\(afterSigning(study))", text: ""))
      return []
    case .flag: return flag(study, &state)
    case .toggleBlind: return toggleBlind(study, &state)
    case .signMode, .signOff, .reopen: return runSigning(command, study, &state)
    default: break
    }
    if let refusal = refusal(study, state, isAxial: command.axccm != nil) {
      state.say(.refused, refusal)
      noteRefused(study, &state)
      return []
    }
    if refusesOutOfView(command, study, &state) {
      noteRefused(study, &state)
      return []
    }
    switch command {
    case .cycleQuality, .cycleGrade, .cycleConfidence, .cycleDifficulty, .axccm0, .axccm1, .axccm2,
      .axccm3:
      return cycle(command, study, &state)
    case .addFinding:
      beginMark(study, &state)
      return []
    case .takeAgreed: return takeAgreed(study, &state)
    default: return verdict(command, study, &state)
    }
  }

  /// Why the study does not take what a command writes, or `nil`: it is another's, or signed.
  static func closedWords(
    _ command: Command, _ study: StudyScreenState, _ keys: KeyMap
  ) -> String? {
    if let action = command.action, let refusal = study.access.refusal(of: action) {
      return refusal
    }
    guard study.review.isSigned, command.altersStudy else { return nil }
    // A comment made after the signature comes and goes, and leaves what was signed as it is.
    if command == .undo, study.review.nextUndo != nil { return nil }
    if command == .redo, study.review.nextRedo != nil { return nil }
    return "the study is signed: nothing was saved; \(keys.reopening) opens it again"
  }

  /// ", after signing" of a comment on a signed study.
  private static func afterSigning(_ study: StudyScreenState?) -> String {
    study?.review.isSigned == true ? ", after signing" : ""
  }

  /// Why nothing can be stated now, or `nil`: what is not seen is not judged.
  ///
  /// - Parameter isAxial: whether an axial picture is judged, which `axccmRefusal` looks for, and not the
  ///   sagittal one.
  static func refusal(
    _ study: StudyScreenState, _ state: AppState, isAxial: Bool = false
  ) -> String? {
    if state.loading != nil { return "another study is being opened: nothing was saved" }
    if let unseen = unseenWords(state.capabilities) { return unseen }
    if !isAxial, let hidden = hiddenPictureWords(study, state) { return "no verdict: \(hidden)" }
    let drawn = StudyLayout(state).drawn(study, state.capabilities)
    if !isAxial, drawn?.view.isDraft ?? true { return "no verdict: the picture is not drawn yet" }
    if state.inFlight.values.contains(where: {
      $0.subject == study.study.subject && $0.draft.action == .adopt
    }) {
      return "what the readers agree on is being saved: a moment"
    }
    if state.saving(study.target) != nil {
      return "\(study.target.name) is being saved: a moment"
    }
    return nil
  }

  /// Why no verdict is taken on this terminal, or `nil`: no picture is drawn, or nobody has said that the one
  /// asked for is seen.
  static func unseenWords(_ capabilities: TerminalCapabilities) -> String? {
    if case .none(let reason) = capabilities.graphics {
      return "no verdict without a picture: \(reason)"
    }
    guard let pictures = capabilities.unconfirmedPictures else { return nil }
    return "no verdict: the terminal does not say that it draws \(pictures); "
      + ":picture-seen if it does"
  }

  /// Why an act is neither taken back nor restored on this terminal, or `nil`: what would change a verdict, and
  /// what stands beside one, is as good as stated, and so waits for the picture as the keys do that state it.
  static func unseenTurnWords(
    _ act: ReviewRecord, _ study: StudyScreenState, _ state: AppState
  ) -> String? {
    let unseen = unseenWords(state.capabilities)
    let hidden = unseen == nil ? hiddenPictureWords(study, state) : nil
    switch act.action {
    case .verdict, .adopt, .grade, .confidence, .finding:
      return unseen ?? hidden.map { "no verdict: \($0)" }
    case .axccm:
      // It is of the axial picture.
      let needsPicture = axccmRefusal(study, state) != nil
      return unseen ?? (needsPicture ? hidden.map { "no verdict: \($0)" } : nil)
    case .quality, .difficulty: return hidden.map { "no verdict: \($0)" }
    case .correct:
      guard unseen == nil else { return correctionRefusal(study, state) }
      return hidden.map { "no correction: \($0)" }
    default: return nil
    }
  }

  private static func verdict(
    _ command: Command, _ study: StudyScreenState, _ state: inout AppState
  ) -> [Effect] {
    let target = study.target
    switch command {
    case .statePresent: return stateVerdict(.present, on: target, &state)
    case .stateAbsent: return stateVerdict(.absent, on: target, &state)
    case .cannotTell: return stateVerdict(.cannotTell, on: target, &state)
    default: break
    }
    guard study.hasCall(target) else {
      let hasScore = study.uncalledScore(target) != nil
      let why =
        study.detection == nil
        ? study.undetectedWords : hasScore ? "has a score and no call" : "not assessable"
      state.say(
        .refused, "\(target.name) \(why): state \(state.keys.verdictKeys)")
      return []
    }
    if let outdated = outdatedCallWords(study, state) {
      state.say(.refused, "\(target.name): \(outdated)")
      return []
    }
    let flagged = study.isFlagged(target)
    if command == .accept {
      return stateVerdict(flagged ? .present : .absent, on: target, &state)
    }
    state.popup = .reasons(
      ReasonMenu(
        target: target, verdict: flagged ? .absent : .present,
        reasons: flagged ? ReasonMenu.whenAbsent : ReasonMenu.whenPresent))
    return []
  }

  static func stateVerdict(
    _ verdict: Verdict, on target: ReviewTarget, reason: String? = nil, comment: String? = nil,
    _ state: inout AppState
  ) -> [Effect] {
    if let words = redetectionWords(on: target, state) {
      state.say(.refused, "\(target.name): \(words)")
      return []
    }
    if let study = state.study, let standing = study.standing(target),
      standing.verdict == verdict, standing.reason == reason, standing.comment == comment,
      // Of another place the same is no repetition.
      !study.study.levels.isRelabelled(standing)
    {
      let words = study.hidesAnswers ? "an answer" : verdict.words
      state.say(.note, "\(target.name) \(words) is saved already")
      // Unless another session has taken it back meanwhile.
      return lookForOtherSessions(&state)
    }
    return write(
      ReviewDraft(
        action: .verdict, segment: target.segment, verdict: verdict, reason: reason,
        comment: comment), &state)
  }

  /// Flags the study for discussion, or takes the flag back.
  private static func flag(_ study: StudyScreenState, _ state: inout AppState) -> [Effect] {
    // What is on its way may be the flag itself.
    if isSaving(study, &state) { return [] }
    let unflag = study.review.unflagDraft(
      blind: study.readsBlind, detectionSHA256: study.study.detectionSHA256)
    state.study?.takenByOwnKey = unflag?.reverts
    return write(unflag ?? ReviewDraft(action: .flag), &state)
  }

  /// Whether an act on the study is on its way, with a word about it.
  static func isSaving(_ study: StudyScreenState, _ state: inout AppState) -> Bool {
    guard state.inFlight.values.contains(where: { $0.subject == study.study.subject }) else {
      return false
    }
    state.say(.refused, "still saving: a moment")
    noteRefused(study, &state)
    return true
  }

  /// Notes with what is on its way that something pressed meanwhile was refused.
  private static func noteRefused(_ study: StudyScreenState, _ state: inout AppState) {
    for (token, act) in state.inFlight where act.subject == study.study.subject {
      state.inFlight[token]?.hasRefused = true
    }
  }

  private static func undoOrRedo(
    _ command: Command, _ study: StudyScreenState, _ state: inout AppState
  ) -> [Effect] {
    if isSaving(study, &state) { return [] }
    let blind = study.readsBlind
    let sha = study.study.detectionSHA256
    let draft =
      command == .undo
      ? restoringDraft(study)
        ?? study.review.undoDraft(
          blind: blind, detectionSHA256: sha, skipping: study.refusedTurns)
      : study.review.redoDraft(
        blind: blind, detectionSHA256: sha, skipping: study.refusedTurns)
    state.study?.takenByOwnKey = nil
    guard let draft, let act = study.review.target(of: draft) else {
      state.say(.refused, nothingToTurn(command, study, state.keys))
      // What was refused is tried again: it may have been somebody's who has taken theirs back.
      state.study?.refusedTurns = []
      return lookForOtherSessions(&state)
    }
    if draft.action == .redo, let refusal = study.access.refusal(of: act.action) {
      state.say(.refused, refusal)
      return []
    }
    if let unseen = unseenTurnWords(act, study, state) {
      state.say(.refused, unseen)
      return []
    }
    if act.action == .correct { return turnCorrection(draft, of: act, command, study, &state) }
    if let segment = draft.segment { state.study?.select(.segment(segment)) }
    return write(draft, &state)
  }

  /// Sends an act to the journal.
  static func write(_ draft: ReviewDraft, _ state: inout AppState) -> [Effect] {
    guard let study = state.study else { return [] }
    // The study may have become another session's while a prompt was open.
    if let refusal = study.access.refusal(of: draft.action) {
      state.say(.refused, refusal)
      return []
    }
    let (token, sent) = send(draft, study, "saving", &state)
    keepAct(sent, token, of: study, &state)
    return [.write(token: token, sent, subject: study.study.subject)]
  }

  /// Completes a draft with what the reader sees, and notes it as on its way.
  static func send(
    _ draft: ReviewDraft, _ study: StudyScreenState, _ doing: String, _ state: inout AppState
  ) -> (token: Int, draft: ReviewDraft) {
    var draft = draft
    draft.blind = study.readsBlind
    draft.detectionSHA256 = study.study.detectionSHA256
    draft.seen = study.review.history.last?.record.seq ?? 0
    let token = state.nextToken
    state.nextToken += 1
    let act = InFlightAct(subject: study.study.subject, draft: draft)
    state.inFlight[token] = act
    state.study?.failed[act.target] = nil
    state.say(.note, "\(words(draft, in: study, room: roomForAct(state))): \(doing)")
    return (token, draft)
  }

  /// "C4-5 answer", "C4-5 answer taken back": an act that is hidden from who looks on; `nil` for one that
  /// tells nothing of the case.
  private static func hiddenWords(
    _ draft: ReviewDraft, _ name: String, _ turned: ReviewAction?
  ) -> String? {
    switch draft.action {
    case .verdict, .quality, .grade, .axccm, .confidence, .difficulty, .finding:
      "\(name) answer"
    case .undo where turned != .comment: "\(name) answer taken back"
    case .redo where turned != .comment: "\(name) answer restored"
    default: nil
    }
  }

  /// What a key goes round with, in words: "C4-5 grade 1 of 2", "C4-5 grade cleared".
  private static func cycledWords(_ draft: ReviewDraft, _ name: String) -> String {
    switch draft.action {
    case .quality: "image quality \(draft.quality?.words ?? "cleared")"
    case .grade: "\(name) grade \(draft.grade.map { "\($0) of 2" } ?? "cleared")"
    case .confidence: "\(name) confidence \(draft.confidence.map { "\($0) of 3" } ?? "cleared")"
    default: "\(name) difficulty \(draft.difficulty?.rawValue ?? "cleared")"
    }
  }

  /// Cells in which an act is named so that the message line holds what became of it, too: "taken back: saved
  /// 10:42:07".
  static func roomForAct(_ state: AppState) -> Int { max(state.size.columns - 32, 24) }

  /// An act in words, as the message line says it: what was written freely is shortened, so that what became
  /// of it stands on a line of 80 columns, too.
  ///
  /// - Parameters:
  ///   - isCase: Whether a study that is shown no more is a case of a teaching session.
  ///   - isHidden: Whether what is answered is hidden; `nil`: as on the study shown.
  ///   - room: Cells for what was taken back or restored.
  static func words(
    _ draft: ReviewDraft, in study: StudyScreenState?, isCase: Bool = false,
    isHidden: Bool? = nil, room: Int
  ) -> String {
    let name = draft.segment?.name ?? "study"
    if isHidden ?? study?.hidesAnswers ?? false,
      let words = hiddenWords(draft, name, study?.review.target(of: draft)?.action)
    {
      return words
    }
    switch draft.action {
    case .verdict:
      let reason = draft.reason.map { " (\($0))" } ?? ""
      return "\(name) \(draft.verdict?.words ?? "")\(reason)"
    case .undo, .redo:
      let done = draft.action == .undo ? "taken back" : "restored"
      if let note = draft.correction { return "\(note.target.words) \(done) (\(note.change))" }
      // Undo and redo may have gone on past what was refused: the draft says what they act on.
      let target = study?.review.target(of: draft)
      if target?.action == .flag { return "flag for discussion \(done)" }
      if let target, target.action != .verdict {
        return "\(DisplayText.fit(target.name(within: room), room)) \(done)"
      }
      let verdict = target?.verdict.map { " \($0.words)" } ?? ""
      return "\(name)\(verdict) \(done)"
    case .comment: return "comment on \(name)\(afterSigning(study))"
    case .flag: return "study flagged for discussion"
    case .quality, .grade, .confidence, .difficulty: return cycledWords(draft, name)
    case .axccm: return "\(name) Ax-CCM type \(draft.axccm ?? 0) of 3"
    case .finding:
      let words = "\"\(DisplayText.fit(draft.comment ?? "", 24))\""
      return draft.revises == nil ? "finding \(words)" : "finding, now \(words)"
    case .reveal:
      return "showing \(study?.revealWords ?? (isCase ? "what was hidden" : "the AI"))"
    case .signOff: return "signature (\(draft.signature?.meaning.words ?? ""))"
    case .reopen: return "study opened again"
    case .correct: return draft.correction?.words ?? "correction"
    case .compare: return "showing what the readers signed"
    case .adopt:
      let count = draft.verdicts?.count ?? 0
      return count == 1 ? "1 agreed verdict taken over" : "\(count) agreed verdicts taken over"
    }
  }
}
