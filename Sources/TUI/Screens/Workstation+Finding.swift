internal import Core
internal import Imaging

/// The place of a finding of the reader's own, moved over the slice by keys or the mouse.
extension Workstation {
  /// Begins at the cord beside the selected segment.
  static func beginMark(_ study: StudyScreenState, _ state: inout AppState) {
    let focus = study.segmentFocus
    state.study?.mark = study.onPicture(SIMD2(focus.column, focus.row))
    sayMark(&state)
  }

  static func runMark(_ command: Command, _ state: inout AppState) {
    guard let study = state.study, let mark = study.mark else { return }
    if let step = command.pictureStep {
      state.study?.mark = study.onPicture(mark + step)
      sayMark(&state)
      return
    }
    state.study?.mark = nil
    guard command == .markHere else {
      state.say(.note, "no finding was added")
      return
    }
    guard let place = study.place(mark) else { return }
    state.popup = .prompt(
      TextPrompt(
        purpose: .finding(place), title: "finding at \(study.words(for: place))", text: ""))
  }

  /// Puts the mark where the mouse was pressed on the picture.
  static func placeMark(at act: MouseAct, _ state: inout AppState) {
    guard let point = state.picturePoint(at: act) else { return }
    state.study?.mark = point
    sayMark(&state)
  }

  private static func sayMark(_ state: inout AppState) {
    guard let study = state.study, let mark = study.mark, let place = study.place(mark) else {
      return
    }
    state.say(
      .note,
      "finding at \(study.words(for: place)): move there, then \(state.keys.lastName(.markHere))")
  }
}

extension StudyScreenState {
  /// "slice 6, z -3.5 mm", the slice in the numbers of the head.
  func words(for place: FindingPlace) -> String {
    "slice \(sliceNumber(place)), z \(ScoreText.millimetres(place.z, signed: true))"
  }

  /// The number of a place's slice in the head; "?" where it cannot be shown.
  func sliceNumber(_ place: FindingPlace) -> String {
    study.pictures.firstIndex { $0.index == place.slice }.map { "\($0 + 1)" } ?? "?"
  }
}
