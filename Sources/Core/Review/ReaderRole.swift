/// What a reader is in a library, and so what their journal takes.
public enum ReaderRole: String, Codable, Sendable, CaseIterable {
  /// States everything about the studies.
  case reader
  /// Corrects labels; remarks on studies and their quality, without judging the patient.
  case annotator
  /// A reader who also signs as supervisor or adjudicator.
  case supervisor
  /// A reader who also teaches.
  case teacher
  /// Looks, and states nothing.
  case guest

  /// Why an act is not for this role, in words; `nil` where it is.
  public func refusal(of action: ReviewAction) -> String? {
    switch self {
    case .reader, .supervisor, .teacher: return nil
    case .guest: return "a guest states nothing: nothing was saved"
    case .annotator:
      switch action {
      case .verdict, .grade, .axccm, .confidence, .finding, .signOff, .reopen, .compare, .adopt:
        return "an annotator states no verdicts: nothing was saved"
      case .undo, .redo, .comment, .flag, .quality, .difficulty, .reveal, .correct: return nil
      }
    }
  }
}

extension SignatureMeaning {
  /// Whether it is said from above other readers.
  public var isSupervising: Bool {
    switch self {
    case .supervised, .adjudicated: true
    case .reviewed, .secondReader: false
    }
  }
}

extension ReaderTable {
  /// Why a signature's meaning is not for a reader, in words; `nil` where it is. Where nobody is
  /// supervisor, every meaning is for everybody.
  public func refusal(of meaning: SignatureMeaning, by reader: String) -> String? {
    guard meaning.isSupervising, namesSupervisor, role(of: reader) != .supervisor else {
      return nil
    }
    return "not signed: only a supervisor signs \"\(meaning.words)\""
  }

  /// Throws where an act is not for a reader's role.
  ///
  /// - Parameter records: the reader's journal, which tells what a redo would state again.
  /// - Throws: `JournalError.refused`, and what `records` throws.
  func check(
    _ draft: ReviewDraft, by reader: String, records: () throws -> [ReviewRecord]
  ) throws {
    let role = role(of: reader)
    if let why = role.refusal(of: draft.action) { throw JournalError.refused(why) }
    if let meaning = draft.signature?.meaning, let why = refusal(of: meaning, by: reader) {
      throw JournalError.refused(why)
    }
    if draft.action == .compare {
      let access = StudyAccess(role: role, isSupervised: namesSupervisor)
      if let why = access.refusalToAdjudicate(ReviewState(try records())) {
        throw JournalError.refused(why)
      }
    }
    guard draft.action == .redo, role == .annotator else { return }
    let records = try records()
    let undo = records.first { $0.seq == draft.reverts }
    if let act = records.first(where: { $0.seq == undo?.reverts }),
      let why = role.refusal(of: act.action)
    {
      throw JournalError.refused(why)
    }
  }
}
