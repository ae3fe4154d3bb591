/// Pausing the work beside the workstation, and going on with it.
extension Workstation {
  /// What is said when paused work goes on.
  private static let resumed = "going on"

  /// How far the work is; that it goes on is said no more once it has ended.
  static func take(_ progress: BackgroundProgress?, _ state: inout AppState) {
    state.background = progress
    if progress == nil, state.message?.text == resumed { state.message = nil }
  }

  /// Stops what is being detected again; where nothing is, detects the study on the screen whose result is of
  /// other labels, else pauses the detection of the library or goes on with it, and with what was stopped.
  static func cancelDetection(_ state: inout AppState) -> [Effect] {
    if !state.redetecting.isEmpty {
      state.say(.note, "stopping the detection of sub-\(redetectingNames(state))")
      return [.cancelDetections]
    }
    if let shown = undetectedShown(state) { return detectAgain([shown], &state) }
    switch state.background?.phase {
    case nil: return resumeDetection(&state)
    case .running:
      state.background?.phase = .pausing
      let key = state.keys.name(.cancelDetection)
      state.say(.note, "pausing: nothing is half-written; \(key) goes on with what is left")
      return [.pauseBackground]
    case .pausing, .paused: return resumeDetection(&state)
    }
  }

  /// Goes on with what was paused, and with what was stopped of studies that are detected again.
  static func resumeDetection(_ state: inout AppState) -> [Effect] {
    let shown = undetectedShown(state)
    let others = state.undetected.filter { $0 != shown }
    let again = detectAgain([shown].compactMap(\.self) + others, &state)
    guard let phase = state.background?.phase, phase != .running else {
      if !again.isEmpty { return again }
      state.say(
        .refused,
        state.background == nil ? "nothing is being detected" : "the detection is not paused")
      return []
    }
    state.background?.phase = .running
    if again.isEmpty { state.say(.note, resumed) }
    return again + [.resumeBackground]
  }
}
