internal import Imaging

/// What a reader states about a segment.
public enum Verdict: String, Codable, Sendable, CaseIterable {
  /// T2 hyperintensity is present.
  case present
  /// T2 hyperintensity is absent.
  case absent
  /// The reader cannot tell.
  case cannotTell = "cannot-tell"
}

/// What a reader did; every act is one line of the journal.
public enum ReviewAction: String, Codable, Sendable {
  /// States a verdict on one segment.
  case verdict
  /// Takes back an act that still stands (`reverts` names its `seq`).
  case undo
  /// Restores what was taken back (`reverts` names the undo's `seq`).
  case redo
  /// A remark on a segment or on the study.
  case comment
  /// Flags the study for discussion or a second reader.
  case flag
  /// States the quality of the study's images.
  case quality
  /// Grades the lesion of a segment, or of the study.
  case grade
  /// Types the cord on the axial T2 picture of a segment, or of the study (Ax-CCM).
  case axccm
  /// States how sure the reader is of a segment, or of the study.
  case confidence
  /// States how hard a segment, or the study, is to read.
  case difficulty
  /// Adds a finding of the reader's own at a place of the image, in the cervical cord or elsewhere.
  case finding
  /// Shows the AI's result to a reader from whom it was hidden.
  case reveal
  /// Signs the study off.
  case signOff = "sign-off"
  /// Opens a signed study again, with a reason.
  case reopen
  /// Corrects a label file of the study; its versions are kept, and taken back with them.
  case correct
  /// Shows an adjudicator what the readers signed; what is stated and signed after it follows them.
  case compare
  /// Takes over the verdicts on which the readers agree, all as one act.
  case adopt

  /// Whether undo takes the act back: what was seen or signed stays.
  public var canBeUndone: Bool {
    switch self {
    case .verdict, .comment, .flag, .quality, .grade, .axccm, .confidence, .difficulty, .finding,
      .adopt, .correct:
      true
    case .undo, .redo, .reveal, .signOff, .reopen, .compare: false
    }
  }

  /// Whether the act alters what was signed, so that a signed study refuses it.
  public var needsOpenStudy: Bool {
    switch self {
    case .comment, .reveal, .reopen, .compare: false
    default: true
    }
  }
}

/// One line of a reader's journal.
public struct ReviewRecord: Codable, Equatable, Sendable {
  /// 1, 2, 3, ... within the journal.
  public var seq: Int
  /// UTC, ISO 8601 with milliseconds.
  public var time: String
  /// The reader's id.
  public var reader: String
  /// What was done.
  public var action: ReviewAction
  /// "C2-3" ... or `nil` for acts on the whole study.
  public var segment: String?
  /// What is stated, for a verdict.
  public var verdict: Verdict?
  /// Why, in one of the program's words.
  public var reason: String?
  /// Why, in the reader's words.
  public var comment: String?
  /// Whether the AI's result was hidden when the reader spoke.
  public var blind: Bool
  /// SHA-256 of the detection file seen.
  public var detection: String?
  /// For undo and redo: the `seq` acted on.
  public var reverts: Int?
  /// What is stated, for the quality of the images.
  public var quality: QualityVerdict?
  /// 0, 1 or 2, for a grade (Yukawa 2007: none, light, intense).
  public var grade: Int?
  /// 0...3, for an Ax-CCM type of the axial T2 picture (Radiology 2015;276:553).
  public var axccm: Int?
  /// 1 (a guess), 2 or 3 (sure), for a confidence.
  public var confidence: Int?
  /// What is stated, for a difficulty.
  public var difficulty: Difficulty?
  /// Where a finding lies.
  public var place: FindingPlace?
  /// Of other words for a finding: the `seq` of the finding.
  public var revises: Int?
  /// What is signed, for a sign-off.
  public var signature: Signature?
  /// What was corrected, for a correction, and for the undo or redo of one.
  public var correction: CorrectionNote?
  /// What was taken over, for an adoption.
  public var verdicts: [StatedVerdict]?
  /// SHA-256 of the previous line (without its newline); zeros for the first.
  public var previous: String
  /// SHA-256 of this line's bytes before the `digest` key, so that the last line is protected too;
  /// set by the journal.
  public var digest: String

  /// Makes a record; the journal numbers, chains and seals it.
  public init(
    seq: Int, time: String, reader: String, action: ReviewAction, segment: String? = nil,
    verdict: Verdict? = nil, reason: String? = nil, comment: String? = nil, blind: Bool,
    detection: String?, reverts: Int? = nil, previous: String, digest: String = ""
  ) {
    self.seq = seq
    self.time = time
    self.reader = reader
    self.action = action
    self.segment = segment
    self.verdict = verdict
    self.reason = reason
    self.comment = comment
    self.blind = blind
    self.detection = detection
    self.reverts = reverts
    self.previous = previous
    self.digest = digest
  }

  /// Makes the record of an act as it follows a reader's earlier acts.
  ///
  /// - Parameters:
  ///   - draft: what the reader wants to write.
  ///   - seq, time, reader, previous: as the record has them.
  ///   - state: what the earlier acts say; a sign-off signs it.
  public init(
    _ draft: ReviewDraft, seq: Int, time: String, reader: String, previous: String,
    after state: ReviewState
  ) {
    self.init(
      seq: seq, time: time, reader: reader, action: draft.action, segment: draft.segment?.name,
      verdict: draft.verdict, reason: draft.reason?.cleaned, comment: draft.comment?.cleaned,
      blind: draft.blind, detection: draft.detectionSHA256, reverts: draft.reverts,
      previous: previous)
    quality = draft.quality
    grade = draft.grade
    axccm = draft.axccm
    confidence = draft.confidence
    difficulty = draft.difficulty
    place = draft.place
    revises = draft.revises
    correction = draft.correction?.cleaned
    verdicts = draft.verdicts
    signature = draft.signature.map {
      Signature($0.meaning, name: $0.name.cleaned, state: state.digest(head: previous))
    }
  }
}
