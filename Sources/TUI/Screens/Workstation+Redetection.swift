internal import Core

/// Detection on corrected labels, and the study read again after it.
extension Workstation {
  /// A study was detected again: its new result is shown, the former one stays as a version.
  static func takeDetected(
    _ result: Result<WorklistEntry, WorkerFailure>, of subject: String, _ state: inout AppState
  ) -> [Effect] {
    // Labels saved again meanwhile have a detection of their own, which answers later.
    if let index = state.redetecting.firstIndex(of: subject) { state.redetecting.remove(at: index) }
    let goesOn = state.redetecting.contains(subject)
    state.undetected.removeAll { $0 == subject }
    switch result {
    case .failure where goesOn: return []
    case .failure(let failure):
      state.undetected.append(subject)
      state.say(
        .error,
        "sub-\(subject) was not detected on the \(labelsWords(subject, state)): \(failure.words); the former "
          + "result stays; \(state.keys.name(.cancelDetection)) detects again")
      guard state.view == .study, state.study?.study.subject == subject else { return [] }
      // Read again it says of which labels its result is.
      state.study?.isOutdated = true
      return reloadOutdated(&state)
    case .success(let entry):
      state.worklist.update(entry)
      settleLists(&state)
      guard state.view == .study, state.study?.study.subject == subject else { return [] }
      state.study?.isSuperseded = true
      state.noteAfterLoading = NoteAfterLoading(
        subject: subject, words: "detected again on the \(labelsWords(subject, state))")
      return reloadOutdated(&state)
    }
  }

  /// What a study was detected on: the labels as corrected, or as they were before, where that is what the
  /// reader did last.
  private static func labelsWords(_ subject: String, _ state: AppState) -> String {
    guard let study = state.study, study.study.subject == subject,
      let last = study.review.history.last(where: { $0.record.correction != nil })
    else { return "corrected labels" }
    return last.record.action == .undo ? "former labels" : "corrected labels"
  }

  /// The names of the studies that are detected again, each once.
  static func redetectingNames(_ state: AppState) -> String {
    var names: [String] = []
    for name in state.redetecting where !names.contains(name) { names.append(name) }
    return names.joined(separator: ", ")
  }

  /// Detects studies again, on their labels as they are now.
  static func detectAgain(_ subjects: [String], _ state: inout AppState) -> [Effect] {
    let wanted = subjects.filter { !state.redetecting.contains($0) }
    guard !wanted.isEmpty else { return [] }
    state.undetected.removeAll { wanted.contains($0) }
    state.redetecting += wanted
    state.say(.note, "detecting sub-\(wanted.joined(separator: ", ")) again")
    return wanted.map { .detectAgain($0) }
  }

  /// The study on the screen, where its detection is of other labels than those that stand and this reader
  /// may have it made again.
  static func undetectedShown(_ state: AppState) -> String? {
    guard state.view == .study, state.teaching == nil, let study = state.study,
      study.access.refusal(of: .correct) == nil
    else { return nil }
    let subject = study.study.subject
    return study.study.hasOutdatedDetection || state.undetected.contains(subject) ? subject : nil
  }

  /// Why nothing is stated on a row now, or `nil`: its segment may lie elsewhere in a moment, and the verdict would be
  /// of the labels before.
  ///
  /// - Parameter target: the row; `nil` for several at once.
  static func redetectionWords(on target: ReviewTarget?, _ state: AppState) -> String? {
    guard target != .study, let study = state.study,
      state.redetecting.contains(study.study.subject)
    else { return nil }
    return redetecting
  }

  private static let redetecting = "labels changed, it is being detected again: a moment"

  /// Why the AI's call on a row is not taken, and what to do, or `nil`: it was made on other labels than those that
  /// stand.
  static func outdatedCallWords(_ study: StudyScreenState, _ state: AppState) -> String? {
    if state.redetecting.contains(study.study.subject) { return redetecting }
    guard study.hasOutdatedDetection else { return nil }
    let keys = state.keys
    // In short: with what else helps it stands on 80 columns.
    let own =
      "state \(keys.name(.statePresent)), \(keys.name(.stateAbsent)) or \(keys.name(.cannotTell))"
    return "the AI's result is outdated; \(own)"
      + (undetectedShown(state) == nil ? "" : "; \(keys.name(.cancelDetection)) detects again")
  }

  /// A line of the list that came anew: the study on the screen is read again where it was detected meanwhile on
  /// the labels that stand.
  static func takeNewLine(_ entry: WorklistEntry, _ state: inout AppState) -> [Effect] {
    switch entry.state {
    case .waiting, .detecting: return []
    case .unread, .reading, .read, .signed, .reopened, .problem: break
    }
    if entry.hasOutdatedDetection { return [] }
    let isAwaited = state.redetecting.contains(entry.subject)
    if !isAwaited { state.undetected.removeAll { $0 == entry.subject } }
    guard !isAwaited, state.view == .study, let study = state.study,
      study.study.subject == entry.subject, study.study.hasOutdatedDetection
    else { return [] }
    state.study?.isOutdated = true
    return reloadOutdated(&state)
  }

  /// Notes in the list what the reading of a study told: whether its detection is of other labels, and which
  /// verdicts are.
  static func noteOutdated(_ study: ReviewStudy, _ state: inout AppState) {
    guard state.teaching == nil, study.detection != nil,
      var entry = state.worklist.entries.first(where: { $0.subject == study.subject })
    else { return }
    let known = entry
    entry.setOutdated(study.hasOutdatedDetection)
    if let shown = state.study, shown.study.subject == study.subject {
      entry.relabelled = study.levels.relabelled(in: shown.review)
    }
    guard entry != known else { return }
    state.worklist.update(entry)
  }

  /// Reads the study shown again whose signature was refused over labels: those on the screen are older, and
  /// stated again under them nothing could be signed.
  static func readLabels(of subject: String, _ state: inout AppState) -> [Effect] {
    guard state.view == .study, state.study?.study.subject == subject else { return [] }
    state.study?.isOutdated = true
    return reloadOutdated(&state)
  }

  /// Reads the study shown again where its files have changed, unless it is being corrected.
  static func reloadOutdated(_ state: inout AppState) -> [Effect] {
    guard let study = state.study, study.isSuperseded || study.isOutdated, study.correction == nil
    else { return [] }
    return reload(study.study.subject, &state)
  }

  /// Reads a study again, at once or when the one that is being opened is there.
  static func reload(_ subject: String, _ state: inout AppState) -> [Effect] {
    state.study?.isOutdated = true
    guard state.loading == nil else { return [] }
    state.loading = subject
    return [.loadStudy(subject)]
  }
}
