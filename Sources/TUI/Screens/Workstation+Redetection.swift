internal import Core

/// Detection on corrected labels, and the study read again after it.
extension Workstation {
  /// A study was detected again: its new result is shown, the former one stays as a version.
  static func takeDetected(
    _ result: Result<WorklistEntry, WorkerFailure>, of subject: String, _ state: inout AppState
  ) -> [Effect] {
    state.redetecting.removeAll { $0 == subject }
    switch result {
    case .failure(let failure):
      state.say(
        .error,
        "sub-\(subject) was not detected on the \(labelsWords(subject, state)): \(failure.words); the former "
          + "result stays until the next detection")
      return []
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
