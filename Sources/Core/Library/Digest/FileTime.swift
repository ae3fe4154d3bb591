internal import Foundation

/// When a file or folder was last changed, to the nanosecond where the file system keeps it.
///
/// Two numbers: in one of nanoseconds a year beyond 2262, which a wrong clock writes, has no room.
struct FileTime: Comparable, Sendable {
  /// Since 1970.
  var seconds: Int64
  /// 0..<1 000 000 000.
  var nanoseconds: Int64

  /// Makes a time from its parts.
  init(seconds: Int64, nanoseconds: Int64) {
    (self.seconds, self.nanoseconds) = (seconds, nanoseconds)
  }

  init(_ time: timespec) {
    self.init(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
  }

  /// The last change of contents of what lies at a place, of a link its own; `nil` where nothing does.
  init?(written url: URL) {
    var info = stat()
    guard lstat(url.path, &info) == 0 else { return nil }
    self.init(info.st_mtim)
  }

  static func < (a: FileTime, b: FileTime) -> Bool {
    (a.seconds, a.nanoseconds) < (b.seconds, b.nanoseconds)
  }

  /// Whether it is so long ago.
  func isPast(seconds: Int) -> Bool {
    var clock = timespec()
    _ = clock_gettime(CLOCK_REALTIME, &clock)
    var latest = FileTime(clock)
    latest.seconds -= Int64(seconds)
    return self <= latest
  }
}
