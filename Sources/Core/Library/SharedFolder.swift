public import Foundation
public import Imaging

/// Folders of a library that a group shares: mode 2770, so that new files stay with the group. Outside of it they are
/// as the caller's umask says.
public enum SharedFolder {
  /// Makes a folder and its missing parents; existing ones are left as they are.
  ///
  /// - Throws: `LibraryError.cannotWrite`.
  public static func make(_ url: URL, rights: FileRights = .group) throws {
    var missing: [URL] = []
    var folder = url
    // Some places, such as /proc, say that a parent is missing when none is: each folder is tried
    // once on the way up and once on the way down.
    while case .noParent(let why) = try attempt(folder, rights) {
      let parent = folder.deletingLastPathComponent()
      guard parent.path.utf8.count < folder.path.utf8.count, !parent.path.isEmpty else {
        throw LibraryError.cannotWrite(url.path, why)
      }
      missing.append(folder)
      folder = parent
    }
    for folder in missing.reversed() {
      if case .noParent(let why) = try attempt(folder, rights) {
        throw LibraryError.cannotWrite(folder.path, why)
      }
    }
  }

  private enum Attempt {
    case isThere
    case noParent(String)
  }

  /// Makes one folder.
  private static func attempt(_ url: URL, _ rights: FileRights) throws -> Attempt {
    if mkdir(url.path, rights == .group ? 0o770 : 0o777) == 0 {
      // mkdir honours the umask and drops the set-group bit; a library's folder is not the umask's, and has it.
      if rights == .group { _ = chmod(url.path, 0o2770) }
      try sync(url.deletingLastPathComponent())
      return .isThere
    }
    let code = errno
    let why = String(cString: strerror(code))
    if code == ENOENT { return .noParent(why) }
    var info = stat()
    guard stat(url.path, &info) == 0 else { throw LibraryError.cannotWrite(url.path, why) }
    // A folder that is there is enough, also where nothing may be made (EROFS, EACCES).
    guard info.st_mode & S_IFMT == S_IFDIR else {
      throw LibraryError.cannotWrite(url.path, "a file is in the way of a folder")
    }
    return .isThere
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
