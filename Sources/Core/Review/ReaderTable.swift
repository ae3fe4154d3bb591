public import Foundation
internal import Imaging

/// A library's `readers.tsv`: the readers, their roles and their logins.
///
/// Columns `reader_id` (or `reader`), `role` and `login`, each of which may be missing; "n/a" and empty
/// cells say nothing. A row without a reader's id is for the reader of its login's name. Who stands in no
/// row, or without a role, is a `reader`.
public struct ReaderTable: Equatable, Sendable {
  /// A table larger than this is not one of ours.
  static let largest = 1 << 20

  /// One row.
  public struct Row: Equatable, Sendable {
    /// The account of the reader, where it is called otherwise.
    public var login: String?
    /// The reader's id.
    public var reader: String
    /// The role.
    public var role: ReaderRole
  }

  /// The rows in the order of the file.
  public let rows: [Row]

  /// The table's file.
  public static func url(library root: URL) -> URL { root.appendingPathComponent("readers.tsv") }

  /// Reads a library's table; without the file it has no rows.
  ///
  /// - Throws: `ReadError` naming the line: what was meant to be refused is never let through.
  public init(library root: URL) throws {
    let url = Self.url(library: root)
    var info = stat()
    guard lstat(url.path, &info) == 0 || errno != ENOENT else {
      self.init(rows: [])
      return
    }
    let bytes = try FileBytes.read(url, limit: Self.largest)
    try self.init(String(decoding: bytes, as: UTF8.self), path: url.path)
  }

  private init(rows: [Row]) { self.rows = rows }

  /// Reads a table from a text.
  ///
  /// - Parameter path: the file's path for messages.
  /// - Throws: `ReadError` naming the line.
  init(_ text: String, path: String) throws {
    let lines = Self.lines(text)
    func broken(_ line: Int, _ problem: String, _ advice: String) -> ReadError {
      ReadError(path: path, field: "line \(line + 1)", problem: problem, advice: advice)
    }
    guard let head = lines.firstIndex(where: { !$0.isEmpty }) else {
      self.init(rows: [])
      return
    }
    let columns = Columns(lines[head])
    guard columns.reader != nil || columns.login != nil else {
      throw broken(head, "there is no column reader_id", "begin the file with reader_id<TAB>role")
    }
    var rows: [Row] = []
    var places: [String: (line: Int, role: ReaderRole)] = [:]
    var logins: [String: String] = [:]
    for (line, cells) in lines.enumerated().dropFirst(head + 1) where !cells.isEmpty {
      let login = Self.cell(cells, columns.login)
      guard let name = Self.cell(cells, columns.reader) ?? login else {
        throw broken(line, "it names no reader", "write an id, or remove the line")
      }
      let reader = ReaderIdentity.sanitised(name)
      var role = ReaderRole.reader
      if let word = Self.cell(cells, columns.role) {
        guard let known = ReaderRole(rawValue: word.lowercased()) else {
          let words = ReaderRole.allCases.map(\.rawValue).joined(separator: ", ")
          throw broken(line, "\"\(word.cleaned(limit: 40))\" is no role", "write one of \(words)")
        }
        role = known
      }
      if let other = places[reader], other.role != role {
        throw broken(
          line,
          "\(reader) is \(role.rawValue) here and \(other.role.rawValue) on line \(other.line)",
          "a reader has one role")
      }
      if let login, let other = logins.updateValue(reader, forKey: login), other != reader {
        throw broken(
          line, "the login \(login.cleaned(limit: 40)) is \(reader) here and \(other) before",
          "a login is one reader")
      }
      places[reader] = (line + 1, role)
      rows.append(Row(login: login, reader: reader, role: role))
    }
    self.init(rows: rows)
  }

  /// The reader of a login.
  public func reader(login: String) -> String {
    rows.first { $0.login == login }?.reader ?? ReaderIdentity.sanitised(login)
  }

  /// The role of a reader.
  public func role(of reader: String) -> ReaderRole {
    let id = ReaderIdentity.sanitised(reader)
    return rows.first { $0.reader == id }?.role ?? .reader
  }

  /// Whether somebody stands above the readers.
  public var namesSupervisor: Bool { rows.contains { $0.role == .supervisor } }

  /// Where the columns of a header lie.
  private struct Columns {
    var reader: Int?
    var login: Int?
    var role: Int?

    init(_ cells: [String]) {
      let names = cells.map { $0.lowercased() }
      reader = names.firstIndex(of: "reader_id") ?? names.firstIndex(of: "reader")
      login = names.firstIndex(of: "login")
      role = names.firstIndex(of: "role")
    }
  }

  /// The cells of every line; none for a blank one.
  private static func lines(_ text: String) -> [[String]] {
    let body = text.unicodeScalars.first == "\u{FEFF}" ? String(text.dropFirst()) : text
    return body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
      if line.allSatisfy(\.isWhitespace) { return [] }
      return line.split(separator: "\t", omittingEmptySubsequences: false).map {
        String($0).trimmed.cleaned
      }
    }
  }

  /// What a cell says; `nil` for one that is missing, empty or "n/a".
  private static func cell(_ cells: [String], _ column: Int?) -> String? {
    guard let column, cells.indices.contains(column) else { return nil }
    let cell = cells[column]
    return cell.isEmpty || cell.lowercased() == "n/a" ? nil : cell
  }
}

extension ReaderTable {
  /// Writes a reader's role to a library's table, which is made where there is none; other rows and
  /// columns stay as they are.
  ///
  /// Only the owner of the file may, without a file that of the library; the file is replaced as a whole.
  /// - Throws: `ReadError` where the table cannot be read, `LibraryError.cannotWrite`, `WriteError`.
  public static func set(_ role: ReaderRole, of reader: String, library root: URL) throws {
    let url = url(library: root)
    guard ReaderIdentity.sanitised(reader) == reader else {
      throw LibraryError.cannotWrite(
        url.path, "\"\(reader.cleaned(limit: 40))\" is no reader's id: 1 to 32 letters and digits")
    }
    let lock = try FolderLock(root)
    defer { lock.release() }
    var info = stat()
    let isThere = lstat(url.path, &info) == 0
    guard isThere || errno == ENOENT && stat(root.path, &info) == 0 else {
      throw LibraryError.cannotWrite(url.path, String(cString: strerror(errno)))
    }
    guard !isThere || info.st_mode & S_IFMT == S_IFREG else {
      throw LibraryError.cannotWrite(url.path, "it is no plain file")
    }
    guard geteuid() == 0 || geteuid() == info.st_uid else {
      throw LibraryError.cannotWrite(url.path, "only the owner of it sets roles")
    }
    let old =
      isThere ? String(decoding: try FileBytes.read(url, limit: largest), as: UTF8.self) : ""
    _ = try ReaderTable(old, path: url.path)
    let new = text(old, setting: role, of: reader)
    _ = try ReaderTable(new, path: url.path)
    try AtomicFile.write(new, to: url, permissions: isThere ? info.st_mode & 0o777 : 0o644)
  }

  /// The text of a table after a reader's role is set.
  static func text(_ old: String, setting role: ReaderRole, of reader: String) -> String {
    var lines = lines(old)
    while lines.last?.isEmpty == true { lines.removeLast() }
    if lines.isEmpty { lines = [["reader_id", "role"]] }
    let head = lines.firstIndex { !$0.isEmpty } ?? 0
    if Columns(lines[head]).role == nil { lines[head].append("role") }
    let columns = Columns(lines[head])
    let width = lines[head].count
    func fill(_ cells: [String]) -> [String] {
      cells + Array(repeating: "n/a", count: max(0, width - cells.count))
    }
    var isSet = false
    for index in lines.indices.dropFirst(head + 1) where !lines[index].isEmpty {
      let name = cell(lines[index], columns.reader) ?? cell(lines[index], columns.login)
      guard name.map(ReaderIdentity.sanitised) == reader else { continue }
      lines[index] = fill(lines[index])
      if let column = columns.role { lines[index][column] = role.rawValue }
      isSet = true
    }
    if !isSet {
      var cells = fill([])
      if let column = columns.reader ?? columns.login { cells[column] = reader }
      if let column = columns.role { cells[column] = role.rawValue }
      lines.append(cells)
    }
    return lines.map { $0.joined(separator: "\t") + "\n" }.joined()
  }
}
