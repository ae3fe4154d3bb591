internal import Core

/// What the journal answers, and what other sessions of the reader write into it.
extension Workstation {
  /// The journal has answered: only now is the act shown as done.
  static func acknowledge(
    _ token: Int, _ result: Result<ReviewRecord, WorkerFailure>, _ journal: JournalContents?,
    _ state: inout AppState
  ) {
    guard let act = state.inFlight.removeValue(forKey: token) else { return }
    let isShown = state.study?.study.subject == act.subject
    let place = isShown ? "" : "\(state.name(of: act.subject)) "
    let study = isShown ? state.study : nil
    let isHidden = study?.hidesAnswers ?? state.teaching?.hidesAgain(act.subject) ?? false
    let restoring = isHidden ? nil : restoringWords(of: act.draft, in: study, state.keys)
    let wayBack = restoring.map { "; \($0)" } ?? ""
    let own = self.words(
      act.draft, in: study, isCase: state.teaching != nil, isHidden: isHidden,
      room: max(roomForAct(state) - wayBack.count, 20))
    let words = place + own
    switch result {
    case .success(let record):
      let others = isShown ? unseen(in: journal, but: record, state) : 0
      let time = ClockTime.text(of: record.time, in: state.timeZone)
      state.unsaved.removeAll { $0.isRepeated(by: act) }
      let goesOn = isShown && !act.hasRefused
      let next = isHidden ? "" : self.advice(after: act.draft, goesOn: goesOn, state)
      let advice = act.hasRefused ? next : wayBack + next
      let lost = act.hasRefused ? "; a key came too early: press it again" : ""
      let said = "\(words): saved \(time)\(lost)\(advice)\(otherWords(others))"
      // What was not saved stays to be read where an act after it was.
      state.sayUnasked(.done, said)
      if isShown { apply(record, journal, &state) }
      if isShown, record.action == .reveal { state.study?.isBlind = false }
    case .failure(let failure):
      // A later signature would open what was refused now.
      if isShown, act.draft.action == .compare { state.study?.adjudication = nil }
      if isShown, let journal { show(journal, &state) }
      if let overtaking = failure.overtaking {
        let other = isHidden ? "wrote meanwhile" : overtaking
        state.sayUnasked(.refused, "\(words) was not saved: another session of yours: \(other)")
        return
      }
      if act.draft.action == .compare {
        // A comparison that did not happen is no work that was lost: nothing is to be repeated before signing.
        state.sayUnasked(.refused, place + failure.words)
        return
      }
      if let pin = failure.pin { return refuse(pin, act, isShown: isShown, &state) }
      if act.isTurn, let why = failure.refusal {
        return refuseTurn(act, why, isShown: isShown, &state)
      }
      let detail = failure.detail.isEmpty ? "" : " (\(failure.detail))"
      state.sayNotSaved("\(failure.cause), \(words)\(detail)")
      state.unsaved.removeAll { $0.isRepeated(by: act) }
      state.unsaved.append(
        UnsavedAct(
          subject: act.subject, target: act.target, action: act.draft.action,
          words: "\(state.name(of: act.subject)) \(own): \(failure.words)"))
      if isShown, act.draft.action == .verdict {
        state.study?.failed[act.target] = StudyScreenState.FailedAct(
          verdict: act.draft.verdict, words: failure.cause + detail)
      }
    }
  }

  /// What comes after an act that was saved, close behind it: a line of 80 columns holds both.
  private static func advice(
    after draft: ReviewDraft, goesOn: Bool, _ state: AppState
  ) -> String {
    switch draft.action {
    case .comment: "; \(state.keys.name(.showActs)) shows your acts"
    case .finding: "; \(state.keys.name(.showFindings)) lists yours"
    case .axccm: goesOn ? "; \(state.keys.name(.undo, in: .study)) takes it back" : ""
    case .reveal where state.study?.loaded.notesReveal == true:
      "; your journal of the study notes it"
    case .signOff: "; \(state.keys.name(.nextUnread, in: .study)) next unread"
    default: goesOn ? nextOfCycle(draft, state.keys).map { "; \($0)" } ?? "" : ""
    }
  }

  /// Looks from time to time whether another session has written on the study shown.
  static func lookForOtherSessions(_ state: inout AppState) -> [Effect] {
    // A replay has its acts.
    guard state.teaching?.role != .replay, state.view == .study, let study = state.study,
      !state.isReadingJournal,
      !state.inFlight.values.contains(where: { $0.subject == study.study.subject })
    else { return [] }
    state.isReadingJournal = true
    return [.readJournal(study.study.subject, known: study.review.history.count)]
  }

  /// The journal was read for what other sessions wrote.
  static func take(
    _ result: Result<JournalContents?, WorkerFailure>, of subject: String, _ state: inout AppState
  ) {
    state.isReadingJournal = false
    guard state.study?.study.subject == subject else { return }
    switch result {
    case .success(nil): break
    case .success(let contents?):
      // With an act on its way, its own answer tells more.
      guard !state.inFlight.values.contains(where: { $0.subject == subject }) else { return }
      let others = unseen(in: contents, but: nil, state)
      let wasBlind = state.study?.readsBlind ?? false
      show(contents, &state)
      if others > 0, let study = state.study, let last = study.review.history.last {
        // Seen elsewhere is seen.
        let isSeen = wasBlind && study.isHiddenAfterSeen
        let blind = isSeen ? "; your answers do not count as blind any more" : ""
        state.sayUnasked(.note, "another session of yours: \(study.told(last))\(blind)")
      }
    case .failure(let failure): state.say(.error, failure.words)
    }
  }

  /// Acts of a journal that this session neither knows nor wrote just now.
  private static func unseen(
    in journal: JournalContents?, but record: ReviewRecord?, _ state: AppState
  ) -> Int {
    let known = state.study?.review.history.last?.record.seq ?? 0
    return (journal?.records ?? []).count { $0.seq > known && $0.seq != record?.seq }
  }

  private static func otherWords(_ count: Int) -> String {
    switch count {
    case 0: ""
    case 1: "; your other session wrote 1 act before it"
    default: "; your other session wrote \(count) acts before it"
    }
  }

  /// Takes an act of this session in, with the journal it stands in where that could be read.
  private static func apply(
    _ record: ReviewRecord, _ journal: JournalContents?, _ state: inout AppState
  ) {
    if let journal, journal.records.contains(where: { $0.seq == record.seq }) {
      return show(journal, &state)
    }
    // A journal read in between may hold the record already.
    if state.study?.review.history.contains(where: { $0.record.seq == record.seq }) == false {
      state.study?.review.apply(record)
    }
    settleEntry(&state)
  }

  /// Shows what a journal says, whatever was shown before.
  private static func show(_ journal: JournalContents, _ state: inout AppState) {
    state.study?.review = ReviewState(journal.records)
    settleEntry(&state)
  }

  /// The worklist's line of the study shown follows its journal.
  static func settleEntry(_ state: inout AppState) {
    guard let study = state.study,
      let index = state.worklist.entries.firstIndex(where: { $0.subject == study.study.subject })
    else { return }
    state.worklist.entries[index].isForDiscussion = study.review.isFlagged
    state.worklist.entries[index].isRevealed = study.review.isRevealed
    if !study.review.seesOthers {
      // Who else reads the study is hidden again once it is opened again.
      let own = ReaderIdentity.sanitised(state.reader)
      state.worklist.entries[index].readers.removeAll { $0 != own }
    }
    if study.review.isAdjudicated {
      state.worklist.entries[index].isDisputed = false
      state.worklist.entries[index].signatures = nil
    }
    if let teaching = state.teaching {
      // What was set aside of it before may be taken back by now.
      state.teaching?.answersSetAside[study.study.subject] = nil
      state.worklist.entries[index].settleCase(study, isPresenting: teaching.role == .presenter)
      emptyList(&state)
      return
    }
    state.worklist.entries[index].conclusion = study.review.conclusion(assessable: study.assessable)
    state.worklist.entries[index].relabelled = study.study.levels.relabelled(in: study.review)
    state.worklist.entries[index].settle(study.review.caseState(assessable: study.assessable))
  }
}

extension WorklistEntry {
  /// Takes in how far a learner is with a case, as its session tells it when it is opened anew.
  fileprivate mutating func settleCase(_ study: StudyScreenState, isPresenting: Bool) {
    let review = study.review
    state = review.learnerState
    // A presenter's list may be seen by the room, and who tried the session has answered as the truth is.
    guard !isPresenting else { return }
    conclusion = review.conclusion(assessable: [])
    caseResult = CaseResult(review.history.map(\.record), truth: study.loaded.truth)
  }

  /// Takes in how far the reader is; that the AI could not assess the study stays beside it.
  fileprivate mutating func settle(_ reading: StudyState) {
    switch state {
    case .waiting, .detecting: return
    case .problem(let reason): notAssessed = reason
    case .unread, .reading, .read, .signed, .reopened: break
    }
    state = reading == .unread ? notAssessed.map { .problem($0) } ?? reading : reading
  }
}
