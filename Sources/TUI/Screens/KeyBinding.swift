/// Where a key means something.
enum KeyContext: String, CaseIterable, Sendable {
  case everywhere, worklist, study, window, signing, finding, crosshair, beside, teaching
  case labels, mask, adjudication
  case pages, lists, typing

  /// The heading in help.
  var title: String {
    switch self {
    case .everywhere: "Everywhere"
    case .worklist: "Worklist"
    case .study: "Study"
    case .window: "Window and level (after w)"
    case .signing: "Signing (after Z)"
    case .finding: "Place of a finding (after F)"
    case .crosshair: "Crosshair (after X)"
    case .beside: "Picture beside (after B)"
    case .teaching: "Teaching session (cordscope teach)"
    case .labels: "Labels editing (after e)"
    case .mask: "Mask editing (after E)"
    case .adjudication: "Adjudication (after O)"
    case .pages: "Help, acts, report, scores"
    case .lists: "Lists (1-9: the line with that number)"
    case .typing: "Typing (prompts, list of commands)"
    }
  }
}

/// One line of the registry from which keys, help, the footer and the README's table come.
struct KeyBinding: Sendable {
  /// The keys, the one to show first.
  var keys: [KeyPress]
  var command: Command
  /// What it does, for help.
  var text: String
  var context: KeyContext
  /// A word for the footer, for those that stand there.
  var footer: String?

  init(
    _ keys: [KeyPress], _ command: Command, _ text: String, in context: KeyContext,
    footer: String? = nil
  ) {
    self.keys = keys
    self.command = command
    self.text = text
    self.context = context
    self.footer = footer
  }

  /// The keys as help shows them; ":word" where there are none, and a list of commands opens.
  var keyNames: String {
    if keys.isEmpty { return context.isOfPopup ? "no key" : ":\(command.word)" }
    return keys.map(\.name).joined(separator: "  ")
  }

  /// Whether a reader without a key for it could not leave, not find help, or not choose.
  var isWayOut: Bool {
    switch command {
    case .quit, .help, .back, .leaveMark, .editLeave, .confirm: true
    case .windowMode: context == .window
    case .adjudicate: context == .adjudication
    default: false
    }
  }
}

/// The registry of all keys.
enum KeyBindings {
  /// A key for each character.
  static func c(_ characters: String) -> [KeyPress] {
    characters.map { KeyPress.character($0) }
  }

  /// Every binding, in the order of help.
  static let all: [KeyBinding] = [
    adjudication, study, window, worklist, everywhere, statements, signing, finding, crosshair,
    commands, beside, panes, teaching, correcting, detecting, labels, mask, listing, comparing, own,
    pages, lists, typing,
  ].flatMap { $0 }

  private static let study: [KeyBinding] = [
    KeyBinding(
      c("a"), .accept, "accept what the AI says of this segment", in: .study, footer: "accept"),
    KeyBinding(
      c("d"), .disagree, "disagree with the AI: state the opposite, with a reason", in: .study,
      footer: "disagree"),
    KeyBinding(c("x"), .cannotTell, "cannot tell", in: .study, footer: "cannot tell"),
    KeyBinding(
      c("P"), .statePresent, "state: hyperintensity present", in: .study, footer: "present"),
    KeyBinding(c("A"), .stateAbsent, "state: hyperintensity absent", in: .study, footer: "absent"),
    KeyBinding(
      c("u") + [.control("z")], .undo, "take back your latest act", in: .study,
      footer: "undo"),
    KeyBinding(
      [.control("r"), .control("y")], .redo, "restore what was taken back", in: .study),
    KeyBinding(c("c"), .comment, "comment on this segment", in: .study),
    KeyBinding([], .commentStudy, "comment on the study as a whole", in: .study),
    KeyBinding(
      c("!"), .flag, "flag the study for discussion; again: take the flag back", in: .study),
    KeyBinding(c("C"), .showActs, "your acts and comments on this study", in: .study),
    KeyBinding(
      c("]"), .nextSegment, "next segment (down)", in: .study, footer: "segment"),
    KeyBinding(c("["), .previousSegment, "previous segment (up)", in: .study),
    KeyBinding(
      [], .firstSegment, "first segment: where a macro begins that goes through all", in: .study),
    KeyBinding([], .lastSegment, "last segment", in: .study),
    KeyBinding(c("."), .nextFlagged, "next flagged segment", in: .study, footer: "flagged"),
    KeyBinding(c(","), .previousFlagged, "previous flagged segment", in: .study),
    KeyBinding(
      c("j") + [KeyPress(.down)], .nextSlice, "next slice (to the patient's right)", in: .study,
      footer: "slice"),
    KeyBinding(
      c("k") + [KeyPress(.up)], .previousSlice, "previous slice (to the patient's left)",
      in: .study),
    KeyBinding(
      c("J") + [KeyPress(.pageDown), .control("d")], .forwardSlices, "5 slices on", in: .study),
    KeyBinding(
      c("K") + [KeyPress(.pageUp), .control("u")], .backwardSlices, "5 slices back", in: .study),
    KeyBinding(c("g") + [KeyPress(.home)], .firstSlice, "first slice", in: .study),
    KeyBinding(c("G") + [KeyPress(.end)], .lastSlice, "last slice", in: .study),
    KeyBinding(
      c("h") + [KeyPress(.left)], .cursorUpward, "curve cursor up the cord", in: .study),
    KeyBinding(
      c("l") + [KeyPress(.right)], .cursorDownward, "curve cursor down the cord", in: .study),
    KeyBinding(
      c("H") + [KeyPress(.left, .shift)], .cursorFarUpward, "curve cursor up by 5 rows", in: .study),
    KeyBinding(
      c("L") + [KeyPress(.right, .shift)], .cursorFarDownward, "curve cursor down by 5 rows",
      in: .study),
    KeyBinding(c(" "), .toggleOverlay, "map on and off", in: .study, footer: "map"),
    KeyBinding(
      c("o"), .cycleOverlay,
      "next map: anomaly, difference, uncertainties, reconstruction, labels, none", in: .study),
    KeyBinding(c("<"), .lessOpacity, "map more transparent", in: .study),
    KeyBinding(c(">"), .moreOpacity, "map less transparent", in: .study),
    KeyBinding(c("t"), .lowerHeat, "show the map from a lower value", in: .study),
    KeyBinding(c("T"), .raiseHeat, "show the map from a higher value", in: .study),
    KeyBinding(c("+"), .zoomIn, "zoom in on the segment", in: .study, footer: "zoom"),
    KeyBinding(c("-"), .zoomOut, "zoom out", in: .study),
    KeyBinding(c("=r"), .zoomFit, "whole spine again", in: .study),
    KeyBinding([KeyPress(.left, .control)], .panLeft, "move the picture to anterior", in: .study),
    KeyBinding(
      [KeyPress(.right, .control)], .panRight, "move the picture to posterior", in: .study),
    KeyBinding([KeyPress(.up, .control)], .panUp, "move the picture up", in: .study),
    KeyBinding([KeyPress(.down, .control)], .panDown, "move the picture down", in: .study),
    KeyBinding(c("0"), .windowAuto, "grey window: automatic", in: .study),
    KeyBinding(c("1"), .windowFull, "grey window: whole range", in: .study),
    KeyBinding(c("2"), .windowCord, "grey window: cord", in: .study),
    KeyBinding(c("3"), .windowWide, "grey window: wide", in: .study),
    KeyBinding(c("4"), .windowFluid, "grey window: bright fluid", in: .study),
    KeyBinding(c("5"), .windowScanner, "grey window: the scanner's", in: .study),
    KeyBinding(c("w"), .windowMode, "change window and level by keys", in: .study),
    KeyBinding(c("W"), .windowReset, "grey window back to automatic", in: .study),
    KeyBinding(c("i"), .invert, "black and white exchanged", in: .study),
    KeyBinding(c("v"), .alignCurve, "curve beside the picture, row for row", in: .study),
    KeyBinding(c("V"), .curveGlyphs, "draw the curve with dots, blocks or ASCII", in: .study),
    KeyBinding(
      c("n"), .nextUnread, "next unread study, else one begun", in: .study, footer: "next study"),
    KeyBinding(c("N"), .previousUnread, "previous unread study, else one begun", in: .study),
    KeyBinding(
      c("q"), .back, "back to the worklist", in: .study, footer: "back"),
    KeyBinding(c("Y"), .showReport, "the report as plain text, to select and copy", in: .study),
  ]

  private static let window: [KeyBinding] = [
    KeyBinding(
      c("l") + [KeyPress(.right)], .windowWider, "wider window", in: .window, footer: "wider"),
    KeyBinding(c("h") + [KeyPress(.left)], .windowNarrower, "narrower window", in: .window),
    KeyBinding(
      c("k") + [KeyPress(.up)], .windowBrighter, "brighter", in: .window, footer: "brighter"),
    KeyBinding(c("j") + [KeyPress(.down)], .windowDarker, "darker", in: .window),
    KeyBinding(c("L"), .windowMuchWider, "much wider window", in: .window),
    KeyBinding(c("H"), .windowMuchNarrower, "much narrower window", in: .window),
    KeyBinding(c("K"), .windowMuchBrighter, "much brighter", in: .window),
    KeyBinding(c("J"), .windowMuchDarker, "much darker", in: .window),
    KeyBinding(c("W"), .windowReset, "back to automatic", in: .window, footer: "automatic"),
    KeyBinding(
      c("wq") + [KeyPress(.escape), KeyPress(.enter)], .windowMode, "done", in: .window,
      footer: "done"),
  ]

  private static let worklist: [KeyBinding] = [
    KeyBinding(
      [KeyPress(.enter)] + c("l") + [KeyPress(.right)], .open, "open the study", in: .worklist,
      footer: "open"),
    KeyBinding(c("j") + [KeyPress(.down)], .nextLine, "next study", in: .worklist, footer: "down"),
    KeyBinding(
      c("k") + [KeyPress(.up)], .previousLine, "previous study", in: .worklist, footer: "up"),
    KeyBinding(
      c("J") + [KeyPress(.pageDown), .control("d")], .nextPage, "one page down", in: .worklist),
    KeyBinding(
      c("K") + [KeyPress(.pageUp), .control("u")], .previousPage, "one page up", in: .worklist),
    KeyBinding(c("g") + [KeyPress(.home)], .firstLine, "first study", in: .worklist),
    KeyBinding(c("G") + [KeyPress(.end)], .lastLine, "last study", in: .worklist),
    KeyBinding(
      c("n"), .nextUnread, "next unread study, else one begun", in: .worklist, footer: "next unread"
    ),
    KeyBinding(c("N"), .previousUnread, "previous unread study, else one begun", in: .worklist),
    KeyBinding(
      c("/"), .filter,
      "show some: unread flag:motion age>60 segment:C5-6, a name; !signed excludes",
      in: .worklist, footer: "filter"),
    KeyBinding(c("s"), .sort, "sort by any column, or unread first", in: .worklist, footer: "sort"),
    KeyBinding(
      [KeyPress(.escape)], .back, "show all studies again", in: .worklist),
    KeyBinding(c("q"), .quit, "quit", in: .worklist, footer: "quit"),
  ]

  private static let everywhere: [KeyBinding] = [
    KeyBinding(
      c("?") + [KeyPress(.function(1))], .help, "this help", in: .everywhere, footer: "help"),
    KeyBinding(c("R") + [.control("l")], .redraw, "draw everything again", in: .everywhere),
    KeyBinding(c("\""), .showMessages, "the latest messages in full", in: .everywhere),
    KeyBinding(
      [], .pictureSeen, "you see the pictures that the terminal does not say that it draws",
      in: .everywhere),
    KeyBinding(c("Q"), .quit, "quit", in: .everywhere),
  ]

  private static let commands: [KeyBinding] = [
    KeyBinding(c(":"), .palette, "the list of commands: type a part of one", in: .everywhere)
  ]

  /// The picture beside the sagittal one; the study's other keys go on meaning what they mean.
  private static let beside: [KeyBinding] = [
    KeyBinding(
      c("B"), .beside, "a picture beside: axial or other series, other session; again: the next",
      in: .study),
    KeyBinding(c("}"), .besideNext, "its next slice", in: .beside),
    KeyBinding(c("{"), .besidePrevious, "its previous slice", in: .beside),
    KeyBinding(c(";"), .besideFollow, "it follows the cursor again", in: .beside),
    KeyBinding(c(")"), .besideAlone, "it fills the room; again: both", in: .beside),
    KeyBinding(
      c("("), .sagittalAlone, "the sagittal picture fills the room; again: both", in: .beside),
    KeyBinding(
      [KeyPress(.tab)], .focusPicture,
      "the keys of window, level and inversion act on the next picture", in: .beside),
    KeyBinding([KeyPress(.escape)], .besideOff, "no second picture", in: .beside),
  ]

  /// How the study screen is divided; with a picture beside, its keys come first.
  private static let panes: [KeyBinding] = [
    KeyBinding(c(")"), .largerPicture, "picture wider, ladder and curve narrower", in: .study),
    KeyBinding(c("("), .smallerPicture, "picture narrower, ladder and curve wider", in: .study),
    KeyBinding(
      [KeyPress(.tab), KeyPress(.backTab)], .nextPane,
      "focus on the next pane: picture, curve, ladder", in: .study),
    KeyBinding(
      c("m"), .enlargePane, "the pane with the focus on the whole screen; again: all panes",
      in: .study),
  ]

  /// On the cases of a teaching session, before the keys of the study.
  private static let teaching: [KeyBinding] = [
    KeyBinding(
      c("Eb"), .revealTruth, "show the truth, the AI and its curve; your answers then stand",
      in: .teaching, footer: "truth"),
    KeyBinding(
      c("n"), .nextCase, "next case, or next act of a replay", in: .teaching, footer: "next case"),
    KeyBinding(c("N"), .previousCase, "previous case, or act of a replay", in: .teaching),
    KeyBinding(
      c("M"), .showScores, "scores against the truth", in: .teaching, footer: "scores"),
    KeyBinding(c("z"), .toPresenter, "back to what the presenter shows", in: .teaching),
    KeyBinding(c("U"), .leavePresenter, "stop following: the truth is yours", in: .teaching),
  ]

  /// Order, columns and views of the worklist.
  private static let listing: [KeyBinding] = [
    KeyBinding(c("S"), .reverseSort, "the same order backwards", in: .worklist),
    KeyBinding(
      c("c"), .chooseColumns, "columns, also those of participants.tsv", in: .worklist),
    KeyBinding(
      c("v"), .chooseView, "saved views: choose, save, delete", in: .worklist, footer: "views"),
  ]

  /// Macros and the reader's own hanging.
  private static let own: [KeyBinding] = [
    KeyBinding(
      c("*"), .recordMacro, "record what you do on this study as a macro; again: end and name it",
      in: .study),
    KeyBinding(c("@"), .playMacro, "your macros: play, delete", in: .study),
    KeyBinding([], .macroOfActs, "a macro of your latest acts on this study", in: .study),
    KeyBinding([], .saveHanging, "open every study as this one is shown now", in: .study),
    KeyBinding([], .hangSaved, "show this study as you saved it", in: .study),
    KeyBinding([], .hangDefault, "show this study as the program does", in: .study),
  ]
}
