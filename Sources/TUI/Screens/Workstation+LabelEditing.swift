internal import Core
internal import Imaging

/// Editing the points of discs and of segment boundaries.
extension Workstation {
  /// Runs a command on the points; `false` for one that is not about them.
  ///
  /// - Throws: `EditRefusal`.
  static func editLabels(
    _ command: Command, _ correction: inout CorrectionMode, _ state: inout AppState
  ) throws -> Bool {
    guard var edit = correction.labels, let picture = state.study?.picture else { return false }
    let place = picture.grid.ras(row: correction.place.y, column: correction.place.x)
    switch command {
    case .nextPoint, .previousPoint:
      try choose(command == .nextPoint ? 1 : -1, &correction, edit)
      showChosen(correction, &state)
      return true
    case .placePoint: try edit.place(try chosen(correction), at: place)
    case .insertPoint: correction.chosen = try insert(at: place, &edit, state.keys)
    case .insertLevel: correction.chosen = try edit.insertShifting(at: place)
    case .deletePoint:
      let number = try chosen(correction)
      try edit.delete(number)
      correction.chosen = edit.numbers.first { $0 > number } ?? edit.numbers.last
    case .renumberPoint:
      let number = try chosen(correction)
      let title = "\(edit.kind.name(number)) becomes (number or name, C5-6)"
      state.popup = .prompt(TextPrompt(purpose: .renumber(number), title: title, text: ""))
      return true
    case .shiftLevelsUp, .shiftLevelsDown:
      let step = command == .shiftLevelsUp ? -1 : 1
      try edit.shift(by: step)
      // Numbers that are no level's, such as the conus', stay.
      correction.chosen = correction.chosen.map {
        edit.kind.numbers.contains($0) ? UInt16(clamping: Int($0) + step) : $0
      }
    default:
      guard let step = command.nudge else { return false }
      let mm =
        (picture.grid.columnDirection * step.x + picture.grid.rowDirection * step.y)
        * SagittalGrid.spacing
      try edit.move(try chosen(correction), by: mm)
    }
    correction.edit = .points(edit)
    say(edit, &state)
    return true
  }

  /// Inserts a point where a number is free; where none is, the refusal names the key that makes room.
  private static func insert(
    at place: SIMD3<Double>, _ edit: inout LabelEdit, _ keys: KeyMap
  ) throws -> UInt16 {
    do {
      return try edit.insert(at: place)
    } catch {
      var trial = edit
      guard (try? trial.insertShifting(at: place)) != nil else { throw error }
      let key = keys.name(.insertLevel, in: .labels)
      throw EditRefusal("\(error); \(key) inserts it and renumbers below")
    }
  }

  /// Gives a point the number or the name that was typed.
  static func renumber(_ number: UInt16, to text: String, _ state: inout AppState) {
    guard var correction = state.study?.correction, var edit = correction.labels,
      !correction.isSaving
    else { return }
    guard let other = edit.kind.number(text) else {
      let first = edit.kind.numbers.lowerBound
      state.say(
        .refused,
        "\"\(text)\" is no number from \(first) to \(edit.kind.numbers.upperBound), nor a name such as "
          + "\(edit.kind.name(first + 4))")
      return
    }
    do {
      try edit.renumber(number, to: other)
      correction.chosen = other
      correction.edit = .points(edit)
      state.study?.correction = correction
      say(edit, &state)
    } catch {
      state.say(.refused, "\(error)")
    }
  }

  /// Shows the slice of the chosen point.
  static func showChosen(_ correction: CorrectionMode, _ state: inout AppState) {
    guard let study = state.study, let number = correction.chosen,
      let ras = correction.labels?.points[number], let slice = study.slice(nearest: ras)
    else { return }
    state.study?.slice = slice
  }

  /// Says what was done, and what is wrong with the whole.
  static func say(_ edit: LabelEdit, _ state: inout AppState) {
    let words = [edit.undoName, edit.fault ?? edit.skips ?? edit.shiftDoubt].compactMap(\.self)
    state.say(.note, words.joined(separator: "; "))
  }

  private static func chosen(_ correction: CorrectionMode) throws -> UInt16 {
    guard let number = correction.chosen else { throw EditRefusal("no point is chosen") }
    return number
  }

  private static func choose(
    _ step: Int, _ correction: inout CorrectionMode, _ edit: LabelEdit
  ) throws {
    let numbers = edit.points.keys.sorted()
    guard let at = correction.chosen.flatMap({ numbers.firstIndex(of: $0) }) else {
      guard let first = numbers.first else { throw EditRefusal("there is no point to choose") }
      correction.chosen = first
      return
    }
    guard numbers.indices.contains(at + step) else {
      throw EditRefusal(step > 0 ? "lowest point" : "highest point")
    }
    correction.chosen = numbers[at + step]
  }
}

extension Command {
  /// How far the command moves the chosen point, in px (columns, rows); `nil` where it moves none.
  fileprivate var nudge: SIMD2<Double>? {
    switch self {
    case .nudgeUp: [0, -1]
    case .nudgeDown: [0, 1]
    case .nudgeLeft: [-1, 0]
    case .nudgeRight: [1, 0]
    case .nudgeFarUp: [0, -5]
    case .nudgeFarDown: [0, 5]
    case .nudgeFarLeft: [-5, 0]
    case .nudgeFarRight: [5, 0]
    default: nil
    }
  }
}
