/// When the progress of a long command is said, and how: on a terminal a line that is written again and
/// again; into a file or pipe a plain line at each tenth of a stage, or after 30 s without one.
public struct ProgressPace: Sendable {
  /// Seconds after which a line is due whatever was done.
  public static let longestPause = 30.0
  /// Part of a stage after which a line is due.
  static let part = 0.1
  /// Seconds between two lines of a stage that runs through at once.
  static let shortestPause = 1.0
  /// Seconds between two states of the line on a terminal.
  static let pauseOnTerminal = 0.1

  /// Where a stage began, by the clock and by the fraction done.
  private var began: (seconds: Double, fraction: Double) = (0, 0)
  /// The greatest fraction of the stage so far: threads may tell theirs a little out of order.
  private var most = 0.0
  private var shown: (seconds: Double, fraction: Double)?
  /// The first word of what is done tells stages apart.
  private var stage: Substring = ""
  private let isTerminal: Bool

  /// The pace for a terminal, or for a file or pipe.
  public init(isTerminal: Bool) { self.isTerminal = isTerminal }

  /// The line to write now; `nil` where none is due.
  ///
  /// - Parameters:
  ///   - what: what is done.
  ///   - fraction: how much of it is done, 0...1.
  ///   - secondsLeft: the time left where the work knows it; else it follows from what was done so far.
  ///   - now: seconds by a clock that runs forward.
  public mutating func line(
    _ what: String, fraction: Double, secondsLeft: Double? = nil, at now: Double
  ) -> String? {
    let done = fraction.isFinite ? min(max(fraction, 0), 1) : 0
    let next = what.prefix { $0 != " " }
    let isNew = shown == nil || next != stage
    if isNew || done <= most - Self.part {
      began = (now, done)
      most = done
    }
    most = max(most, done)
    stage = next
    guard isNew || isDue(done, now) else { return nil }
    shown = (now, done)
    var text = "\(what)  \(Int((done * 100 + 1e-9).rounded(.down))) %"
    if done < 1, let left = secondsLeft ?? estimate(done, now) {
      text += "  \(TimeLeft.words(left)) left"
    }
    return text
  }

  private func isDue(_ done: Double, _ now: Double) -> Bool {
    guard let shown else { return true }
    let pause = now - shown.seconds
    // The end is always said, once.
    if done >= 1 { return shown.fraction < 1 }
    if isTerminal { return pause >= Self.pauseOnTerminal }
    // Fractions such as 0.3 - 0.2 are a little less than a tenth.
    let isPart = abs(done - shown.fraction) >= Self.part - 1e-9
    return isPart && pause >= Self.shortestPause || pause >= Self.longestPause
  }

  /// The time left if what is left goes on as what was done; `nil` where too little was.
  private func estimate(_ done: Double, _ now: Double) -> Double? {
    let (passed, part) = (now - began.seconds, done - began.fraction)
    guard passed >= Self.shortestPause, part > 0 else { return nil }
    return passed * (1 - done) / part
  }
}
