import Dispatch
import Foundation
import Synchronization
import TUI

/// Progress on stderr: one rewritten line on a terminal; otherwise plain lines at each tenth and after 30 s,
/// and one at the start of every stage, which the first word of what is done tells apart.
final class ProgressLine: Sendable {
  private struct State {
    var pace: ProgressPace
    /// What was told last, for when nothing is heard for long.
    var last: (what: String, fraction: Double)?
    /// Pieces of work counted.
    var counted = 0
    var width = 0
  }

  private let state: Mutex<State>
  private let isTerminal: Bool
  private let began = ContinuousClock.now

  init() {
    isTerminal = isatty(2) == 1
    state = Mutex(State(pace: ProgressPace(isTerminal: isTerminal)))
    if !isTerminal { sayAfterPause() }
  }

  /// Shows a fraction done, a remark and the time left where it is known.
  func show(_ what: String, fraction: Double, secondsLeft: Double? = nil) {
    state.withLock { state in
      state.last = (what, fraction)
      say(what, fraction, secondsLeft, &state)
    }
  }

  /// Counts one more piece of work as done, and shows how many of all are.
  func count(_ what: String, of all: Int) {
    state.withLock { state in
      state.counted += 1
      let fraction = Double(state.counted) / Double(max(all, 1))
      state.last = (what, fraction)
      say(what, fraction, nil, &state)
    }
  }

  /// Ends the line, so that what follows starts on its own.
  func finish() {
    state.withLock { state in
      state.last = nil
      guard isTerminal, state.width > 0 else { return }
      Output.message("")
      state.width = 0
    }
  }

  private func say(
    _ what: String, _ fraction: Double, _ secondsLeft: Double?, _ state: inout State
  ) {
    let now = (ContinuousClock.now - began) / .seconds(1)
    let text = state.pace.line(what, fraction: fraction, secondsLeft: secondsLeft, at: now)
    guard let text else { return }
    guard isTerminal else { return Output.message(text) }
    let blank = String(repeating: " ", count: max(0, state.width - text.count))
    Output.message("\r\(text)\(blank)", terminator: "")
    state.width = text.count
  }

  /// A file or pipe shows that the program is at work also while one study takes long.
  private func sayAfterPause() {
    let wait = ProgressPace.longestPause / 3
    DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + wait) { [weak self] in
      guard let self else { return }
      state.withLock { state in
        if let last = state.last { self.say(last.what, last.fraction, nil, &state) }
      }
      sayAfterPause()
    }
  }
}
