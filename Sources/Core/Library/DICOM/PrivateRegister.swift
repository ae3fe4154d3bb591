internal import Foundation
internal import Imaging

/// Which patient and study is which subject of a library: its private part, apart from all that may be
/// passed on.
///
/// `derivatives/cordscope/private` (mode 0700) holds `key`, 32 random bytes, and `pseudonyms.tsv` (both
/// 0600). Patients and studies stand there as HMAC-SHA256 (RFC 2104) of their identifiers under that
/// key: the same patient is found again, and without the key no guess can be tried out. Names, numbers
/// and birth dates are there only where the import was told to keep them. To be used while the
/// library's lock is held.
struct PrivateRegister {
  /// One study.
  struct Row: Equatable {
    /// The subject's id without "sub-".
    var subject: String
    /// The session without "ses-"; `nil` for a subject's first study.
    var session: String?
    /// The patient's keyed hash.
    var patientKey: String
    /// The study's keyed hash.
    var studyKey: String
    /// What identifies the patient, by column; empty unless it was to be kept.
    var identity: [String: String] = [:]
  }

  /// The columns of the patient's identity.
  static let identityColumns = [
    "patient_id", "name", "birth_date", "accession_number", "study_date", "study_uid",
  ]
  private static let columns = ["subject", "session", "patient_key", "study_key"] + identityColumns

  /// The folder.
  let folder: URL
  private let key: [UInt8]
  private(set) var rows: [Row]

  /// The private part of a library.
  static func folder(library root: URL) -> URL {
    root.appendingPathComponent("derivatives/cordscope/private")
  }

  private static func tableURL(_ folder: URL) -> URL {
    folder.appendingPathComponent("pseudonyms.tsv")
  }
  private static func keyURL(_ folder: URL) -> URL { folder.appendingPathComponent("key") }

  /// Opens a library's register; folder and key are made where there are none.
  ///
  /// - Throws: `LibraryError.cannotWrite`, `WriteError`, `ReadError` when the key is missing or another
  ///   user's.
  init(library root: URL) throws {
    folder = Self.folder(library: root)
    try Self.make(folder)
    let (table, keyFile) = (Self.tableURL(folder), Self.keyURL(folder))
    let hasTable = FileManager.default.fileExists(atPath: table.path)
    if !FileManager.default.fileExists(atPath: keyFile.path) {
      guard !hasTable else {
        throw ReadError(
          path: keyFile.path, problem: "is missing: the patients in pseudonyms.tsv cannot be told",
          advice: "put it back from a backup")
      }
      var random = SystemRandomNumberGenerator()
      let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      try AtomicFile.write(Self.hex(bytes) + "\n", to: keyFile, permissions: 0o600)
    }
    try Self.restrict(keyFile)
    key = Self.bytes(hex: String(decoding: try FileBytes.read(keyFile, limit: 4096), as: UTF8.self))
    guard key.count == 32 else {
      throw ReadError(
        path: keyFile.path, problem: "holds no key of 32 bytes", advice: "put it back from a backup"
      )
    }
    if hasTable { try Self.restrict(table) }
    rows = hasTable ? try Self.rows(table) : []
  }

  /// Opens a library's register to look things up in; nothing is made or changed.
  ///
  /// - Returns: `nil` where there is none, or it is another user's and may not be read.
  /// - Throws: `ReadError` when it is damaged.
  init?(reading root: URL) throws {
    folder = Self.folder(library: root)
    let (table, keyFile) = (Self.tableURL(folder), Self.keyURL(folder))
    guard access(keyFile.path, R_OK) == 0, let key = Self.key(keyFile), key.count == 32 else {
      return nil
    }
    self.key = key
    rows = access(table.path, R_OK) == 0 ? try Self.rows(table) : []
  }

  /// Makes the folder, which nobody else may enter.
  static func make(_ folder: URL) throws {
    try SharedFolder.make(folder.deletingLastPathComponent())
    guard mkdir(folder.path, 0o700) == 0 || errno == EEXIST else {
      throw LibraryError.cannotWrite(folder.path, String(cString: strerror(errno)))
    }
    try restrict(folder)
  }

  /// Takes the rights of others away; a file that is somebody else's cannot be used.
  private static func restrict(_ url: URL) throws {
    var info = stat()
    guard lstat(url.path, &info) == 0 else {
      throw LibraryError.cannotWrite(url.path, String(cString: strerror(errno)))
    }
    guard info.st_mode & S_IFMT != S_IFLNK else {
      throw LibraryError.cannotWrite(url.path, "it is a link; the private part is a real folder")
    }
    let isFolder = info.st_mode & S_IFMT == S_IFDIR
    guard info.st_mode & 0o077 != 0 || info.st_uid != geteuid() else { return }
    guard chmod(url.path, isFolder ? 0o700 : 0o600) == 0 else {
      throw LibraryError.cannotWrite(
        url.path,
        "it belongs to another user: studies that get pseudonyms are imported by the one who did so first"
      )
    }
  }

  /// The rows of a table.
  ///
  /// - Throws: `ReadError` for a line that cannot be read: it would be gone with the next study, and a
  ///   patient would get a second pseudonym.
  private static func rows(_ url: URL) throws -> [Row] {
    let table = try TextTable(contentsOf: url)
    let advice = "put it back from a backup"
    guard Set(table.columns).isSuperset(of: columns) else {
      throw ReadError(path: url.path, problem: "lacks columns, or its first line", advice: advice)
    }
    var studies: Set<String> = []
    return try table.rows.enumerated().map { number, cells in
      guard let row = row(cells), studies.insert(row.studyKey).inserted else {
        throw ReadError(
          path: url.path, field: "line \(number + 2)",
          problem: "is damaged, or names a study a second time", advice: advice)
      }
      return row
    }
  }

  private static func row(_ cells: [String: String]) -> Row? {
    guard let subject = cells["subject"], let patient = cells["patient_key"],
      let study = cells["study_key"], SubjectNaming.name(from: subject).id == subject,
      [patient, study].allSatisfy({ $0.count == 32 && $0.allSatisfy(\.isHexDigit) })
    else { return nil }
    let session = cells["session"]
    guard session.map({ SubjectNaming.name(from: $0).id == $0 }) ?? true else { return nil }
    return Row(
      subject: subject, session: session, patientKey: patient, studyKey: study,
      identity: cells.filter { identityColumns.contains($0.key) })
  }

  /// What is wrong with a library's register, without changing anything; nothing is found where the
  /// register is somebody else's and may not be read.
  static func problems(library root: URL) -> [(name: String, text: String)] {
    let folder = folder(library: root)
    let (table, keyFile) = (tableURL(folder), keyURL(folder))
    guard access(folder.path, R_OK | X_OK) == 0 else { return [] }
    var problems: [(String, String)] = []
    let hasTable = FileManager.default.fileExists(atPath: table.path)
    if FileManager.default.fileExists(atPath: keyFile.path) {
      if access(keyFile.path, R_OK) == 0, key(keyFile)?.count != 32 {
        problems.append(("key", "holds no key of 32 bytes: put it back from a backup"))
      }
    } else if hasTable {
      problems.append(("key", "is missing, so that no patient is known again: put it back"))
    }
    guard hasTable, access(table.path, R_OK) == 0 else { return problems }
    do {
      let subjects = Dictionary(grouping: try rows(table), by: \.subject)
      for (subject, rows) in subjects.sorted(by: { $0.key < $1.key })
      where Set(rows.map(\.patientKey)).count > 1 {
        problems.append(("pseudonyms.tsv", "gives sub-\(subject) to more than one patient"))
      }
    } catch { problems.append(("pseudonyms.tsv", "\(error)")) }
    return problems
  }

  private static func key(_ url: URL) -> [UInt8]? {
    (try? FileBytes.read(url, limit: 4096)).map { bytes(hex: String(decoding: $0, as: UTF8.self)) }
  }

  /// The keyed hash of an identifier: 32 hexadecimal digits.
  func hash(_ text: String) -> String {
    Self.hex(Self.hmac(Array(text.utf8), key: key).prefix(16))
  }

  /// The keyed hash that tells a study.
  func studyKey(_ study: DICOMStudy) -> String { hash("study\u{1F}" + study.studyText) }

  /// The study of a keyed hash.
  func study(_ key: String) -> Row? { rows.first { $0.studyKey == key } }

  /// The subject that a patient's earlier study was given.
  func subject(ofPatient key: String) -> String? {
    rows.first { $0.patientKey == key }?.subject
  }

  /// Enters a study, or what was not known of it before, and writes the table.
  ///
  /// - Throws: `WriteError`.
  mutating func enter(_ row: Row) throws {
    if let place = rows.firstIndex(where: { $0.studyKey == row.studyKey }) {
      var known = rows[place]
      known.identity.merge(row.identity) { $1 }
      guard known != rows[place] else { return }
      rows[place] = known
    } else {
      rows.append(row)
    }
    try write()
  }

  /// Gives the study of a file to a subject, and writes the table.
  ///
  /// Other studies of that subject were taken out of the library before it could be given again: their rows go.
  /// - Throws: `WriteError`.
  mutating func move(study key: String, to subject: String) throws {
    let before = rows
    rows.removeAll { $0.subject == subject && $0.studyKey != key }
    for place in rows.indices where rows[place].studyKey == key { rows[place].subject = subject }
    if rows != before { try write() }
  }

  /// Gives a subject of which the library has nothing another id, and writes the table.
  ///
  /// - Throws: `WriteError`.
  mutating func rename(_ subject: String, to other: String) throws {
    for place in rows.indices where rows[place].subject == subject { rows[place].subject = other }
    try write()
  }

  private func write() throws {
    let lines = rows.map { row in
      var cells = row.identity
      cells["subject"] = row.subject
      cells["session"] = row.session
      cells["patient_key"] = row.patientKey
      cells["study_key"] = row.studyKey
      return Self.columns.map { cells[$0].map(Self.cell) ?? "n/a" }.joined(separator: "\t")
    }
    let text = ([Self.columns.joined(separator: "\t")] + lines).joined(separator: "\n") + "\n"
    try AtomicFile.write(text, to: Self.tableURL(folder), permissions: 0o600)
  }

  /// A text that stays on its line: Unicode has more line ends than control characters.
  private static func cell(_ text: String) -> String {
    String(text.cleaned(limit: 500).map { $0.isNewline ? " " : $0 })
  }

  /// A subject's id that says nothing of the patient: "P" and six letters and digits by chance, those
  /// that are easily taken for others left out.
  func newPseudonym() -> String {
    let letters = Array("23456789ABCDEFGHJKMNPQRSTUVWXYZ")
    var random = SystemRandomNumberGenerator()
    while true {
      let tail = (0..<6).map { _ in letters[Int.random(in: letters.indices, using: &random)] }
      let name = "P" + String(tail)
      if !rows.contains(where: { $0.subject == name }) { return name }
    }
  }

  // MARK: - Hashes

  /// HMAC-SHA256 (RFC 2104) with a key of at most 64 bytes.
  static func hmac(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    let padded = key + [UInt8](repeating: 0, count: 64 - key.count)
    var inner = SHA256()
    inner.update(padded.map { $0 ^ 0x36 })
    inner.update(message)
    var outer = SHA256()
    outer.update(padded.map { $0 ^ 0x5C })
    outer.update(inner.digest())
    return outer.digest()
  }

  private static func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  private static func bytes(hex text: String) -> [UInt8] {
    let digits = Array(text.prefix { $0.isHexDigit })
    guard digits.count % 2 == 0 else { return [] }
    return stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(digits[$0...$0 + 1]), radix: 16)
    }
  }
}
