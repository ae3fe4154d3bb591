/// The keys of the editors of labels and masks.
extension KeyBindings {
  /// What begins corrections.
  static let correcting: [KeyBinding] = [
    KeyBinding(c("e"), .editLabels, "correct disc labels and segment boundaries", in: .study),
    KeyBinding(c("E"), .editMask, "correct the masks of cord and lesion", in: .study),
  ]

  /// What pauses the work in the background: the same key on all screens.
  static let detecting: [KeyBinding] = [
    KeyBinding(
      [.control("x")], .cancelDetection,
      "stop the detection on corrected labels; detect again if outdated; library's: pause, go on",
      in: .everywhere),
    KeyBinding(
      [], .resumeDetection, "go on with the paused detection; detect again if outdated",
      in: .everywhere),
  ]

  /// What both editors share.
  private static func editing(_ context: KeyContext) -> [KeyBinding] {
    [
      KeyBinding(
        [KeyPress(.pageDown)] + c("."), .nextSlice, "next slice", in: context, footer: "slice"),
      KeyBinding([KeyPress(.pageUp)] + c(","), .previousSlice, "previous slice", in: context),
      KeyBinding(c("+"), .zoomIn, "zoom in on the crosshair", in: context),
      KeyBinding(c("-"), .zoomOut, "zoom out", in: context),
      KeyBinding(c("=r"), .zoomFit, "whole spine again", in: context),
      KeyBinding(
        [KeyPress(.left, .control)], .panLeft, "move the picture to anterior", in: context),
      KeyBinding(
        [KeyPress(.right, .control)], .panRight, "move the picture to posterior", in: context),
      KeyBinding([KeyPress(.up, .control)], .panUp, "move the picture up", in: context),
      KeyBinding([KeyPress(.down, .control)], .panDown, "move the picture down", in: context),
      KeyBinding(
        c("u") + [.control("z")], .editUndo, "take back your latest edit", in: context,
        footer: "undo"),
      KeyBinding(
        [.control("r"), .control("y")], .editRedo, "restore what was taken back", in: context),
      KeyBinding(
        [KeyPress(.enter)], .editCommit, "save as your correction, and detect again", in: context,
        footer: "save"),
      KeyBinding(
        [KeyPress(.escape)] + c("q"), .editLeave,
        "leave without saving; the edits are kept until you quit", in: context, footer: "leave"),
    ]
  }

  static let labels: [KeyBinding] =
    [
      KeyBinding(
        c("]") + [KeyPress(.tab)], .nextPoint, "next point (down)", in: .labels, footer: "point"),
      KeyBinding(
        c("[") + [KeyPress(.backTab)], .previousPoint, "previous point (up)", in: .labels),
      KeyBinding(c("k"), .nudgeUp, "point up by 1 px", in: .labels, footer: "move"),
      KeyBinding(c("j"), .nudgeDown, "point down by 1 px", in: .labels),
      KeyBinding(c("h"), .nudgeLeft, "point to anterior by 1 px", in: .labels),
      KeyBinding(c("l"), .nudgeRight, "point to posterior by 1 px", in: .labels),
      KeyBinding(c("K"), .nudgeFarUp, "point up by 5 px", in: .labels),
      KeyBinding(c("J"), .nudgeFarDown, "point down by 5 px", in: .labels),
      KeyBinding(c("H"), .nudgeFarLeft, "point to anterior by 5 px", in: .labels),
      KeyBinding(c("L"), .nudgeFarRight, "point to posterior by 5 px", in: .labels),
      KeyBinding([KeyPress(.up)], .crossUp, "crosshair up", in: .labels),
      KeyBinding([KeyPress(.down)], .crossDown, "crosshair down", in: .labels),
      KeyBinding([KeyPress(.left)], .crossLeft, "crosshair to anterior", in: .labels),
      KeyBinding([KeyPress(.right)], .crossRight, "crosshair to posterior", in: .labels),
      KeyBinding([KeyPress(.up, .shift)], .crossFarUp, "crosshair far up", in: .labels),
      KeyBinding([KeyPress(.down, .shift)], .crossFarDown, "crosshair far down", in: .labels),
      KeyBinding(
        [KeyPress(.left, .shift)], .crossFarLeft, "crosshair far to anterior", in: .labels),
      KeyBinding(
        [KeyPress(.right, .shift)], .crossFarRight, "crosshair far to posterior", in: .labels),
      KeyBinding(
        c("v"), .placePoint, "put the point at the crosshair", in: .labels, footer: "place"),
      KeyBinding(
        c("i"), .insertPoint, "insert the missing point at the crosshair", in: .labels,
        footer: "insert"),
      KeyBinding(
        c("I"), .insertLevel, "insert a missed level there: all below one level down", in: .labels),
      KeyBinding([KeyPress(.backspace), KeyPress(.delete)], .deletePoint, "delete", in: .labels),
      KeyBinding(c("n"), .renumberPoint, "give the point another number", in: .labels),
      KeyBinding(
        c("{"), .shiftLevelsUp, "all names one level up: C4-5 becomes C3-4", in: .labels),
      KeyBinding(
        c("}"), .shiftLevelsDown, "all names one level down: C4-5 becomes C5-6", in: .labels),
      KeyBinding(
        c("b"), .otherPoints, "segment boundaries instead of discs, and back", in: .labels),
    ] + editing(.labels)

  static let mask: [KeyBinding] =
    [
      KeyBinding(c("k") + [KeyPress(.up)], .crossUp, "up", in: .mask),
      KeyBinding(c("j") + [KeyPress(.down)], .crossDown, "down", in: .mask),
      KeyBinding(c("h") + [KeyPress(.left)], .crossLeft, "to anterior", in: .mask),
      KeyBinding(c("l") + [KeyPress(.right)], .crossRight, "to posterior", in: .mask),
      KeyBinding(c("K") + [KeyPress(.up, .shift)], .crossFarUp, "far up", in: .mask),
      KeyBinding(c("J") + [KeyPress(.down, .shift)], .crossFarDown, "far down", in: .mask),
      KeyBinding(c("H") + [KeyPress(.left, .shift)], .crossFarLeft, "far to anterior", in: .mask),
      KeyBinding(
        c("L") + [KeyPress(.right, .shift)], .crossFarRight, "far to posterior", in: .mask),
      KeyBinding(c(" "), .drawHere, "draw here once", in: .mask, footer: "draw"),
      KeyBinding(
        c("d"), .keepDrawing, "draw along with every move, and stop", in: .mask, footer: "pen"),
      KeyBinding(c("b"), .chooseBrush, "brush", in: .mask, footer: "brush"),
      KeyBinding(c("x"), .chooseEraser, "eraser", in: .mask, footer: "eraser"),
      KeyBinding(c("]"), .largerBrush, "larger brush", in: .mask, footer: "size"),
      KeyBinding(c("["), .smallerBrush, "smaller brush", in: .mask),
      KeyBinding(
        c("f"), .fillOutline, "fill the closed outline around the crosshair", in: .mask,
        footer: "fill"),
      KeyBinding(c("c"), .copyFromLeft, "copy the mask of the previous slice", in: .mask),
      KeyBinding(c("C"), .copyFromRight, "copy the mask of the next slice", in: .mask),
      KeyBinding(
        c("i"), .interpolateSlices, "draw the slices between the drawn ones on both sides",
        in: .mask),
      KeyBinding(
        c("m"), .otherMask, "the lesions' mask instead of the cord's, and back", in: .mask),
    ] + editing(.mask)
}
