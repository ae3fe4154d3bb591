/// Keys typed before their reader could see what became of the ones before.
extension Workstation {
  /// Whether a key ends a prompt or asks for one: where that is refused, what was typed ahead for it is not
  /// run as keys.
  static func asksForWords(_ key: KeyPress, _ state: AppState) -> Bool {
    if state.signing != nil { return false }
    // It is kept, and asks once the editor is there.
    if state.popup == nil, state.editorAwaited != nil { return false }
    switch state.popup {
    case .meanings, .reasons: return true
    case .prompt(let prompt):
      switch prompt.purpose {
      case .filter: return false
      case .command: return command(of: key, state)?.asksForWords ?? false
      default: return true
      }
    case nil:
      guard let command = state.keys.command(for: key, in: state.commandContexts) else {
        return false
      }
      // What is kept for a study asks once that is there.
      return command.asksForWords && (state.opening == nil || command.needsOpenStudy)
    case .findings: return state.keys.command(for: key, in: [.lists]) == .ownWords
    case .help, .acts, .report, .list, .macros: return false
    }
  }

  /// Notes that what is said now refuses a prompt.
  ///
  /// - Parameter isBurst: whether only keys of the same burst are dropped.
  static func noteRefusedPrompt(_ state: inout AppState, isBurst: Bool = false) {
    let waiting = state.signing?.keys.count ?? 0
    var isDuringCheck = false
    if waiting > 0, case .signature? = state.signing?.step { isDuringCheck = true }
    state.signing = nil
    guard let message = state.message else { return }
    var title: String?
    if case .prompt(let prompt) = state.popup { title = prompt.title }
    state.refusedPrompt = RefusedPrompt(
      message, title: title, isBurst: isBurst, isDuringCheck: isDuringCheck)
    dropTypedAhead(waiting, &state)
  }

  /// Drops keys that were typed for a prompt that was refused, and says so before the reason.
  static func dropTypedAhead(_ count: Int, _ state: inout AppState) {
    guard count > 0, var refused = state.refusedPrompt else { return }
    refused.dropped += count
    state.refusedPrompt = refused
    let words = droppedWords(refused.dropped)
    state.message = StatusMessage(
      kind: refused.message.kind, text: "\(words); \(refused.message.text)")
    state.messageLog.keepDropped(count, after: refused.message)
    if let title = refused.title, case .prompt(var prompt) = state.popup {
      let why = refused.isDuringCheck ? "during the check: " : ""
      prompt.title = "\(why)\(keyWords(refused.dropped)) dropped; \(title)"
      state.popup = .prompt(prompt)
    }
  }

  private static func keyWords(_ count: Int) -> String { "\(count) key\(count == 1 ? "" : "s")" }

  /// "3 keys typed ahead dropped".
  static func droppedWords(_ count: Int) -> String { "\(keyWords(count)) typed ahead dropped" }

  // MARK: While a signature waits for the disk

  /// Keeps a key for the prompt that comes; the one that cancels a prompt waits no longer.
  static func pressWhileSigning(_ key: KeyPress, _ wait: SigningWait, _ state: inout AppState) {
    guard state.keys.command(for: key, in: [.typing]) == .back else {
      if wait.keys.count < SigningWait.limit { state.signing?.keys.append(key) }
      return
    }
    state.signing = nil
    switch wait.step {
    case .pin: state.say(.note, "not signed")
    case .signature: state.say(.note, "the PIN is still being checked")
    }
  }

  /// Types what was kept into the prompt that has opened; what follows a refusal is dropped.
  static func pressKept(_ keys: [KeyPress], _ state: inout AppState) -> [Effect] {
    var effects: [Effect] = []
    let before = state.refusedPrompt
    for (index, key) in keys.enumerated() {
      effects += press(key, &state)
      if let refused = state.refusedPrompt, refused != before {
        dropTypedAhead(keys.count - index - 1, &state)
        break
      }
    }
    return effects
  }

  /// The signature was written or not. One key typed meanwhile that moves on is run after a success;
  /// more are no keys but text, such as the PIN once more.
  static func settleSigning(
    _ token: Int, isSigned: Bool, _ state: inout AppState
  ) -> [Effect] {
    guard let wait = state.signing, wait.step == .signature(token: token) else { return [] }
    guard isSigned else {
      noteRefusedPrompt(&state)
      return []
    }
    state.signing = nil
    guard let first = wait.keys.first else { return [] }
    let command = state.keys.command(for: first, in: state.contexts)
    if wait.keys.count == 1, let command, !command.needsOpenStudy, command != .palette {
      return press(first, &state)
    }
    addNote(droppedWords(wait.keys.count), &state)
    return []
  }
}

extension Command {
  /// Whether it asks for words, for a choice before them, or for an editor, which has keys of its own.
  var asksForWords: Bool {
    switch self {
    case .signMode, .signOff, .reopen, .comment, .commentStudy, .addFinding, .disagree: true
    case .renumberPoint, .editLabels, .editMask, .otherPoints, .otherMask: true
    default: false
    }
  }
}
