extension KeyBindings {
  /// The crosshair, and what is measured with it.
  static let crosshair: [KeyBinding] = [
    KeyBinding(
      c("X"), .crosshair, "crosshair with read-out, distance and signal ratio", in: .study),
    KeyBinding(c("k") + [KeyPress(.up)], .crossUp, "up", in: .crosshair),
    KeyBinding(c("j") + [KeyPress(.down)], .crossDown, "down", in: .crosshair),
    KeyBinding(c("h") + [KeyPress(.left)], .crossLeft, "to anterior", in: .crosshair),
    KeyBinding(c("l") + [KeyPress(.right)], .crossRight, "to posterior", in: .crosshair),
    KeyBinding(c("K") + [KeyPress(.up, .shift)], .crossFarUp, "far up", in: .crosshair),
    KeyBinding(c("J") + [KeyPress(.down, .shift)], .crossFarDown, "far down", in: .crosshair),
    KeyBinding(
      c("H") + [KeyPress(.left, .shift)], .crossFarLeft, "far to anterior", in: .crosshair),
    KeyBinding(
      c("L") + [KeyPress(.right, .shift)], .crossFarRight, "far to posterior", in: .crosshair),
    KeyBinding(
      c("m"), .measureDistance, "distance in mm: from here, then m again where it ends",
      in: .crosshair, footer: "distance"),
    KeyBinding(
      c("s"), .measureSignal, "signal of 3 x 3 px over normal cord (SCR)", in: .crosshair,
      footer: "SCR"),
    KeyBinding(
      [KeyPress(.pageDown)] + c("]"), .nextSlice, "next slice", in: .crosshair, footer: "slice"),
    KeyBinding([KeyPress(.pageUp)] + c("["), .previousSlice, "previous slice", in: .crosshair),
    KeyBinding(c("o"), .cycleOverlay, "next map", in: .crosshair, footer: "map"),
    KeyBinding(c(" "), .toggleOverlay, "map on and off", in: .crosshair),
    KeyBinding(c("<"), .lessOpacity, "map more transparent", in: .crosshair),
    KeyBinding(c(">"), .moreOpacity, "map less transparent", in: .crosshair),
    KeyBinding(c("t"), .lowerHeat, "show the map from a lower value", in: .crosshair),
    KeyBinding(c("T"), .raiseHeat, "show the map from a higher value", in: .crosshair),
    KeyBinding(c("+"), .zoomIn, "zoom in on the segment", in: .crosshair),
    KeyBinding(c("-"), .zoomOut, "zoom out", in: .crosshair),
    KeyBinding(c("=r"), .zoomFit, "whole spine again", in: .crosshair),
    KeyBinding(
      [KeyPress(.escape)], .clearDistance, "no distance; without one, crosshair off",
      in: .crosshair),
    KeyBinding(c("Xq"), .crosshair, "crosshair off", in: .crosshair, footer: "off"),
  ]
}
