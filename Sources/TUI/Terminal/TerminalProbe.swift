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
  /// - Parameter measuresRate: Whether bytes are sent to measure how fast they get there.
  /// - Returns: what it can do, the bytes that are keys typed ahead, its replies as received, and what the
  ///   link is like: nothing is known of that where a multiplexer answered for itself.
  static func run(
    environment: [String: String], choice: GraphicsChoice, measuresRate: Bool = false
  ) throws -> (
    capabilities: TerminalCapabilities, typedAhead: [UInt8], replies: [[UInt8]], link: LinkQuality
  ) {
    let type = environment["TERM"] ?? ""
    // These answer nothing, and print what they do not understand.
    guard !["", "dumb", "linux", "cons25"].contains(type) else {
      var silent = TerminalCapabilities()
      silent.type = type
      silent.choice = choice
      // A console's letters are light on black.
      if type == "linux" || type == "cons25" { silent.isLight = false }
      return (silent, [], [], LinkQuality())
    }
    var bytes: [UInt8] = []
    var answer = TerminalReplies.parse(bytes)
    let asked = ContinuousClock.now
    var outer = Multiplexer(name: nil, environment: environment)
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
    found.isWithinScreen = Multiplexer.isWithinScreen(found.multiplexer, environment: environment)
    if outer == .screen, found.multiplexer != .screen {
      // A terminal opened from within screen: what follows is written on its alternate screen.
      try TerminalDevice.write(
        TerminalReplies.farewell(through: outer) + Array(TerminalReplies.entry.utf8))
      outer = found.multiplexer
    }
    var pictures = KittyProbe.Answer()
    var link = LinkQuality()
    if answer.done, found.multiplexer == nil { link.note(roundTrip: took) }
    if answer.done, choice == .auto || choice == .kitty {
      let asked = ContinuousClock.now
      pictures = try askForPictures(found.multiplexer, took)
      found.kitty = pictures.draws
      found.repeatsCells = pictures.repeats
      // This one the terminal around tmux has answered.
      if pictures.done, found.multiplexer == .tmux {
        link.note(roundTrip: ContinuousClock.now - asked)
      }
    }
    var typed = answer.rest + pictures.rest
    if measuresRate, answer.done, found.multiplexer == nil {
      typed += try measureRate(&link, roundTrip: took)
    }
    try TerminalDevice.write(TerminalReplies.farewell(through: outer))
    found.isLight =
      found.isLight ?? environment["COLORFGBG"].flatMap(TerminalReplies.isLight(colorfgbg:))
    return (found, typed, TerminalReplies.answers(in: bytes) + pictures.replies, link)
  }

  /// Bytes that are sent to measure the link.
  private static let rateBytes = 32_000
  /// How long to wait for the answer behind them, in milliseconds.
  private static let rateDeadline = 10_000

  /// Sends letters by chance, which compress about as little as pictures do, concealed and on the alternate
  /// screen; the bytes that are keys typed meanwhile.
  private static func measureRate(
    _ link: inout LinkQuality, roundTrip: Duration
  ) throws -> [UInt8] {
    var letters = Array("\r\u{1b}[8m".utf8)
    letters += (0..<rateBytes).map { _ in UInt8.random(in: 0x21...0x7e) }
    letters += Array("\u{1b}[0m\u{1b}[c".utf8)
    var bytes: [UInt8] = []
    var answer = TerminalReplies.parse(bytes)
    let start = ContinuousClock.now
    try ask(letters, within: rateDeadline) {
      bytes += $0
      answer = TerminalReplies.parse(bytes)
      return answer.done
    }
    if answer.done {
      link.note(
        bytes: letters.count, took: ContinuousClock.now - start, roundTrip: roundTrip)
    }
    return answer.rest
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
