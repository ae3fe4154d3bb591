internal import Imaging

/// What of others' readings a reader may be told outside the workstation, and what the own journal says of it.
extension StudyLibrary {
  /// Why a reader cannot look at what others signed before an own signature, in words; `nil` where he can.
  ///
  /// - Throws: `ReadError` where `readers.tsv` cannot be read.
  func refusalToCompare(_ review: ReviewState, by viewer: String) throws -> String? {
    let table = try ReaderTable(library: root)
    let allowed = StudyAccess(role: table.role(of: viewer), isSupervised: table.namesSupervisor)
    return allowed.refusalToAdjudicate(review)
  }

  /// Why a reader's unsaved edits of a lesion mask keep him from looking at what others signed, in words; `nil`
  /// where none are kept.
  ///
  /// They began from the own mask, or from none: once others' are seen they could not be saved.
  func draftRefusal(of study: LibraryStudy, by viewer: String) -> String? {
    guard hasLesionDraft(of: study, reader: viewer) else { return nil }
    return "unsaved edits of the lesion mask are kept: save them first, with the AI shown where "
      + "they began so"
  }

  /// Notes in a reader's journal that he looks at what others signed, as `O` does.
  ///
  /// - Parameter showsAI: whether the AI's result is shown with it.
  /// - Throws: `JournalError`, `LibraryError`, `ReadError`.
  func noteComparison(
    of study: LibraryStudy, by viewer: String, _ review: ReviewState, showsAI: Bool
  ) throws {
    var draft = ReviewDraft(action: .compare)
    draft.blind = !review.isRevealed && !showsAI
    try note(draft, study, by: viewer)
  }

  /// Writes into the viewer's journal what is shown; only who has the study may.
  func note(_ draft: ReviewDraft, _ study: LibraryStudy, by viewer: String) throws {
    defer { leave() }
    if let why = try access(to: study.subject, reader: viewer).refusal(of: draft.action) {
      throw JournalError.refused(why)
    }
    _ = try append(draft, subject: study.subject, reader: viewer)
  }

  /// What a report of a study tells of its readings, after a note in the journal of who compares them.
  ///
  /// A comparison that is refused or cannot be noted tells nothing of others; where nobody else has signed
  /// there is nothing to compare, and nothing is noted.
  /// - Parameters:
  ///   - viewer: who asks; `nil` for who reads nothing in the library.
  ///   - wanted: the only reader whose acts are asked for; `nil` for all.
  public func othersTold(
    of study: LibraryStudy, to viewer: ReadingViewer?, only wanted: String? = nil
  ) -> OthersTold {
    guard let viewer else { return .everything }
    let hidden = OthersTold.own(of: viewer.reader, refusal: nil)
    do {
      let review = try reviewInFull(of: study, reader: viewer.reader)
      if review.seesOthers { return .signed(to: viewer.reader, isNoted: false) }
      guard viewer.compares, study.problem == nil else { return hidden }
      // Asked before others' journals are looked at: the refusal tells nothing of them.
      if let why = try refusalToCompare(review, by: viewer.reader) {
        return .own(of: viewer.reader, refusal: why)
      }
      if let why = draftRefusal(of: study, by: viewer.reader) {
        return .own(of: viewer.reader, refusal: why)
      }
      guard hasSigned(of: study, than: viewer.reader, only: wanted) else { return hidden }
      // Every report has the AI's result, where there is one.
      let showsAI = (try? detection(of: study)) != nil
      try noteComparison(of: study, by: viewer.reader, review, showsAI: showsAI)
      return .signed(to: viewer.reader, isNoted: true)
    } catch {
      return .own(of: viewer.reader, refusal: viewer.compares ? "\(error)".cleaned : nil)
    }
  }

  /// Whether a reader is told what others stated of a study; nothing is noted.
  func isTold(of study: LibraryStudy, to viewer: ReadingViewer?) -> Bool {
    guard let viewer else { return true }
    return (try? reviewInFull(of: study, reader: viewer.reader))?.seesOthers == true
  }

  /// Whether anybody else has signed a study, or the one reader who is asked for.
  private func hasSigned(
    of study: LibraryStudy, than viewer: String, only wanted: String?
  ) -> Bool {
    let wanted = wanted.map(ReaderIdentity.sanitised)
    return journals(of: study).contains { journal in
      guard journal.reader != viewer, wanted.map({ $0 == journal.reader }) ?? true else {
        return false
      }
      return (try? journal.records()).map { !Self.signedActs($0).isEmpty } ?? false
    }
  }

  /// A journal up to its last signature where that was opened again; all of it while it is signed, and nothing
  /// where it never was.
  static func signedActs(_ acts: [ReviewRecord]) -> [ReviewRecord] {
    if ReviewState(acts).isSigned { return acts }
    return acts.lastIndex { $0.action == .signOff }.map { Array(acts[...$0]) } ?? []
  }
}
