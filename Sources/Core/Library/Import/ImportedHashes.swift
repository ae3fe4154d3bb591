internal import Foundation
internal import Synchronization

/// From which source file each subject of a library was imported, by the file's SHA-256.
///
/// Every sidecar is read once in an importer's life; what other importers add meanwhile is noticed by
/// the folders' names. To be asked while the library's lock is held.
final class ImportedHashes: Sendable {
  private struct Contents: Sendable {
    /// Names of the subjects' folders that were looked into.
    var seen: Set<String> = []
    /// Subjects without "sub-" by hash; the first of equals.
    var subjects: [String: String] = [:]
  }

  private let contents = Mutex(Contents())
  private let read: @Sendable (_ subject: String) -> String?

  /// Knows nothing yet; `read` gives the hash that a subject's sidecar states.
  init(read: @escaping @Sendable (_ subject: String) -> String?) { self.read = read }

  /// Forgets a hash: the subject that had it is gone.
  func forget(_ hash: String) { contents.withLock { $0.subjects[hash] = nil } }

  /// The subject that was imported from a file of this hash.
  ///
  /// - Throws: when the library's folder cannot be listed.
  func subject(holding hash: String, in root: URL) throws -> String? {
    let names = try FileManager.default.contentsOfDirectory(atPath: root.path)
    return contents.withLock { contents in
      for name in names.filter({ $0.hasPrefix("sub-") && !contents.seen.contains($0) }).sorted() {
        contents.seen.insert(name)
        let subject = String(name.dropFirst(4))
        guard let found = read(subject), contents.subjects[found] == nil else { continue }
        contents.subjects[found] = subject
      }
      return contents.subjects[hash]
    }
  }
}
