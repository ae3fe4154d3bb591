internal import Core

/// Whether to delete a view or a macro: the same key on the same line answers.
struct DeletionQuestion: Equatable, Sendable {
  /// What would be deleted.
  var name: String
  /// The question as it stands on the screen.
  var words: String
}

/// Whether to replace a view or a macro of the name typed: the key that accepts answers.
struct ReplacingQuestion: Equatable, Sendable {
  /// The name that is there.
  var name: String
  /// The prompt's title before it was asked.
  var title: String
}

/// What a reader has kept under names is neither replaced nor deleted unasked: there is no way back.
extension Workstation {
  /// Asks whether to replace what is kept under the name typed; `nil` where nothing is, or the answer was given.
  static func askToReplace(_ prompt: TextPrompt, _ state: AppState) -> TextPrompt? {
    let name = prompt.text.trimmingSpaces
    guard prompt.replacing?.name != name, let kind = kept(name, prompt.purpose, state) else {
      return nil
    }
    var asking = prompt
    let yes = state.keys.name(.confirm, in: .typing)
    asking.replacing = ReplacingQuestion(name: name, title: prompt.replacing?.title ?? prompt.title)
    asking.title = "\(kind) of this name is there, \(yes) again replaces it"
    return asking
  }

  /// "a view", "a macro": what is kept under a name that a prompt asks for; `nil` where nothing is.
  private static func kept(
    _ name: String, _ purpose: TextPrompt.Purpose, _ state: AppState
  ) -> String? {
    switch purpose {
    case .viewName: state.worklist.views.views.contains { $0.name == name } ? "a view" : nil
    case .macroName: state.macros.book[name] != nil ? "a macro" : nil
    default: nil
    }
  }

  /// Whether what is named is to be deleted: the first time it is asked.
  ///
  /// - Parameter kind: "view" or "macro".
  static func isToDelete(_ name: String, _ kind: String, _ state: inout AppState) -> Bool {
    if state.popup?.deletion?.name == name {
      state.popup?.deletion = nil
      return true
    }
    let key = state.keys.name(.deleteLine, in: .lists)
    state.say(.note, "\(key) again deletes \(kind) \(name) for good")
    state.popup?.deletion = DeletionQuestion(name: name, words: state.message?.text ?? "")
    return false
  }
}

extension Popup {
  /// The question whether to delete a line, where one is open.
  var deletion: DeletionQuestion? {
    get {
      switch self {
      case .list(let menu): menu.deletion
      case .macros(let menu): menu.deletion
      default: nil
      }
    }
    set {
      switch self {
      case .list(var menu):
        menu.deletion = newValue
        self = .list(menu)
      case .macros(var menu):
        menu.deletion = newValue
        self = .macros(menu)
      default: break
      }
    }
  }
}

extension AppState {
  /// Forgets the question whether to delete a line; what asked it goes from the screen.
  mutating func stopAskingToDelete() {
    guard let asked = popup?.deletion else { return }
    popup?.deletion = nil
    if message?.text == asked.words { message = nil }
  }
}
