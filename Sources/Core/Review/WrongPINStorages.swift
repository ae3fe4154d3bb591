internal import Foundation
internal import Imaging
internal import Synchronization

/// Wrong PINs counted in memory, for sources that are no library.
final class WrongPINMemory: WrongPINStorage {
  private let counts = Mutex<[String: WrongPINs]>([:])

  func read(reader: String) -> WrongPINs { counts.withLock { $0[reader] ?? WrongPINs() } }

  func change(reader: String, _ body: (inout WrongPINs) -> Int?) -> Int? {
    counts.withLock { counts in
      var own = counts[reader] ?? WrongPINs()
      let answer = body(&own)
      counts[reader] = own
      return answer
    }
  }
}

/// Wrong PINs counted in a file of mode 0600 beside the reader's PIN, so that a new session does not begin
/// with three tries more.
///
/// The file is there while tries were wrong. A damaged one costs one pause and is written anew.
struct WrongPINFile: WrongPINStorage {
  /// The library's root folder.
  let root: URL

  private func url(_ reader: String) -> URL {
    ReaderPIN.folder(library: root)
      .appendingPathComponent("\(ReaderIdentity.sanitised(reader)).tries.json")
  }

  func read(reader: String) throws -> WrongPINs {
    guard let bytes = try OwnFile.bytes(url(reader), limit: 4096) else { return WrongPINs() }
    guard let own = try? JSONDecoder().decode(WrongPINs.self, from: Data(bytes)), own.isSound
    else { return .unreadable }
    return own
  }

  func change(reader: String, _ body: (inout WrongPINs) -> Int?) throws -> Int? {
    let url = url(reader)
    try ReaderPIN.makeFolder(library: root)
    guard let lock = FolderLock(itself: ReaderPIN.folder(library: root)) else {
      throw LibraryError.cannotWrite(url.path, "another session is writing there; try again")
    }
    defer { lock.release() }
    let before = try read(reader: reader)
    var own = before
    let answer = body(&own)
    if own == WrongPINs() {
      guard unlink(url.path) == 0 || errno == ENOENT else {
        throw LibraryError.cannotWrite(url.path, String(cString: strerror(errno)))
      }
    } else if own != before {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      try AtomicFile.write(try encoder.encode(own) + Data("\n".utf8), to: url, permissions: 0o600)
    }
    return answer
  }
}
