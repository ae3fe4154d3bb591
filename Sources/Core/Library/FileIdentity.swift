internal import Foundation

/// What a file or folder that was not written since has in common with itself, as long as the machine
/// runs.
struct FileIdentity: Equatable, Sendable {
  private let device: UInt64
  private let stamp: FileStamp

  /// The regular file at a path; `nil` where there is none, or a link.
  init?(file path: String) {
    var info = stat()
    guard lstat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
    self.init(info)
  }

  /// The folder at a path, or that a link there leads to; `nil` where there is none.
  init?(folder path: String) {
    var info = stat()
    guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFDIR else { return nil }
    self.init(info)
  }

  private init(_ info: stat) {
    device = UInt64(info.st_dev)
    stamp = FileStamp(anything: info)
  }

  /// Whether nothing has changed for so long: the clock of files is coarse.
  func hasRested(seconds: Int) -> Bool { stamp.changed.isPast(seconds: seconds) }
}
