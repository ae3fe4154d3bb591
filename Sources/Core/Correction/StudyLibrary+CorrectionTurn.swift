internal import Foundation
internal import Imaging

extension StudyLibrary {
  /// Takes a saved correction back, or restores it: the label files with their sidecars, then the act; both
  /// or neither. What has the files' names stays as a version.
  ///
  /// A lesion mask on which another reader has drawn since, unseen, stays as it is: the act alone is written, and
  /// decides which mask the reader is shown.
  ///
  /// A kill between the files and the act leaves files that the journal does not know of yet: the same undo
  /// or redo, asked for again, finds them and writes the act.
  /// - Parameter draft: the undo or redo of a correction.
  /// - Returns: the act's record.
  /// - Throws: `EditRefusal` where it cannot be done, with the reason; `JournalError`, `LibraryError`,
  ///   `ReadError`, `WriteError`. Nothing is changed then.
  public func turnCorrection(
    _ draft: ReviewDraft, subject: String, reader: String
  ) throws -> ReviewRecord {
    let study = try usableStudy(subject)
    let access = try access(to: subject, reader: reader)
    if let why = access.refusal(of: draft.action) ?? access.refusal(of: .correct) {
      throw JournalError.refused(why)
    }
    let journal = try openJournal(study, reader: reader)
    let lock = try FolderLock(root.appendingPathComponent("derivatives/cordscope"))
    defer { lock.release() }
    let state = ReviewState(try journal.reload().records)
    guard let stem = study.stem, let noted = state.target(of: draft)?.correction else {
      throw JournalError.refused("no correction to take back or restore")
    }
    let note = passingTakenBack(noted, of: study, than: ReaderIdentity.sanitised(reader))
    let isUndo = draft.action == .undo
    var act = draft
    act.correction = note.turned(isUndo: isUndo)
    try ReviewJournal.check(act, against: state)
    let turn = try CorrectionTurn(
      note, isUndo: isUndo,
      in: root.appendingPathComponent("derivatives/labels/\(study.folder)"), stem: stem)
    do {
      try turn.check(by: ReaderIdentity.sanitised(reader))
    } catch let refusal as EditRefusal {
      guard try isUnseen(note, study, reader) else { throw refusal }
      guard isUndo || lesionLabel(of: study)?.place(of: note.after) != nil else {
        throw EditRefusal("its file is gone or was changed")
      }
      return try record(act, subject: subject, reader: reader)
    }
    // What is restored stands on the files that it was made beside.
    if !isUndo, try turn.isWhole { try checkBeginning(of: note, study) }
    let former = try turn.contents()
    do {
      try turn.make()
      if isUndo { try checkBeginning(of: note, study) }
      return try record(act, subject: subject, reader: reader)
    } catch {
      turn.restore(former)
      throw error
    }
  }

  /// Whether what stands in the place of a correction is a lesion mask that the reader is not shown.
  private func isUnseen(
    _ note: CorrectionNote, _ study: LibraryStudy, _ reader: String
  ) throws -> Bool {
    try note.target == .lesion && lesionSight(of: study, for: reader).isBlinded
  }

  /// Refuses unless the labels that readers correct are those that a correction began from.
  ///
  /// Vertebrae that others or the network labelled may have been made anew: they are nobody's correction, and
  /// the next detection reads them as they are.
  private func checkBeginning(of note: CorrectionNote, _ study: LibraryStudy) throws {
    // Who drew it was not shown what stood, or what it began from was taken back since.
    if note.isBesideAnother { return }
    let roles: [LabelRole] = note.target.isMask ? [note.target.role] : [.levels, .discs]
    func given(_ files: [String]) -> [String: String] {
      var result: [String: String] = [:]
      for role in roles {
        result[role.rawValue] = files.first { $0.hasPrefix("\(role.rawValue) ") }
      }
      return result
    }
    let now = given(try correctedFiles(note.target, of: study))
    let then = given(note.origin?.files ?? [])
    for role in roles where now[role.rawValue] != then[role.rawValue] {
      let words = CorrectionTarget.allCases.first { $0.role == role }?.words ?? role.rawValue
      throw EditRefusal("beside it the \(words) are not those that it began from")
    }
  }
}
