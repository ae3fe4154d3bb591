internal import Core

/// The panes of the study screen: how much of it the picture takes, which has the focus, and which has all
/// of it.
extension Workstation {
  static func runPanes(_ command: Command, _ state: inout AppState) {
    guard let study = state.study else { return }
    if study.isAdjudicating {
      let key = state.keys.name(.adjudicate, in: .adjudication)
      state.say(.refused, "the readers' ladders need their room: \(key) shows your own again")
      return
    }
    switch command {
    case .largerPicture: resizePicture(by: 1, study, &state)
    case .smallerPicture: resizePicture(by: -1, study, &state)
    case .nextPane: focusNextPane(study, &state)
    case .enlargePane: enlarge(study, &state)
    default: break
    }
  }

  /// Widens the picture at the expense of ladder and curve, or the other way round.
  private static func resizePicture(
    by step: Int, _ study: StudyScreenState, _ state: inout AppState
  ) {
    let whole = state.keys.name(.enlargePane)
    if let refusal = wholeScreenWords(state) ?? study.absence(of: .picture, state.capabilities) {
      state.say(.refused, refusal)
      return
    }
    let now = state
    func layout(_ steps: Int) -> StudyLayout {
      var trial = now
      trial.pictureSteps = steps
      return StudyLayout(trial)
    }
    // Steps beyond what this screen has room for are forgotten first.
    var steps = state.pictureSteps
    while steps != 0, layout(steps).ladder == layout(steps - steps.signum()).ladder {
      steps -= steps.signum()
    }
    let before = layout(steps)
    // A step that a standing curve had of the picture already changes nothing: the next one does.
    let next = [steps + step, steps + 2 * step].first { layout($0).ladder != before.ladder }
    guard let next else {
      state.say(
        .refused,
        step > 0
          ? "the ladder needs the rest: \(whole) gives a pane the whole screen"
          : "the picture cannot be narrower")
      return
    }
    let after = layout(next)
    guard before.picturesWidth != after.picturesWidth else {
      let isOfBlocks = BlockCoding(state.capabilities) != nil
      state.say(
        .refused,
        isOfBlocks
          ? "larger pictures of half blocks would be too slow to send"
          : "this terminal draws no larger pictures")
      return
    }
    state.pictureSteps = next
    state.say(
      .note, "the picture takes \(after.picturesWidth) of \(state.size.columns) columns")
  }

  /// Why panes cannot be divided otherwise now, in words; `nil` where all are shown.
  static func wholeScreenWords(_ state: AppState) -> String? {
    guard let pane = state.study?.chosenPane else { return nil }
    let key = state.keys.name(.enlargePane)
    return "the \(pane.rawValue) has the whole screen: \(key) shows all panes again"
  }

  /// Gives the focus, and with it the whole screen where a pane has that, to the next pane.
  private static func focusNextPane(_ study: StudyScreenState, _ state: inout AppState) {
    let panes = study.panes(state.capabilities)
    let focus = study.focusedPane(state.capabilities)
    guard panes.count > 1, let at = panes.firstIndex(of: focus) else {
      let why = StudyPane.allCases.compactMap { study.absence(of: $0, state.capabilities) }
      state.say(
        .refused, "only the \(focus.rawValue) can have the focus: \(why.joined(separator: "; "))")
      return
    }
    let next = panes[(at + 1) % panes.count]
    state.study?.pane = next
    if study.chosenPane != nil {
      show(next, &state)
    } else {
      let key = state.keys.name(.enlargePane)
      state.say(.note, "focus on the \(next.rawValue): \(key) gives it the whole screen")
    }
  }

  /// Gives the pane with the focus the whole screen, or shows all panes again.
  private static func enlarge(_ study: StudyScreenState, _ state: inout AppState) {
    if study.chosenPane != nil {
      state.study?.enlarged = nil
      state.study?.setAside = nil
      state.say(.note, "all panes")
    } else {
      show(study.focusedPane(state.capabilities), &state)
    }
  }

  private static func show(_ pane: StudyPane, _ state: inout AppState) {
    state.study?.pane = pane
    state.study?.enlarged = pane
    state.study?.setAside = nil
    let note = pane == .picture ? "" : ", no verdicts here"
    let key = state.keys.name(.enlargePane)
    state.say(.note, "the \(pane.rawValue) alone\(note): \(key) shows all panes again")
  }

  /// A list lies over ladder and curve, never over the picture that is being judged: while it is open, all
  /// panes are shown.
  static func makeRoomForLists(_ state: inout AppState) {
    guard let study = state.study else { return }
    if state.popup?.isListBesidePicture == true {
      guard let pane = study.enlarged else { return }
      state.study?.enlarged = nil
      state.study?.setAside = pane
    } else if let pane = study.setAside {
      state.study?.enlarged = pane
      state.study?.setAside = nil
    }
  }
}
