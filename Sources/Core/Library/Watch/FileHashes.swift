internal import Foundation
internal import Imaging

/// The SHA-256 of files that lie in a drop folder, for as long as the program runs: when a file comes to
/// many others, only that one is read.
struct FileHashes {
  /// A file that changed less than this long ago is read every time: the clock of files is coarse.
  let restingSeconds: Int
  private var known: [String: (identity: FileIdentity, hash: String)] = [:]

  /// How often a file was read.
  private(set) var reads = 0

  /// Knows nothing yet.
  init(restingSeconds: Int = 2) { self.restingSeconds = restingSeconds }

  /// The hash of a file.
  ///
  /// - Throws: `ReadError` when it cannot be read.
  mutating func hash(of url: URL) throws -> String {
    let before = FileIdentity(file: url.path)
    if let before, let entry = known[url.path], entry.identity == before { return entry.hash }
    let hash = try SHA256.hexDigest(ofFile: url)
    reads += 1
    // Files come and go for years; what is forgotten is read again.
    if known.count >= DropFolder.mostFiles { known = [:] }
    known[url.path] = nil
    if let before, before == FileIdentity(file: url.path),
      before.hasRested(seconds: restingSeconds)
    {
      known[url.path] = (before, hash)
    }
    return hash
  }
}
