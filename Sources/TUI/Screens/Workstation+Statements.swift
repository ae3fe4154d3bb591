internal import Core

/// What a reader states beside verdicts, and whether the AI is hidden meanwhile.
extension Workstation {
  /// Quality, grade, confidence and difficulty: each key states the next value of its cycle; beyond the last it
  /// clears what was stated.
  static func cycle(
    _ command: Command, _ study: StudyScreenState, _ state: inout AppState
  ) -> [Effect] {
    if isSaving(study, &state) { return [] }
    let segment = study.target.segment
    let review = study.review
    switch command {
    case .cycleQuality: return write(.quality(QualityVerdict.after(review.quality)), &state)
    case .cycleDifficulty:
      return write(.difficulty(Difficulty.after(review.difficulty(nil)), on: nil), &state)
    case .cycleConfidence:
      let next = nextConfidence(after: review.confidence(segment))
      return write(.confidence(next, on: segment), &state)
    default: break
    }
    if let type = command.axccm { return stateAxccm(type, study, &state) }
    if let refusal = gradeRefusal(study.target, study, state.keys) {
      state.say(.refused, refusal)
      return []
    }
    return write(.grade(nextGrade(after: review.grade(segment)), on: segment), &state)
  }

  /// 1, 2, 3, then none; what a journal made by hand says beyond is cleared.
  private static func nextConfidence(after confidence: Int?) -> Int? {
    switch confidence {
    case nil: 1
    case 1?: 2
    case 2?: 3
    default: nil
    }
  }

  /// 1, 2, then none; after 0 of an older journal, 1; what a journal made by hand says beyond is cleared.
  private static func nextGrade(after grade: Int?) -> Int? {
    switch grade {
    case nil, 0?: 1
    case 1?: 2
    default: nil
    }
  }

  /// What the key that stated a value would state if it were pressed again: "f again: Fail", "f again: none";
  /// `nil` for acts that no key goes round with.
  static func nextOfCycle(_ draft: ReviewDraft, _ keys: KeyMap) -> String? {
    func again(_ command: Command, _ next: String?) -> String {
      "\(keys.name(command, in: .study)) again: \(next ?? "none")"
    }
    switch draft.action {
    case .quality: return again(.cycleQuality, QualityVerdict.after(draft.quality)?.words)
    case .difficulty: return again(.cycleDifficulty, Difficulty.after(draft.difficulty)?.rawValue)
    case .confidence:
      return again(.cycleConfidence, nextConfidence(after: draft.confidence).map { "\($0)" })
    case .grade:
      let next = nextGrade(after: draft.grade)
      return again(.cycleGrade, next.map { $0 == 1 ? "1 light" : "2 intense" })
    default: return nil
    }
  }

  /// Why a row takes no grade, or `nil`; grade 0 says that there is no lesion, against present.
  static func gradeRefusal(
    _ target: ReviewTarget, _ study: StudyScreenState, _ keys: KeyMap, grade: Int = 1
  ) -> String? {
    if grade == 0 { return "\(target.name): grade 0 is no lesion: state absent instead" }
    if study.hidesAnswers {
      return "\(target.name): a grade would tell who looks on that a lesion is present"
    }
    if study.standing(target)?.verdict == .present { return nil }
    return "\(target.name): a grade needs the verdict present (\(keys.name(.statePresent))) first"
  }

  /// States the type of the axial T2 picture (Ax-CCM) for the row selected.
  private static func stateAxccm(
    _ type: Int, _ study: StudyScreenState, _ state: inout AppState
  ) -> [Effect] {
    if let refusal = axccmRefusal(study, state) {
      state.say(.refused, refusal)
      return []
    }
    let draft = ReviewDraft.axccm(type, on: study.target.segment)
    guard study.review.axccm(study.target.segment) != type else {
      state.say(.note, "\(words(draft, in: study, room: roomForAct(state))): is so already")
      return []
    }
    return write(draft, &state)
  }

  /// Why the axial T2 picture is not typed now, or `nil`: an acquired axial T2 has to be on the screen;
  /// planes cut from the sagittal volume are none.
  static func axccmRefusal(_ study: StudyScreenState, _ state: AppState) -> String? {
    let layout = StudyLayout(state)
    let isSeen = layout.besideChoices(study).contains { choice in
      choice.isAxialT2
        && layout.drawn(beside: choice, study, state.capabilities)?.view.isDraft == false
    }
    return isSeen
      ? nil
      : "no axial T2 on the screen, no Ax-CCM type: \(state.keys.name(.beside)) shows one if there is one"
  }

  /// Hides the AI's result, or shows it; what was hidden from the start is shown by a record.
  static func toggleBlind(_ study: StudyScreenState, _ state: inout AppState) -> [Effect] {
    guard study.study.detection != nil else {
      state.say(.refused, "\(study.undetectedWords): there is nothing to hide")
      return []
    }
    if study.isBlind {
      if study.readsBlind {
        return isSaving(study, &state) ? [] : write(ReviewDraft(action: .reveal), &state)
      }
      state.study?.isBlind = false
      state.say(.note, "the AI is shown")
      return []
    }
    guard
      !study.review.history.contains(where: {
        $0.record.action == .verdict || $0.record.action == .adopt
      })
    else {
      state.say(.refused, "the AI can be hidden only before the first verdict on a study")
      return []
    }
    state.study?.isBlind = true
    state.messageLog = MessageLog()
    state.say(
      .note, "the AI is hidden; it was on the screen, so your answers do not count as blind")
    return []
  }
}
