/// Keys that mean nothing in the mode that is on: the modes of the study screen have keys of their own, and what
/// would do something without the mode is not dropped without a word.
extension Workstation {
  /// What a key of the study does while the window is changed: it goes on choosing grey windows, magnification
  /// and slices, and nothing else; `nil` for other keys and modes.
  static func studyCommand(_ key: KeyPress, _ state: AppState) -> Command? {
    guard state.view == .study, state.contexts.first == .window,
      let command = state.keys.command(for: key, in: [.study])
    else { return nil }
    switch command {
    case .windowMode: return nil
    case .zoomIn, .zoomOut, .zoomFit, .panLeft, .panRight, .panUp, .panDown: return command
    case .nextSlice, .previousSlice, .forwardSlices, .backwardSlices, .firstSlice, .lastSlice:
      return command
    default: return command.isGrey ? command : nil
    }
  }

  /// "WINDOW: P does nothing here; w or Esc ends it"; `nil` where no mode is on.
  static func unknownInMode(_ key: KeyPress, _ state: AppState) -> String? {
    guard state.view == .study, let context = state.contexts.first else { return nil }
    let mode: (name: String, end: Command)
    switch context {
    case .window: mode = ("WINDOW", .windowMode)
    case .crosshair: mode = ("CROSSHAIR", .crosshair)
    case .finding: mode = ("FINDING", .leaveMark)
    case .labels: mode = ("LABELS", .editLeave)
    case .mask: mode = ("MASK", .editLeave)
    default: return nil
    }
    let ends = state.keys.keys(of: mode.end, in: context)
    let escape = KeyPress(.escape)
    var names = ends.prefix(1).map(\.name)
    if ends.dropFirst().contains(escape) { names.append(escape.name) }
    let way = names.isEmpty ? "" : "; \(names.joined(separator: " or ")) ends it"
    return "\(mode.name): \(key.name) does nothing here\(way)"
  }
}
