/// Asks the terminal for a sign of life behind a full frame, and tells by the clock what the link is like.
///
/// The answer behind the frame comes when all of it was dealt with; a second question, on the then silent
/// link, gives the round trip, and the rest of the time was the frame's. One question at a time is on its
/// way, so that no answer is taken for another's.
///
/// Asked is only a terminal that answered the probe, and with no tmux or screen between: they answer for
/// themselves, which tells nothing of the link, and what is passed through them is answered to whichever
/// pane has the keys by then, perhaps another program's. mosh also answers for itself and cannot be told
/// from a terminal: its link counts as fast, and drafts come while keys repeat, as without measuring.
struct LinkMeter {
  /// Device status (DSR 5): its answer, `ESC [ 0 n`, is short, and no key has that form.
  static let question = Array("\u{1b}[5n".utf8)
  /// The least time between two measurements.
  static let interval: Duration = .seconds(3)
  /// A terminal that has not answered by then is not asked again.
  static let patience: Duration = .seconds(30)
  /// Bytes from which a frame tells of the rate; drafts, and the cells of pictures already there, have fewer.
  static let leastBytes = 32_000

  /// What is on its way.
  private enum Question {
    case behindFrame(bytes: Int)
    case alone(bytes: Int, took: Duration)
  }

  /// What is known.
  private(set) var link: LinkQuality
  /// Whether the terminal may be asked.
  private(set) var mayAsk: Bool
  private var asked: (question: Question, at: ContinuousClock.Instant)?
  private var last: ContinuousClock.Instant?

  /// - Parameters:
  ///   - link: What the probe found.
  ///   - capabilities: The terminal's.
  init(_ link: LinkQuality, _ capabilities: TerminalCapabilities) {
    self.link = link
    mayAsk = capabilities.answered && capabilities.multiplexer == nil
  }

  /// Whether an answer is on its way.
  var isWaiting: Bool { asked != nil }

  /// Whether to put the question behind a full frame; if so it must be put.
  /// - Parameters:
  ///   - bytes: The frame's pictures' bytes.
  ///   - start: When the first byte was written.
  mutating func asks(behind bytes: Int, from start: ContinuousClock.Instant) -> Bool {
    if let asked, start - asked.at > Self.patience {
      self.asked = nil
      mayAsk = false
    }
    guard mayAsk, asked == nil, bytes >= Self.leastBytes,
      last.map({ start - $0 >= Self.interval }) ?? true
    else { return false }
    asked = (Question.behindFrame(bytes: bytes), start)
    last = start
    return true
  }

  /// Notes an answer: whether to put the question again, at once. Unasked and late answers say nothing.
  mutating func answered(at now: ContinuousClock.Instant) -> Bool {
    guard let (question, since) = asked else { return false }
    let took = now - since
    switch question {
    case .behindFrame(let bytes):
      asked = (Question.alone(bytes: bytes, took: took), now)
      return true
    case .alone(let bytes, let whole):
      asked = nil
      link.note(roundTrip: took)
      link.note(bytes: bytes, took: whole, roundTrip: took)
      link.fullFrameBytes = bytes
      return false
    }
  }

  /// Nobody waits any more: what was asked tells nothing.
  mutating func drop() { asked = nil }
}
