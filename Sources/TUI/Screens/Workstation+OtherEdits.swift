internal import Core

/// What is said of the edits of the other mask, or of the other points, which wait unsaved while one is on the
/// screen: what was drawn there is not done.
extension Workstation {
  /// "lesion mask: nothing changed; cord mask: 1 slice NOT SAVED: m"; where nothing else waits, that nothing
  /// was changed.
  ///
  /// - Parameter isOpen: Whether the editor is still on the screen.
  static func unchangedWords(
    _ correction: CorrectionMode, isOpen: Bool, _ state: AppState
  ) -> String {
    guard let others = otherEditWords(correction.target, isOpen: isOpen, state) else {
      return "nothing was changed"
    }
    return "\(correction.target.words): nothing changed; \(others)"
  }

  /// What is said on leaving an editor: what waits unsaved, and the keys that go on with it.
  static func leftWords(_ correction: CorrectionMode, _ state: AppState) -> String {
    guard correction.isChanged else { return unchangedWords(correction, isOpen: false, state) }
    let way = way(to: correction.target, state.keys)
    guard let other = waiting(beside: correction.target, state) else {
      return "not saved: \(correction.changes); \(way) goes on"
    }
    return "NOT SAVED: \(correction.target.words), \(correction.extent) (\(way)); "
      + "\(other.target.words), \(other.extent) (\(self.way(to: other.target, state.keys)))"
  }

  /// "cord mask: 1 slice NOT SAVED: m"; `nil` where nothing of the other mask or points waits.
  static func otherEditWords(
    _ target: CorrectionTarget, isOpen: Bool, _ state: AppState
  ) -> String? {
    guard let other = waiting(beside: target, state) else { return nil }
    let way =
      isOpen ? otherKey(target, state.keys) : way(to: other.target, state.keys)
    return "\(other.target.words): \(other.extent) NOT SAVED: \(way)"
  }

  /// "unsaved cord mask (E): Enter there saves, u takes back"; `nil` where no edit of the study waits unsaved.
  static func unsavedCorrectionWords(
    _ study: StudyScreenState, _ state: AppState
  ) -> String? {
    let subject = study.study.subject
    let waiting = CorrectionTarget.allCases.filter { target in
      let isOpen = study.correction?.target == target && study.correction?.isChanged == true
      return isOpen || state.leftCorrections.left(target, of: subject) != nil
    }
    guard let first = waiting.first else { return nil }
    let list = waiting.map { "\($0.words) (\(way(to: $0, state.keys)))" }
    let context: KeyContext = first.isMask ? .mask : .labels
    let save = state.keys.name(.editCommit, in: context)
    let undo = state.keys.name(.editUndo, in: context)
    return "unsaved \(list.joined(separator: ", ")): \(save) there saves, \(undo) takes back"
  }

  /// The keys that lead from the study to an editor: "E, then m".
  static func way(to target: CorrectionTarget, _ keys: KeyMap) -> String {
    let edit = keys.name(target.isMask ? .editMask : .editLabels, in: .study)
    switch target {
    case .discs, .cord: return edit
    case .boundaries, .lesion: return "\(edit), then \(otherKey(target, keys))"
    }
  }

  /// The key that goes to the other mask, or to the other points.
  static func otherKey(_ target: CorrectionTarget, _ keys: KeyMap) -> String {
    target.isMask ? keys.name(.otherMask, in: .mask) : keys.name(.otherPoints, in: .labels)
  }

  private static func waiting(
    beside target: CorrectionTarget, _ state: AppState
  ) -> CorrectionMode? {
    guard let subject = state.study?.study.subject else { return nil }
    return state.leftCorrections.left(target.counterpart, of: subject)
  }
}

extension CorrectionTarget {
  /// The other mask, or the other points: what the same editor also edits.
  var counterpart: CorrectionTarget {
    switch self {
    case .discs: .boundaries
    case .boundaries: .discs
    case .cord: .lesion
    case .lesion: .cord
    }
  }
}

extension CorrectionMode {
  /// How much differs from what is stored, short: "1 slice", "3 points".
  var extent: String {
    let (count, thing) =
      switch edit {
      case .points(let edit): (edit.changeCount, "point")
      case .mask(let edit): (edit.changedSliceCount, "slice")
      }
    return "\(count) \(thing)\(count == 1 ? "" : "s")"
  }
}
