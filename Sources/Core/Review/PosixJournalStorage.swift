public import Foundation
internal import Imaging

/// A journal on a POSIX file system: mode 0660, appended with O_APPEND, locked with flock.
public struct PosixJournalStorage: JournalStorage {
  /// The journal's file.
  public let url: URL

  /// Makes the storage of a journal file; nothing is opened yet.
  public init(_ url: URL) { self.url = url }

  /// The file's name for messages.
  public var name: String { url.lastPathComponent }

  /// Opens the journal, for reading alone where its mode forbids writing.
  public func open(creating: Bool) throws -> (any JournalFile)? {
    if creating { try SharedFolder.make(url.deletingLastPathComponent()) }
    // O_NONBLOCK: opening a pipe of this name must not hang; O_NOFOLLOW: no link leads elsewhere.
    let flags = O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    for _ in 0..<8 {
      var descriptor = Foundation.open(url.path, O_RDWR | flags)
      if descriptor < 0, errno == EACCES || errno == EROFS, !creating {
        descriptor = Foundation.open(url.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        if descriptor >= 0 { return try file(descriptor, isWritable: false) }
      }
      if descriptor >= 0 { return try file(descriptor, isWritable: true) }
      guard errno == ENOENT else { throw failure("open the journal") }
      guard creating else { return nil }
      descriptor = Foundation.open(url.path, O_RDWR | O_CREAT | O_EXCL | flags, 0o660)
      if descriptor >= 0 {
        // The umask may have taken the group's rights away.
        _ = fchmod(descriptor, 0o660)
        return try file(descriptor, isWritable: true)
      }
      guard errno == EEXIST else { throw failure("create the journal") }
    }
    throw failure("create the journal")
  }

  /// Device and inode of the file of this name.
  public func identity() throws -> [UInt64]? {
    var info = stat()
    if lstat(url.path, &info) == 0 { return [UInt64(info.st_dev), UInt64(info.st_ino)] }
    guard errno == ENOENT else { throw failure("examine the journal") }
    return nil
  }

  /// Writes `<journal>.lost-<mark>`, once.
  public func keepLost(_ bytes: [UInt8], mark: String) throws -> String {
    let side = url.appendingPathExtension("lost-\(mark)")
    if !FileManager.default.fileExists(atPath: side.path) {
      try AtomicFile.write(bytes, to: side)
    }
    return side.lastPathComponent
  }

  /// Appends the torn bytes and a newline to `<journal>.torn`; nothing there is ever removed.
  public func keepTorn(_ bytes: [UInt8]) throws -> String {
    let side = url.appendingPathExtension("torn")
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    let descriptor = Foundation.open(side.path, flags, 0o660)
    guard descriptor >= 0 else { throw failure("set the torn line aside") }
    let file = PosixJournalFile(descriptor, name: side.lastPathComponent, isWritable: true)
    defer { file.close() }
    _ = fchmod(descriptor, 0o660)
    var rest = (bytes + [0x0A])[...]
    while !rest.isEmpty { rest = rest.dropFirst(try file.write(rest)) }
    try file.sync()
    try syncFolder()
    return side.lastPathComponent
  }

  /// Returns when the folder's entries are on the disk.
  public func syncFolder() throws { try SharedFolder.sync(url.deletingLastPathComponent()) }

  private func file(_ descriptor: Int32, isWritable: Bool) throws -> PosixJournalFile {
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      _ = Foundation.close(descriptor)
      throw JournalError.system(file: name, operation: "open", why: "it is not a plain file")
    }
    return PosixJournalFile(descriptor, name: name, isWritable: isWritable)
  }

  private func failure(_ operation: String) -> JournalError {
    .system(file: url.path, operation: operation, why: String(cString: strerror(errno)))
  }
}
