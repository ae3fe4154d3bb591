internal import Core
internal import Imaging

/// How the reader wants a picture's greys.
struct GreyChoice: Equatable, Sendable {
  var window: StudyScreenState.WindowChoice = .preset(.automatic)
  var isInverted = false

  /// "W 620 L 310 auto", where black and white are exchanged after "inverted": that is not to be cut off.
  func words(_ shown: WindowLevel) -> String {
    (isInverted ? "inverted " : "") + "\(Self.numbers(shown)) \(window.name)"
  }

  /// The window without its name: "W 620 L 310".
  static func numbers(_ shown: WindowLevel) -> String {
    "W \(ScoreText.grey(shown.window)) L \(ScoreText.grey(shown.level))"
  }
}

extension StudyScreenState.WindowChoice {
  /// The name in the head.
  var name: String {
    switch self {
    case .preset(let preset): preset.name
    case .manual: "set"
    }
  }

  /// The window among those of a picture.
  func window(_ presets: WindowPresets) -> WindowLevel {
    switch self {
    case .preset(let preset): presets(preset)
    case .manual(let window): window
    }
  }
}

extension StudyScreenState {
  /// The windows that a picture beside has for itself; `nil` where it shares the greys of the sagittal
  /// one, as planes made from the same volume do, or is not loaded.
  func besidePresets(of choice: BesideChoice) -> WindowPresets? {
    guard !choice.isReformat else { return nil }
    switch beside.content(of: choice) {
    case .volume(let volume)?: return WindowPresets(volume)
    case .session(let loaded)?: return loaded.presets
    case .loading?, .failed?, nil: return nil
    }
  }

  /// The greys of a picture beside.
  func besideGrey(of choice: BesideChoice) -> (window: WindowLevel, isInverted: Bool) {
    guard let presets = besidePresets(of: choice) else { return (greyWindow, isInverted) }
    let grey = beside.greys[choice] ?? GreyChoice()
    return (grey.window.window(presets), grey.isInverted)
  }

  /// What is said of them.
  func besideGreyWords(of choice: BesideChoice) -> String? {
    if choice.isReformat { return "greys of the sagittal" }
    guard besidePresets(of: choice) != nil else { return nil }
    return (beside.greys[choice] ?? GreyChoice()).words(besideGrey(of: choice).window)
  }

  /// The greys of the picture beside, or of the sagittal one for `nil`.
  func grey(of choice: BesideChoice?) -> GreyChoice {
    guard let choice, besidePresets(of: choice) != nil else {
      return GreyChoice(window: window, isInverted: isInverted)
    }
    return beside.greys[choice] ?? GreyChoice()
  }

  /// Changes the greys of a picture beside, or of the sagittal one for `nil` and for pictures that share
  /// them.
  mutating func setGrey(_ grey: GreyChoice, of choice: BesideChoice?) {
    if let choice, besidePresets(of: choice) != nil {
      beside.greys[choice] = grey
    } else {
      (window, isInverted) = (grey.window, grey.isInverted)
    }
  }
}

extension WindowPresets {
  /// The windows of another series; without a mask of its cord, that of the cord is the automatic one.
  init(_ volume: BesideVolume) {
    self.init([
      .automatic: volume.window, .full: volume.range, .cord: volume.window,
      .wide: volume.window.adjusted(windowFactor: 1.6), .fluid: volume.fluid,
    ])
  }
}

extension AppState {
  /// The picture beside that keys of greys act on; `nil` is the sagittal one, also where the other is
  /// not on the screen.
  var focusedBeside: BesideChoice? {
    guard let beside = study?.beside, beside.isOn, let choice = beside.choice else { return nil }
    let layout = StudyLayout(self)
    guard !layout.beside.isEmpty else { return nil }
    if let focus = beside.focus {
      if focus == choice || focus == beside.companion && !layout.above.isEmpty { return focus }
    }
    return beside.fill == .beside ? choice : nil
  }
}
