internal import Core

/// Drawing in the masks of cord and lesions.
extension Workstation {
  /// Runs a command on the mask; `false` for one that is not about it.
  ///
  /// - Throws: `EditRefusal`.
  static func editMask(
    _ command: Command, _ correction: inout CorrectionMode, _ study: StudyScreenState,
    _ state: inout AppState
  ) throws -> Bool {
    guard var edit = correction.mask else { return false }
    switch command {
    case .chooseBrush, .chooseEraser:
      correction.tool = command == .chooseBrush ? .brush : .eraser
      state.say(.note, "\(correction.tool.rawValue), \(correction.size) px")
      return true
    case .smallerBrush, .largerBrush:
      let sizes = MaskEdit.sizes
      let at = sizes.firstIndex(of: correction.size) ?? 0
      let next = min(max(at + (command == .largerBrush ? 1 : -1), 0), sizes.count - 1)
      correction.size = sizes[next]
      state.say(.note, "\(correction.tool.rawValue), \(correction.size) px")
      return true
    case .keepDrawing:
      correction.isDrawing.toggle()
      if correction.isDrawing {
        draw(from: correction.place, &correction, study, continues: false, &state)
      } else {
        state.say(.note, "pen up")
      }
      return true
    case .drawHere:
      draw(from: correction.place, &correction, study, continues: false, &state)
      return true
    case .fillOutline: try edit.fill(study.slice, at: correction.place)
    case .copyFromLeft: try edit.copy(from: study.slice - 1, to: study.slice)
    case .copyFromRight: try edit.copy(from: study.slice + 1, to: study.slice)
    case .interpolateSlices:
      let filling = try edit.interpolate(around: study.slice)
      correction.edit = .mask(edit)
      state.say(.note, filling.words)
      return true
    default: return false
    }
    correction.edit = .mask(edit)
    state.say(.note, edit.undoName ?? "nothing was changed")
    return true
  }

  /// Draws with a tool, by default the chosen one, from a place to the crosshair.
  static func draw(
    from start: SIMD2<Double>, with tool: MaskEdit.Tool? = nil,
    _ correction: inout CorrectionMode, _ study: StudyScreenState, continues: Bool,
    _ state: inout AppState
  ) {
    guard var edit = correction.mask else { return }
    do {
      try edit.draw(
        tool ?? correction.tool, size: correction.size, on: study.slice, from: start,
        to: correction.place, continues: continues)
      correction.edit = .mask(edit)
      correction.hasJustDrawn = true
      state.say(.note, edit.undoName ?? "nothing was changed")
    } catch {
      state.say(.refused, "\(error)")
    }
  }
}
