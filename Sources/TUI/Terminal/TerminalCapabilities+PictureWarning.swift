extension TerminalCapabilities {
  /// What stands over a study as long as nothing can be judged on this terminal: that no picture is drawn and
  /// why, or that nobody has said whether the one asked for is seen; `nil` where pictures are.
  ///
  /// - Parameter room: Cells of a line: where all is too long for it, the shorter words stand.
  func pictureWarning(room: Int) -> String? {
    if unconfirmedPictures != nil {
      return "picture not confirmed: :picture-seen if you see it, no verdict before"
    }
    guard case .none(let reason) = graphics else { return nil }
    let whole = "no picture on this terminal: \(reason); verdicts need one"
    return whole.count <= room ? whole : "no picture: \(reason); verdicts need one"
  }
}
