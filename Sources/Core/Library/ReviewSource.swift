/// What a reader wants to write; the journal adds number, time, reader and hash.
public struct ReviewDraft: Equatable, Sendable {
  /// What is done.
  public var action: ReviewAction
  /// On which segment; `nil` for the study as a whole.
  public var segment: SpinalSegment?
  /// What is stated, for a verdict.
  public var verdict: Verdict?
  /// Why, in one of the program's words.
  public var reason: String?
  /// Why, in the reader's words.
  public var comment: String?
  /// Whether the AI's result was hidden.
  public var blind: Bool
  /// SHA-256 of the detection file seen.
  public var detectionSHA256: String?
  /// For undo and redo: the `seq` acted on.
  public var reverts: Int?
  /// What is stated, for the quality of the images.
  public var quality: QualityVerdict?
  /// 0...2, for a grade.
  public var grade: Int?
  /// 0...3, for an Ax-CCM type.
  public var axccm: Int?
  /// 1...3, for a confidence.
  public var confidence: Int?
  /// What is stated, for a difficulty.
  public var difficulty: Difficulty?
  /// Where a finding lies.
  public var place: FindingPlace?
  /// Of other words for a finding: the `seq` of the finding.
  public var revises: Int?
  /// Meaning and name, for a sign-off.
  public var signature: Signature?
  /// What is corrected, for a correction, and for the undo or redo of one.
  public var correction: CorrectionNote?
  /// What is taken over, for an adoption.
  public var verdicts: [StatedVerdict]?
  /// `seq` of the last act that the reader saw, 0 for none: an act that another session has
  /// overtaken is refused. `nil`: the reader saw all there is.
  public var seen: Int?

  /// Makes a draft.
  public init(
    action: ReviewAction, segment: SpinalSegment? = nil, verdict: Verdict? = nil,
    reason: String? = nil, comment: String? = nil, blind: Bool = false,
    detectionSHA256: String? = nil, reverts: Int? = nil, seen: Int? = nil
  ) {
    self.action = action
    self.segment = segment
    self.verdict = verdict
    self.reason = reason
    self.comment = comment
    self.blind = blind
    self.detectionSHA256 = detectionSHA256
    self.reverts = reverts
    self.seen = seen
  }
}

extension ReviewDraft {
  /// States the quality of the study's images; `nil` clears what was stated.
  public static func quality(_ quality: QualityVerdict?) -> ReviewDraft {
    var draft = ReviewDraft(action: .quality)
    draft.quality = quality
    return draft
  }

  /// Grades a segment's lesion, or the study's: 0 none, 1 light, 2 intense; `nil` clears the grade.
  public static func grade(_ grade: Int?, on segment: SpinalSegment?) -> ReviewDraft {
    var draft = ReviewDraft(action: .grade, segment: segment)
    draft.grade = grade
    return draft
  }

  /// Types the axial T2 picture of a segment, or of the study, 0...3 (Ax-CCM, Radiology 2015;276:553).
  public static func axccm(_ type: Int, on segment: SpinalSegment?) -> ReviewDraft {
    var draft = ReviewDraft(action: .axccm, segment: segment)
    draft.axccm = type
    return draft
  }

  /// States how sure the reader is: 1 (a guess) ... 3; `nil` clears it.
  public static func confidence(_ confidence: Int?, on segment: SpinalSegment?) -> ReviewDraft {
    var draft = ReviewDraft(action: .confidence, segment: segment)
    draft.confidence = confidence
    return draft
  }

  /// States how hard a segment or the study is to read; `nil` clears it.
  public static func difficulty(
    _ difficulty: Difficulty?, on segment: SpinalSegment?
  ) -> ReviewDraft {
    var draft = ReviewDraft(action: .difficulty, segment: segment)
    draft.difficulty = difficulty
    return draft
  }

  /// Adds a finding in the reader's words, or says in other words what one that stands is.
  ///
  /// - Parameter seq: the finding that has the words from now on; `nil` for a new one.
  public static func finding(
    _ words: String, at place: FindingPlace, revising seq: Int? = nil
  ) -> ReviewDraft {
    var draft = ReviewDraft(action: .finding, comment: words)
    (draft.place, draft.revises) = (place, seq)
    return draft
  }

  /// Corrects a label file.
  public static func correct(_ note: CorrectionNote) -> ReviewDraft {
    var draft = ReviewDraft(action: .correct)
    draft.correction = note
    return draft
  }

  /// Takes over verdicts on which readers agree.
  public static func adopt(_ verdicts: [StatedVerdict], of readers: [String]) -> ReviewDraft {
    var draft = ReviewDraft(action: .adopt, comment: readers.joined(separator: ", "))
    draft.verdicts = verdicts
    return draft
  }

  /// Signs the study off.
  public static func signOff(_ meaning: SignatureMeaning, name: String) -> ReviewDraft {
    var draft = ReviewDraft(action: .signOff)
    draft.signature = Signature(meaning, name: name)
    return draft
  }
}

/// A reader's journal as read from disk.
public struct JournalContents: Equatable, Sendable {
  /// The acts, oldest first.
  public var records: [ReviewRecord]
  /// A sentence about a torn last line that was set aside, if there was one.
  public var tornLine: String?

  /// Makes the contents of a journal.
  public init(records: [ReviewRecord], tornLine: String? = nil) {
    self.records = records
    self.tornLine = tornLine
  }
}

/// How far the reading of a library's worklist is.
public enum WorklistReading: Sendable {
  /// So many folders of so many were looked at.
  case looked(Int, of: Int)
  /// All studies are known by name and by what participants.tsv says of them.
  case listed([WorklistEntry])
  /// State and results of some more studies, after which so many of so many are known.
  case read([WorklistEntry], Int, of: Int)
}

/// What the workstation needs of a library; every call may block and is made off the UI thread.
public protocol ReviewSource: Sendable {
  /// The library's name for the title line.
  var title: String { get }
  /// The worklist as it stands for a reader.
  func worklist(reader: String) throws -> [WorklistEntry]
  /// The same, telling on the way how far the reading is.
  func worklist(
    reader: String, tell: @escaping @Sendable (WorklistReading) -> Void
  ) throws -> [WorklistEntry]
  /// Reads the states of some subjects before all others, as long as the worklist is being read; never
  /// blocks.
  func readFirst(_ subjects: [String])
  /// A reader's saved views of the worklist.
  func worklistViews(reader: String) throws -> WorklistViews
  /// Changes a reader's saved views, and returns them as they are kept.
  func changeWorklistViews(
    reader: String, _ change: (inout WorklistViews) -> Void
  ) throws -> WorklistViews
  /// The text of a reader's file; an empty one before anything was kept.
  func readerText(_ file: ReaderFile, reader: String) throws -> ReaderText
  /// Changes the text of a reader's file, and returns it as it is kept.
  func changeReaderText(
    _ file: ReaderFile, reader: String, _ change: (ReaderText) throws -> String
  ) throws -> ReaderText
  /// Loads one study for the screen.
  func loadStudy(_ subject: String) throws -> ReviewStudy
  /// Loads one study for the screen of a reader, who may not be shown all that others drew.
  func loadStudy(_ subject: String, reader: String) throws -> ReviewStudy
  /// Reads the reader's journal of a study.
  func journal(_ subject: String, reader: String) throws -> JournalContents
  /// Writes one act and returns only after it is fsynced; a sign-off goes through `sign`.
  func append(_ draft: ReviewDraft, subject: String, reader: String) throws -> ReviewRecord
  /// Whether the reader has set a PIN; throws `PINError.waits` while none is taken.
  func hasPIN(reader: String) throws -> Bool
  /// Sets the reader's first PIN.
  func setPIN(_ pin: PIN, reader: String) throws
  /// Checks the reader's PIN, then writes a sign-off as `append` writes other acts; throws `PINError`
  /// where the PIN is not accepted.
  func sign(
    _ draft: ReviewDraft, pin: PIN, subject: String, reader: String
  ) throws -> ReviewRecord
  /// The report of a study with the reader's own acts.
  func sheet(_ subject: String, reader: String) throws -> StudySheet
  /// The signal at a place of a study over that of normal cord; nothing is written.
  func signal(at place: FindingPlace, subject: String, reader: String) throws -> MeasuredValue
  /// Whether studies can be measured: only then are measurements asked for and given room.
  var measuresStudies: Bool { get }
  /// The measures of a study for the screen, with what the reader alone confirms; takes seconds where they
  /// are not known, and may be called while another call runs.
  func measures(of subject: String, reader: String) throws -> StudyMeasures
  /// Takes a study for this session, giving back one held before, and says what its reader may do and
  /// see there; called again, it renews the hold.
  func access(to subject: String, reader: String) throws -> StudyAccess
  /// How far readers agree on the studies of the library that at least two of them signed; of those that who
  /// asks may know of.
  func agreement(of readers: [String], for reader: String) throws -> ReaderAgreement
  /// Gives back the study that this session has open.
  func leave()
  /// What can be shown beside a study's sagittal picture.
  func besideChoices(_ subject: String) throws -> [BesideChoice]
  /// Loads what is shown beside a study's sagittal picture; may be called while another call runs.
  func beside(
    _ choice: BesideChoice, of subject: String, reader: String
  ) throws -> BesideContent
  /// The teaching session, where the studies are the cases of one.
  var teaching: (any TeachingRoom)? { get }
  /// What a correction of a study's labels begins from for a reader; masks lie on the grids given, and a lesion
  /// mask that others drew is none before the reader may see it, nor any but the reader's where the AI is hidden.
  func correctionBasis(
    _ target: CorrectionTarget, of subject: String, grids: [CorrectionGrid], reader: String,
    isBlind: Bool
  ) throws -> CorrectionBasis
  /// Writes a correction and its act, and returns only after both are on the disk.
  func correct(
    _ correction: LabelCorrection, _ draft: ReviewDraft, subject: String, reader: String
  ) throws -> ReviewRecord
  /// Takes a saved correction back, or restores it, and returns only after files and act are on the disk.
  func turnCorrection(
    _ draft: ReviewDraft, subject: String, reader: String
  ) throws -> ReviewRecord
  /// Keeps edits that are not saved, and returns only after they are on the disk: the name of another's that was
  /// set aside for them. Those of the runs of the program given are replaced.
  func keepDraft(
    _ draft: CorrectionDraft, over sessions: [String], subject: String, reader: String
  ) throws -> String?
  /// Removes kept edits of the runs of the program given.
  func removeDraft(
    of target: CorrectionTarget, from sessions: [String], subject: String, reader: String
  ) throws
  /// What other runs of the program than those given left unsaved of a study; masks lie on the grids given.
  func drafts(
    of subject: String, grids: [CorrectionGrid], isBlind: Bool, except sessions: [String],
    reader: String
  ) throws -> DraftSearch
  /// The line of one subject as it stands now.
  func entry(of subject: String, reader: String) throws -> WorklistEntry
  /// Detects a study again, on its labels as they are now; throws `CancellationError` when cancelled.
  func detectAgain(
    _ subject: String, reader: String, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> WorklistEntry
}
