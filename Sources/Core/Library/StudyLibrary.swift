public import Foundation
internal import Imaging
internal import Synchronization

/// A study library: any BIDS dataset, opened as it is.
///
/// Originals are only read; everything this program makes goes to `derivatives/cordscope`. The list
/// of studies is that of the moment of opening: `reopened()` looks again.
public struct StudyLibrary: Sendable {
  /// The dataset's root folder.
  public let root: URL
  /// The studies in natural order of their identifiers.
  public let studies: [LibraryStudy]
  /// What participants.tsv says.
  public let participants: Participants
  let cache: LibraryCache

  /// Opens a library.
  ///
  /// - Throws: `LibraryError.notALibrary`, or `ReadError` when participants.tsv cannot be read.
  public init(opening root: URL) throws {
    try self.init(opening: root) { _, _ in }
  }

  /// Opens a library, telling how many folders of how many were looked at.
  ///
  /// - Throws: as ``init(opening:)``.
  init(opening root: URL, looked: (Int, Int) -> Void) throws {
    try self.init(root: root.standardizedFileURL, cache: LibraryCache(), looked: looked)
  }

  /// Opens a library of which something may be known already.
  init(root: URL, cache: LibraryCache, looked: (Int, Int) -> Void = { _, _ in }) throws {
    self.init(
      root: root, studies: try StudyScan(root: root, digest: cache.digest).studies(looked: looked),
      participants: try Participants(library: root), cache: cache)
  }

  /// A library of studies that were looked at.
  init(root: URL, studies: [LibraryStudy], participants: Participants, cache: LibraryCache) {
    self.root = root
    self.studies = studies
    self.participants = participants
    self.cache = cache
  }

  /// The library as it is on disk now.
  ///
  /// - Throws: as ``init(opening:)``.
  public func reopened() throws -> StudyLibrary { try StudyLibrary(root: root, cache: cache) }

  /// The study of an identifier, with or without "sub-".
  ///
  /// - Throws: `LibraryError.noSubject`.
  public func study(_ subject: String) throws -> LibraryStudy {
    let id = subject.hasPrefix("sub-") ? String(subject.dropFirst(4)) : subject
    guard let study = studies.first(where: { $0.subject == id }) else {
      throw LibraryError.noSubject(subject.cleaned(limit: 100), library: root.path)
    }
    return study
  }

  /// The study of an identifier if its image can be used.
  ///
  /// - Throws: `LibraryError.noSubject` or `LibraryError.unusable` with the reason.
  public func usableStudy(_ subject: String) throws -> LibraryStudy {
    let study = try study(subject)
    if let problem = study.problem {
      throw LibraryError.unusable(subject: study.subject, problem)
    }
    return study
  }

  /// The stored detection of a study; `nil` before detection.
  ///
  /// - Throws: `ReadError` when the file is damaged.
  public func detection(of study: LibraryStudy) throws -> DetectionFile.Contents? {
    try detection(of: study, fresh: false)
  }

  /// The stored detection of a study, read from the file in any case where `fresh`.
  func detection(of study: LibraryStudy, fresh: Bool) throws -> DetectionFile.Contents? {
    guard let url = study.derivative("_detection.json", library: root) else { return nil }
    return try cache.detection(url, fresh: fresh)
  }

  /// A reader's journal of a study, kept from the first time on; nothing is read yet.
  ///
  /// - Throws: `LibraryError.unusable`.
  func openJournal(_ study: LibraryStudy, reader: String) throws -> ReviewJournal {
    guard let url = study.journal(reader: reader, library: root) else {
      throw LibraryError.unusable(subject: study.subject, study.problem ?? "no image")
    }
    return cache.journal(url, reader: ReaderIdentity.sanitised(reader))
  }
}

/// What a session has read of a library before.
final class LibraryCache: Sendable {
  /// The folders of labels that were listed before.
  let labelFolders = LabelFolders()
  /// What lists need of files that were read before.
  let digest: LibraryDigest
  /// The studies that are read first.
  let wishes = ReadingWishes()
  /// The lock of the study that this process has open.
  let locks: StudyLocks
  /// What was measured for the screens.
  let measures = MeasuresCache()

  private struct Stamped: Sendable {
    var url: URL
    var stamp: FileStamp
    var contents: DetectionFile.Contents
  }

  /// Studies of a library that is read at once; of a larger one the names are told first.
  let readAtOnce: Int

  private let journals = Mutex<[URL: ReviewJournal]>([:])
  /// The detections read last, the latest at the end; those of a large library do not fit into memory.
  private let detections = Mutex<[Stamped]>([])
  private static let mostDetections = 8

  init(
    digest: LibraryDigest = LibraryDigest(), readAtOnce: Int = WorklistRun.readAtOnce,
    locks: StudyLocks = StudyLocks()
  ) {
    (self.digest, self.readAtOnce, self.locks) = (digest, readAtOnce, locks)
  }

  /// The journal of a file; the cache is never held while a file is read or waited for.
  func journal(_ url: URL, reader: String) -> ReviewJournal {
    journals.withLock { journals in
      if let known = journals[url] { return known }
      let journal = ReviewJournal(unread: PosixJournalStorage(url), reader: reader)
      journals[url] = journal
      return journal
    }
  }

  /// The journal of a file if it was opened before.
  func openedJournal(_ url: URL) -> ReviewJournal? { journals.withLock { $0[url] } }

  /// The detection of a file; read again when its stamp differs.
  func detection(_ url: URL, fresh: Bool) throws -> DetectionFile.Contents? {
    // What is no file is refused by name there.
    guard let stamp = FileStamp(path: url.path) else { return try DetectionFile.read(url) }
    let known = detections.withLock { $0.first { $0.url == url } }
    if !fresh, let known, known.stamp == stamp { return known.contents }
    guard let contents = try DetectionFile.read(url) else { return nil }
    detections.withLock { detections in
      detections.removeAll { $0.url == url }
      detections.append(Stamped(url: url, stamp: stamp, contents: contents))
      if detections.count > Self.mostDetections { detections.removeFirst() }
    }
    return contents
  }
}
