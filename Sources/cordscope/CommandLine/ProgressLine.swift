import Foundation
import Synchronization
import TUI

/// Progress on stderr: one rewritten line on a terminal; otherwise plain lines now and then, and one
/// at the start of every stage, which the first word of what is done tells apart.
final class ProgressLine: Sendable {
  private struct State {
    var lastShown: ContinuousClock.Instant?
    var stage: Substring = ""
    var width = 0
  }

  private let state = Mutex(State())
  private let isTerminal = isatty(2) == 1

  /// Shows a fraction done, a remark and the time left where it is known.
  func show(_ what: String, fraction: Double, secondsLeft: Double? = nil) {
    state.withLock { state in
      let now = ContinuousClock.now
      let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(10)
      let stage = what.prefix { $0 != " " }
      if let last = state.lastShown, now - last < pause, fraction < 1, stage == state.stage {
        return
      }
      state.lastShown = now
      state.stage = stage
      let percent = Int((min(max(fraction, 0), 1) * 100).rounded())
      var text = "\(what)  \(percent) %"
      if let secondsLeft, fraction < 1 { text += "  \(TimeLeft.words(secondsLeft)) left" }
      if isTerminal {
        let blank = String(repeating: " ", count: max(0, state.width - text.count))
        Output.message("\r\(text)\(blank)", terminator: "")
        state.width = text.count
      } else {
        Output.message(text)
      }
    }
  }

  /// Ends the line, so that what follows starts on its own.
  func finish() {
    state.withLock { state in
      guard isTerminal, state.width > 0 else { return }
      Output.message("")
      state.width = 0
    }
  }
}
