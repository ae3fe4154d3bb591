internal import Core
internal import Imaging

/// Showing a study as the reader wants studies to be shown when they are opened.
extension Workstation {
  static func runHanging(_ command: Command, _ state: inout AppState) -> [Effect] {
    guard let study = state.study else { return [] }
    if state.teaching != nil {
      state.say(.refused, "in a teaching session every case is shown in the same way")
      return []
    }
    switch command {
    case .saveHanging: return saveHanging(study, &state)
    case .hangDefault: return hang(Hanging(), "shown as the program does", &state)
    default: break
    }
    guard let saved = state.hanging.saved else {
      state.say(
        .refused,
        state.hanging.problem.map { "your hanging cannot be read: \($0)" }
          ?? "you have saved none: \(state.keys.name(.saveHanging)) keeps what is shown now")
      return []
    }
    return hang(saved, "shown as you saved it", &state)
  }

  /// Shows a study that has just been opened as the reader wants it.
  static func hang(_ state: inout AppState) -> [Effect] {
    // What is on the screen in a teaching session is its presenter's matter, and the same for all.
    guard let study = state.study, !study.isHung, state.teaching == nil else { return [] }
    state.study?.isHung = true
    if let problem = state.hanging.problem {
      addNote("your hanging cannot be read: \(problem)", &state)
    }
    guard let saved = state.hanging.saved else { return [] }
    return hang(saved, nil, &state)
  }

  /// - Parameter words: What is said beside what could not be shown as wanted.
  private static func hang(
    _ hanging: Hanging, _ words: String?, _ state: inout AppState
  ) -> [Effect] {
    if let words { addNote(words, &state) }
    state.isAligned = hanging.isAligned
    state.pictureSteps = hanging.pictureSteps
    // All panes are looked at for room first.
    state.study?.enlarged = nil
    state.study?.setAside = nil
    if hanging.isAligned == true, !StudyLayout(state).isAligned {
      let hasPictures = state.capabilities.drawsPictures
      addNote(
        hasPictures
          ? "no room for the curve beside the picture" : "no picture for the curve to stand beside",
        &state)
    }
    let absence = state.study?.absence(of: .picture, state.capabilities)
    if hanging.isPictureAlone, let absence {
      addNote("the picture is not alone: \(absence)", &state)
    } else if hanging.isPictureAlone {
      state.study?.pane = .picture
      state.study?.enlarged = .picture
    }
    drawAsHung(hanging, &state)
    guard !hanging.beside.isEmpty else {
      clearBeside(&state)
      return []
    }
    if let obstacle = besideObstacle(state) {
      addNote("\(obstacle): the sagittal picture alone", &state)
      clearBeside(&state)
      return []
    }
    guard let study = state.study else { return [] }
    if let choices = study.beside.choices, !choices.isEmpty {
      return hangBeside(hanging.beside, choices, &state)
    }
    state.study?.wishes = hanging.beside
    return [.listBeside(study.study.subject)]
  }

  /// Window and map; in the place of a map that the study does not have the anomaly map.
  private static func drawAsHung(_ hanging: Hanging, _ state: inout AppState) {
    guard var study = state.study else { return }
    study.window = .preset(hanging.window)
    if hanging.window == .cord, study.loaded.presets(.cord) == study.loaded.presets(.automatic) {
      addNote("no cord for its grey window: \(WindowPresets.Preset.automatic.name)", &state)
    }
    if !study.loaded.presets.has(hanging.window) {
      study.window = .preset(.automatic)
      addNote(
        "no file states the grey window \(hanging.window.name): "
          + WindowPresets.Preset.automatic.name, &state)
    }
    study.showsOverlay = hanging.overlay != .none
    study.overlayKind = study.showsOverlay ? hanging.overlay : .heat
    if study.showsOverlay, study.overlayKind != .heat, study.detection != nil,
      let absent = study.absentOverlayWords
    {
      study.overlayKind = .heat
      addNote("\(absent): \(OverlayKind.heat.title) instead", &state)
    }
    state.study = study
  }

  /// Why no second picture can be shown, or `nil`.
  private static func besideObstacle(_ state: AppState) -> String? {
    if case .none(let reason) = state.capabilities.graphics { return reason }
    guard state.study?.picture != nil else { return "the study holds no slice that can be shown" }
    let layout = StudyLayout(
      size: state.size, isAligned: state.isAligned, capabilities: state.capabilities, fill: .both,
      steps: state.pictureSteps, enlarged: state.study?.shownPane)
    return layout.beside.isEmpty ? "no room for two pictures at \(state.size.columns) columns" : nil
  }

  private static func clearBeside(_ state: inout AppState) {
    state.study?.wishes = nil
    hideBeside(&state)
  }

  // MARK: The second picture

  /// What can be shown beside a study has been listed: the first that is wanted is shown; `nil` where
  /// nothing is wanted that was not chosen by hand.
  static func takeWished(
    _ result: Result<[BesideChoice], WorkerFailure>, of subject: String, _ state: inout AppState
  ) -> [Effect]? {
    guard let study = state.study, study.study.subject == subject, let wishes = study.wishes else {
      return nil
    }
    state.study?.wishes = nil
    switch result {
    case .failure(let failure):
      addNote("other series cannot be listed: \(failure.words)", &state)
      return []
    case .success(let choices):
      state.study?.beside.choices = choices
      return hangBeside(wishes, choices, &state)
    }
  }

  private static func hangBeside(
    _ wishes: [BesideWish], _ choices: [BesideChoice], _ state: inout AppState
  ) -> [Effect] {
    if let study = state.study,
      study.adjudication != nil || study.correction != nil || study.mark != nil
    {
      // It would take room from what is read, or move the picture that is pointed at.
      addNote("no second picture now: \(state.keys.name(.beside)) shows one later", &state)
      return []
    }
    for (place, wish) in wishes.enumerated() {
      guard let index = choices.firstIndex(where: { wish.isMet(by: $0) }) else { continue }
      state.study?.beside.isOn = true
      state.study?.beside.chosen = index
      state.study?.beside.fill = .both
      if place > 0 {
        addNote("no \(missing(wishes.prefix(place))): \(choices[index].title) beside", &state)
      }
      return askForBeside(&state)
    }
    clearBeside(&state)
    addNote("no \(missing(wishes[...])): the sagittal picture alone", &state)
    return []
  }

  private static func missing(_ wishes: ArraySlice<BesideWish>) -> String {
    wishes.map(\.words).joined(separator: ", no ")
  }

  // MARK: Saving

  /// Keeps what is shown now; what was wanted before beside the picture is wanted after it, for studies
  /// that do not have it.
  private static func saveHanging(
    _ study: StudyScreenState, _ state: inout AppState
  ) -> [Effect] {
    var hanging = Hanging()
    if study.beside.isOn || study.wishes != nil {
      guard let choice = study.beside.choice else {
        state.say(.refused, "what stands beside is not yet known: a moment")
        return []
      }
      let wish = BesideWish(choice)
      let others = (state.hanging.saved?.beside ?? []).filter { $0 != wish }
      hanging.beside = Array(([wish] + others).prefix(Hanging.mostWishes))
    }
    // A hidden map was not chosen by anyone who sees it: what was wanted before stays.
    hanging.overlay =
      study.isHidden
      ? state.hanging.saved?.overlay ?? Hanging().overlay
      : study.showsOverlay ? study.overlayKind : .none
    if case .preset(let preset) = study.window { hanging.window = preset }
    hanging.isAligned = state.isAligned
    hanging.pictureSteps = min(max(state.pictureSteps, -Hanging.mostSteps), Hanging.mostSteps)
    hanging.isPictureAlone = study.chosenPane == .picture
    state.hanging.leavesMap = study.isHidden
    state.say(.note, "saving how studies are opened ...")
    return [.keepHanging(hanging)]
  }

  /// Takes in what was read at the start, or kept.
  static func take(
    _ result: Result<Hanging?, WorkerFailure>, isKept: Bool, _ state: inout AppState
  ) {
    switch result {
    case .success(let hanging):
      let leavesMap = state.hanging.leavesMap
      state.hanging = HangingState(saved: hanging, problem: nil)
      guard isKept, let hanging else { return }
      var words = "studies are opened so from now on: \(hanging.words(withMap: !leavesMap))"
      if case .manual? = state.study?.window { words += "; a window set by hand is not kept" }
      if let pane = state.study?.chosenPane, pane != .picture {
        words += "; that the \(pane.rawValue) is alone is not kept"
      }
      state.say(.done, words)
    case .failure(let failure) where isKept:
      state.say(.error, "the hanging was NOT SAVED: \(failure.words)")
    case .failure(let failure): state.hanging.problem = failure.words
    }
  }
}
