import Foundation
import TUI

/// A terminal in memory that notes when texts come first on the screen, and how long keys take.
///
/// Screens that keys bring are drawn and let go: a script must not wait for a text after its keys.
final class StopwatchDriver: TerminalDriver {
  private let inner: MemoryDriver
  private var awaited: ArraySlice<String>
  private let began = ContinuousClock.now
  private var firstKey: ContinuousClock.Instant?
  private var end: ContinuousClock.Instant?
  /// Milliseconds until each text, as far as they came.
  private(set) var times: [Double] = []
  /// How many keys were pressed.
  private(set) var keys = 0

  init(_ inner: MemoryDriver, texts: [String]) {
    self.inner = inner
    awaited = texts[...]
  }

  /// Mean milliseconds of a key, with the screen that it brings: from the first key until the program
  /// asks for more than there are. `nil` where none was pressed.
  var millisecondsAKey: Double? {
    guard let firstKey, let end else { return nil }
    let all: Double = (end - firstKey) / .milliseconds(1)
    return all / Double(keys)
  }

  var capabilities: TerminalCapabilities { inner.capabilities }
  var size: TerminalSize { inner.size }
  var mailbox: Mailbox { inner.mailbox }
  var link: LinkQuality { inner.link }

  func keeps(_ picture: [UInt8]) -> Bool { inner.keeps(picture) }

  func present(_ screen: Screen) throws { try present(screen, isAtRest: false) }

  func present(_ screen: Screen, isAtRest: Bool) throws {
    if keys == 0 { try inner.present(screen, isAtRest: isAtRest) }
    while let text = awaited.first, screen.dump().contains(text) {
      times.append((ContinuousClock.now - began) / .milliseconds(1))
      awaited.removeFirst()
    }
  }

  func nextEvent(milliseconds: Int?) -> TerminalEvent? {
    let event = inner.nextEvent(milliseconds: milliseconds)
    switch event {
    case .some(.key):
      if firstKey == nil { firstKey = ContinuousClock.now }
      keys += 1
    case .some(.terminate): end = ContinuousClock.now
    default: break
    }
    return event
  }

  func forgetScreen() { inner.forgetScreen() }

  func close() { inner.close() }
}
