import Core
import Foundation

@testable import TUI

/// A session played by a script on the fixture library.
struct Session {
  let library: FixtureLibrary
  let driver: MemoryDriver
  let worker: SynchronousWorker
  let status: Int32

  /// The time every act is written at.
  static let time = "2026-11-20T10:42:07.123Z"

  /// Plays a script to its end.
  @discardableResult
  init(
    _ script: [MemoryDriver.Step], columns: Int = 120, rows: Int = 40,
    capabilities: TerminalCapabilities = TerminalCapabilities(), library: FixtureLibrary? = nil,
    typesAhead: Bool = false, holdsWrites: Bool = false, obstacle: String? = nil,
    startsBlind: Bool = false, keys: KeyMap = .standard, rest: Duration = .zero,
    link: LinkQuality = LinkQuality(), keepsPictures: Bool = false,
    now: @escaping () -> ContinuousClock.Instant = { .now }
  ) {
    let library = library ?? FixtureLibrary { Self.time }
    let driver = MemoryDriver(
      size: TerminalSize(columns: columns, rows: rows), capabilities: capabilities, script: script)
    driver.typesAhead = typesAhead
    driver.link = link
    driver.keepsPictures = keepsPictures
    let worker = SynchronousWorker(source: library, reader: "liu", mailbox: driver.mailbox)
    worker.holdsWrites = holdsWrites
    worker.screen = { driver.screens.last }
    status = ReviewApp.run(
      title: library.title, driver: driver, reader: "liu", timeZone: .gmt, worker: worker,
      obstacle: obstacle, startsBlind: startsBlind, keys: keys,
      motion: PictureMotion(rest: rest, now: now), quiet: .zero, background: nil)
    self.library = library
    self.driver = driver
    self.worker = worker
  }

  /// The last screen as text.
  var text: String { driver.screen.dump() }

  /// Lines of the last screen.
  var lines: [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// The message line of the last screen.
  var message: String { lines[driver.size.rows - 2] }
}

extension MemoryDriver.Step {
  /// The Enter key.
  static let enter = MemoryDriver.Step.key(KeyPress(.enter))
  /// The Esc key.
  static let escape = MemoryDriver.Step.key(KeyPress(.escape))

  /// Filters the worklist for a subject and opens it.
  static func open(_ subject: String) -> [MemoryDriver.Step] {
    [.type("/" + subject), .enter, .enter]
  }
}

extension TerminalCapabilities {
  /// A terminal like xterm with sixels: cells of 8 x 17 px.
  static var sixelTerminal: TerminalCapabilities {
    var capabilities = TerminalCapabilities()
    capabilities.answered = true
    capabilities.sixel = true
    capabilities.cell = PixelSize(width: 8, height: 17)
    capabilities.sixelColours = 256
    return capabilities
  }

  /// A terminal like kitty: cells of 8 x 17 px.
  static var kittyTerminal: TerminalCapabilities {
    var capabilities = TerminalCapabilities()
    capabilities.answered = true
    capabilities.kitty = true
    capabilities.cell = PixelSize(width: 8, height: 17)
    return capabilities
  }
}
