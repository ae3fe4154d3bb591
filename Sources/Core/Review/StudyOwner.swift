/// The session that has a study open to state something on it.
public struct StudyOwner: Codable, Equatable, Sendable {
  /// The reader.
  public var reader: String
  /// The machine's name.
  public var host: String
  /// The process on that machine.
  public var pid: Int32
  /// What tells sessions apart that happen to have the same process number.
  public var session: String
  /// The last sign of life, in seconds since 1970.
  public var heartbeat: Double

  /// Makes an owner.
  public init(reader: String, host: String, pid: Int32, session: String, heartbeat: Double) {
    self.reader = reader
    self.host = host
    self.pid = pid
    self.session = session
    self.heartbeat = heartbeat
  }

  /// Whether the lock said whose it is; one that cannot be read is taken over when it is old.
  public var isKnown: Bool { pid != 0 }

  /// "liu at srv1 (process 4711)".
  public var words: String {
    isKnown
      ? "\(reader) at \(host) (process \(pid))"
      : "an unknown session: its lock file cannot be read (free 90 s after it was written)"
  }
}

/// Whether a session may state something on a study, or another of the same reader has it.
public enum StudyHold: Equatable, Sendable {
  /// The study is this session's; `recovered` names the session that left a lock behind.
  case mine(recovered: StudyOwner?)
  /// Another session has it: here it is read-only.
  case elsewhere(StudyOwner)
  /// No lock is needed, or none can be had where nothing can be written.
  case free

  /// The other session.
  public var owner: StudyOwner? {
    if case .elsewhere(let owner) = self { return owner }
    return nil
  }
}
