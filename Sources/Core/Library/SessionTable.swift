internal import Foundation
internal import Imaging

/// `sub-X_sessions.tsv` of BIDS: what differs from one session of a subject to the next.
enum SessionTable {
  private static func url(_ subject: String, _ root: URL) -> URL {
    root.appendingPathComponent("sub-\(subject)/sub-\(subject)_sessions.tsv")
  }

  /// The age of a subject at a session.
  ///
  /// - Returns: `nil` when the table does not list the session; inside, `nil` when its age is not known.
  static func age(_ session: String, subject: String, library root: URL) -> String?? {
    guard let table = try? TextTable(contentsOf: url(subject, root)),
      let row = table.rows.first(where: { $0["session_id"] == "ses-\(session)" })
    else { return nil }
    return .some(row["age"]?.cleaned(limit: 20))
  }

  /// Lists a session unless it is listed; the other lines stay as they are.
  ///
  /// - Throws: `ReadError`, `WriteError`.
  static func add(
    _ session: String, age: String?, subject: String, library root: URL
  ) throws {
    let url = url(subject, root)
    var lines = ["session_id\tage"]
    if FileManager.default.fileExists(atPath: url.path) {
      let bytes = try FileBytes.read(url, limit: TextTable.largest)
      lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        .map(String.init)
    }
    let columns = (lines.first ?? "").split(separator: "\t").map(String.init)
    guard columns.contains("session_id") else {
      throw ReadError(
        path: url.path, problem: "has no column session_id", advice: "repair it or move it away")
    }
    let id = "ses-\(session)"
    let table = TextTable(lines.joined(separator: "\n"))
    guard !table.rows.contains(where: { $0["session_id"] == id }) else { return }
    let cells = ["session_id": id, "age": age ?? "n/a"]
    lines.append(columns.map { cells[$0] ?? "n/a" }.joined(separator: "\t"))
    try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: url)
  }
}

extension StudyLibrary {
  /// What the tables say of a study's patient: the participant's row, with the age at the session.
  func participant(of study: LibraryStudy) -> Participants.Row {
    var row = participants[study.participant]
    let parts = study.folder.split(separator: "/")
    if let session = parts.first(where: { $0.hasPrefix("ses-") }),
      let age = SessionTable.age(
        String(session.dropFirst(4)), subject: study.participant, library: root)
    {
      row.age = age
    }
    return row
  }
}
