import Foundation

/// Asks the terminal what it can do, before ncurses takes it over.
enum TerminalProbe {
  /// How long to wait for the last answer, in milliseconds.
  ///
  /// A local terminal answers within 5 ms; the time is for slow links and busy machines.
  static let deadline = 2000

  /// Asks and reads.
  ///
  /// The terminal must be set to bytes-at-once input. Only where the choice is left to it is it asked for
  /// kitty pictures, which takes a moment within tmux.
  /// - Returns: what it can do, the bytes that are keys typed ahead, and its replies as received.
  static func run(
    environment: [String: String], choice: GraphicsChoice
  ) throws -> (
    capabilities: TerminalCapabilities, typedAhead: [UInt8], replies: [[UInt8]]
  ) {
    let type = environment["TERM"] ?? ""
    // These answer nothing, and print what they do not understand.
    guard !["", "dumb", "linux", "cons25"].contains(type) else {
      var silent = TerminalCapabilities()
      silent.type = type
      silent.choice = choice
      // A console's letters are light on black.
      if type == "linux" || type == "cons25" { silent.isLight = false }
      return (silent, [], [])
    }
    var bytes: [UInt8] = []
    var answer = TerminalReplies.parse(bytes)
    let asked = ContinuousClock.now
    let outer = Multiplexer(name: nil, environment: environment)
    try ask(TerminalReplies.questions(through: outer), within: deadline) {
      bytes += $0
      answer = TerminalReplies.parse(bytes)
      return answer.done
    }
    let took = ContinuousClock.now - asked
    var found = answer.capabilities
    found.type = type
    found.choice = choice
    found.multiplexer = Multiplexer(name: found.name, environment: environment)
    var pictures = KittyProbe.Answer()
    if answer.done, choice == .auto {
      pictures = try askForPictures(found.multiplexer, took)
      found.kitty = pictures.draws
    }
    try TerminalDevice.write(TerminalReplies.farewell)
    found.isLight =
      found.isLight ?? environment["COLORFGBG"].flatMap(TerminalReplies.isLight(colorfgbg:))
    return (
      found, answer.rest + pictures.rest, TerminalReplies.answers(in: bytes) + pictures.replies
    )
  }

  /// Asks for kitty pictures, once it is known how long the first answers took.
  private static func askForPictures(
    _ multiplexer: Multiplexer?, _ took: Duration
  ) throws -> KittyProbe.Answer {
    let questions = KittyProbe.questions(multiplexer)
    guard !questions.isEmpty else { return KittyProbe.Answer() }
    var bytes: [UInt8] = []
    var answer = KittyProbe.Answer()
    let time = multiplexer == .tmux ? KittyProbe.patience(withTmux: took) : deadline
    try ask(questions, within: time) {
      bytes += $0
      answer = KittyProbe.parse(bytes, multiplexer)
      return answer.done
    }
    return answer
  }

  /// Puts questions and reads until the answers are complete or the time, in milliseconds, is over.
  private static func ask(
    _ questions: [UInt8], within time: Int, isComplete: ([UInt8]) -> Bool
  ) throws {
    try TerminalDevice.write(questions)
    let clock = ContinuousClock()
    let end = clock.now + .milliseconds(time)
    while true {
      let left = clock.now.duration(to: end)
      guard left > .zero else { return }
      let ready = TerminalDevice.wait(milliseconds: Int(left / .milliseconds(1)) + 1)
      if ready.contains(.input) {
        guard let more = TerminalDevice.read() else { throw TerminalError.gone }
        if isComplete(more) { return }
      } else if ready.contains(.gone) {
        throw TerminalError.gone
      } else if ready.contains(.signal) {
        let signals = TerminalDevice.signals()
        if !signals.allSatisfy({ [.resize, .suspend, .wake].contains($0) }) {
          throw TerminalError.gone
        }
      }
    }
  }
}
