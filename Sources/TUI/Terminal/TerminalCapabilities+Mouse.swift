extension TerminalCapabilities {
  /// Whether the mouse is switched on: the terminal says that it reports it in the SGR form, or is known to.
  ///
  /// tmux does since 1.8, whether or not its own `mouse` setting is on, and up to 3.3 does not answer the
  /// question. GNU screen (4.9) holds a lone Esc back for good while the mouse is tracked, also that which a
  /// tmux within it reads: there it stays off.
  public var takesMouse: Bool {
    guard answered, !isWithinScreen else { return false }
    return multiplexer == .tmux || sgrMouse
  }

  /// Whether the mouse is switched on, and why, for `doctor`.
  public var mouse: String {
    switch multiplexer {
    case _ where !answered: "no: the terminal does not answer"
    case _ where isWithinScreen: "no: GNU screen would hold the Esc key back"
    case _ where sgrMouse: "yes"
    case .tmux?: "yes, through tmux"
    default: "no: the terminal does not answer that it reports it in the SGR form (mode 1006)"
    }
  }
}
