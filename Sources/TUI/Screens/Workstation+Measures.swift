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
    state.study?.measures.take(result, for: order)
  }
}
