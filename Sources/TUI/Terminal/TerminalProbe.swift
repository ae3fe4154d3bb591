import Foundation

/// Asks the terminal what it can do, before ncurses takes it over.
enum TerminalProbe {
  /// How long to wait for the last answer, in milliseconds.
  ///
  /// A local terminal answers within 5 ms; the time is for slow links.
  static let deadline = 1000

  /// Asks and reads.
  ///
  /// The terminal must be set to bytes-at-once input.
  /// - Returns: what it can do, the bytes that are keys typed ahead, and its replies as received.
  static func run(
    environment: [String: String]
  ) throws -> (
    capabilities: TerminalCapabilities, typedAhead: [UInt8], replies: [[UInt8]]
  ) {
    let type = environment["TERM"] ?? ""
    // These answer nothing, and print what they do not understand.
    guard !["", "dumb", "linux", "cons25"].contains(type) else {
      var silent = TerminalCapabilities()
      silent.type = type
      // A console's letters are light on black.
      if type == "linux" || type == "cons25" { silent.isLight = false }
      return (silent, [], [])
    }
    try TerminalDevice.write(TerminalReplies.questions)
    let clock = ContinuousClock()
    let end = clock.now + .milliseconds(deadline)
    var bytes: [UInt8] = []
    var answer = TerminalReplies.parse(bytes)
    while !answer.done {
      let left = clock.now.duration(to: end)
      guard left > .zero else { break }
      let milliseconds = Int(left / .milliseconds(1)) + 1
      let ready = TerminalDevice.wait(milliseconds: milliseconds)
      if ready.contains(.input) {
        guard let more = TerminalDevice.read() else { throw TerminalError.gone }
        bytes.append(contentsOf: more)
        answer = TerminalReplies.parse(bytes)
      } else if ready.contains(.gone) {
        throw TerminalError.gone
      } else if ready.contains(.signal) {
        let signals = TerminalDevice.signals()
        if !signals.allSatisfy({ [.resize, .suspend, .wake].contains($0) }) {
          throw TerminalError.gone
        }
      }
    }
    try TerminalDevice.write(TerminalReplies.farewell)
    var found = answer.capabilities
    found.type = type
    found.isLight =
      found.isLight ?? environment["COLORFGBG"].flatMap(TerminalReplies.isLight(colorfgbg:))
    return (found, answer.rest, TerminalReplies.answers(in: bytes))
  }
}
