import Foundation
import Synchronization

/// A terminal in memory: plays a script and keeps every screen.
public final class MemoryDriver: TerminalDriver {
  /// One step of a script.
  public enum Step: Sendable {
    /// One key.
    case key(KeyPress)
    /// Characters typed one after the other.
    case type(String)
    /// Pasted text.
    case paste(String)
    /// A mouse act.
    case mouse(MouseAct)
    /// A new size.
    case resize(TerminalSize)
    /// Messages are taken until the screen shows a text (for real workers); gives up after two
    /// minutes in which nothing came.
    case await(String)
    /// Nothing is typed until the program waits for nothing else.
    case idle
    /// The process is asked to end.
    case terminate
    /// The terminal is gone.
    case hangup
  }

  /// What the terminal pretends to be able to do.
  public var capabilities: TerminalCapabilities
  /// Its size.
  public private(set) var size: TerminalSize
  /// Where workers post.
  public let mailbox: Mailbox
  /// Every screen shown, oldest first.
  public private(set) var screens: [Screen] = []
  /// Whether it was closed.
  public private(set) var isClosed = false
  /// Texts waited for that never came.
  public private(set) var missed: [String] = []
  /// Whether all keys of a script are waiting at once, as after fast typing.
  public var typesAhead = false

  /// What the link pretends to be like; nothing is measured.
  public var link = LinkQuality()
  /// Whether it pretends to keep the kitty pictures that were shown.
  public var keepsPictures = false

  private var steps: [Step]
  private var isGone = false
  private let posted: DispatchSemaphore

  /// Makes a terminal that plays a script and then asks the program to end.
  public init(
    size: TerminalSize, capabilities: TerminalCapabilities = TerminalCapabilities(),
    script: [Step] = []
  ) {
    self.size = size
    self.capabilities = capabilities
    self.steps = script.flatMap { step -> [Step] in
      guard case .type(let text) = step else { return [step] }
      return text.map { .key(.character($0)) }
    }
    let posted = DispatchSemaphore(value: 0)
    self.posted = posted
    mailbox = Mailbox { posted.signal() }
  }

  /// The screen shown last.
  public var screen: Screen { screens.last ?? Screen(size: size) }

  /// Shows a screen.
  public func present(_ screen: Screen) throws {
    if isGone { throw TerminalError.gone }
    screens.append(screen)
  }

  /// Shows a screen.
  public func present(_ screen: Screen, isAtRest: Bool) throws { try present(screen) }

  /// Whether it pretends to have a picture.
  public func keeps(_ picture: [UInt8]) -> Bool {
    keepsPictures
      && screens.contains { $0.placements.contains { $0.picture.kitty == picture } }
  }

  /// The next event.
  public func nextEvent(milliseconds: Int?) -> TerminalEvent? {
    if let message = mailbox.take() { return .message(message) }
    if let milliseconds, !typesAhead {
      let end = DispatchTime.now() + .milliseconds(milliseconds)
      while milliseconds > 0, posted.wait(timeout: end) == .success {
        if let message = mailbox.take() { return .message(message) }
      }
      return nil
    }
    while let step = steps.first {
      if case .idle = step {
        if milliseconds != nil { return nil }
        steps.removeFirst()
        continue
      }
      if case .await(let text) = step {
        if screen.dump().contains(text) {
          steps.removeFirst()
          continue
        }
        if milliseconds == 0 { return nil }
        guard posted.wait(timeout: .now() + 120) == .success else {
          missed.append(text)
          steps.removeFirst()
          continue
        }
        if let message = mailbox.take() { return .message(message) }
        continue
      }
      steps.removeFirst()
      return play(step)
    }
    return milliseconds == nil ? .terminate(status: 0) : nil
  }

  private func play(_ step: Step) -> TerminalEvent? {
    switch step {
    case .key(let key): return .key(key)
    case .paste(let text): return .paste(text)
    case .mouse(let act): return .mouse(act)
    case .resize(let size):
      self.size = size
      return .resized
    case .hangup:
      isGone = true
      return .hangup
    case .terminate, .type, .await, .idle: return .terminate(status: 128 + SIGTERM)
    }
  }

  /// Draws everything again at the next screen.
  public func forgetScreen() {}

  /// Gives the terminal back.
  public func close() { isClosed = true }
}
