internal import Foundation
internal import Imaging

/// The SHA-256 of files that lie in a drop folder, for as long as the program runs: when a file comes to
/// many others, only that one is read.
struct FileHashes {
  /// What a file that was not written since has in common with itself.
  private struct Identity: Equatable {
    var device: UInt64
    var inode: UInt64
    var size: Int64
    /// Seconds and nanoseconds of the last change of contents, then of anything.
    var times: [Int]
  }

  /// A file that changed less than this long ago is read every time: the clock of files is coarse.
  let restingSeconds: Int
  private var known: [String: (identity: Identity, hash: String)] = [:]

  /// How often a file was read.
  private(set) var reads = 0

  /// Knows nothing yet.
  init(restingSeconds: Int = 2) { self.restingSeconds = restingSeconds }

  /// The hash of a file.
  ///
  /// - Throws: `ReadError` when it cannot be read.
  mutating func hash(of url: URL) throws -> String {
    let before = Self.identity(url)
    if let before, let entry = known[url.path], entry.identity == before { return entry.hash }
    let hash = try SHA256.hexDigest(ofFile: url)
    reads += 1
    // Files come and go for years; what is forgotten is read again.
    if known.count >= DropFolder.mostFiles { known = [:] }
    known[url.path] = nil
    let now = Int(Date().timeIntervalSince1970)
    if let before, before == Self.identity(url), now - before.times[2] >= restingSeconds {
      known[url.path] = (before, hash)
    }
    return hash
  }

  private static func identity(_ url: URL) -> Identity? {
    var info = stat()
    guard lstat(url.path, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
    return Identity(
      device: UInt64(info.st_dev), inode: UInt64(info.st_ino), size: Int64(info.st_size),
      times: [
        Int(info.st_mtim.tv_sec), Int(info.st_mtim.tv_nsec), Int(info.st_ctim.tv_sec),
        Int(info.st_ctim.tv_nsec),
      ])
  }
}
