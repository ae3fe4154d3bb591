internal import Core
internal import Imaging

/// The crosshair, moved over the slice by keys or the mouse, and what is measured with it; nothing of
/// it is written.
extension Workstation {
  static func runCrosshair(_ command: Command, _ state: inout AppState) -> [Effect] {
    guard let study = state.study else { return [] }
    guard let crosshair = study.crosshair else {
      if command == .crosshair { beginCrosshair(study, &state) }
      return []
    }
    switch command {
    case .crosshair: endCrosshair(&state)
    case .clearDistance:
      if crosshair.measured == nil {
        endCrosshair(&state)
      } else {
        state.study?.crosshair?.measured = nil
      }
    case .measureDistance: measureDistance(crosshair, study, &state)
    case .measureSignal: return measureSignal(crosshair, study, &state)
    default:
      moveCrosshair(to: study.onPicture(crosshair.place + (command.pictureStep ?? .zero)), &state)
    }
    return []
  }

  /// Begins at the cord beside the selected segment.
  private static func beginCrosshair(_ study: StudyScreenState, _ state: inout AppState) {
    if case .none(let reason) = state.capabilities.graphics {
      state.say(.refused, "no crosshair without a picture: \(reason)")
      return
    }
    guard study.picture != nil else {
      state.say(.refused, "no crosshair: this study holds no slice that can be shown")
      return
    }
    if let hidden = hiddenPictureWords(study, state) {
      state.say(.refused, "no crosshair: \(hidden)")
      return
    }
    let focus = study.segmentFocus
    state.study?.crosshair = Crosshair(
      place: study.onPicture(SIMD2(focus.column.rounded(), focus.row.rounded())))
  }

  private static func endCrosshair(_ state: inout AppState) {
    state.study?.crosshair = nil
    state.say(.note, "crosshair off")
  }

  /// Puts the crosshair where the mouse was pressed on the picture.
  static func placeCrosshair(at act: MouseAct, _ state: inout AppState) {
    guard let point = state.picturePoint(at: act) else { return }
    moveCrosshair(to: point, &state)
  }

  /// Moves the crosshair over the slice; the ladder's row and the curve's cursor go with it.
  private static func moveCrosshair(to point: SIMD2<Double>, _ state: inout AppState) {
    state.study?.crosshair?.place = point
    state.study?.selectRow(under: point)
  }

  /// Puts the crosshair where the mouse was pressed on a picture beside, on the sagittal slice nearest to
  /// it.
  static func placeCrosshair(
    at act: MouseAct, on choice: BesideChoice, _ state: inout AppState
  ) {
    guard let study = state.study else { return }
    guard let ras = state.besidePoint(at: act, of: choice) else {
      let isPlaced = study.besidePlane(of: choice)?.meeting != nil
      let why = isPlaced ? "is not drawn yet" : "is not located"
      state.say(.refused, "the crosshair cannot go there: \(choice.title) \(why)")
      return
    }
    let distances = study.study.pictures.map { abs($0.grid.pixel(ras: ras).distanceMM) }
    guard let slice = distances.indices.min(by: { distances[$0] < distances[$1] }),
      distances[slice] <= max(study.study.sliceThicknessMM, SagittalGrid.spacing)
    else {
      state.say(.refused, "no sagittal slice lies there")
      return
    }
    let place = study.study.pictures[slice].grid.pixel(ras: ras)
    state.study?.slice = slice
    moveCrosshair(
      to: study.onPicture(SIMD2(place.column.rounded(), place.row.rounded())), &state)
  }

  /// Begins a distance, or ends the one begun on this slice.
  private static func measureDistance(
    _ crosshair: Crosshair, _ study: StudyScreenState, _ state: inout AppState
  ) {
    if var begun = crosshair.measured, begun.slice == study.slice, begun.to == nil {
      begun.to = crosshair.place
      state.study?.crosshair?.measured = begun
      let mm = state.study?.crosshair?.millimetres(on: study.slice)
      state.say(.note, "distance \(ScoreText.millimetres(mm)) in the slice; Esc removes it")
      return
    }
    state.study?.crosshair?.measured = Crosshair.Distance(
      slice: study.slice, from: crosshair.place, to: nil)
    let key = state.keys.name(.measureDistance, in: .crosshair)
    state.say(.note, "distance from here: move, then \(key) again")
  }

  // MARK: Signal

  private static func measureSignal(
    _ crosshair: Crosshair, _ study: StudyScreenState, _ state: inout AppState
  ) -> [Effect] {
    // Normal cord is cord that the AI does not flag: where it was measured tells what is flagged.
    if study.isHidden {
      state.say(
        .refused,
        "no SCR: its reference spares what the AI flags, which is hidden: "
          + wayToAI(study, state))
      return []
    }
    guard let place = study.place(crosshair.place) else { return [] }
    state.say(.note, "measuring the signal")
    return [.measureSignal(place, subject: study.study.subject)]
  }

  /// Says a signal that was measured, unless the crosshair has moved on meanwhile.
  static func tell(
    _ result: Result<MeasuredValue, WorkerFailure>, at place: FindingPlace, of subject: String,
    _ state: inout AppState
  ) {
    guard let study = state.study, study.study.subject == subject, !study.isHidden,
      let crosshair = study.crosshair, study.place(crosshair.place) == place
    else { return }
    switch result {
    case .failure(let failure): state.say(.error, "no SCR: \(failure.words)")
    case .success(let measured):
      guard measured.value != nil else {
        state.say(.refused, "no SCR: \(measured.reason ?? "no reason is given")")
        return
      }
      let from = measured.inputs.map { $0.replacing(" grey values", with: "") }
      let doubts = measured.quality.names.map { "; in doubt: \($0)" }.joined()
      state.say(
        .note, "SCR \(MeasureLine.number(measured, 2)): \(from.joined(separator: ", "))\(doubts)")
    }
  }
}
