internal import Core

/// What the readers signed, side by side, and deciding between them.
extension Workstation {
  /// What a command does about adjudication; `nil` where it goes on to do what it does anyway.
  static func runAdjudication(_ command: Command, _ state: inout AppState) -> [Effect]? {
    guard let study = state.study else { return nil }
    switch command {
    case .adjudicate: return toggleAdjudication(study, &state)
    case .nextDifference, .previousDifference:
      moveDifference(by: command == .nextDifference ? 1 : -1, study, &state)
      return []
    default:
      // Two pictures and two ladders have no room.
      if command == .beside { state.study?.adjudication = nil }
      state.study?.stopAsking()
      return nil
    }
  }

  // MARK: Opening

  private static func toggleAdjudication(
    _ study: StudyScreenState, _ state: inout AppState
  ) -> [Effect] {
    if study.isAdjudicating {
      state.study?.adjudication = nil
      state.say(.note, "the study's own ladder again")
      return []
    }
    if let refusal = adjudicationRefusal(study, state) {
      state.study?.adjudication = nil
      state.say(.refused, refusal)
      return []
    }
    if study.review.seesOthers { return openAdjudication(selectsOpen: true, &state) }
    if isSaving(study, &state) { return [] }
    guard study.adjudication == .asking else {
      state.study?.adjudication = .asking
      state.say(
        .note,
        "\(study.signedCount) readers signed; \(state.keys.name(.adjudicate)) again shows what: "
          + "you then sign only as supervisor or adjudicator")
      return []
    }
    state.study?.adjudication = .waiting
    return write(ReviewDraft(action: .compare), &state)
  }

  /// Why nothing can be compared now, in words; `nil` where it can.
  private static func adjudicationRefusal(
    _ study: StudyScreenState, _ state: AppState
  ) -> String? {
    if let refusal = study.access.refusalToAdjudicate(study.review) { return refusal }
    if !study.review.seesOthers, let refusal = study.access.refusal(of: .compare) {
      return refusal
    }
    // A lesion mask that began from the own one alone could not be saved beside those of others.
    if !study.review.seesOthers, let unsaved = unsavedCorrectionWords(study, state) {
      return "not compared: \(unsaved)"
    }
    guard study.signedCount < 2 else { return nil }
    let count = study.signedCount
    return "adjudication needs two signed readings; so far there \(count == 1 ? "is 1" : "are 0")"
  }

  /// - Parameter selectsOpen: whether the first row to be decided is selected: where the reader's own key
  ///   opens it, never where an answer does, for what is pressed then is meant for the row before.
  private static func openAdjudication(
    selectsOpen: Bool, _ state: inout AppState
  ) -> [Effect] {
    guard var study = state.study else { return [] }
    study.adjudication = .open
    study.beside.isOn = false
    if selectsOpen, !study.openRows.contains(study.target), let first = study.openRows.first {
      study.selectWithSlice(first)
    }
    state.study = study
    let keys = state.keys
    state.say(
      .note,
      "\(study.accordWords); \(keys.name(.previousDifference)) \(keys.name(.nextDifference)) "
        + "difference, \(keys.name(.takeAgreed)) takes over what agrees")
    return askForAgreement(&state)
  }

  /// Opens what was waited for, and counts the agreement anew when another reader has signed.
  static func settleAdjudication(_ state: inout AppState) -> [Effect] {
    guard let study = state.study, study.review.seesOthers else { return [] }
    switch study.adjudication {
    case .waiting? where study.comparison.readings.count > 1:
      guard study.mark == nil, study.crosshair == nil, study.correction == nil else {
        // What is pointed at now would lie on another picture.
        state.study?.adjudication = nil
        addNote("\(state.keys.name(.adjudicate)) shows what the readers signed", &state)
        return []
      }
      return openAdjudication(selectsOpen: false, &state)
    case .open? where state.agreement?.readers != study.comparedReaders:
      return askForAgreement(&state)
    default: return []
    }
  }

  // MARK: Agreement

  private static func askForAgreement(_ state: inout AppState) -> [Effect] {
    guard let readers = state.study?.comparedReaders, readers.count > 1 else { return [] }
    if let known = state.agreement, known.readers == readers {
      if case .awaited = known.figures { return [] }
    } else {
      state.agreement = AgreementLook(readers: readers)
    }
    return [.loadAgreement(readers)]
  }

  /// Takes in how far readers agree, unless others are compared by now.
  static func take(
    _ figures: AgreementLook.Figures, of readers: [String], _ state: inout AppState
  ) {
    guard state.agreement?.readers == readers else { return }
    state.agreement?.figures = figures
  }

  // MARK: Deciding

  private static func moveDifference(
    by step: Int, _ study: StudyScreenState, _ state: inout AppState
  ) {
    guard study.isAdjudicating, let at = study.rows.firstIndex(of: study.target) else { return }
    let open = study.openRows
    var next = at + step
    while study.rows.indices.contains(next) {
      if open.contains(study.rows[next]) {
        state.study?.selectWithSlice(study.rows[next])
        return
      }
      next += step
    }
    state.say(
      .refused,
      open.isEmpty
        ? "the readers agree on every row" : "no difference further \(step > 0 ? "down" : "up")")
  }

  /// Takes over, as one act, what all readers say of the rows on which nothing is stated yet.
  static func takeAgreed(_ study: StudyScreenState, _ state: inout AppState) -> [Effect] {
    guard study.isAdjudicating else {
      state.say(.refused, "\(state.keys.name(.adjudicate)) shows what the readers signed first")
      return []
    }
    if isSaving(study, &state) { return [] }
    let verdicts = study.adoptable
    if let words = redetectionWords(on: nil, state) {
      state.say(.refused, words)
      return []
    }
    guard !verdicts.isEmpty else {
      state.say(.refused, "the readers agree on no row on which you have stated nothing")
      return []
    }
    return write(.adopt(verdicts, of: study.comparedReaders), &state)
  }
}

extension StudyScreenState {
  /// Selects a row, and shows the slice that its score comes from.
  fileprivate mutating func selectWithSlice(_ target: ReviewTarget) {
    select(target)
    if let own = slicePosition(of: target) { slice = own }
  }
}
