internal import Core
internal import Imaging

/// The picture beside the sagittal one: which, which slice of it, and which of the two fills the room.
extension Workstation {
  static func runBeside(_ command: Command, _ state: inout AppState) -> [Effect] {
    guard let study = state.study else { return [] }
    // What is chosen by hand stays when the answer to what was wanted on opening comes.
    state.study?.wishes = nil
    state.study?.presentedBeside = nil
    // A second picture is asked for: it has no place where curve or ladder have the whole screen.
    if let pane = study.chosenPane, pane != .picture,
      [.beside, .besideAlone, .sagittalAlone].contains(command)
    {
      state.study?.enlarged = nil
      state.study?.setAside = nil
    }
    if command == .beside { return cycleBeside(study, &state) }
    guard study.beside.isOn else {
      state.say(.refused, "no second picture: \(state.keys.name(.beside)) shows one")
      return []
    }
    switch command {
    case .besideNext: stepBeside(by: 1, study, &state)
    case .besidePrevious: stepBeside(by: -1, study, &state)
    case .besideFollow:
      guard let choice = steppedBeside(study, state) else { break }
      state.study?.beside.held[choice] = nil
      state.study?.beside.focus = choice
      state.say(.note, "\(choice.title) follows again")
    case .focusPicture: focusNext(study, &state)
    case .besideAlone: fill(.beside, study, &state)
    case .sagittalAlone: fill(.sagittal, study, &state)
    case .besideOff: closeBeside(&state)
    default: break
    }
    return []
  }

  /// Shows the first choice, then the next; after the last none.
  private static func cycleBeside(
    _ study: StudyScreenState, _ state: inout AppState
  ) -> [Effect] {
    if case .none(let reason) = state.capabilities.graphics {
      state.say(.refused, "no second picture: \(reason)")
      return []
    }
    guard study.picture != nil else {
      state.say(.refused, "this study holds no slice that can be shown")
      return []
    }
    guard study.beside.isOn else {
      state.study?.beside.isOn = true
      state.study?.beside.chosen = 0
      state.study?.beside.fill = .both
      if let choices = study.beside.choices, !choices.isEmpty { return loadBeside(&state) }
      state.study?.beside.choices = nil
      state.study?.beside.problem = nil
      state.say(.note, "looking for other series and sessions")
      return [.listBeside(study.study.subject)]
    }
    guard let choices = study.beside.choices, study.beside.chosen + 1 < choices.count else {
      closeBeside(&state)
      return []
    }
    state.study?.beside.chosen += 1
    return loadBeside(&state)
  }

  private static func closeBeside(_ state: inout AppState) {
    hideBeside(&state)
    state.say(.note, "the sagittal picture alone")
  }

  /// Takes the second picture off the screen.
  static func hideBeside(_ state: inout AppState) {
    state.study?.beside.isOn = false
    state.study?.beside.focus = nil
    state.study?.beside.held = [:]
    state.study?.beside.shown = [:]
  }

  /// Asks for what is chosen, and says what can be done with it.
  private static func loadBeside(_ state: inout AppState) -> [Effect] {
    guard let study = state.study, let choice = study.beside.choice else { return [] }
    let keys = state.keys
    let layout = StudyLayout(state)
    // The keys behind it are what has to be seen on a narrow screen.
    let title = DisplayText.fit(choice.title, max(state.size.columns - 56, 24))
    if layout.beside.isEmpty, study.beside.fill == .both {
      state.say(
        .note,
        "no room for two pictures: \(keys.name(.besideAlone)) shows \(title), again: back")
    } else {
      state.say(
        .note,
        "\(title): \(keys.name(.besidePrevious)) \(keys.name(.besideNext)) slice, "
          + "\(keys.name(.sagittalAlone)) \(keys.name(.besideAlone)) one alone, "
          + "\(keys.name(.focusPicture)) greys, \(keys.name(.beside)) next, "
          + "\(keys.name(.besideOff)) off")
    }
    return askForBeside(&state)
  }

  /// Asks for what is chosen unless it is there or on its way.
  static func askForBeside(_ state: inout AppState) -> [Effect] {
    guard let study = state.study, let choice = study.beside.choice else { return [] }
    let companion = study.beside.companion
    state.study?.beside.focus = nil
    state.study?.beside.held = [:]
    state.study?.beside.shown = study.beside.shown.filter {
      $0.key == choice || $0.key == companion
    }
    return load(choice, &state)
  }

  /// Asks for the plane that stands over the chosen one, once there is room for it: a series takes seconds
  /// to read, and the room comes and goes with the size of the screen and what fills it.
  static func askForCompanion(_ state: inout AppState) -> [Effect] {
    guard state.view == .study, state.size.isEnough, let study = state.study,
      let companion = study.beside.companion, study.beside.content(of: companion) == nil,
      !StudyLayout(state).above.isEmpty
    else { return [] }
    return load(companion, &state)
  }

  private static func load(_ choice: BesideChoice, _ state: inout AppState) -> [Effect] {
    guard let study = state.study else { return [] }
    switch study.beside.content(of: choice) {
    case .loading?, .volume?, .session?: return []
    case .failed?, nil: break
    }
    if choice.isReformat, let volume = study.beside.ownVolume {
      state.study?.beside.set(.volume(volume), for: choice)
      return []
    }
    state.study?.beside.set(.loading, for: choice)
    return [.loadBeside(choice, subject: study.study.subject)]
  }

  /// The picture beside whose slices keys go through: the one that has the focus, else the chosen one.
  private static func steppedBeside(
    _ study: StudyScreenState, _ state: AppState
  ) -> BesideChoice? {
    state.focusedBeside ?? study.beside.choice
  }

  /// Lets keys of greys act on the next of the pictures on the screen.
  private static func focusNext(_ study: StudyScreenState, _ state: inout AppState) {
    let layout = StudyLayout(state)
    let beside = layout.beside.isEmpty ? [] : layout.besideChoices(study)
    let sagittal: [BesideChoice?] = layout.picture.isEmpty ? [] : [nil]
    let pictures = sagittal + beside.map(Optional.some)
    guard pictures.count > 1, let at = pictures.firstIndex(of: state.focusedBeside) else {
      let key = KeyPress(.backTab)
      let knows = state.keys.command(for: key, in: [.study]) == .nextPane
      let panes = knows ? ": \(key.name) goes to curve and ladder" : ""
      state.say(.refused, "there is one picture on the screen\(panes)")
      return
    }
    focus(pictures[(at + 1) % pictures.count], &state)
  }

  private static func focus(_ choice: BesideChoice?, _ state: inout AppState) {
    state.study?.beside.focus = choice
    let name = choice?.title ?? "the sagittal picture"
    state.say(.note, "window, level and inversion: \(name)")
  }

  /// The picture beside that lies under the mouse gets the focus; `nil` where none lies there.
  static func focusBeside(at act: MouseAct, _ state: inout AppState) -> BesideChoice? {
    guard let study = state.study else { return nil }
    let layout = StudyLayout(state)
    let choice = layout.besideChoices(study).first {
      layout.besideRoom(of: $0, study).picture.contains(row: act.row, column: act.column)
    }
    if let choice { state.study?.beside.focus = choice }
    return choice
  }

  private static func stepBeside(
    by step: Int, _ study: StudyScreenState, _ state: inout AppState
  ) {
    guard let choice = steppedBeside(study, state), let plane = study.besidePlane(of: choice) else {
      state.say(.refused, "the second picture is not there")
      return
    }
    let wanted = plane.number + step
    guard plane.numbers.contains(wanted) else {
      state.say(.note, step > 0 ? "its last slice" : "its first slice")
      return
    }
    state.study?.beside.held[choice] = wanted
    state.study?.beside.focus = choice
  }

  private static func fill(
    _ fill: BesideState.Fill, _ study: StudyScreenState, _ state: inout AppState
  ) {
    let next: BesideState.Fill = study.beside.fill == fill ? .both : fill
    state.study?.beside.fill = next
    if next == .beside {
      let key = state.keys.name(.besideAlone)
      state.say(.note, "the second picture alone: no verdicts here, \(key) shows both again")
    }
  }

  /// Why nothing can be stated or measured on the sagittal picture while it is not on the screen, or, beside
  /// a list, will not be after it.
  static func hiddenPictureWords(_ study: StudyScreenState, _ state: AppState) -> String? {
    if let pane = study.chosenPane, pane != .picture {
      let key = state.keys.name(.enlargePane)
      if study.shownPane == nil {
        return "after this list the \(pane.rawValue) is alone: \(key) shows the picture"
      }
      return "the sagittal picture is not on the screen: \(key) shows it again"
    }
    guard study.beside.isOn, study.beside.fill == .beside else { return nil }
    let key = state.keys.name(.besideAlone)
    return "the sagittal picture is not on the screen: \(key) shows it again"
  }

  // MARK: Answers

  static func take(
    _ result: Result<[BesideChoice], WorkerFailure>, of subject: String, _ state: inout AppState
  ) -> [Effect] {
    if let effects = takeWished(result, of: subject, &state) { return effects }
    if let effects = takePresented(result, of: subject, &state) { return effects }
    guard let study = state.study, study.study.subject == subject, study.beside.isOn,
      study.beside.choices == nil
    else { return [] }
    switch result {
    case .failure(let failure):
      state.study?.beside.problem = failure.words
      state.say(.error, "other series cannot be listed: \(failure.words)")
      return []
    case .success(let choices) where choices.isEmpty:
      state.study?.beside.isOn = false
      state.say(.refused, "this study has no other series or session")
      return []
    case .success(let choices):
      state.study?.beside.choices = choices
      return loadBeside(&state)
    }
  }

  static func take(
    _ result: Result<BesideState.Content, WorkerFailure>, for choice: BesideChoice,
    of subject: String, _ state: inout AppState
  ) {
    guard state.study?.study.subject == subject else { return }
    switch result {
    case .success(let content): state.study?.beside.set(content, for: choice)
    case .failure(let failure): state.study?.beside.set(.failed(failure.words), for: choice)
    }
  }

  static func take(_ picture: ScreenPicture, for view: BesideView, _ state: inout AppState) {
    guard let study = state.study, study.study.subject == view.subject, study.beside.isOn else {
      return
    }
    state.study?.beside.shown[view.choice] = (view, picture)
  }
}
