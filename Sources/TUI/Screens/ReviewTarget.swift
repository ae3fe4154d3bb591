internal import Core

/// What a verdict is about: a segment, or the study as a whole where levels are missing.
enum ReviewTarget: Hashable, Sendable {
  case segment(SpinalSegment)
  case study

  /// The segment, if it is one.
  var segment: SpinalSegment? {
    if case .segment(let segment) = self { return segment }
    return nil
  }

  /// The name on the screen.
  var name: String { segment?.name ?? "study" }
}
