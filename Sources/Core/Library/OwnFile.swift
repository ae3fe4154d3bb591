internal import Foundation
internal import Imaging

/// A file in the folder of readers' files that is the user's own.
///
/// Every reader may put files there, and so also one that bears another's name: nothing is taken from a
/// file of another user, from one that others may write to, or from a link.
enum OwnFile {
  /// The stamp of the user's own file at a place; `nil` where there is none.
  static func stamp(_ url: URL) -> FileStamp? {
    var info = stat()
    guard lstat(url.path, &info) == 0, problem(info) == nil else { return nil }
    return FileStamp(info)
  }

  /// The bytes of the user's own file at a place; `nil` where nothing lies there.
  ///
  /// - Throws: `ReadError` naming the file where it is not the user's own, or cannot be read.
  static func bytes(_ url: URL, limit: Int) throws -> [UInt8]? {
    var info = stat()
    guard lstat(url.path, &info) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw ReadError(path: url.path, problem: String(cString: strerror(errno)))
    }
    if let why = problem(info) {
      throw ReadError(path: url.path, problem: why.problem, advice: why.advice)
    }
    return try FileBytes.withoutLinks(below: url.deletingLastPathComponent()) {
      try FileBytes.read(url, limit: limit)
    }
  }

  /// Why what lies at a place is nothing to be read, however often it is tried; `nil` where it may be, or where
  /// that cannot be told now.
  static func fault(_ url: URL, limit: Int) -> ReadError? {
    var info = stat()
    guard lstat(url.path, &info) == 0 else { return nil }
    if let why = problem(info) {
      return ReadError(path: url.path, problem: why.problem, advice: why.advice)
    }
    let size = Int(info.st_size)
    guard size > limit else { return nil }
    return ReadError(
      path: url.path, problem: "has \(size) bytes, more than the limit of \(limit)")
  }

  /// Why a file is not to be trusted, and what to do about it.
  private static func problem(_ info: stat) -> (problem: String, advice: String)? {
    guard info.st_mode & S_IFMT == S_IFREG else {
      return ("is a link, or no file: not followed here", "move it away")
    }
    guard info.st_uid == geteuid() else {
      return ("belongs to another user", "have it removed: it is not yours")
    }
    guard info.st_mode & 0o022 == 0 else {
      return ("may be written by others", "look at what it says, then chmod 600 it")
    }
    return nil
  }
}
