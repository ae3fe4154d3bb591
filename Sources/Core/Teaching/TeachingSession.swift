public import Foundation
internal import Imaging

/// A teaching session of a library: numbered cases, and nothing that names their studies.
///
/// It lives in `derivatives/cordscope/teaching/NAME/`: `session.jsonl`, and one journal per learner and
/// case. A study is found again by a key made of its identifier and the session's salt.
public struct TeachingSession: Equatable, Sendable {
  /// Most cases of a session.
  public static let mostCases = 1000

  /// Its name.
  public let name: String
  /// The reader who made it.
  public let teacher: String
  /// When, in UTC.
  public let created: String
  /// The key of each case's study, in order.
  public let cases: [String]
  /// Whether signed readings are truth where the library has none.
  public let usesReadings: Bool
  private let salt: String

  /// The folder of all sessions of a library.
  public static func folder(library root: URL) -> URL {
    root.appendingPathComponent("derivatives/cordscope/teaching")
  }

  /// The folder of the session.
  public func folder(library root: URL) -> URL {
    Self.folder(library: root).appendingPathComponent(name)
  }

  /// The names of a library's sessions.
  public static func names(library root: URL) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder(library: root).path)
    return (names ?? []).filter { (try? check($0)) != nil }.sorted()
  }

  /// The log of a session.
  static func log(_ name: String, library root: URL) -> TeachingLog {
    let url = folder(library: root).appendingPathComponent("\(name)/session.jsonl")
    return TeachingLog(storage: PosixJournalStorage(url))
  }

  /// Opens a session.
  ///
  /// - Throws: `TeachingError.noSession`, `JournalError`.
  public init(opening name: String, library root: URL) throws {
    try Self.check(name)
    guard let first = try Self.log(name, library: root).read().created else {
      throw TeachingError.noSession(name, known: Self.names(library: root))
    }
    try self.init(name, first)
  }

  init(_ name: String, _ first: TeachingRecord) throws {
    guard let plan = first.plan, 1...Self.mostCases ~= plan.cases.count else {
      throw JournalError.brokenChain(file: "session.jsonl", line: 1, why: "it states no cases")
    }
    self.name = name
    teacher = first.reader.cleaned(limit: 40)
    created = first.time.cleaned(limit: 40)
    (cases, salt, usesReadings) = (plan.cases, plan.salt, plan.readings)
  }

  /// Makes a session of studies in their order.
  ///
  /// - Parameter usesReadings: whether signed readings are truth where the library has none.
  /// - Throws: `TeachingError`, `notAllowed` for who may not teach; `JournalError`; `LibraryError.cannotWrite`;
  ///   `ReadError` when `readers.tsv` is damaged.
  public init(
    making name: String, of studies: [LibraryStudy], in library: StudyLibrary, by reader: String,
    usesReadings: Bool, at time: Date = Date()
  ) throws {
    try Self.check(name)
    try ReaderTable(library: library.root).checkTeaching(reader, "makes a session")
    // The name stands on every learner's screen.
    if library.studies.contains(where: { CasePseudonym($0, number: 0).isNamed(in: name) }) {
      throw TeachingError.badName(name, "it names a study of the library")
    }
    guard 1...Self.mostCases ~= studies.count else {
      throw TeachingError.noCases("it takes 1 to \(Self.mostCases) studies")
    }
    var random = SystemRandomNumberGenerator()
    let salt = (0..<2).map { _ in String(random.next(), radix: 16) }.joined()
    let plan = TeachingRecord.Plan(
      cases: studies.map { Self.key(of: $0.subject, salt: salt) }, salt: salt,
      readings: usesReadings)
    let record = try Self.log(name, library: library.root).append(
      .created, reader: ReaderIdentity.sanitised(reader), at: time
    ) { record, contents in
      guard contents.created == nil else { throw TeachingError.exists(name) }
      record.plan = plan
      return true
    }
    guard let record else { throw TeachingError.exists(name) }
    try self.init(name, record)
  }

  /// What stands for a study: the first 32 digits of the SHA-256 of salt and identifier.
  static func key(of subject: String, salt: String) -> String {
    String(SHA256.hexDigest(of: "\(salt) \(subject)").prefix(32))
  }

  /// The studies of the cases, in order.
  ///
  /// - Throws: `TeachingError.caseMissing`.
  func studies(in library: StudyLibrary) throws -> [LibraryStudy] {
    var byKey: [String: LibraryStudy] = [:]
    for study in library.studies { byKey[Self.key(of: study.subject, salt: salt)] = study }
    return try cases.enumerated().map { index, key in
      guard let study = byKey[key], study.problem == nil else {
        throw TeachingError.caseMissing(index + 1, session: name)
      }
      return study
    }
  }

  /// Throws unless a name is a folder's that needs no quoting: letters, digits and dashes.
  private static func check(_ name: String) throws {
    let isPlain = name.unicodeScalars.allSatisfy {
      switch $0 {
      case "a"..."z", "A"..."Z", "0"..."9", "-": true
      default: false
      }
    }
    guard isPlain, 1...40 ~= name.count, name.first != "-" else {
      throw TeachingError.badName(
        name.cleaned(limit: 40), "1 to 40 letters, digits and dashes, not a dash first")
    }
  }
}
