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
  /// Takes back a verdict or a flag that still stands (`reverts` names its `seq`).
  case undo
  /// Restores what was taken back (`reverts` names the undo's `seq`).
  case redo
  /// A remark on a segment or on the study.
  case comment
  /// Flags the study for discussion or a second reader.
  case flag
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
}
