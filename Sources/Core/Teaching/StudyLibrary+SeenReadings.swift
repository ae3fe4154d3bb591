/// What a reader's own journal says of having seen as a case's truth what others signed of its study.
extension StudyLibrary {
  /// Whether it is to be noted that a reader sees a truth: others' readings decide it, and the reader, whose role
  /// signs readings, has neither signed the study nor seen what others signed.
  ///
  /// - Throws: `JournalError`, `LibraryError`; `ReadError` when `readers.tsv` is damaged.
  func notes(_ truth: CaseTruth?, of study: LibraryStudy, seenBy reader: String) throws -> Bool {
    guard let truth, truth.source != .library else { return false }
    let id = ReaderIdentity.sanitised(reader)
    let role = try ReaderTable(library: root).role(of: id)
    guard role.refusal(of: .compare) == nil else { return false }
    return !ReviewState(try openJournal(study, reader: id).reload().records).seesOthers
  }

  /// Notes that a reader sees a truth, where that is to be noted, as `O` notes it: from then on the journal takes
  /// signatures as supervisor or adjudicator only.
  ///
  /// It says what was seen, and asks for no leave: a reading that was begun, and a study that is open elsewhere, do
  /// not keep it out of the journal. Edits of a lesion mask that wait unsaved do before the truth is shown, as of `O`:
  /// what they began from is not what is seen afterwards.
  /// - Parameter isSeen: whether the truth was shown already.
  /// - Throws: as ``notes(_:of:seenBy:)``, and where it cannot be written.
  func note(
    _ truth: CaseTruth?, of study: LibraryStudy, seenBy reader: String, isSeen: Bool = false
  ) throws {
    guard try notes(truth, of: study, seenBy: reader) else { return }
    if !isSeen, let why = draftRefusal(of: study, by: reader) { throw JournalError.refused(why) }
    let journal = try openJournal(study, reader: reader)
    let showsAI = (try? detection(of: study)) != nil
    var draft = ReviewDraft(action: .compare)
    // The AI's result comes with the truth.
    draft.blind = !ReviewState(try journal.reload().records).isRevealed && !showsAI
    _ = try journal.append(draft)
  }

  /// Notes that a teacher sees the truth of a case whose journal he replays, or refuses it to who has not said that
  /// it may be noted.
  ///
  /// - Throws: `TeachingError.notAllowed`, and as ``note(_:of:seenBy:)``.
  func allow(
    _ truth: CaseTruth?, of study: LibraryStudy, case number: Int, for viewer: String,
    compares: Bool
  ) throws {
    let name = CasePseudonym(study, number: number)
    guard compares else {
      guard try name.covered({ try notes(truth, of: study, seenBy: viewer) }) else { return }
      throw TeachingError.notAllowed(
        "the truth of case \(number) is what readers signed, and you have not signed its study: see it in "
          + "the session first, or look now with --compare: your journal of the study notes it, and you "
          + "then sign it only as supervisor or adjudicator")
    }
    try name.covered { try note(truth, of: study, seenBy: viewer) }
  }
}

extension TeachingSource {
  /// Whether the reveal of a case is noted in the reader's own journal of its study.
  ///
  /// - Throws: `TeachingError`, `JournalError`.
  public func notesReveal(of subject: String, reader: String) throws -> Bool {
    let (study, name) = try place(of: subject)
    let known = try truth(of: subject)
    return try name.covered { try library.notes(known, of: study, seenBy: reader) }
  }

  /// Notes it before the truth is shown, or of one that was shown without it.
  ///
  /// - Throws: `TeachingError`, `JournalError`.
  func noteReveal(of subject: String, reader: String, isSeen: Bool = false) throws {
    let (study, name) = try place(of: subject)
    let known = try truth(of: subject)
    try name.covered { try library.note(known, of: study, seenBy: reader, isSeen: isSeen) }
  }

  /// Whether a case is counted for who sees others' scores: of one whose truth is what others signed the
  /// score would tell it, so that this is noted first, or the case left out.
  ///
  /// - Parameter compares: whether who looks has said that it may be noted.
  /// - Throws: `TeachingError`, `JournalError`.
  func counts(_ number: Int, for viewer: String, compares: Bool) throws -> Bool {
    if compares { try noteReveal(of: "\(number)", reader: viewer) }
    return try !notesReveal(of: "\(number)", reader: viewer)
  }
}
