internal import Foundation
internal import Synchronization

/// The names in folders of label files, for as long as a library is open: tools write the labels of
/// thousands of studies into one folder, which is listed for all of them once.
///
/// A folder is listed again when it was changed.
final class LabelFolders: Sendable {
  /// The names in a folder.
  struct Listing: Sendable {
    /// The names by their lowercase; the first of equals.
    var names: [String: String] = [:]
    /// The folders that TotalSpineSeg fills with a step's results, by their lowercase.
    var stepFolders: [String: String] = [:]
    /// The folders in which a tool leaves its results, sorted.
    var outputFolders: [String] = []

    fileprivate init(_ found: [String]) {
      for name in found.sorted() {
        let lower = name.lowercased()
        if names[lower] == nil { names[lower] = name }
        if LabelMaker.isStepFolder(name) { stepFolders[lower] = name }
        if LabelMaker.isOutputFolder(name) { outputFolders.append(name) }
      }
    }
  }

  private struct Known: Sendable {
    var folders: [String: (identity: FileIdentity, listing: Listing)] = [:]
    var count = 0
  }

  /// A folder that changed less than this long ago is listed every time: the clock of files is coarse.
  private let restingSeconds: Int
  private let known = Mutex(Known())
  /// Folders whose names are kept.
  private static let mostFolders = 1000

  /// Knows nothing yet.
  init(restingSeconds: Int = 2) { self.restingSeconds = restingSeconds }

  /// How often a folder was listed.
  var count: Int { known.withLock { $0.count } }

  /// The names in a folder; none where there is no folder that can be listed.
  func listing(of folder: URL) -> Listing {
    let path = folder.path
    guard let before = FileIdentity(folder: path) else { return Listing([]) }
    if let entry = known.withLock({ $0.folders[path] }), entry.identity == before {
      return entry.listing
    }
    guard let found = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      return Listing([])
    }
    let listing = Listing(found)
    let isAtRest =
      before == FileIdentity(folder: path) && before.hasRested(seconds: restingSeconds)
    known.withLock { known in
      known.count += 1
      // A study's own folders are listed for itself alone: those of a large library do not fit.
      if known.folders.count >= Self.mostFolders { known.folders = [:] }
      known.folders[path] = isAtRest ? (before, listing) : nil
    }
    return listing
  }
}
