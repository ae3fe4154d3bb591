internal import Core

/// Keys typed while labels or a mask are still being read for their editor: they are the editor's, and none of
/// them is run on the study that is on the screen until then.
extension Workstation {
  /// Keeps a key for the editor that opens; Esc, and what leaves the editor, opens none.
  static func pressWhileAwaiting(
    _ target: CorrectionTarget, _ key: KeyPress, _ state: inout AppState
  ) -> [Effect] {
    let command = state.keys.command(
      for: key, in: [target.isMask ? .mask : .labels, .everywhere])
    if key == KeyPress(.escape) || key == .control("c") || command == .editLeave {
      _ = takeAwaited(&state)
      state.say(.note, notCorrected(target))
    } else if command == .quit {
      quit(&state)
    } else if command == .redraw {
      return [.redraw]
    } else if let count = state.study?.typedForEditor.count, count < typedAheadLimit {
      state.study?.typedForEditor.append(key)
    }
    return []
  }

  /// What the last line says meanwhile: that an editor is being opened, and the keys that act at once.
  static func awaitingHints(_ target: CorrectionTarget, _ keys: KeyMap) -> [(String, String)] {
    [
      (KeyPress(.escape).name, "cancel"), (keys.name(.quit, in: .everywhere), "quit"),
      ("", "opening the \(target.words): other keys wait"),
    ]
  }

  /// "the disc labels are not corrected".
  private static func notCorrected(_ target: CorrectionTarget) -> String {
    "the \(target.words) \(target.isMask ? "is" : "are") not corrected"
  }

  /// Ends the wait for an editor: the keys that were typed for it.
  static func takeAwaited(_ state: inout AppState) -> [KeyPress] {
    let keys = state.study?.typedForEditor ?? []
    state.study?.awaitedCorrection = nil
    state.study?.typedForEditor = []
    return keys
  }

  /// Says why no editor opens; what was typed for it is dropped, also what is still on its way.
  static func refuseEditor(
    _ kind: StatusMessage.Kind, _ words: String, _ keys: [KeyPress], _ state: inout AppState
  ) {
    state.say(kind, words)
    noteRefusedPrompt(&state)
    dropTypedAhead(keys.count, &state)
  }

  /// A study has come to the screen while an editor was awaited on the one before, or on the same read before:
  /// none opens.
  static func endAwaited(on before: StudyScreenState?, _ state: inout AppState) {
    guard let before, let target = before.awaitedCorrection else { return }
    let words = "a study was opened meanwhile: \(notCorrected(target))"
    let said = state.message.map { "\($0.text); " } ?? ""
    refuseEditor(state.message?.kind ?? .refused, said + words, before.typedForEditor, &state)
  }

  /// Presses the keys that waited for an editor, now that it is there. The one that saves is not among
  /// them: what it would save has not been seen.
  static func pressTypedForEditor(_ keys: [KeyPress], _ state: inout AppState) -> [Effect] {
    guard !keys.isEmpty else { return [] }
    let (popup, before) = (state.popup, state.refusedPrompt)
    state.popup = nil
    var effects: [Effect] = []
    var isTooEarly = false
    for (index, key) in keys.enumerated() {
      if command(of: key, state) == .editCommit {
        isTooEarly = true
        continue
      }
      effects += press(key, &state)
      let rest = keys.count - index - 1
      if let refused = state.refusedPrompt, refused != before {
        dropTypedAhead(rest, &state)
        break
      }
      if state.study?.correction == nil, state.editorAwaited == nil {
        // One of them left the editor: the others are not for the study.
        noteRefusedPrompt(&state, isBurst: true)
        dropTypedAhead(rest, &state)
        break
      }
    }
    state.popup = state.popup ?? popup
    if isTooEarly { sayTooEarly(&state) }
    return effects
  }

  /// Says that a key was not taken because what it was meant for was not yet there.
  static func sayTooEarly(_ state: inout AppState) {
    let words = "a key came too early: press it again"
    if state.message == nil { state.say(.refused, words) } else { addNote(words, &state) }
  }

  /// Says so of a key that stated something while the study was being opened that is now there.
  static func sayRefusedEarly(_ state: inout AppState) {
    guard state.hasRefusedEarly, state.loading == nil else { return }
    state.hasRefusedEarly = false
    sayTooEarly(&state)
  }
}

extension AppState {
  /// What is being read for an editor that opens as soon as it is there; `nil` also while another study is
  /// being opened, which comes first.
  var editorAwaited: CorrectionTarget? { opening == nil ? study?.awaitedCorrection : nil }
}
