public import Foundation

/// Files that are either the old or the new one, never half of either.
public enum AtomicFile {
  /// Writes bytes under a temporary name in the same folder, syncs them, and renames.
  ///
  /// When the call returns, bytes and name are on the disk (file and folder are fsynced). When it
  /// throws, the former file is untouched, unless the error says that only the folder's sync failed.
  /// An existing file or link at `url` is replaced; a device, pipe, socket or folder never is.
  /// - Parameters:
  ///   - bytes: what the file shall hold, for example `[UInt8]` or `Data`.
  ///   - url: a file URL in an existing folder.
  ///   - permissions: the file's mode, whatever the process's umask; `nil`: 0666 without the umask's bits.
  /// - Throws: `WriteError` naming the path and the system's reason.
  public static func write(
    _ bytes: some ContiguousBytes, to url: URL, permissions: mode_t? = 0o660
  ) throws {
    guard url.isFileURL, !url.lastPathComponent.isEmpty else {
      throw WriteError(path: url.absoluteString, problem: "is not a file's name")
    }
    try checkReplaceable(url)
    let folder = url.deletingLastPathComponent()
    let temporary = folder.appendingPathComponent(temporaryName())
    // The kernel takes the umask's bits off, which cannot be read without changing it for other threads.
    let mode: mode_t = permissions == nil ? 0o666 : 0o600
    let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw failure("cannot create a file in the folder", url) }
    do {
      defer { close(descriptor) }
      // Held until the file is closed: whoever clears away what killed programs left tries this lock.
      _ = flock(descriptor, LOCK_EX | LOCK_NB)
      try bytes.withUnsafeBytes { try writeAll($0, to: descriptor, for: url) }
      if let permissions, fchmod(descriptor, permissions) != 0 {
        throw failure("cannot set permissions", url)
      }
      guard fsync(descriptor) == 0 else { throw failure("cannot sync to disk", url) }
      guard rename(temporary.path, url.path) == 0 else {
        throw failure("cannot rename into place", url)
      }
    } catch {
      unlink(temporary.path)
      throw error
    }
    try syncFolder(folder, for: url)
  }

  /// Writes a text as UTF-8; see ``write(_:to:permissions:)-swift.type.method``.
  /// - Throws: `WriteError` naming the path and the system's reason.
  public static func write(_ text: String, to url: URL, permissions: mode_t? = 0o660) throws {
    try write(Array(text.utf8), to: url, permissions: permissions)
  }

  /// A rename would put a file in the place of whatever has the name, `/dev/full` for one.
  private static func checkReplaceable(_ url: URL) throws {
    var info = stat()
    guard lstat(url.path, &info) == 0 else { return }
    let kind: String
    switch info.st_mode & S_IFMT {
    case S_IFREG, S_IFLNK: return
    case S_IFDIR: kind = "a folder"
    case S_IFIFO: kind = "a pipe"
    case S_IFSOCK: kind = "a socket"
    default: kind = "a device"
    }
    throw WriteError(
      path: url.path, problem: "is \(kind), which is not replaced by a file",
      advice: "give another name")
  }

  /// A name that no other process or thread uses and that file listings hide.
  private static func temporaryName() -> String {
    ".cordscope-\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 36)).tmp"
  }

  private static func writeAll(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, for url: URL
  ) throws {
    guard let base = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      // The kernel writes at most about 2 GiB a call; smaller pieces are portable.
      let piece = min(bytes.count - done, 1 << 30)
      let written = Foundation.write(descriptor, base + done, piece)
      if written < 0 {
        if errno == EINTR { continue }
        throw failure("cannot write", url)
      }
      done += written
    }
  }

  /// Makes the new name durable; some file systems cannot sync folders and say EINVAL, which is fine.
  private static func syncFolder(_ folder: URL, for url: URL) throws {
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw failure("was written, but its folder cannot be opened to sync it", url)
    }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw failure("was written, but its folder cannot be synced", url)
    }
  }

  private static func failure(_ problem: String, _ url: URL) -> WriteError {
    let code = errno
    let advice: String? =
      switch code {
      case ENOENT: "make the folder first"
      case EACCES, EPERM, EROFS: "check the folder's permissions"
      case ENOSPC, EDQUOT: "free some disk space"
      default: nil
      }
    return WriteError(
      path: url.path, problem: "\(problem): \(String(cString: strerror(code)))", advice: advice)
  }
}
