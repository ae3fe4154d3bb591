internal import Foundation

/// What changes with the contents of a file: which one it is, its size, and when it was written.
///
/// Not the device: its number may be another after each start of the machine.
struct FileStamp: Equatable, Sendable {
  var inode: UInt64
  /// In bytes.
  var size: Int64
  /// Nanoseconds since 1970 of the last change of contents.
  var modified: Int64
  /// The same of anything, which no program sets back.
  var changed: Int64

  /// Makes a stamp from its parts.
  init(inode: UInt64, size: Int64, modified: Int64, changed: Int64) {
    (self.inode, self.size, self.modified, self.changed) = (inode, size, modified, changed)
  }

  /// The regular file at a path, or that a link there leads to; `nil` where there is none.
  init?(path: String) {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    self.init(info)
  }

  /// The stamp of what was looked at; `nil` where that is no regular file.
  init?(_ info: stat) {
    guard info.st_mode & S_IFMT == S_IFREG else { return nil }
    self.init(
      inode: UInt64(info.st_ino), size: Int64(info.st_size),
      modified: Self.nanoseconds(info.st_mtim), changed: Self.nanoseconds(info.st_ctim))
  }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// Whether nothing has changed for so long: the clock of files is coarse, and what is written twice
  /// within one of its ticks bears one stamp.
  func hasRested(seconds: Int) -> Bool {
    let now = Int64(Date().timeIntervalSince1970 * 1e9)
    return now - max(modified, changed) >= Int64(seconds) * 1_000_000_000
  }
}
