internal import Foundation
internal import Imaging

/// A folder of exported files that knows which ones are its own.
///
/// A hidden list names every file with the SHA-256 of what was written: only what still has that
/// content is replaced, so that nobody's file and nobody's correction is lost.
struct ExportFolder {
  /// The hidden list's name.
  static let listName = ".cordscope-export.json"
  private static let largestList = 64 << 20

  private struct List: Codable {
    /// SHA-256 of what may stand under a name: one, or two while files are written.
    var files: [String: [String]] = [:]
    var notice = Notice.researchUse
  }

  let url: URL
  /// Who may use what is written.
  private let rights: FileRights

  /// Takes a folder that is new, empty or an earlier export's; makes it where it is missing.
  ///
  /// - Throws: `WriteError` for a link, a file, or a folder that holds something else;
  ///   `LibraryError.cannotWrite`.
  init(claiming url: URL, rights: FileRights) throws {
    (self.url, self.rights) = (url, rights)
    try Self.check(url)
    try SharedFolder.make(url, rights: rights)
    if !Self.exists(url.appendingPathComponent(Self.listName)) { try store(List()) }
    _ = try list()
  }

  /// Throws unless a folder may be claimed; nothing is changed.
  static func check(_ url: URL) throws {
    var info = stat()
    guard lstat(url.path, &info) == 0 else { return }
    guard info.st_mode & S_IFMT == S_IFDIR else {
      throw WriteError(
        path: url.path, problem: "is a file or link in the place of a folder",
        advice: "give a new or empty folder")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: url.path)
    let foreign = names.filter { $0 != FolderLock.name && !Leftovers.isOurs($0) }
    guard foreign.isEmpty || foreign.contains(listName) else {
      throw WriteError(
        path: url.path, problem: "holds files that no export of Cordscope made",
        advice: "give a new or empty folder")
    }
  }

  /// Writes files, each whole or not at all, in the place of what an export wrote there.
  ///
  /// - Throws: `WriteError` naming the first file that is somebody else's; then none is written.
  func write(_ files: [(name: String, bytes: [UInt8])]) throws {
    var list = try list()
    for (name, _) in files { try checkOwn(name, list.files[name] ?? []) }
    // Both contents are noted before the first file is written: a killed export knows its own.
    for (name, bytes) in files {
      let hash = SHA256.hexDigest(of: bytes)
      if list.files[name]?.contains(hash) != true { list.files[name, default: []].append(hash) }
    }
    try store(list)
    for (name, bytes) in files {
      try AtomicFile.write(
        bytes, to: url.appendingPathComponent(name), permissions: rights.fileMode)
      list.files[name] = [SHA256.hexDigest(of: bytes)]
    }
    try store(list)
  }

  /// Throws unless nothing is under a name, or what an export wrote.
  private func checkOwn(_ name: String, _ hashes: [String]) throws {
    let file = url.appendingPathComponent(name)
    var info = stat()
    guard lstat(file.path, &info) == 0 else { return }
    if info.st_mode & S_IFMT == S_IFREG, !hashes.isEmpty,
      hashes.contains(try SHA256.hexDigest(ofFile: file))
    {
      return
    }
    throw WriteError(
      path: file.path, problem: "is not what an export wrote there: it is not replaced",
      advice: "move it away, or export to another folder")
  }

  private func list() throws -> List {
    let file = url.appendingPathComponent(Self.listName)
    let bytes = try FileBytes.read(file, limit: Self.largestList)
    guard let list = try? JSONDecoder().decode(List.self, from: Data(bytes)) else {
      throw WriteError(
        path: file.path, problem: "is no list of exported files",
        advice: "export to another folder")
    }
    return list
  }

  private func store(_ list: List) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try AtomicFile.write(
      try encoder.encode(list) + Data("\n".utf8), to: url.appendingPathComponent(Self.listName),
      permissions: rights.fileMode)
  }

  private static func exists(_ url: URL) -> Bool {
    var info = stat()
    return lstat(url.path, &info) == 0
  }
}
