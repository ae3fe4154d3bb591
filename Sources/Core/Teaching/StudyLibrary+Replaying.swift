/// What of another reader's journal of a study may be replayed, and what the own journal says of it.
extension StudyLibrary {
  /// The acts of a reader's signed reading for another reader to look at.
  ///
  /// Who has signed the study, or has compared readings of it, needs nothing but a note of the AI's result where
  /// that is new. Anybody else gets a `compare` in the own journal first, as who opens the readings side by side
  /// does.
  ///
  /// - Parameters:
  ///   - acts: the journal of whose acts are asked for.
  ///   - compares: whether the viewer has said that it may be noted.
  /// - Throws: `TeachingError.notAllowed` where the reading is not signed, or the viewer may not look or was
  ///   not asked; `JournalError`, `LibraryError`, `ReadError` where it cannot be noted.
  func replayable(
    _ acts: [ReviewRecord], of reader: String, _ study: LibraryStudy, for viewer: String,
    compares: Bool
  ) throws -> [ReviewRecord] {
    let signed = Self.signedActs(acts)
    guard !signed.isEmpty else {
      throw TeachingError.notAllowed("\(reader) has not signed: there is nothing to replay yet")
    }
    let showsAI = ReviewState(signed).isRevealed
    let review = ReviewState(try openJournal(study, reader: viewer).reload().records)
    guard !review.seesOthers else {
      // Who signed without the AI's result, and sees it in the replay, states nothing blind afterwards.
      if !review.isRevealed, showsAI {
        try note(ReviewDraft(action: .reveal), study, by: viewer)
      }
      return signed
    }
    if let why = try refusalToCompare(review, by: viewer) {
      throw TeachingError.notAllowed(
        "\(why); sign the study in cordscope review, then it can be replayed")
    }
    guard compares else {
      throw TeachingError.notAllowed(
        "you have not signed the study: sign it in cordscope review first, or look now with --compare: "
          + "your journal notes it, and you then sign only as supervisor or adjudicator")
    }
    // The replay shows the AI's result from the act on at which its reader saw it.
    try noteComparison(of: study, by: viewer, review, showsAI: showsAI)
    return signed
  }
}
