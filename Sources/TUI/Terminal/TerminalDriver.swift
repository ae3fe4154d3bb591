/// What reaches the workstation from outside.
public enum TerminalEvent: Sendable {
  /// A key.
  case key(KeyPress)
  /// Pasted text.
  case paste(String)
  /// A mouse act.
  case mouse(MouseAct)
  /// The size or the capabilities changed.
  case resized
  /// Something that a worker posted.
  case message(AppMessage)
  /// The process was asked to end (a signal), with the exit status that says so.
  case terminate(status: Int32)
  /// The terminal is gone: nothing may be written to it any more.
  case hangup
}

/// Why a terminal cannot be used.
public enum TerminalError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Input or output is not a terminal.
  case notATerminal
  /// The terminal type is unknown or cannot place the cursor.
  case unusable(String)
  /// The terminal went away.
  case gone

  /// The error in words, with what to do.
  public var description: String {
    switch self {
    case .notATerminal:
      "the workstation needs a terminal: run it from one, over ssh with -t"
    case .unusable(let reason): reason
    case .gone: "the terminal is gone"
    }
  }

  /// The exit status that belongs to it.
  public var exitStatus: Int32 { self == .gone ? 129 : 2 }
}

/// A terminal: shows screens and gives events; used from one thread.
public protocol TerminalDriver: AnyObject {
  /// What the terminal can do.
  var capabilities: TerminalCapabilities { get }
  /// Its size now.
  var size: TerminalSize { get }
  /// Where workers post messages.
  var mailbox: Mailbox { get }
  /// Shows a screen.
  ///
  /// - Throws: ``TerminalError/gone`` when there is nobody to show it to.
  func present(_ screen: Screen) throws
  /// The next event; `nil` when none came within the time (`nil`: waits for ever).
  func nextEvent(milliseconds: Int?) -> TerminalEvent?
  /// Shows a screen, and on the way measures the link where that is safe.
  ///
  /// - Parameter isAtRest: Whether its pictures are in full and nothing else is to be shown now.
  /// - Throws: ``TerminalError/gone`` when there is nobody to show it to.
  func present(_ screen: Screen, isAtRest: Bool) throws
  /// What the way to the terminal is like, as far as it was measured.
  var link: LinkQuality { get }
  /// Whether the terminal has a kitty picture (its file in base64), so that showing it takes few bytes.
  func keeps(_ picture: [UInt8]) -> Bool
  /// Draws everything again at the next screen.
  func forgetScreen()
  /// Gives the terminal back as it was; may be called twice.
  func close()
}
