/// Pausing the work beside the workstation, and going on with it.
extension Workstation {
  /// What is said when paused work goes on.
  private static let resumed = "going on"

  /// How far the work is; that it goes on is said no more once it has ended.
  static func take(_ progress: BackgroundProgress?, _ state: inout AppState) {
    state.background = progress
    if progress == nil, state.message?.text == resumed { state.message = nil }
  }

  /// Stops what is being detected again; where nothing is, pauses the detection of the library or goes on
  /// with it.
  static func cancelDetection(_ state: inout AppState) -> [Effect] {
    if !state.redetecting.isEmpty {
      state.say(.note, "stopping the detection of sub-\(state.redetecting.joined(separator: ", "))")
      return [.cancelDetections]
    }
    switch state.background?.phase {
    case nil:
      state.say(.refused, "nothing is being detected")
      return []
    case .running:
      state.background?.phase = .pausing
      let key = state.keys.name(.cancelDetection)
      state.say(.note, "pausing: nothing is half-written; \(key) goes on with what is left")
      return [.pauseBackground]
    case .pausing, .paused: return resumeDetection(&state)
    }
  }

  /// Goes on with what was paused.
  static func resumeDetection(_ state: inout AppState) -> [Effect] {
    guard let phase = state.background?.phase, phase != .running else {
      state.say(
        .refused,
        state.background == nil ? "nothing is being detected" : "the detection is not paused")
      return []
    }
    state.background?.phase = .running
    state.say(.note, resumed)
    return [.resumeBackground]
  }
}
