internal import Foundation
internal import Imaging

/// What lies in a drop folder, and since when it has not changed. Nothing in it is ever written.
///
/// Each entry of the folder (a folder with all below it, or a file) is one delivery; loose files are
/// one together, as senders put the files of a study side by side. A delivery is complete when none of
/// its files changed in size or time, and none came or went, for some seconds.
struct DropFolder {
  /// One delivery.
  struct Delivery: Equatable {
    /// What to import: an entry of the folder, or its loose files.
    var sources: [URL]
    /// What to call it.
    var place: URL
    /// SHA-256 of its files' paths, sizes and times.
    var stamp: String
    /// Its files.
    var files: [URL]
  }

  private struct Seen {
    var stamp: String
    var since: ContinuousClock.Instant
  }

  /// A drop folder with more files than this is not looked at: it is somebody's disk.
  static let mostFiles = 250_000
  /// What lies deeper than an import looks is not waited for either.
  private static let deepest = ImportSource.deepest + 1

  let url: URL
  let quietFor: Duration
  private var seen: [String: Seen] = [:]

  /// Prepares to look at a folder.
  init(_ url: URL, quietFor: Duration) {
    self.url = url
    self.quietFor = quietFor
  }

  /// Looks at the folder now.
  ///
  /// - Returns: the deliveries that have been quiet long enough, and how many have not.
  /// - Throws: `ReadError` when the folder cannot be listed or holds too much.
  mutating func look(
    now: ContinuousClock.Instant = .now
  ) throws -> (complete: [Delivery], waiting: Int) {
    let deliveries = try list()
    var complete: [Delivery] = []
    var current: [String: Seen] = [:]
    for delivery in deliveries {
      let key = delivery.place.path
      var state = Seen(stamp: delivery.stamp, since: now)
      if let known = seen[key], known.stamp == delivery.stamp { state.since = known.since }
      current[key] = state
      if now - state.since >= quietFor { complete.append(delivery) }
    }
    seen = current
    return (complete, deliveries.count - complete.count)
  }

  private func list() throws -> [Delivery] {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: url.path) } catch {
      throw ReadError(
        path: url.path, problem: "cannot be listed", advice: "check that the folder is there")
    }
    var loose: [File] = []
    var result: [Delivery] = []
    var count = 0
    for name in names.sorted(by: NaturalOrder.precedes) where !name.hasPrefix(".") {
      let entry = url.appendingPathComponent(name)
      var files: [File] = []
      try collect(entry, depth: 0, into: &files, count: &count)
      guard !files.isEmpty else { continue }
      if files.count == 1, files[0].url == entry {
        loose += files
      } else {
        result.append(delivery([entry], at: entry, files))
      }
    }
    if !loose.isEmpty { result.append(delivery(loose.map(\.url), at: url, loose)) }
    return result
  }

  private struct File {
    var url: URL
    var size: Int64
    var seconds: Int
    var nanoseconds: Int
  }

  /// The regular files at a path; links are not followed.
  private func collect(
    _ path: URL, depth: Int, into files: inout [File], count: inout Int
  ) throws {
    var info = stat()
    guard lstat(path.path, &info) == 0 else { return }
    switch info.st_mode & S_IFMT {
    case S_IFREG:
      count += 1
      guard count <= Self.mostFiles else {
        throw ReadError(
          path: url.path, problem: "holds more than \(Self.mostFiles) files",
          advice: "watch a folder of its own")
      }
      files.append(
        File(
          url: path, size: Int64(info.st_size), seconds: Int(info.st_mtim.tv_sec),
          nanoseconds: Int(info.st_mtim.tv_nsec)))
    case S_IFDIR where depth < Self.deepest:
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path.path)) ?? []
      for name in names.sorted() where !name.hasPrefix(".") {
        try collect(
          path.appendingPathComponent(name), depth: depth + 1, into: &files, count: &count)
      }
    default: break
    }
  }

  private func delivery(_ sources: [URL], at place: URL, _ files: [File]) -> Delivery {
    let text = files.map { "\($0.url.path)\0\($0.size)\0\($0.seconds)\0\($0.nanoseconds)" }
      .joined(separator: "\n")
    return Delivery(
      sources: sources, place: place, stamp: SHA256.hexDigest(of: text), files: files.map(\.url))
  }
}
