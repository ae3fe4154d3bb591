public import Foundation

/// What the terminal says of itself, asked without taking it over; for `show` and `doctor`.
public struct TerminalReport: Sendable {
  /// What it can do.
  public var capabilities: TerminalCapabilities
  /// Its replies as received, control bytes in letters: "ESC[?64;4c".
  public var replies: [String]
  /// What the way to it is like.
  public var link: LinkQuality
  /// Why the workstation does not start on it, in words; `nil` where it does, or was not looked for.
  public var refusal: String?

  /// Asks the terminal on standard input and output, for kitty pictures only where they are asked for
  /// or the choice is left to it; `nil` when there is none.
  /// - Parameter measuresRate: Whether 32 kB are sent to measure how fast they get there.
  public static func ask(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    choice: GraphicsChoice = .auto, measuresRate: Bool = false
  ) -> TerminalReport? {
    guard (try? TerminalDevice.open()) != nil else { return nil }
    defer { TerminalDevice.close() }
    guard
      let answer = try? TerminalProbe.run(
        environment: environment, choice: choice, measuresRate: measuresRate)
    else { return nil }
    var found = answer.capabilities
    found.cell = found.cell ?? TerminalDevice.measure().cell
    return TerminalReport(
      capabilities: found, replies: answer.replies.map(TerminalReplies.escaped),
      link: answer.link)
  }

  /// Takes in what the workstation goes by beside the terminal's answers: characters and colours.
  ///
  /// Call it on the main thread only.
  public mutating func settle(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    do {
      try capabilities.settle(environment) {
        try Curses.colours(ofType: environment["TERM"] ?? "(not set)")
      }
    } catch {
      refusal = "\(error)"
    }
  }

  /// How the workstation draws pictures on it, or why it draws none: "half blocks".
  public var pictures: String {
    if let refusal { return "none: \(refusal)" }
    return switch capabilities.graphics {
    case .sixel: "sixel" + doubt
    case .kitty: (capabilities.multiplexer == .tmux ? "kitty, through tmux" : "kitty") + doubt
    case .halfBlocks: "half blocks" + (capabilities.greyAdvice.map { " in \($0)" } ?? "")
    case .none(let reason):
      "none: \(reason)"
        + (capabilities.typeForPictures.map { "; start with TERM=\($0) cordscope review LIB" } ?? "")
    }
  }

  /// What is said of pictures that the user asked for and the terminal does not say that it draws.
  private var doubt: String {
    capabilities.unconfirmedPictures == nil
      ? "" : "; the terminal does not say that it draws them: no verdict before :picture-seen"
  }
}
