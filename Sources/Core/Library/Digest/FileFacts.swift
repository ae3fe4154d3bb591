internal import Synchronization

/// What was read from files of one kind, for as long as these stay as they are.
///
/// A fact is only ever returned for the stamp of the file it was read from; what cannot be read, or changed
/// a moment ago, is read each time.
final class FileFacts<Value: Sendable>: Sendable {
  /// What a file held.
  struct Fact: Sendable {
    var stamp: FileStamp
    var value: Value
    /// Whether it was asked for, or read, since the program's start.
    var isUsed: Bool
  }

  private struct Contents: Sendable {
    var facts: [String: Fact] = [:]
    /// Facts that were read since the last time that all were kept.
    var news = 0

    mutating func use(_ path: String, _ stamp: FileStamp) -> Fact? {
      guard let fact = facts[path], fact.stamp == stamp else { return nil }
      if !fact.isUsed { facts[path]?.isUsed = true }
      return fact
    }
  }

  private let contents = Mutex(Contents())
  private let restingSeconds: Int

  /// Knows nothing yet.
  ///
  /// - Parameter restingSeconds: how long a file must have been left alone.
  init(restingSeconds: Int) { self.restingSeconds = restingSeconds }

  /// How many files are known.
  var count: Int { contents.withLock { $0.facts.count } }

  /// How many were read since `settle`.
  var news: Int { contents.withLock { $0.news } }

  /// What a file holds, read only where it is not known; `nil` is not remembered.
  ///
  /// - Parameter path: below the library's root.
  func value(
    of path: String, below root: String, read: () throws -> Value?
  ) rethrows -> Value? {
    let full = "\(root)/\(path)"
    guard let stamp = FileStamp(path: full) else { return try read() }
    if let known = contents.withLock({ $0.use(path, stamp) }) { return known.value }
    guard let value = try read() else { return nil }
    // What changed while it was read may be neither the old nor the new.
    guard stamp.hasRested(seconds: restingSeconds), FileStamp(path: full) == stamp else {
      return value
    }
    contents.withLock {
      $0.facts[path] = Fact(stamp: stamp, value: value, isUsed: true)
      $0.news += 1
    }
    return value
  }

  /// Takes in what was kept, or what another session kept, of files that are not known yet.
  func add(_ kept: [String: (stamp: FileStamp, value: Value)]) {
    contents.withLock { contents in
      for (path, fact) in kept where contents.facts[path]?.isUsed != true {
        contents.facts[path] = Fact(stamp: fact.stamp, value: fact.value, isUsed: false)
      }
    }
  }

  /// What is worth keeping, by path: facts in use, and others whose file still is as it was.
  func lasting(below root: String) -> [(path: String, fact: Fact)] {
    contents.withLock { $0.facts }
      .filter { $0.value.isUsed || FileStamp(path: "\(root)/\($0.key)") == $0.value.stamp }
      .map { (path: $0.key, fact: $0.value) }.sorted { $0.path < $1.path }
  }

  /// All is kept now.
  func settle() { contents.withLock { $0.news = 0 } }
}
