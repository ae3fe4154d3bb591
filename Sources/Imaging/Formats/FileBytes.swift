public import Foundation

/// Whole files, or parts of them, as bytes.
public enum FileBytes {
  /// The largest file that is read by default: 8 GiB.
  public static let defaultLimit = 1 << 33

  /// Reads a regular file, or a range of it.
  ///
  /// A range that reaches beyond the end gives the bytes there are; the format's reader knows how
  /// many it needed and says so with the offset.
  /// - Throws: `ReadError` when the file is missing, unreadable, not a regular file, over `limit` or larger
  ///   than the memory that can be had.
  public static func read(
    _ url: URL, range: Range<Int>? = nil, limit: Int = defaultLimit
  ) throws -> [UInt8] {
    let descriptor = try open(url)
    defer { close(descriptor) }
    let size = try size(of: descriptor, url)
    let from = min(max(0, range?.lowerBound ?? 0), size)
    let to = min(max(from, range?.upperBound ?? size), size)
    guard to - from <= limit else {
      throw ReadError(
        path: url.path, problem: "has \(to - from) bytes, more than the limit of \(limit)")
    }
    try MemoryRequest.check(to - from, path: url.path)
    var problem: ReadError?
    let bytes = [UInt8](unsafeUninitializedCapacity: to - from) { buffer, count in
      while count < buffer.count, let base = buffer.baseAddress {
        let piece = min(buffer.count - count, 1 << 30)
        let got = pread(descriptor, base + count, piece, off_t(from + count))
        if got < 0 && errno == EINTR { continue }
        if got < 0 { problem = failure("cannot be read", url) }
        if got <= 0 { break }
        count += got
      }
    }
    if let problem { throw problem }
    return bytes
  }

  /// The size of a regular file in bytes.
  /// - Throws: `ReadError` when the file is missing, unreadable or not a regular file.
  public static func size(of url: URL) throws -> Int {
    let descriptor = try open(url)
    defer { close(descriptor) }
    return try size(of: descriptor, url)
  }

  // MARK: - Links

  /// Below this folder no link is followed.
  @TaskLocal private static var folderWithoutLinks: String?

  /// Runs a body in which files below a folder are opened without following a link on the way from it:
  /// what was looked at and found to be a file may be another's link a moment later.
  ///
  /// It holds for the calling thread; the folder itself may be reached by links. Paths are compared as
  /// they are written.
  public static func withoutLinks<Result>(
    below folder: URL, _ body: () throws -> Result
  ) rethrows -> Result {
    try $folderWithoutLinks.withValue(folder.path) { try body() }
  }

  private static let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK

  private static func open(_ url: URL) throws -> Int32 {
    let path = url.path
    guard let folder = folderWithoutLinks, path.hasPrefix(folder + "/") else {
      let descriptor = Foundation.open(path, flags)
      guard descriptor >= 0 else { throw failure("cannot be opened", url) }
      return descriptor
    }
    var place = Foundation.open(folder, flags | O_DIRECTORY)
    guard place >= 0 else { throw failure("cannot be opened", url) }
    let names = path.dropFirst(folder.count + 1).split(separator: "/")
    guard !names.isEmpty, !names.contains("..") else {
      close(place)
      throw ReadError(path: path, problem: "is not a regular file")
    }
    for (number, name) in names.enumerated() {
      let isLast = number == names.count - 1
      let next = openat(place, String(name), flags | O_NOFOLLOW | (isLast ? 0 : O_DIRECTORY))
      let code = errno
      close(place)
      guard next >= 0 else {
        errno = code
        guard code != ELOOP, isLast || code != ENOTDIR else {
          throw ReadError(path: path, problem: "is a link, or lies behind one: not followed here")
        }
        throw failure("cannot be opened", url)
      }
      place = next
    }
    return place
  }

  private static func size(of descriptor: Int32, _ url: URL) throws -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("cannot be examined", url) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw ReadError(path: url.path, problem: "is not a regular file")
    }
    return Int(status.st_size)
  }

  private static func failure(_ problem: String, _ url: URL) -> ReadError {
    let code = errno
    let advice: String? =
      switch code {
      case ENOENT: "check the path"
      case EACCES, EPERM: "check the file's permissions"
      default: nil
      }
    return ReadError(
      path: url.path, problem: "\(problem): \(String(cString: strerror(code)))", advice: advice)
  }
}
