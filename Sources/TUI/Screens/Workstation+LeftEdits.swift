internal import Core

/// Edits that were left and go on, and what saving one of two that rest on each other would do to the other.
extension Workstation {
  /// Goes on with a correction that was left.
  static func goOn(_ left: CorrectionMode, _ state: inout AppState) {
    let words = "the \(left.target.words) as you left \(left.target.isMask ? "it" : "them")"
    enter(left, "\(words): \(left.changes)", &state)
  }

  /// Why points cannot be saved beside edits of the others of the study, in words; `nil` where they can.
  ///
  /// Boundaries rest on the discs: those that wait follow discs that are saved, unless these bear other names.
  /// Saved before discs that wait, they would be set aside by them.
  static func otherPointsRefusal(
    _ correction: CorrectionMode, _ study: StudyScreenState, _ state: AppState
  ) -> String? {
    guard let labels = correction.labels,
      let other = state.leftCorrections.left(
        correction.target.counterpart, of: study.study.subject)
    else { return nil }
    let key = otherKey(correction.target, state.keys)
    let what = "\(other.target.words): \(other.changes) (\(key))"
    switch correction.target {
    case .boundaries:
      return "first save or take back \(what): saved later they would set these aside"
    case .discs where labels.isRenumbered:
      return "first take back \(what): they rest on the levels' former names"
    case .discs, .cord, .lesion: return nil
    }
  }

  /// What is said of a mask, or of points, saved while edits of the others wait, short enough for both; `nil`
  /// where none do.
  static func stillUnsavedWords(
    _ record: ReviewRecord, _ target: CorrectionTarget, of subject: String, _ state: AppState
  ) -> String? {
    let other = target.counterpart
    guard state.leftCorrections.left(other, of: subject) != nil else { return nil }
    let isShown = state.study?.study.subject == subject
    let place = isShown ? "" : "\(state.name(of: subject)) "
    let time = ClockTime.text(of: record.time, in: state.timeZone)
    return "\(place)\(target.words) saved \(time); \(other.words) still NOT SAVED: "
      + way(to: other, state.keys)
  }
}
