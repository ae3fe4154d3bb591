internal import Core

/// How a presenter's screen is divided, and what stands beside his picture, on a follower's screen.
///
/// Both come with every view and are taken only where they change: what the follower has arranged for
/// himself stays until then. What stands beside belongs to a case, the division to all.
extension Workstation {
  /// Divides the screen and shows beside the picture what a view has, where it is another than before.
  ///
  /// - Parameter study: the case as it was on the screen before.
  static func followArrangement(
    _ view: TeachingView, of study: StudyScreenState, _ state: inout AppState
  ) -> [Effect] {
    if let layout = view.layout, layout != state.teaching?.layout {
      state.teaching?.layout = layout
      follow(layout, &state)
    }
    // Sessions of earlier versions say nothing of it.
    guard view.layout != nil || view.beside != nil else { return [] }
    // Where all is to be as the presenter has it, that is seen against what is shown.
    let before: TeachingView.Beside?
    if let followed = study.followed {
      before = followed.beside
    } else {
      before = TeachingView.Beside(study)
    }
    guard view.beside != before else { return [] }
    return followBeside(view.beside, &state)
  }

  private static func follow(_ layout: TeachingView.Layout, _ state: inout AppState) {
    switch layout.curve {
    case "beside": state.isAligned = true
    case "under": state.isAligned = false
    case "auto": state.isAligned = nil
    default: break
    }
    state.pictureSteps = min(max(layout.width, -Hanging.mostSteps), Hanging.mostSteps)
    if state.capabilities.drawsUnicode,
      let glyphs = layout.glyphs.flatMap(StudyScreenState.CurveGlyphs.init(rawValue:))
    {
      state.curveGlyphs = glyphs
    }
    state.study?.enlarged = nil
    state.study?.setAside = nil
    guard let pane = layout.pane.flatMap(StudyPane.init(rawValue:)),
      state.study?.absence(of: pane, state.capabilities) == nil
    else { return }
    state.study?.pane = pane
    state.study?.enlarged = pane
  }

  private static func followBeside(
    _ wanted: TeachingView.Beside?, _ state: inout AppState
  ) -> [Effect] {
    guard let study = state.study else { return [] }
    state.study?.presentedBeside = nil
    guard let wanted else {
      hideBeside(&state)
      return []
    }
    if case .none(let reason) = state.capabilities.graphics {
      let words = "\(name(of: wanted)) is presented beside, not here: \(reason)"
      tell(words, wanted, of: study, &state)
      return []
    }
    if let choices = study.beside.choices, !choices.isEmpty {
      return show(wanted, of: choices, &state)
    }
    state.study?.presentedBeside = wanted
    return [.listBeside(study.study.subject)]
  }

  /// What can be shown beside a case has been listed: what the presenter has there is shown; `nil` where
  /// nothing of his is awaited.
  static func takePresented(
    _ result: Result<[BesideChoice], WorkerFailure>, of subject: String, _ state: inout AppState
  ) -> [Effect]? {
    guard let study = state.study, study.study.subject == subject,
      let wanted = study.presentedBeside
    else { return nil }
    state.study?.presentedBeside = nil
    switch result {
    case .failure(let failure):
      tell("other series cannot be listed: \(failure.words)", wanted, of: study, &state)
      return []
    case .success(let choices):
      state.study?.beside.choices = choices
      return show(wanted, of: choices, &state)
    }
  }

  private static func show(
    _ wanted: TeachingView.Beside, of choices: [BesideChoice], _ state: inout AppState
  ) -> [Effect] {
    guard let study = state.study else { return [] }
    let named = choices.indices.filter { choices[$0].title == wanted.title }
    guard let index = named.first(where: { $0 + 1 == wanted.place }) ?? named.first else {
      hideBeside(&state)
      let words = "\(name(of: wanted)) is presented beside, and is not there any more"
      tell(words, wanted, of: study, &state)
      return []
    }
    let choice = choices[index]
    let isNew = study.beside.choice != choice
    state.study?.beside.isOn = true
    state.study?.beside.chosen = index
    let fill: BesideState.Fill =
      switch wanted.alone {
      case nil: .both
      case .sagittal?: .sagittal
      case .beside?: .beside
      }
    state.study?.beside.fill = fill
    let effects = isNew ? askForBeside(&state) : []
    state.study?.beside.held[choice] = wanted.slice
    if isNew, wanted.alone == nil, StudyLayout(state).beside.isEmpty {
      let key = state.keys.name(.besideAlone)
      let words = "no room for \(name(of: wanted)), presented beside: \(key) shows it"
      tell(words, wanted, of: study, without: choice, &state)
    }
    return effects
  }

  private static func tell(
    _ words: String, _ wanted: TeachingView.Beside, of study: StudyScreenState,
    without choice: BesideChoice? = nil, _ state: inout AppState
  ) {
    say(
      BesideNote(words: words, subject: study.study.subject, wanted: wanted, choice: choice), &state
    )
  }

  /// The name of a file, as far as there is room.
  private static func name(of wanted: TeachingView.Beside) -> String {
    DisplayText.fit(DisplayText.clean(wanted.title), 40)
  }

  // MARK: Holding

  /// Whether following waits: what is being placed, drawn or typed belongs to what is on the screen, and so
  /// does what is on its way to the journal after it.
  static func holdsFollowing(_ state: AppState) -> Bool {
    guard state.popup == nil else { return true }
    guard let study = state.study, state.view == .study else { return false }
    if study.mark != nil || study.correction != nil { return true }
    return state.teaching?.isHeld == true
      && state.inFlight.values.contains { $0.subject == study.study.subject }
  }

  /// Notes that the presenter went on and following waits, the first time.
  static func holdFollowing(_ state: inout AppState) {
    guard state.teaching?.isHeld == false else { return }
    state.teaching?.isHeld = true
    // Under a list or a prompt the head says it alone.
    guard state.popup == nil, state.study?.mark != nil else { return }
    addNote("the presenter went on, your slice stays until then", &state)
  }
}
