/// When a picture goes first as a draft even though its reader does not move on.
enum DraftPolicy {
  /// A full picture that takes longer is waited for.
  static let patienceMS = 150.0

  /// Whether the first picture after a key is a draft, too, and the full one follows at rest.
  ///
  /// What counts is the time of the full picture's bytes. The round trip is the same for a draft, so it does
  /// not count; and while nothing was measured, nothing is held back.
  static func draftsFirst(_ link: LinkQuality) -> Bool {
    guard let bytes = link.fullFrameBytes, let time = link.millisecondsPerByte else { return false }
    return Double(bytes) * time > patienceMS
  }
}
