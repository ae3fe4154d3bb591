internal import Foundation

/// A hidden folder in which files are written in full before they are moved into place.
///
/// It is locked while its owner lives, so that nobody takes it for a leftover.
final class StagingFolder {
  /// The folder.
  let url: URL
  private let descriptor: Int32

  /// Makes a folder inside another one.
  ///
  /// - Throws: `LibraryError.cannotWrite`.
  init(in folder: URL) throws {
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    url = folder.appendingPathComponent(".staging-\(getpid())-\(random)")
    try SharedFolder.make(url)
    descriptor = open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 { _ = flock(descriptor, LOCK_EX | LOCK_NB) }
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
    if descriptor >= 0 { _ = close(descriptor) }
  }
}
