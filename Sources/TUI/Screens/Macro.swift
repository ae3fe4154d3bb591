internal import Core

/// A named sequence of commands and statements that is played on a study.
struct Macro: Equatable, Sendable {
  /// What the reader calls it.
  var name: String
  var steps: [MacroStep]

  /// Characters that a name may have.
  static let longestName = 40
  /// Steps that a macro may have.
  static let mostSteps = 200

  /// Why a text cannot be the name of a macro, in words; `nil` where it can.
  static func problem(ofName name: String) -> String? {
    if name.isEmpty { return "a macro needs a name" }
    if name.count > longestName { return "a name has at most \(longestName) characters" }
    if DisplayText.clean(name) != name || name.contains("[") || name.contains("]") {
      return "a name has no brackets and no control characters"
    }
    return nil
  }
}

/// What is wrong with a step, in words.
struct MacroMistake: Error, Equatable {
  var reason: String
}

/// One step of a macro: commands are kept, not keys, so that other keys play the same.
enum MacroStep: Equatable, Sendable {
  case command(Command)
  case statement(MacroStatement)

  /// The step as a line of the file: "next-segment", "state here absent".
  var text: String {
    switch self {
    case .command(let command): command.word
    case .statement(let statement): "state \(statement.text)"
    }
  }

  /// Whether it states something on the picture shown.
  var isVerdict: Bool { asCommand.isVerdict }

  /// The command that it is, or whose key states the same.
  var asCommand: Command {
    switch self {
    case .command(let command): command
    case .statement(let statement): statement.command
    }
  }

  /// Reads a line.
  init(text: String) throws(MacroMistake) {
    if let rest = text.words(after: "state") {
      self = .statement(try MacroStatement(text: rest))
      return
    }
    let shown = DisplayText.fit(DisplayText.clean(text), 40)
    guard let command = Command(word: text) else {
      throw MacroMistake(reason: "\"\(shown)\" is neither a command nor state PLACE WHAT")
    }
    guard command.isMacroStep else {
      throw MacroMistake(
        reason: "\(shown) is no step: a macro moves, changes the picture and states")
    }
    self = .command(command)
  }

  init(_ command: Command) { self = .command(command) }
  init(_ statement: MacroStatement) { self = .statement(statement) }
}

extension Command {
  /// Whether a macro may have it as a step: what moves, what changes the picture, and verdicts that
  /// ask for nothing. What signs, opens, leaves, corrects, measures, shows the AI or takes back is none.
  var isMacroStep: Bool {
    switch self {
    case .accept, .statePresent, .stateAbsent, .cannotTell: true
    case .nextSlice, .previousSlice, .forwardSlices, .backwardSlices, .firstSlice, .lastSlice,
      .nextSegment, .previousSegment, .firstSegment, .lastSegment, .nextFlagged, .previousFlagged,
      .cursorUpward, .cursorDownward, .cursorFarUpward, .cursorFarDownward:
      true
    case .zoomIn, .zoomOut, .zoomFit, .panLeft, .panRight, .panUp, .panDown, .alignCurve,
      .curveGlyphs:
      true
    default: isOverlay || isGrey
    }
  }

  /// Whether it changes the greys of the picture that has the focus.
  var isGrey: Bool {
    switch self {
    case .windowAuto, .windowFull, .windowCord, .windowWide, .windowFluid, .windowScanner,
      .windowReset, .windowNarrower, .windowWider, .windowDarker, .windowBrighter,
      .windowMuchNarrower, .windowMuchWider, .windowMuchDarker, .windowMuchBrighter, .invert:
      true
    default: false
    }
  }

  /// Whether nothing is lost where it is no step itself: what it states is recorded once it is stated, or it
  /// does nothing that a macro could repeat.
  var needsNoStep: Bool {
    switch self {
    case .disagree, .comment, .commentStudy, .flag, .undo, .redo, .cycleQuality, .cycleGrade,
      .cycleConfidence, .cycleDifficulty, .axccm0, .axccm1, .axccm2, .axccm3, .windowMode,
      .recordMacro, .showActs, .showFindings:
      true
    default: false
    }
  }

  /// Whether it goes to the segment above or below.
  var isSegmentStep: Bool { self == .nextSegment || self == .previousSegment }

  /// Whether the row that it selects does not depend on how far a macro came before.
  var selectsByName: Bool {
    switch self {
    case .firstSegment, .lastSegment: true
    default: false
    }
  }

  /// The command that goes to the end which a step above or below cannot pass.
  var endOfSegments: Command { self == .nextSegment ? .lastSegment : .firstSegment }

  /// Whether another study or none is on the screen after it.
  var leavesStudy: Bool {
    switch self {
    case .back, .nextUnread, .previousUnread, .nextCase, .previousCase: true
    default: false
    }
  }
}

extension String {
  /// What follows a first word; `nil` where another word comes first.
  func words(after first: String) -> String? {
    guard hasPrefix(first + " ") else { return self == first ? "" : nil }
    return String(dropFirst(first.count + 1)).trimmingSpaces
  }
}
