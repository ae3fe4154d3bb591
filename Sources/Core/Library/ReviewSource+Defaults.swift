/// What a source does that is no library on disk: a teaching session, a library in memory.
extension ReviewSource {
  /// No signal: only a library on disk has the labels that tell normal cord.
  public func signal(
    at place: FindingPlace, subject: String, reader: String
  ) throws -> MeasuredValue {
    SignalReader.cursor.missing("only studies of a library on disk can be measured")
  }

  /// Nothing is measured.
  public var measuresStudies: Bool { false }

  /// No measures: only a library on disk has the labels.
  public func measures(of subject: String, reader: String) throws -> StudyMeasures {
    StudyMeasures(unmeasured: "only studies of a library on disk can be measured")
  }

  /// A worklist that is there at once.
  public func worklist(
    reader: String, tell: @escaping @Sendable (WorklistReading) -> Void
  ) throws -> [WorklistEntry] { try worklist(reader: reader) }

  /// Nothing is read by and by.
  public func readFirst(_ subjects: [String]) {}

  /// No views: there is nowhere to keep them.
  public func worklistViews(reader: String) throws -> WorklistViews { WorklistViews() }

  /// Refuses: there is nowhere to keep views.
  public func changeWorklistViews(
    reader: String, _ change: (inout WorklistViews) -> Void
  ) throws -> WorklistViews {
    throw LibraryError.cannotWrite(title, "views are kept in libraries on disk only")
  }

  /// No text: there is nowhere to keep it.
  public func readerText(_ file: ReaderFile, reader: String) throws -> ReaderText {
    ReaderText(text: "", path: title)
  }

  /// Refuses: there is nowhere to keep texts.
  public func changeReaderText(
    _ file: ReaderFile, reader: String, _ change: (ReaderText) throws -> String
  ) throws -> ReaderText {
    throw LibraryError.cannotWrite(title, "what is a reader's own needs a library on disk")
  }

  /// The study as everybody sees it: only a library on disk has masks that readers drew.
  public func loadStudy(_ subject: String, reader: String) throws -> ReviewStudy {
    try loadStudy(subject)
  }

  /// The access of a reader who is alone.
  public func access(to subject: String, reader: String) throws -> StudyAccess { StudyAccess() }

  /// Nothing is held.
  public func leave() {}

  /// Nothing can be said: only a library on disk has the journals of several readers.
  public func agreement(
    of readers: [String], for reader: String
  ) throws -> ReaderAgreement {
    throw AgreementError.tooFew(0)
  }

  /// Nothing: only a library on disk has other series and sessions.
  public func besideChoices(_ subject: String) throws -> [BesideChoice] { [] }

  /// Nothing can be loaded where nothing is listed.
  public func beside(
    _ choice: BesideChoice, of subject: String, reader: String
  ) throws -> BesideContent {
    throw LibraryError.unusable(subject: subject, "\(choice.title) is not in this library")
  }

  /// Studies to be read, not cases.
  public var teaching: (any TeachingRoom)? { nil }

  /// Nothing can be corrected: only a library on disk has label files.
  public func correctionBasis(
    _ target: CorrectionTarget, of subject: String, grids: [CorrectionGrid], reader: String,
    isBlind: Bool
  ) throws -> CorrectionBasis {
    throw EditRefusal("only studies of a library on disk can be corrected")
  }

  /// Nothing can be corrected.
  public func correct(
    _ correction: LabelCorrection, _ draft: ReviewDraft, subject: String, reader: String
  ) throws -> ReviewRecord {
    throw EditRefusal("only studies of a library on disk can be corrected")
  }

  /// Nothing can be taken back.
  public func turnCorrection(
    _ draft: ReviewDraft, subject: String, reader: String
  ) throws -> ReviewRecord {
    throw EditRefusal("only studies of a library on disk can be corrected")
  }

  /// Nothing is kept where nothing can be corrected.
  public func keepDraft(
    _ draft: CorrectionDraft, over sessions: [String], subject: String, reader: String
  ) throws -> String? { nil }

  /// Nothing was kept.
  public func removeDraft(
    of target: CorrectionTarget, from sessions: [String], subject: String, reader: String
  ) throws {}

  /// Nothing was kept.
  public func drafts(
    of subject: String, grids: [CorrectionGrid], isBlind: Bool, except sessions: [String],
    reader: String
  ) throws -> DraftSearch { DraftSearch() }

  /// Lines come with the whole list only.
  public func entry(of subject: String, reader: String) throws -> WorklistEntry {
    throw EditRefusal("only studies of a library on disk are listed one by one")
  }

  /// Nothing can be detected.
  public func detectAgain(
    _ subject: String, reader: String, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> WorklistEntry {
    throw EditRefusal("only studies of a library on disk can be detected")
  }
}
