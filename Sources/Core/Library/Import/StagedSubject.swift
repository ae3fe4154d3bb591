internal import Foundation
internal import Imaging

/// A subject on its way into a library: its files are written in a hidden folder there, and take
/// their places only when all are whole, so that a full disk leaves no half subject.
struct StagedSubject {
  /// The subject's id without "sub-".
  let subject: String
  /// The session without "ses-"; `nil` where the subject has none.
  let session: String?
  private let root: URL
  private let folder: URL
  private static let prefix = ".cordscope-import-"

  /// Makes the hidden folder.
  ///
  /// - Throws: `LibraryError.cannotWrite`.
  init(_ subject: String, session: String? = nil, library root: URL) throws {
    self.subject = subject
    self.session = session
    self.root = root
    folder = root.appendingPathComponent("\(Self.prefix)\(getpid())-\(UUID().uuidString).tmp")
    try SharedFolder.make(folder)
    do { try SharedFolder.make(anat) } catch {
      discard()
      throw error
    }
  }

  /// Where the image is written.
  var anat: URL { folder.appendingPathComponent(path + "/anat") }

  /// The folder that is moved as a whole: the subject's, or that of its session.
  private var path: String { "sub-\(subject)" + (session.map { "/ses-\($0)" } ?? "") }

  /// Where the label files are written; to be made by who writes some.
  var labels: URL { folder.appendingPathComponent("labels/sub-\(subject)/anat") }

  /// Moves the files to their places, the image last, and enters the subject's row; on failure
  /// nothing of the subject stays. The library's lock is held by the caller.
  ///
  /// - Throws: `LibraryError`, `WriteError`, `ReadError`.
  func settle(participant: [String: String]) throws {
    defer { discard() }
    var moved: [URL] = []
    do {
      if FileManager.default.fileExists(atPath: labels.path) {
        let derivative = root.appendingPathComponent("derivatives/labels")
        try move("labels/sub-\(subject)", into: derivative, &moved)
      }
      if session != nil { try SharedFolder.make(root.appendingPathComponent("sub-\(subject)")) }
      try move(
        path, into: session == nil ? root : root.appendingPathComponent("sub-\(subject)"), &moved)
      try Participants.add([(subject, participant)], library: root, replacing: false)
    } catch {
      for url in moved { try? FileManager.default.removeItem(at: url) }
      throw error
    }
  }

  /// Removes what was written so far.
  func discard() { try? FileManager.default.removeItem(at: folder) }

  private func move(_ path: String, into place: URL, _ moved: inout [URL]) throws {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let target = place.appendingPathComponent(name)
    guard rename(folder.appendingPathComponent(path).path, target.path) == 0 else {
      throw LibraryError.cannotWrite(target.path, String(cString: strerror(errno)))
    }
    moved.append(target)
    try SharedFolder.sync(place)
  }

  /// Removes what imports left that were killed; the library's lock says that none is at work.
  static func removeLeftovers(in root: URL) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    for name in names where name.hasPrefix(prefix) && name.hasSuffix(".tmp") {
      try? FileManager.default.removeItem(at: root.appendingPathComponent(name))
    }
  }
}
