internal import Core
internal import Imaging

/// A part of the study screen that can have the focus, or the whole screen.
enum StudyPane: String, CaseIterable, Sendable {
  case picture, curve, ladder
}

extension StudyScreenState {
  /// The panes that there are, in the order of Tab.
  func panes(_ capabilities: TerminalCapabilities) -> [StudyPane] {
    StudyPane.allCases.filter { absence(of: $0, capabilities) == nil }
  }

  /// Why a pane shows nothing, in words; `nil` where it does.
  func absence(of pane: StudyPane, _ capabilities: TerminalCapabilities) -> String? {
    switch pane {
    case .picture:
      if case .none(let reason) = capabilities.graphics {
        return "no picture on this terminal: \(reason)"
      }
      return picture == nil ? "this study holds no slice that can be shown" : nil
    case .curve:
      guard CurveData(self) == nil else { return nil }
      return detection == nil ? "no curve: \(undetectedWords)" : "no curve on this study"
    case .ladder: return nil
    }
  }

  /// The pane with the focus: the first that there is where the chosen one has gone.
  func focusedPane(_ capabilities: TerminalCapabilities) -> StudyPane {
    let panes = panes(capabilities)
    return panes.contains(pane) ? pane : panes.first ?? .ladder
  }

  /// The pane that has the whole screen now; what is edited or compared needs them all.
  var shownPane: StudyPane? { needsAllPanes ? nil : enlarged }

  /// The same; while a list lies over ladder and curve, the pane that has the whole screen again after it.
  var chosenPane: StudyPane? { needsAllPanes ? nil : enlarged ?? setAside }

  private var needsAllPanes: Bool { correction != nil || isAdjudicating }
}

extension Popup {
  /// Whether it is a list that lies over ladder and curve.
  var isListBesidePicture: Bool {
    switch self {
    case .reasons, .meanings, .list, .macros, .findings: true
    case .prompt(let prompt):
      if case .command = prompt.purpose { true } else { false }
    case .help, .acts, .report: false
    }
  }
}
