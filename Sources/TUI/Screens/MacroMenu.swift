internal import Core

/// A choice of macros, or of the acts of which one is made.
struct MacroMenu: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    /// The reader's macros.
    case book
    /// The latest acts on the study.
    case acts
  }
  var kind: Kind
  /// The line chosen; of acts the oldest that is taken.
  var selected = 0
  /// Whether a macro of acts begins at the segment selected when it is played.
  var isRelative = false
  /// Whether to delete the line chosen, where that is asked.
  var deletion: DeletionQuestion?

  init(_ kind: Kind) { self.kind = kind }

  /// The acts on the study shown of which a macro can be made, the latest first.
  static func acts(_ state: AppState) -> [ReviewRecord] {
    guard let review = state.study?.shownReview else { return [] }
    return review.repeatable.suffix(Macro.mostSteps).reversed()
  }

  /// How many lines there are to choose from.
  func count(_ state: AppState) -> Int {
    kind == .book ? state.macros.book.macros.count : Self.acts(state).count
  }

  /// The steps of the macro that is chosen.
  func steps(_ state: AppState) -> [MacroStep] {
    switch kind {
    case .book:
      let macros = state.macros.book.macros
      return macros.indices.contains(selected) ? macros[selected].steps : []
    case .acts:
      return Macro.steps(
        of: Self.acts(state).prefix(selected + 1).reversed(), isRelative: isRelative)
    }
  }
}

extension MacroMenu {
  /// What the last line says of its keys.
  var hints: [KeyHint] {
    let leave = KeyHint(.back, word: "leave")
    switch kind {
    case .book:
      return [
        KeyHint(.nextLine, .previousLine, word: "choose"),
        KeyHint(.confirm, word: "play", fixed: "1-9"), KeyHint(.deleteLine, word: "delete"),
        KeyHint(.addLine, word: "of latest acts"), leave,
      ]
    case .acts:
      return [
        KeyHint(.nextLine, .previousLine, word: "how many"),
        KeyHint(.relativeSteps, word: "as named or from here on"),
        KeyHint(.confirm, word: "name it"), leave,
      ]
    }
  }
}

/// Opening, moving in and choosing from the menu of macros.
extension Workstation {
  static func runMacroCommand(_ command: Command, _ state: inout AppState) {
    guard let study = state.study else { return }
    if command == .recordMacro { return toggleRecording(study, &state) }
    if let refusal = macroRefusal(state) {
      state.say(.refused, refusal)
    } else if state.macros.recording != nil {
      state.say(.refused, "recording: \(state.keys.name(.recordMacro)) ends it first")
    } else if command == .macroOfActs {
      openActsMenu(&state)
    } else if state.macros.book.macros.isEmpty {
      let record = state.keys.name(.recordMacro)
      state.say(
        .refused,
        "you have no macros: \(record) records one, "
          + "\(state.keys.name(.macroOfActs)) makes one of your latest acts")
    } else {
      var menu = MacroMenu(.book)
      let last = state.macros.last
      menu.selected = state.macros.book.macros.firstIndex { $0.name == last } ?? 0
      state.popup = .macros(menu)
    }
  }

  private static func openActsMenu(_ state: inout AppState) {
    guard !MacroMenu.acts(state).isEmpty else {
      state.say(.refused, "you have stated nothing on this study that a macro can repeat")
      return
    }
    state.popup = .macros(MacroMenu(.acts))
  }

  static func press(
    _ key: KeyPress, _ command: Command?, inMacros menu: MacroMenu, _ state: inout AppState
  ) -> [Effect] {
    var menu = menu
    let macros = state.macros.book.macros
    switch command {
    case .back: state.popup = nil
    case .confirm: choose(menu, &state)
    case .relativeSteps where menu.kind == .acts:
      menu.isRelative.toggle()
      state.popup = .macros(menu)
    case .addLine where menu.kind == .book:
      state.popup = nil
      openActsMenu(&state)
    case .deleteLine where menu.kind == .book:
      guard macros.indices.contains(menu.selected),
        isToDelete(macros[menu.selected].name, "macro", &state)
      else { return [] }
      state.say(.note, "macro \(macros[menu.selected].name): deleting ...")
      return [.changeMacros(.delete(macros[menu.selected].name))]
    case nil where menu.kind == .book:
      guard let number = key.number, macros.indices.contains(number - 1) else { return [] }
      menu.selected = number - 1
      choose(menu, &state)
    default:
      let page = MacroMenuScreen.rows(state)
      guard
        let line = moved(command, from: menu.selected, count: menu.count(state), page: page)
      else { return [] }
      menu.selected = line
      state.popup = .macros(menu)
    }
    return []
  }

  private static func choose(_ menu: MacroMenu, _ state: inout AppState) {
    let macros = state.macros.book.macros
    switch menu.kind {
    case .book:
      guard macros.indices.contains(menu.selected) else { return }
      state.popup = nil
      play(macros[menu.selected], &state)
    case .acts:
      let steps = menu.steps(state)
      state.popup = nil
      guard !steps.isEmpty, steps.count <= Macro.mostSteps else {
        state.say(.refused, "a macro has 1 to \(Macro.mostSteps) steps, this one \(steps.count)")
        return
      }
      askForMacroName(steps, &state)
    }
  }

  /// Keeps the line chosen where there is one, after a macro was deleted.
  static func settleMacroMenu(_ state: inout AppState) {
    guard case .macros(var menu) = state.popup else { return }
    menu.selected = min(menu.selected, max(menu.count(state) - 1, 0))
    state.popup = menu.kind == .book && menu.count(state) == 0 ? nil : .macros(menu)
  }
}

/// The menu of macros beside the picture.
enum MacroMenuScreen {
  /// Lines under the list: a rule, and the steps of what is chosen.
  private static let footRows = 5

  /// Lines shown at once.
  static func rows(_ state: AppState) -> Int { StudyLayout(state).listRows(over: footRows) }

  static func draw(_ menu: MacroMenu, _ state: AppState, in screen: inout Screen) {
    let rect = StudyLayout(state).list
    let rows = rows(state)
    let count = menu.count(state)
    let lines = lines(menu, state)
    let top = max(menu.selected - rows + 1, 0)
    screen.fill(rect, " ", .normal)
    screen.box(rect, title: menu.kind == .book ? "Macros" : "A macro of your latest acts")
    for (offset, line) in lines.dropFirst(top).prefix(rows).enumerated() {
      let index = top + offset
      let isTaken = menu.kind == .book ? index == menu.selected : index <= menu.selected
      let row = rect.row + 1 + offset
      if isTaken { screen.put("▸", row, rect.column + 1, .strong) }
      // Of acts as many are taken as lie above: no digit chooses one.
      if menu.kind == .book {
        screen.putRight(Menu.number(ofLine: index), row, endingAt: rect.column + 6, .dim)
      }
      screen.put(
        line, row, rect.column + 7, index == menu.selected ? .selected : .normal,
        limit: rect.width - 9)
    }
    drawFoot(menu, state, in: &screen, rect)
    if count > rows {
      screen.putRight(
        " \(top + 1)-\(min(top + rows, count)) of \(count) ", rect.rowEnd - 1,
        endingAt: rect.columnEnd - 2, .dim)
    }
  }

  private static func lines(_ menu: MacroMenu, _ state: AppState) -> [String] {
    switch menu.kind {
    case .book:
      state.macros.book.macros.map { macro in
        let isUnsaved = state.macros.unsaved.contains { $0.name == macro.name }
        return isUnsaved ? "\(macro.name) (NOT SAVED)" : macro.name
      }
    case .acts:
      MacroMenu.acts(state).map { MacroStatement($0, here: nil)?.text ?? $0.action.rawValue }
    }
  }

  /// The steps of what is chosen.
  private static func drawFoot(
    _ menu: MacroMenu, _ state: AppState, in screen: inout Screen, _ rect: CellRect
  ) {
    let top = rect.rowEnd - 1 - footRows
    let width = rect.width - 4
    for column in (rect.column + 1)..<(rect.columnEnd - 1) { screen.set("─", top, column, .faint) }
    let steps = menu.steps(state)
    let count = "\(steps.count) step\(steps.count == 1 ? "" : "s")"
    let whence =
      menu.kind == .book
      ? count : "\(count), \(menu.isRelative ? "from the segment selected on" : "as named")"
    screen.put(whence, top + 1, rect.column + 2, .strong, limit: width)
    let text = steps.map(\.text).joined(separator: ", ")
    for (index, line) in DisplayText.wrap(text, width, lines: footRows - 2).enumerated() {
      screen.put(line, top + 2 + index, rect.column + 2, .normal, limit: width)
    }
  }
}
