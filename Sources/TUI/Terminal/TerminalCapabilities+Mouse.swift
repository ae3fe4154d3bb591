extension TerminalCapabilities {
  /// Whether the mouse is switched on: the terminal says that it reports it in the SGR form, or is known to.
  ///
  /// tmux does since 1.8, whether or not its own `mouse` setting is on, and up to 3.3 does not answer the
  /// question; GNU screen does since 4.7 and never answers it.
  public var takesMouse: Bool {
    guard answered else { return false }
    return switch multiplexer {
    case .tmux?: true
    case .screen?: sgrMouse || (screenVersion ?? 0) >= Self.firstScreenWithMouse
    case nil: sgrMouse
    }
  }

  /// 4.7.0, as screen writes it.
  private static let firstScreenWithMouse = 40_700

  /// Whether the mouse is switched on, and why, for `doctor`.
  public var mouse: String {
    switch multiplexer {
    case _ where !answered: "no: the terminal does not answer"
    case _ where sgrMouse: "yes"
    case .tmux?: "yes, through tmux"
    case .screen? where takesMouse: "yes, through GNU screen"
    case .screen?: "no: GNU screen before 4.7 does not report it in the SGR form (mode 1006)"
    case nil: "no: the terminal does not answer that it reports it in the SGR form (mode 1006)"
    }
  }
}
