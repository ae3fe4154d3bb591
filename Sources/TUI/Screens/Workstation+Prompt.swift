internal import Core

extension Workstation {
  static func press(
    _ key: KeyPress, _ command: Command?, inPrompt prompt: TextPrompt, _ state: inout AppState
  ) -> [Effect] {
    if case .command(let choice) = prompt.purpose,
      let effects = run(command, inPalette: choice, prompt, &state)
    {
      return effects
    }
    switch command {
    case .back:
      if case .filter(let before) = prompt.purpose { state.worklist.filter = before }
      state.popup = nil
      if prompt.isOfSigning { state.say(.note, "not signed") }
      if case .macroName = prompt.purpose { state.say(.note, "the macro was not kept") }
      settleLists(&state)
    case .confirm: return finish(prompt, &state)
    default:
      var edited = prompt
      guard edited.press(key) else { return [] }
      keep(edited, after: prompt, &state)
    }
    return []
  }

  /// Pasted text goes into a prompt as one line; anywhere else it does nothing.
  static func paste(_ text: String, _ state: inout AppState) {
    if case .help(let look) = state.popup, look.isTyping {
      paste(text, inHelp: look, &state)
      return
    }
    guard case .prompt(let prompt) = state.popup else {
      state.say(.refused, "pasted text was ignored: nothing to write it into")
      return
    }
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    var edited = prompt
    edited.insert(DisplayText.clean(line))
    keep(edited, after: prompt, &state)
  }

  private static func keep(
    _ prompt: TextPrompt, after former: TextPrompt, _ state: inout AppState
  ) {
    var prompt = prompt
    guard prompt.text != former.text else {
      // The caret moved, or nothing more was taken.
      state.popup = .prompt(prompt)
      return
    }
    if let asked = prompt.replacing {
      // Another name is another question.
      (prompt.title, prompt.replacing) = (asked.title, nil)
    }
    if case .command(var choice) = prompt.purpose {
      choice.selected = 0
      prompt.purpose = .command(choice)
    }
    state.popup = .prompt(prompt)
    if case .filter = prompt.purpose {
      state.worklist.filter = prompt.text
      settleLists(&state)
    }
  }

  private static func finish(_ prompt: TextPrompt, _ state: inout AppState) -> [Effect] {
    if let asking = askToReplace(prompt, state) {
      state.popup = .prompt(asking)
      return []
    }
    state.popup = nil
    if prompt.isHidden { return takePIN(prompt, &state) }
    let text = prompt.text.trimmingSpaces
    switch prompt.purpose {
    case .filter:
      state.worklist.filter = text
      // What is wrong with it stands under the list for as long as it does.
      settleLists(&state)
      return []
    case .comment(let target):
      guard !text.isEmpty else {
        state.say(.refused, "an empty comment is not saved")
        return []
      }
      return write(
        ReviewDraft(action: .comment, segment: target.segment, comment: text), &state)
    case .reason(let target, let verdict):
      guard !text.isEmpty else {
        state.say(.refused, "a reason is needed: nothing was saved")
        return []
      }
      if let words = redetectionWords(on: target, state) {
        // What was typed stays in the prompt, to be entered once that is done.
        var asked = prompt
        asked.refusal = words
        state.popup = .prompt(asked)
        state.say(.refused, "\(target.name): \(words)")
        return []
      }
      return stateVerdict(verdict, on: target, reason: "other", comment: text, &state)
    case .finding(let place):
      guard !text.isEmpty else {
        state.say(.refused, "a finding needs words: nothing was saved")
        return []
      }
      return write(.finding(text, at: place), &state)
    case .findingWords(let seq, let place):
      guard !text.isEmpty else {
        state.say(.refused, "a finding needs words: nothing was changed")
        return []
      }
      return write(.finding(text, at: place, revising: seq), &state)
    case .reopening:
      guard !text.isEmpty else {
        askForReopening(problem: "a reason is needed; ", &state)
        return []
      }
      return write(ReviewDraft(action: .reopen, comment: text), &state)
    case .signerName(let meaning): return takeName(text, meaning, &state)
    case .renumber(let number):
      renumber(number, to: text, &state)
      return []
    case .viewName: return saveView(text, &state)
    case .macroName(let steps): return saveMacro(steps, named: text, &state)
    case .pin, .newPIN, .newPINAgain, .command: return []
    }
  }

  static func press(
    _ key: KeyPress, _ command: Command?, inMenu menu: ReasonMenu, _ state: inout AppState
  ) -> [Effect] {
    switch command {
    case .back:
      state.popup = nil
      state.say(.note, "nothing was saved")
    case .ownWords: askForReason(menu, &state)
    case nil:
      guard let number = key.number, menu.reasons.indices.contains(number - 1) else { return [] }
      let reason = menu.reasons[number - 1]
      state.popup = nil
      if reason == ReasonMenu.other {
        askForReason(menu, &state)
        return []
      }
      return stateVerdict(menu.verdict, on: menu.target, reason: reason, comment: nil, &state)
    default: break
    }
    return []
  }

  private static func askForReason(_ menu: ReasonMenu, _ state: inout AppState) {
    let title = "\(menu.target.name) \(menu.verdict.words): reason"
    state.popup = .prompt(
      TextPrompt(purpose: .reason(menu.target, menu.verdict), title: title, text: ""))
  }
}

extension ReasonMenu {
  /// The reason that asks for words.
  static let other = "other, in words"

  /// Why a flagged segment may be called absent.
  static let whenAbsent = [
    "partial volume with CSF", "truncation line along the cord", "flow or motion artefact",
    "normal grey matter", "shading of the coil", "cord outlined wrongly",
    "peak of a neighbouring segment", "too faint to call", other,
  ]
  /// Why a segment that is not flagged may be called present.
  static let whenPresent = [
    "faint but visible", "long, evenly bright", "visible on a neighbouring slice",
    "hidden by an artefact", "cord outlined wrongly", "counted to a neighbouring segment",
    "known from another series", "known from an earlier study", other,
  ]
}

extension String {
  /// The text without spaces at its ends.
  var trimmingSpaces: String {
    var text = self[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
