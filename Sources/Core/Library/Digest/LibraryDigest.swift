internal import Foundation
internal import Imaging
internal import Synchronization

/// What lists need of a library's files, each fact for as long as its file stays as it is.
final class LibraryDigest: Sendable {
  /// What the header of an image tells.
  struct ImageFact: Equatable, Sendable {
    /// Why the image cannot be used; `nil` where it can.
    var problem: String?
  }

  /// What the sidecar of a study's plain image says of the choice among its series.
  struct ChoiceFact: Equatable, Sendable {
    /// Whether an import chose it.
    var isChosen: Bool
    /// The image that a reader wished for in its place.
    var detectOn: String?
  }

  /// When the reader of a journal corrected labels of levels, took that back or restored it, for the last time.
  ///
  /// Beside what a list needs of the reader's own journal: labels are everybody's, so this is kept of all journals
  /// of a study, and nothing else of those of others.
  struct LevelCorrectionFact: Equatable, Sendable {
    /// UTC; `nil` where it never was.
    var time: String?
  }

  let images: FileFacts<ImageFact>
  let choices: FileFacts<ChoiceFact>
  let detections: FileFacts<DetectionDigest>
  let journals: FileFacts<ReviewSummary>
  let levelCorrections: FileFacts<LevelCorrectionFact>
  /// Where segments lay in former detections, whose files have their hash in the name.
  let formerPlaces: FileFacts<SegmentPlaces>
  private let setups = Mutex<[DetectionSetup]>([])
  /// The file in which the facts are kept as it was when it was read or written.
  private let kept = Mutex<[URL: FileStamp]>([:])

  /// Setups that are told apart; a library has few.
  private static let mostSetups = 64

  /// Knows nothing yet.
  ///
  /// - Parameter restingSeconds: how long a file must have been left alone to be remembered.
  init(restingSeconds: Int = 2) {
    images = FileFacts(restingSeconds: restingSeconds)
    choices = FileFacts(restingSeconds: restingSeconds)
    detections = FileFacts(restingSeconds: restingSeconds)
    journals = FileFacts(restingSeconds: restingSeconds)
    levelCorrections = FileFacts(restingSeconds: restingSeconds)
    formerPlaces = FileFacts(restingSeconds: restingSeconds)
  }

  /// Facts that were read since they were last kept.
  var news: Int {
    images.news + choices.news + detections.news + journals.news + levelCorrections.news
      + formerPlaces.news
  }

  /// The digest with the setup that equal ones share.
  func sharing(_ digest: DetectionDigest) -> DetectionDigest {
    let own = digest.setup
    var digest = digest
    digest.setup = setups.withLock { setups in
      if let known = setups.first(where: { $0 == own }) { return known }
      if setups.count < Self.mostSetups { setups.append(own) }
      return own
    }
    return digest
  }
}

// MARK: - The file

extension LibraryDigest {
  /// A file larger than this is not one of ours.
  private static let largestFile = 512 << 20

  /// The reader's own file of facts: nobody else writes it, and it tells nobody what the reader stated.
  static func url(library root: URL, reader: String) -> URL {
    ReaderPIN.folder(library: root)
      .appendingPathComponent("\(ReaderIdentity.sanitised(reader)).worklist")
  }

  /// Takes in what the reader's earlier sessions kept; a file that is damaged, of another version or of
  /// another user is passed over, for all in it can be read anew.
  func read(library root: URL, reader: String) {
    let url = Self.url(library: root, reader: reader)
    guard let stamp = OwnFile.stamp(url), kept.withLock({ $0[url] }) != stamp,
      let facts = Self.facts(url)
    else { return }
    kept.withLock { $0[url] = stamp }
    images.add(facts.images)
    choices.add(facts.choices)
    detections.add(facts.detections.mapValues { (stamp: $0.stamp, value: sharing($0.value)) })
    journals.add(facts.journals)
    levelCorrections.add(facts.levelCorrections)
    formerPlaces.add(facts.formerPlaces)
  }

  /// Keeps what was read for the next session, beside what other sessions kept meanwhile; where it cannot
  /// be kept, the next session reads again.
  func write(library root: URL, reader: String) {
    let derivatives = root.appendingPathComponent("derivatives/cordscope")
    // A dataset is not given a folder for the sake of this file.
    guard news > 0, FolderEntries.isFolder(derivatives.path),
      (try? ReaderPIN.makeFolder(library: root)) != nil
    else { return }
    let url = Self.url(library: root, reader: reader)
    // Where another session keeps the lock, the next one reads again.
    guard let lock = FolderLock(itself: url.deletingLastPathComponent()) else { return }
    defer { lock.release() }
    read(library: root, reader: reader)
    // What a session read of other readers' verdicts is not for this reader's file.
    let own = "_reader-\(ReaderIdentity.sanitised(reader))_review.jsonl"
    let text = DigestText(
      images: images.lasting(below: root.path), choices: choices.lasting(below: root.path),
      detections: detections.lasting(below: root.path),
      journals: journals.lasting(below: root.path).filter { $0.path.hasSuffix(own) },
      levelCorrections: levelCorrections.lasting(below: root.path),
      formerPlaces: formerPlaces.lasting(below: root.path))
    guard (try? AtomicFile.write(text.bytes, to: url, permissions: 0o600)) != nil else { return }
    kept.withLock { $0[url] = OwnFile.stamp(url) }
    images.settle()
    choices.settle()
    detections.settle()
    journals.settle()
    levelCorrections.settle()
    formerPlaces.settle()
  }

  private static func facts(_ url: URL) -> DigestText.Facts? {
    guard let bytes = try? OwnFile.bytes(url, limit: largestFile) else { return nil }
    return DigestText.facts(bytes)
  }
}
