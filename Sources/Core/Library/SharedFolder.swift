public import Foundation

/// Folders of a library that a group shares: mode 2770, so that new files stay with the group.
public enum SharedFolder {
  /// Makes a folder and its missing parents; existing ones are left as they are.
  ///
  /// - Throws: `LibraryError.cannotWrite`.
  public static func make(_ url: URL) throws {
    if mkdir(url.path, 0o770) == 0 {
      // mkdir honours the umask and drops the set-group bit; both are wanted here.
      _ = chmod(url.path, 0o2770)
      try sync(url.deletingLastPathComponent())
      return
    }
    let code = errno
    let parent = url.deletingLastPathComponent()
    if code == EEXIST {
      var info = stat()
      guard stat(url.path, &info) == 0, info.st_mode & S_IFMT == S_IFDIR else {
        throw LibraryError.cannotWrite(url.path, "a file is in the way of a folder")
      }
    } else if code == ENOENT, parent.path != url.path {
      try make(parent)
      try make(url)
    } else {
      throw LibraryError.cannotWrite(url.path, String(cString: strerror(code)))
    }
  }

  /// Returns when a folder's entries are on the disk.
  ///
  /// - Throws: `LibraryError.cannotWrite`.
  public static func sync(_ url: URL) throws {
    let descriptor = open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      // A parent that may be entered but not listed cannot be synced; nothing can be done.
      if errno == EACCES { return }
      throw LibraryError.cannotWrite(url.path, String(cString: strerror(errno)))
    }
    defer { _ = close(descriptor) }
    // File systems without folder sync say EINVAL; they order entries themselves.
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw LibraryError.cannotWrite(url.path, String(cString: strerror(errno)))
    }
  }

  /// Gives a file of ours the group's rights (0660).
  static func share(_ url: URL) { _ = chmod(url.path, 0o660) }
}
