internal import Core

/// What a key can ask for.
enum Command: String, CaseIterable, Sendable {
  // Everywhere.
  case help, quit, back, redraw, showMessages, pictureSeen
  // Lists and help.
  case nextLine, previousLine, nextPage, previousPage, firstLine, lastLine
  // Worklist.
  case open, filter, sort, nextUnread, previousUnread
  // Slices.
  case nextSlice, previousSlice, forwardSlices, backwardSlices, firstSlice, lastSlice
  // Segments, those that the AI flags, curve.
  case nextSegment, previousSegment, firstSegment, lastSegment, nextFlagged, previousFlagged
  case cursorUpward, cursorDownward, cursorFarUpward, cursorFarDownward
  // Picture.
  case toggleOverlay, cycleOverlay, lessOpacity, moreOpacity, lowerHeat, raiseHeat
  case windowAuto, windowFull, windowCord, windowWide, windowFluid, windowScanner
  case windowMode, windowReset
  case windowNarrower, windowWider, windowDarker, windowBrighter
  case windowMuchNarrower, windowMuchWider, windowMuchDarker, windowMuchBrighter
  case invert, zoomIn, zoomOut, zoomFit, panLeft, panRight, panUp, panDown
  case alignCurve, curveGlyphs
  // Verdicts.
  case accept, disagree, statePresent, stateAbsent, cannotTell, undo, redo, comment, commentStudy
  case flag, showActs, showFindings
  // What else a reader states, blindness, signing.
  case cycleQuality, cycleGrade, cycleConfidence, cycleDifficulty, addFinding, toggleBlind
  case axccm0, axccm1, axccm2, axccm3
  case signMode, signOff, reopen
  case markUp, markDown, markLeft, markRight, markFarUp, markFarDown, markFarLeft, markFarRight
  case markHere, leaveMark
  // Report.
  case showReport
  // Crosshair.
  case crosshair, crossUp, crossDown, crossLeft, crossRight
  case crossFarUp, crossFarDown, crossFarLeft, crossFarRight
  case measureDistance, measureSignal, clearDistance
  // The list of commands.
  case palette
  // The picture beside the sagittal one.
  case beside, besideNext, besidePrevious, besideFollow, besideAlone, sagittalAlone, besideOff
  case focusPicture
  // The panes of the study screen.
  case largerPicture, smallerPicture, nextPane, enlargePane
  // Teaching.
  case revealTruth, nextCase, previousCase, showScores, toPresenter, leavePresenter
  // The work in the background.
  case cancelDetection, resumeDetection
  // Correcting labels and masks.
  case editLabels, editMask, editUndo, editRedo, editCommit, editLeave
  case nextPoint, previousPoint, nudgeUp, nudgeDown, nudgeLeft, nudgeRight
  case nudgeFarUp, nudgeFarDown, nudgeFarLeft, nudgeFarRight
  case placePoint, insertPoint, insertLevel, deletePoint, renumberPoint
  case shiftLevelsUp, shiftLevelsDown
  case otherPoints
  case drawHere, chooseBrush, chooseEraser, keepDrawing, smallerBrush, largerBrush, fillOutline
  case copyFromLeft, copyFromRight, interpolateSlices, otherMask
  // What the readers signed, side by side.
  case adjudicate, nextDifference, previousDifference, takeAgreed
  // Order, columns and views of the worklist.
  case reverseSort, chooseColumns, chooseView
  // Macros, and how studies are hung.
  case recordMacro, playMacro, macroOfActs
  case saveHanging, hangSaved, hangDefault
  // What lies over a screen: texts, lists, prompts.
  case close, confirm, complete, addLine, deleteLine, relativeSteps, ownWords

  /// The commands that type the axial T2 picture, by their Ax-CCM type.
  static let axccmTypes: [Command] = [.axccm0, .axccm1, .axccm2, .axccm3]

  /// The Ax-CCM type that the command states; `nil` for all others.
  var axccm: Int? { Self.axccmTypes.firstIndex(of: self) }

  /// The command as it is typed: "next-segment", "axccm-2".
  var word: String {
    var word = ""
    for character in rawValue {
      if character.isUppercase || character.isNumber { word.append("-") }
      word.append(contentsOf: character.lowercased())
    }
    return word
  }

  /// The command of a word, also of one that former versions had: readers keep files of keys and macros.
  init?(word: String) {
    let known = Self.allCases.first { $0.word == word }
    guard let command = known ?? Self.formerWords[word] else { return nil }
    self = command
  }

  /// Commands under the words of former versions; findings are what readers add.
  private static let formerWords: [String: Command] = [
    "next-finding": .nextFlagged, "previous-finding": .previousFlagged,
  ]

  /// Whether the command only moves in a list.
  var isListMove: Bool {
    switch self {
    case .nextLine, .previousLine, .nextPage, .previousPage, .firstLine, .lastLine: true
    default: false
    }
  }

  /// Whether the command changes which lines the worklist shows, and how.
  var isListChange: Bool {
    switch self {
    case .filter, .sort, .reverseSort, .chooseColumns, .chooseView: true
    default: false
    }
  }

  /// Whether the command states something about the patient.
  var isVerdict: Bool {
    switch self {
    case .accept, .disagree, .statePresent, .stateAbsent, .cannotTell, .takeAgreed: true
    case .cycleQuality, .cycleGrade, .cycleConfidence, .cycleDifficulty, .addFinding: true
    case .axccm0, .axccm1, .axccm2, .axccm3: true
    default: false
    }
  }

  /// Whether the command changes what a signature stands under.
  var altersStudy: Bool { isVerdict || self == .undo || self == .redo || self == .flag }

  /// Whether the command changes how the AI's map is drawn.
  var isOverlay: Bool {
    switch self {
    case .toggleOverlay, .cycleOverlay, .lessOpacity, .moreOpacity, .lowerHeat, .raiseHeat: true
    default: false
    }
  }

  /// Whether the command belongs to the place of a finding.
  var isMark: Bool {
    switch self {
    case .markUp, .markDown, .markLeft, .markRight, .markFarUp, .markFarDown, .markFarLeft,
      .markFarRight, .markHere, .leaveMark:
      true
    default: false
    }
  }

  /// Whether the command writes into the journal without stating a verdict.
  var isAct: Bool {
    switch self {
    case .undo, .redo, .comment, .flag, .toggleBlind, .signMode, .signOff, .reopen: true
    case .adjudicate, .commentStudy: true
    default: false
    }
  }

  /// Whether the command begins, ends or makes a macro.
  var isOfMacros: Bool { self == .recordMacro || self == .playMacro || self == .macroOfActs }

  /// Whether the command states or plays something on the study on the screen: it is never kept for one
  /// that nobody has seen yet.
  var needsOpenStudy: Bool { isVerdict || isAct || isOfMacros }

  /// Whether the command belongs to the crosshair.
  var isCrosshair: Bool {
    switch self {
    case .crosshair, .crossUp, .crossDown, .crossLeft, .crossRight, .crossFarUp, .crossFarDown,
      .crossFarLeft, .crossFarRight, .measureDistance, .measureSignal, .clearDistance:
      true
    default: false
    }
  }

  /// Whether the command belongs to the picture beside the sagittal one.
  var isBeside: Bool {
    switch self {
    case .beside, .besideNext, .besidePrevious, .besideFollow, .besideAlone, .sagittalAlone,
      .besideOff, .focusPicture:
      true
    default: false
    }
  }

  /// Whether the command changes how the study screen is divided.
  var isOfPanes: Bool {
    switch self {
    case .largerPicture, .smallerPicture, .nextPane, .enlargePane: true
    default: false
    }
  }

  /// What the command writes into the journal; `nil` where it writes nothing by itself.
  var action: ReviewAction? {
    switch self {
    case .accept, .disagree, .statePresent, .stateAbsent, .cannotTell: .verdict
    case .cycleQuality: .quality
    case .cycleGrade: .grade
    case .axccm0, .axccm1, .axccm2, .axccm3: .axccm
    case .cycleConfidence: .confidence
    case .cycleDifficulty: .difficulty
    case .addFinding: .finding
    case .undo: .undo
    case .redo: .redo
    case .comment, .commentStudy: .comment
    case .flag: .flag
    case .toggleBlind: .reveal
    case .signOff: .signOff
    case .reopen: .reopen
    case .editLabels, .editMask: .correct
    case .takeAgreed: .adopt
    default: nil
    }
  }
}
