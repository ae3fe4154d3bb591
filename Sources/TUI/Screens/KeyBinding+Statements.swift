/// The keys of what a reader states beside verdicts: quality, grades, findings, signatures.
extension KeyBindings {
  /// What else a reader states about the study on the screen.
  static let statements: [KeyBinding] = [
    KeyBinding(
      c("f"), .cycleQuality,
      "quality of the images, at each press the next: Pass, Fail, Artifact, none", in: .study),
    KeyBinding(
      c("y"), .cycleGrade,
      "grade of this segment's lesion (Yukawa), at each press the next: 1 light, 2 intense, none",
      in: .study),
    axccm(0), axccm(1), axccm(2), axccm(3),
    KeyBinding(
      c("s"), .cycleConfidence,
      "how sure you are of this segment, at each press the next: 1, 2, 3, none", in: .study),
    KeyBinding(
      c("D"), .cycleDifficulty,
      "how hard the study is to read, at each press the next: easy, medium, hard, none", in: .study),
    KeyBinding(
      c("F"), .addFinding, "add a finding of your own anywhere on this slice", in: .study),
    KeyBinding(
      c("p"), .showFindings, "your findings: go there, take back or restore, other words",
      in: .study),
    KeyBinding(
      c("b"), .toggleBlind, "hide the AI (before the first verdict), or show it for good",
      in: .study),
    KeyBinding(
      c("Z"), .signMode, "sign the study off (then S), or open it again (then O)", in: .study),
  ]

  /// Types the axial T2 picture: by its word alone, as few studies have one.
  private static func axccm(_ type: Int) -> KeyBinding {
    KeyBinding(
      [], Command.axccmTypes[type],
      "this segment on the axial T2 beside it: Ax-CCM type \(type) (Radiology 2015;276:553)",
      in: .study)
  }

  /// After the key for signing.
  static let signing: [KeyBinding] = [
    KeyBinding(
      c("S"), .signOff, "sign off: meaning, name, PIN", in: .signing, footer: "sign off"),
    KeyBinding(
      c("O"), .reopen, "open a signed study again, with a reason", in: .signing,
      footer: "open again"),
    KeyBinding(
      c("Zq") + [KeyPress(.escape)], .signMode, "neither", in: .signing, footer: "neither"),
  ]

  /// Where a finding of the reader's own is placed.
  static let finding: [KeyBinding] = [
    KeyBinding(c("k") + [KeyPress(.up)], .markUp, "up", in: .finding, footer: "up"),
    KeyBinding(c("j") + [KeyPress(.down)], .markDown, "down", in: .finding, footer: "down"),
    KeyBinding(
      c("h") + [KeyPress(.left)], .markLeft, "to anterior", in: .finding, footer: "anterior"),
    KeyBinding(
      c("l") + [KeyPress(.right)], .markRight, "to posterior", in: .finding, footer: "posterior"),
    KeyBinding(c("K"), .markFarUp, "far up", in: .finding),
    KeyBinding(c("J"), .markFarDown, "far down", in: .finding),
    KeyBinding(c("H"), .markFarLeft, "far to anterior", in: .finding),
    KeyBinding(c("L"), .markFarRight, "far to posterior", in: .finding),
    KeyBinding(
      c("F") + [KeyPress(.enter)], .markHere, "here: say what it is", in: .finding, footer: "here"),
    KeyBinding(
      c("q") + [KeyPress(.escape)], .leaveMark, "no finding", in: .finding, footer: "cancel"),
  ]
}
