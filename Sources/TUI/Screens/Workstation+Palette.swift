internal import Core

/// The list of commands: typed words in the place of keys.
extension Workstation {
  static func openPalette(_ state: inout AppState) {
    state.message = nil
    state.popup = .prompt(
      TextPrompt(
        purpose: .command(PaletteChoice(contexts: state.commandContexts)), title: "command",
        text: ""))
  }

  /// What moves in the list, completes or runs; `nil` for what leaves it, or types.
  static func run(
    _ command: Command?, inPalette choice: PaletteChoice, _ prompt: TextPrompt,
    _ state: inout AppState
  ) -> [Effect]? {
    let entries = CommandPalette.entries(prompt.text, in: choice.contexts, state.keys)
    var (choice, prompt) = (choice, prompt)
    switch command {
    case .complete:
      guard entries.indices.contains(choice.selected) else { return [] }
      prompt.text = entries[choice.selected].command.word
      choice.selected = 0
    case .confirm:
      guard entries.indices.contains(choice.selected) else { return [] }
      return run(entries[choice.selected], choice, &state)
    default:
      let (count, page) = (entries.count, PaletteScreen.rows(state))
      guard let line = moved(command, from: choice.selected, count: count, page: page) else {
        return nil
      }
      choice.selected = line
    }
    prompt.purpose = .command(choice)
    state.popup = .prompt(prompt)
    return []
  }

  /// Does what the command's key would do on the screen under the list.
  private static func run(
    _ entry: CommandPalette.Entry, _ choice: PaletteChoice, _ state: inout AppState
  ) -> [Effect] {
    state.popup = nil
    // A pane without the picture is alone again before, not after: why a command is refused is said of
    // what is then on the screen. The picture alone would first have to be drawn anew.
    if state.study?.setAside != .picture { makeRoomForLists(&state) }
    guard choice.contexts == state.commandContexts else {
      state.say(.refused, "the screen has changed meanwhile: \(entry.command.word) was not run")
      return []
    }
    if let subject = state.opening {
      return runWhileOpening(subject, entry.command, entry.keys.first, &state)
    }
    if let target = state.editorAwaited, entry.command != .quit {
      state.say(.refused, "reading the \(target.words): \(entry.command.word) was not run")
      return []
    }
    state.message = nil
    return run(entry.command, &state)
  }

  /// The command that a key would run now, typed or chosen in the list.
  static func command(of key: KeyPress, _ state: AppState) -> Command? {
    switch state.popup {
    case nil: return state.keys.command(for: key, in: state.contexts)
    case .prompt(let prompt):
      guard case .command(let choice) = prompt.purpose,
        state.keys.command(for: key, in: [.typing]) == .confirm
      else { return nil }
      let entries = CommandPalette.entries(prompt.text, in: choice.contexts, state.keys)
      return entries.indices.contains(choice.selected) ? entries[choice.selected].command : nil
    default: return nil
    }
  }

  /// Why a command would be refused now, in the words that its key would be answered with; `nil`
  /// where nothing is known against it.
  ///
  /// The command is run on a copy of the state, and what it asks of workers is not done.
  static func refusal(of command: Command, _ state: AppState) -> String? {
    if let subject = state.opening {
      return command.needsOpenStudy ? "\(state.name(of: subject)) is not yet open" : nil
    }
    // What changes the list is never refused; to try it would sort the list at every drawing.
    if command.isListMove || command.isListChange { return nil }
    if state.view == .worklist, command == .back { return nil }
    var trial = state
    trial.popup = nil
    trial.message = nil
    _ = run(command, &trial)
    guard let message = trial.message, message.kind == .refused else { return nil }
    return message.text
  }
}
