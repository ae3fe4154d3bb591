internal import Core
internal import Imaging

/// Window, level and inversion of the picture whose slices were last gone through, or that was pressed.
extension Workstation {
  /// Changes the greys of a picture beside, or for `nil` of the sagittal one.
  static func adjustGrey(
    _ command: Command, of choice: BesideChoice?, _ study: inout StudyScreenState
  ) {
    if command == .windowMode { return study.isWindowMode.toggle() }
    var grey = study.grey(of: choice)
    let presets = choice.flatMap { study.besidePresets(of: $0) } ?? study.loaded.presets
    switch command {
    case .invert: grey.isInverted.toggle()
    case .windowAuto, .windowReset: grey.window = .preset(.automatic)
    case .windowFull: grey.window = .preset(.full)
    case .windowCord: grey.window = .preset(.cord)
    case .windowWide: grey.window = .preset(.wide)
    case .windowFluid: grey.window = .preset(.fluid)
    case .windowScanner: grey.window = .preset(.scanner)
    default:
      guard let (width, shift) = windowStep(command) else { return }
      grey.window = scaled(grey.window, presets, width: width, shift: shift)
    }
    study.setGrey(grey, of: choice)
  }

  /// Why a picture beside, or for `nil` the sagittal one, has no window for a command; `nil` where it has.
  static func greyRefusal(
    _ command: Command, of choice: BesideChoice?, _ study: StudyScreenState
  ) -> String? {
    let presets = choice.flatMap { study.besidePresets(of: $0) } ?? study.loaded.presets
    guard command == .windowScanner, !presets.has(.scanner) else { return nil }
    return "no file states the scanner's grey window of this picture"
  }

  /// The factor of the window's width, and the movement of its level as a part of the width.
  private static func windowStep(_ command: Command) -> (width: Float, shift: Float)? {
    switch command {
    case .windowWider: (1.05, 0)
    case .windowNarrower: (1 / 1.05, 0)
    case .windowMuchWider: (1.3, 0)
    case .windowMuchNarrower: (1 / 1.3, 0)
    case .windowBrighter: (1, -0.03)
    case .windowDarker: (1, 0.03)
    case .windowMuchBrighter: (1, -0.15)
    case .windowMuchDarker: (1, 0.15)
    default: nil
    }
  }

  /// A window changed by steps, within what the picture's grey values can need.
  private static func scaled(
    _ window: StudyScreenState.WindowChoice, _ presets: WindowPresets, width factor: Float,
    shift: Float
  ) -> StudyScreenState.WindowChoice {
    let whole = presets(.full)
    let wanted = window.window(presets).adjusted(windowFactor: factor, levelFraction: shift)
    let width = min(max(wanted.window, whole.window * 0.002), whole.window * 4)
    let margin = whole.window * 2
    let level = min(max(wanted.level, whole.level - margin), whole.level + margin)
    return .manual(WindowLevel(window: width, level: level))
  }
}
