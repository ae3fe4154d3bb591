internal import Foundation

/// What changes with the contents of a file: which one it is, its size, and when it was written.
///
/// Not the device: its number may be another after each start of the machine.
struct FileStamp: Equatable, Sendable {
  var inode: UInt64
  /// In bytes.
  var size: Int64
  /// The last change of contents.
  var modified: FileTime
  /// The last change of anything, which on a local disk no program sets back; sshfs, SMB and FAT have no such
  /// time of their own, and give one that can be set.
  var changed: FileTime

  /// Makes a stamp from its parts.
  init(inode: UInt64, size: Int64, modified: FileTime, changed: FileTime) {
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
    self.init(anything: info)
  }

  /// The stamp of what was looked at, whatever it is.
  init(anything info: stat) {
    self.init(
      inode: UInt64(info.st_ino), size: Int64(info.st_size), modified: FileTime(info.st_mtim),
      changed: FileTime(info.st_ctim))
  }

  /// Whether nothing has changed for so long: the clock of files is coarse, and what is written twice
  /// within one of its ticks bears one stamp.
  func hasRested(seconds: Int) -> Bool { max(modified, changed).isPast(seconds: seconds) }
}
