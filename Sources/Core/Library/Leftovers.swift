public import Foundation

/// Hidden files and folders that programs killed in the middle of a write left in a library.
///
/// Their names are this program's own, and their owner holds a lock on them while it lives, on any
/// machine that shares the file system's locks. Nothing else is ever touched.
public enum Leftovers {
  /// What is known of a temporary file or folder.
  enum Owner: Equatable {
    /// Its owner lives and holds its lock.
    case alive
    /// Its owner is gone, or has not had the time to take its lock.
    case gone
    /// The file system knows no such locks.
    case unknown
  }

  /// Seconds after which something without an owner is removed: a lock is taken within milliseconds.
  static let age = 3600.0
  /// The same where no lock can tell: nothing is written for a week.
  static let ageWithoutLocks = 7 * 86400.0

  /// Removes what killed programs left in a library's folders.
  ///
  /// - Returns: the paths removed.
  @discardableResult
  public static func remove(from library: URL) -> [String] {
    find(in: library).filter { url in
      guard let age = secondsSinceChange(url) else { return false }
      let limit: Double
      switch owner(of: url) {
      case .alive: return false
      case .gone: limit = Self.age
      case .unknown: limit = ageWithoutLocks
      }
      guard age > limit else { return false }
      return (try? FileManager.default.removeItem(at: url)) != nil
    }.map(\.path)
  }

  /// All temporary files and folders of this program in a library's folders.
  static func find(in library: URL) -> [URL] {
    folders(of: library).flatMap { folder in
      names(folder).filter(isOurs).sorted().map { folder.appendingPathComponent($0) }
    }
  }

  /// Whether a name is ".cordscope-PID-RANDOM.tmp" or ".staging-PID-RANDOM".
  static func isOurs(_ name: String) -> Bool {
    var words: Substring
    if name.hasPrefix(".cordscope-"), name.hasSuffix(".tmp") {
      words = name.dropFirst(".cordscope-".count).dropLast(".tmp".count)
    } else if name.hasPrefix(".staging-") {
      words = name.dropFirst(".staging-".count)
    } else {
      return false
    }
    let parts = words.split(separator: "-", omittingEmptySubsequences: false)
    return parts.count == 2 && Int32(parts[0]) != nil && UInt64(parts[1], radix: 36) != nil
  }

  /// Whether the one who made a temporary file or folder still holds its lock.
  static func owner(of url: URL) -> Owner {
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return .unknown }
    defer { _ = close(descriptor) }
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return .gone }
    return errno == EWOULDBLOCK ? .alive : .unknown
  }

  private static func secondsSinceChange(_ url: URL) -> Double? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
    return (attributes?[.modificationDate] as? Date).map { -$0.timeIntervalSinceNow }
  }

  /// The folders this program writes to: the root and the derivatives, each with its subjects' and the
  /// private one.
  private static func folders(of library: URL) -> [URL] {
    let derivatives = library.appendingPathComponent("derivatives")
    let bases = [library] + names(derivatives).map { derivatives.appendingPathComponent($0) }
    return bases.flatMap { base in
      let subjects = names(base).filter { $0.hasPrefix("sub-") }
        .map { base.appendingPathComponent($0) }
      let sessions = subjects.flatMap { subject in
        names(subject).filter { $0.hasPrefix("ses-") }.map { subject.appendingPathComponent($0) }
      }
      let own = ["private", "readers"].map { base.appendingPathComponent($0) }
      return [base] + own + subjects
        + (subjects + sessions).map { $0.appendingPathComponent("anat") }
    }
  }

  private static func names(_ folder: URL) -> [String] { FolderEntries.names(folder.path) }
}
