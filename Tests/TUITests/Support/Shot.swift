import Core
import Testing

@testable import TUI

/// A screen that a script leads to, and words that tell it from every other.
struct Shot {
  let name: String
  let words: String
  let script: [MemoryDriver.Step]

  /// - Parameter start: Steps that come before its own.
  init(
    _ name: String, _ words: String, after start: [MemoryDriver.Step] = [],
    _ steps: MemoryDriver.Step...
  ) {
    self.name = name
    self.words = words
    script = start + steps
  }

  /// Plays the script at a size, and compares the last screen with the one that is kept.
  func check(
    _ size: (Int, Int), capabilities: TerminalCapabilities = TerminalCapabilities(),
    library: FixtureLibrary? = nil, startsBlind: Bool = false, obstacle: String? = nil
  ) throws {
    let session = Session(
      script, columns: size.0, rows: size.1, capabilities: capabilities, library: library,
      obstacle: obstacle, startsBlind: startsBlind)
    try Self.check(session.text, name, says: words, size)
  }

  /// Compares a screen, which has to say the words and the notice, with the one that is kept.
  static func check(_ text: String, _ name: String, says words: String, _ size: (Int, Int)) throws {
    #expect(text.contains(words), "\(name) at \(size.0) x \(size.1)")
    #expect(text.contains(Notice.researchUse), "\(name) at \(size.0) x \(size.1)")
    try Snapshot.check(text, "\(name)-\(size.0)x\(size.1)")
  }
}
