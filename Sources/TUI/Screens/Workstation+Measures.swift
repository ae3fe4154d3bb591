internal import Core

/// Measuring the study on the screen in the background.
extension Workstation {
  /// Asks for the measures of the study on the screen where what decides them is new: another study, another
  /// detection, corrected labels or masks, other segments in which the reader sees a lesion.
  static func askForMeasures(_ state: inout AppState) -> [Effect] {
    guard state.view == .study, let study = state.study, study.isMeasured else { return [] }
    let order = MeasureOrder(study)
    guard state.study?.measures.want(order) == true else { return [] }
    return [.measure(order)]
  }

  /// A study was measured.
  static func take(
    _ result: Result<StudyMeasures, WorkerFailure>, for order: MeasureOrder,
    _ state: inout AppState
  ) {
    let keys = state.keys
    let named = result.map { namingKeys($0, keys) }
    state.study?.measures.take(named, for: order)
  }

  /// The measures with the keys that draw a lesion mask, where that is the advice.
  private static func namingKeys(_ measures: StudyMeasures, _ keys: KeyMap) -> StudyMeasures {
    let (edit, other) = (keys.name(.editMask), keys.name(.otherMask, in: .mask))
    let advice = "draw a lesion mask (\(edit), then \(other)), or import one"
    var measures = measures
    for index in measures.levels.indices {
      for value in [\LevelMeasures.scrRatio, \LevelMeasures.yukawaGrade] {
        let reason = measures.levels[index][keyPath: value].reason
        measures.levels[index][keyPath: value].reason = reason?.replacing(
          LesionSignal.outlineAdvice, with: advice)
      }
    }
    return measures
  }
}
