internal import Foundation
internal import Imaging

/// The lock of a folder while files are put in place there, so that two programs do not mix theirs.
final class FolderLock {
  private let descriptor: Int32

  /// The lock file's name in the folder.
  static let name = ".cordscope.lock"

  /// Waits for the lock.
  ///
  /// - Throws: `LibraryError.cannotWrite`.
  init(_ root: URL) throws {
    descriptor = try Self.open(root)
    while flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
  }

  /// Takes the lock if nobody has it; `nil` if somebody does.
  ///
  /// - Throws: `LibraryError.cannotWrite`.
  init?(ifFree root: URL, rights: FileRights = .group) throws {
    descriptor = try Self.open(root, rights)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      _ = close(descriptor)
      return nil
    }
  }

  private static func open(_ root: URL, _ rights: FileRights = .group) throws -> Int32 {
    let path = root.appendingPathComponent(name).path
    let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    let descriptor = Foundation.open(path, flags, rights.fileMode ?? 0o666)
    guard descriptor >= 0 else {
      throw LibraryError.cannotWrite(path, String(cString: strerror(errno)))
    }
    if let mode = rights.fileMode { _ = fchmod(descriptor, mode) }
    return descriptor
  }

  /// Keeps writers away while files are read, waiting two seconds at most for one that is at work;
  /// `nil` where there is no lock, or it may not be had.
  init?(readingIn root: URL) {
    let path = root.appendingPathComponent(Self.name).path
    descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    for _ in 0..<200 {
      if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return }
      guard errno == EWOULDBLOCK || errno == EINTR else { break }
      usleep(10_000)
    }
    _ = close(descriptor)
    return nil
  }

  /// Locks the folder itself, where a file in it would be in the way, waiting two seconds at most; `nil`
  /// where another keeps the lock, or the folder cannot be opened.
  ///
  /// A file system without locks of folders locks nothing: two sessions may then lose what the other wrote.
  init?(itself folder: URL) {
    descriptor = Foundation.open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    for _ in 0..<200 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
      guard errno == EWOULDBLOCK || errno == EINTR else { return }
      usleep(10_000)
    }
    _ = close(descriptor)
    return nil
  }

  /// Locks the folder itself, where this program may write nothing, if nobody has it; `nil` if somebody
  /// does.
  ///
  /// A folder that cannot be opened, and a file system without locks of folders, lock nothing: nobody is
  /// kept waiting there.
  init?(claiming folder: URL) {
    descriptor = Foundation.open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else {
      return
    }
    _ = close(descriptor)
    return nil
  }

  /// Gives the lock up; to be called once.
  func release() { _ = close(descriptor) }
}
