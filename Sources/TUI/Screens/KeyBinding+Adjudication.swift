extension KeyBindings {
  /// What opens the readers' ladders side by side.
  static let comparing: [KeyBinding] = [
    KeyBinding(
      [.character("O")], .adjudicate, "what the readers signed, side by side: adjudicate",
      in: .study)
  ]

  /// The keys there, before those of the study in the footer; the study's other keys go on meaning what
  /// they mean.
  static let adjudication: [KeyBinding] = [
    KeyBinding(
      [.character(".")], .nextDifference, "next row on which readers do not agree",
      in: .adjudication, footer: "difference"),
    KeyBinding(
      [.character(",")], .previousDifference, "previous row on which readers do not agree",
      in: .adjudication),
    KeyBinding(
      [.character("U")], .takeAgreed,
      "take over what all readers say, where you have stated nothing: one act", in: .adjudication,
      footer: "take agreed"),
    KeyBinding(
      [.character("O"), .character("q"), KeyPress(.escape)], .adjudicate,
      "the study's own ladder again", in: .adjudication, footer: "own ladder"),
  ]
}
