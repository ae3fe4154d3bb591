/// Who asks for what readers stated, where that is somebody who reads in the library: reports tell him of others'
/// readings what the screen shows him.
///
/// Whoever stands in `readers.tsv`, or has a journal of any study, reads in the library. Anybody else runs the
/// study, and is told all.
public struct ReadingViewer: Equatable, Sendable {
  /// The reader, as files name them.
  public let reader: String
  /// Whether he wants to see what others signed of studies that he has not signed, and lets his journals note it.
  public let compares: Bool

  /// What is said of counts over the studies of a library.
  public var remark: String { "Studies that \(reader) has not signed are left out." }

  /// Finds whether a reader's id is that of somebody who reads in a library; `nil` where it is not.
  ///
  /// - Throws: `ReadError` where `readers.tsv` cannot be read: what was meant to be hidden is never let through.
  public init?(_ reader: String, in library: StudyLibrary, compares: Bool = false) throws {
    let id = ReaderIdentity.sanitised(reader)
    guard try library.knownReaders().contains(id) else { return nil }
    self.reader = id
    self.compares = compares
  }
}

/// What a report of a study tells of its readings.
public enum OthersTold: Equatable, Sendable {
  /// All, signed or not: to who reads nothing in the library.
  case everything
  /// A reader's own, and what others signed; whether his journal has just noted that he looks.
  case signed(to: String, isNoted: Bool)
  /// A reader's own alone, as he has neither signed nor compared the study; and why he was refused to compare it,
  /// where he asked.
  case own(of: String, refusal: String?)

  /// Name of the flag of a report that tells a reader's own reading alone.
  static let flagName = "readings-left-out"

  /// What is said of it, the same of every study, whether others have read it or not; `nil` where all is told.
  public var remark: String? {
    switch self {
    case .everything: nil
    case .signed(let reader, _): "Of others' readings \(reader) is told what they signed."
    case .own(let reader, _):
      "Readings of others are left out: \(reader) has not signed the study."
    }
  }

  /// Whether only a reader's own reading is told.
  public var isOwnAlone: Bool {
    if case .own = self { return true }
    return false
  }

  /// The flag of a report that tells a reader's own reading alone.
  var flags: [QualityFlag] {
    guard isOwnAlone, let remark else { return [] }
    return [QualityFlag(Self.flagName, remark)]
  }

  /// Whether a reader's acts are told whatever they are.
  func tellsAll(of reader: String) -> Bool {
    switch self {
    case .everything: true
    case .signed(let viewer, _), .own(let viewer, _): viewer == reader
    }
  }

  /// The acts of a journal that are told; `nil` where nothing of it is, not even that it cannot be read.
  ///
  /// - Throws: `ReadError`, `JournalError` naming the file.
  func acts(of journal: ReaderJournal) throws -> [ReviewRecord]? {
    if tellsAll(of: journal.reader) { return try journal.records() }
    if isOwnAlone { return nil }
    let signed = StudyLibrary.signedActs(try journal.records())
    return signed.isEmpty ? nil : signed
  }
}
