internal import Foundation
internal import Synchronization

/// What was measured of studies for the screens, for as long as nothing that decides it has changed.
final class MeasuresCache: Sendable {
  /// What decides the measures of a study.
  struct Key: Equatable, Sendable {
    /// The study.
    var subject: String
    /// Image, labels, detection and their sidecars, by path.
    var files: [String: FileStamp]
    /// Segments in which the reader sees a lesion.
    var confirmed: Set<SpinalSegment>
  }

  private struct Entry: Sendable {
    var key: Key
    var measures: StudyMeasures
  }

  /// The latest at the end.
  private let entries = Mutex<[Entry]>([])
  /// Studies kept, or states of verdicts on one: going back and forth costs nothing.
  private static let most = 16

  /// The measures of a key, measured where they are not known; nothing is held meanwhile.
  func measures(_ key: Key, measure: () throws -> StudyMeasures) rethrows -> StudyMeasures {
    if let known = entries.withLock({ $0.first { $0.key == key }?.measures }) { return known }
    let found = try measure()
    let entry = Entry(key: key, measures: found)
    entries.withLock { entries in
      entries.removeAll { $0.key == key }
      entries.append(entry)
      if entries.count > Self.most { entries.removeFirst() }
    }
    return found
  }
}

extension StudyLibrary {
  /// The files that decide what is measured of a study, as they are now: whatever lies beside image and
  /// derivatives under the study's name but the journals, and the label files of other folders.
  func measuredFiles(
    of study: LibraryStudy, for sight: LesionSight = .standing
  ) -> [String: FileStamp] {
    guard let stem = study.stem else { return [:] }
    var urls: Set<URL> = []
    let own = study.derivativeFolder(library: root)
    for folder in [root.appendingPathComponent(study.folder), own] {
      let names = FolderEntries.names(folder.path).filter {
        $0.hasPrefix(stem) && !$0.contains("_review.jsonl")
      }
      urls.formUnion(names.map { folder.appendingPathComponent($0) })
    }
    for file in labelFiles(of: study, for: sight).used.values {
      urls.formUnion([file.url, Sidecar.url(of: file.url)])
      if let share = LabelShares.url(of: file) {
        urls.formUnion([share, Sidecar.url(of: share)])
      }
    }
    return Dictionary(
      urls.compactMap { url in FileStamp(path: url.path).map { (url.path, $0) } },
      uniquingKeysWith: { first, _ in first })
  }
}
