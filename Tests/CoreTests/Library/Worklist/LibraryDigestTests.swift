import Foundation
import Imaging
import Synchronization
import TestSupport
import Testing

@testable import Core

@Suite("Worklist: what is kept between sessions")
struct LibraryDigestTests {
  let folder: TemporaryFolder

  /// Two studies, detected, one of them begun by Anna.
  init() throws {
    folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01", "02"], in: folder)
    try folder.write("participant_id\tage\nsub-01\t61\n", to: "participants.tsv")
    for study in library.studies {
      try DerivativeWriter(library: folder.url).write(
        LibraryFixture.detection(subject: study.subject), maps: LibraryFixture.maps(), of: study)
    }
    try state(.c4c5, on: "01")
  }

  private func state(_ segment: SpinalSegment, on subject: String) throws {
    _ = try StudyLibrary(opening: folder.url).append(
      ReviewDraft(action: .verdict, segment: segment, verdict: .absent), subject: subject,
      reader: "anna")
  }

  /// A session of Anna's, with what her earlier ones kept.
  private func session() throws -> StudyLibrary {
    let digest = LibraryDigest(restingSeconds: 0)
    digest.read(library: folder.url, reader: "anna")
    return try StudyLibrary(root: folder.url, cache: LibraryCache(digest: digest))
  }

  /// Reads the list, and keeps what was read.
  private func read(_ library: StudyLibrary) -> [WorklistEntry] {
    library.keepingDigest(of: "anna") {
      library.studies.map { library.entry(of: $0, reader: "anna") }
    }
  }

  private var file: URL { LibraryDigest.url(library: folder.url, reader: "anna") }
  private let detection = "derivatives/cordscope/sub-01/anat/sub-01_T2w_detection.json"
  private let journal = "derivatives/cordscope/sub-01/anat/sub-01_T2w_reader-anna_review.jsonl"

  @Test("what is kept says the same as the files, and no file is read for it again")
  func kept() throws {
    let first = try session()
    let entries = read(first)
    #expect(entries.map(\.state) == [.reading, .unread] && entries[0].age == "61")
    #expect(entries[0].conclusion?.verdict == .open && entries[0].flagged == [.c4c5])
    #expect(try LibraryFixture.mode(file) == 0o600 && first.cache.digest.news == 0)
    let second = try session()
    // The plain files of two images, two detections and a journal.
    #expect(second.cache.digest.images.count == 2 && second.cache.digest.journals.count == 1)
    #expect(second.studies.map(\.subject) == ["01", "02"])
    #expect(second.studies.map { second.entry(of: $0, reader: "anna") } == entries)
    #expect(second.cache.digest.news == 0)
    let plain = try StudyLibrary(opening: folder.url).worklist(reader: "anna")
    #expect(entries == plain)
  }

  @Test("a journal that was appended to is read again, alone")
  func journalAppended() throws {
    _ = read(try session())
    try state(.c5c6, on: "02")
    for segment in SpinalSegment.allCases.dropLast() where segment != .c4c5 {
      try state(segment, on: "01")
    }
    let next = try session()
    #expect(read(next).map(\.state) == [.read, .reading])
    let again = try session()
    #expect(again.cache.digest.journals.count == 2 && again.cache.digest.detections.count == 2)
  }

  @Test("a detection that was replaced is read again, alone")
  func detectionReplaced() throws {
    _ = read(try session())
    let next = try session()
    try DerivativeWriter(library: folder.url).write(
      LibraryFixture.detection(score: 0.02), maps: LibraryFixture.maps(), of: next.studies[0])
    let entries = next.studies.map { next.entry(of: $0, reader: "anna") }
    #expect(entries.map(\.score) == [0.02, 0.041] && entries[0].flagged.isEmpty)
    #expect(next.cache.digest.detections.news == 1 && next.cache.digest.news == 1)
    try FileManager.default.removeItem(at: folder(detection))
    #expect(next.entry(of: next.studies[0], reader: "anna").state == .waiting)
  }

  /// Six segments of 18 mm, all moved downwards by so many mm.
  private static func detection(movedBy mm: Double) -> Detection {
    var detection = LibraryFixture.detection(subject: "02")
    for segment in SpinalSegment.allCases {
      detection.segments[segment.rawValue].zFromMm = 60 - 18 * Double(segment.rawValue) - mm
      detection.segments[segment.rawValue].zToMm = 42 - 18 * Double(segment.rawValue) - mm
    }
    return detection
  }

  @Test("a former detection is read once, and again where what is kept is damaged")
  func formerDetection() throws {
    let library = try StudyLibrary(opening: folder.url)
    let study = try library.study("02")
    func store(_ detection: Detection) throws -> String {
      try DerivativeWriter(library: folder.url).write(
        detection, maps: LibraryFixture.maps(), of: study)
    }
    let former = try store(Self.detection(movedBy: 18))
    _ = try library.openJournal(study, reader: "anna").append(
      ReviewDraft(
        action: .verdict, segment: .c5c6, verdict: .absent, detectionSHA256: former))
    _ = try store(Self.detection(movedBy: 0))
    let entries = read(try session())
    #expect(entries.map(\.relabelled) == [[], [.c5c6]])
    let second = try session()
    #expect(second.cache.digest.formerPlaces.count == 1)
    #expect(second.studies.map { second.entry(of: $0, reader: "anna") } == entries)
    #expect(second.cache.digest.news == 0)

    let good = try Data(contentsOf: file)
    try (good.dropLast(9) + Data("x".utf8)).write(to: file)
    let third = try session()
    #expect(third.cache.digest.formerPlaces.count == 0)
    #expect(read(third) == entries)
    #expect(try session().cache.digest.formerPlaces.count == 1)
    // What is kept of a file that is gone says nothing.
    let name = "sub-02_T2w" + DerivativeWriter.versionEnding(former)
    try FileManager.default.removeItem(at: folder("derivatives/cordscope/sub-02/anat/\(name)"))
    let fourth = try session()
    #expect(fourth.entry(of: fourth.studies[1], reader: "anna").relabelled.isEmpty)
  }

  @Test("the last correction of levels is kept of every journal; taking it back is one, too")
  func levelsCorrected() throws {
    /// Looks at what Anna's list says of her verdict, which was stated before any detection, and how many
    /// journals were read for it; the session after it reads nothing.
    func check(_ relabelled: [SpinalSegment], reads journals: Int, _ when: String) throws {
      let library = try session()
      let entries = library.studies.map { library.entry(of: $0, reader: "anna") }
      #expect(entries[0].relabelled == relabelled, "\(when)")
      #expect(library.cache.digest.levelCorrections.news == journals, "\(when)")
      #expect(read(library) == entries, "\(when)")
      let next = try session()
      #expect(next.studies.map { next.entry(of: $0, reader: "anna") } == entries, "\(when)")
      #expect(next.cache.digest.news == 0, "\(when)")
    }
    let library = try StudyLibrary(opening: folder.url)
    let liu = try library.openJournal(library.study("01"), reader: "liu")
    _ = try liu.append(ReviewDraft(action: .verdict, segment: .c5c6, verdict: .present))
    try check([], reads: 2, "nothing corrected")
    let hash = String(repeating: "0", count: 64)
    var note = CorrectionNote(.discs, change: "moved")
    (note.file, note.after) = ("a.nii.gz", hash)
    note.origin = CorrectionOrigin(
      files: [], isVersionKept: false, sidecar: nil, newSidecar: hash)
    _ = try liu.append(.correct(note))
    try check([.c4c5], reads: 1, "discs corrected")
    try state(.c4c5, on: "01")
    try check([], reads: 1, "stated again")
    let made = ReviewState(liu.contents.records)
    var undo = try #require(made.undoDraft(blind: false, detectionSHA256: nil))
    undo.correction = try #require(made.target(of: undo)?.correction).turned(isUndo: true)
    _ = try liu.append(undo)
    try check([.c4c5], reads: 1, "taken back")

    // Of Liu's journal nothing else is in Anna's file.
    let facts = try #require(DigestText.facts(Array(try Data(contentsOf: file))))
    #expect(facts.levelCorrections.count == 2)
    #expect(facts.journals.keys.allSatisfy { $0.contains("reader-anna") })
    try Data("damaged".utf8).write(to: file)
    try check([.c4c5], reads: 2, "nothing kept")
  }

  @Test("what participants.tsv says is never kept")
  func participantsChanged() throws {
    _ = read(try session())
    try folder.write("participant_id\tage\nsub-01\t62\nsub-02\t33\n", to: "participants.tsv")
    let next = try session()
    #expect(read(next).map(\.age) == ["62", "33"])
  }

  @Test("an image that was replaced is judged again")
  func imageReplaced() throws {
    _ = read(try session())
    let axial = Affine(i: [0.5, 0, 0], j: [0, 0.5, 0], k: [0, 0, 4], origin: .zero)
    try LibraryFixture.write(
      LibraryFixture.image(affine: axial), to: folder("sub-01/anat/sub-01_T2w.nii.gz"))
    let next = try session()
    #expect(next.studies[0].problem?.contains("axial") == true && next.studies[1].problem == nil)
  }

  @Test("a journal altered in its place is noticed, though size and time are set back")
  func altered() throws {
    _ = read(try session())
    let path = folder(journal).path
    let times = try FileManager.default.attributesOfItem(atPath: path)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    Thread.sleep(forTimeInterval: 0.05)
    let handle = try FileHandle(forWritingTo: folder(journal))
    try handle.write(contentsOf: Data(text.replacing("C4-5", with: "C5-6").utf8))
    try handle.close()
    try FileManager.default.setAttributes(
      [.modificationDate: try #require(times[.modificationDate])], ofItemAtPath: path)
    guard case .problem(let why) = read(try session())[0].state else {
      Issue.record("the journal is taken for whole")
      return
    }
    #expect(why.contains("line 1"))
  }

  @Test("a file that changed a moment ago is not remembered: the clock of files is coarse")
  func young() throws {
    let digest = LibraryDigest(restingSeconds: 3600)
    let library = try StudyLibrary(root: folder.url, cache: LibraryCache(digest: digest))
    #expect(read(library).count == 2 && digest.detections.count == 0)
    #expect(!FileManager.default.fileExists(atPath: file.path))
  }

  @Test("what is damaged, or may be another's, is passed over without a word and written anew")
  func foreign() throws {
    let entries = read(try session())
    let good = try Data(contentsOf: file)
    for spoil in ["damage", "rights", "link"] {
      try FileManager.default.removeItem(at: file)
      switch spoil {
      case "damage": try (good.dropLast(9) + Data("x".utf8)).write(to: file)
      case "rights":
        try good.write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: file.path)
      default:
        try good.write(to: folder("elsewhere"))
        try FileManager.default.createSymbolicLink(
          at: file, withDestinationURL: folder("elsewhere"))
      }
      let next = try session()
      #expect(next.cache.digest.detections.count == 0, "\(spoil)")
      #expect(read(next) == entries, "\(spoil)")
      #expect(try LibraryFixture.mode(file) == 0o600, "\(spoil)")
      #expect(try session().cache.digest.detections.count == 2, "\(spoil)")
    }
  }

  @Test("where it cannot be kept, the list is read without it; no dataset is given a folder for it")
  func notWritable() throws {
    try folder.write("in the way", to: "derivatives/cordscope/readers")
    #expect(read(try session()).map(\.state) == [.reading, .unread])
    let other = try TemporaryFolder()
    _ = try LibraryFixture.library(["01"], in: other)
    let before = try LibraryFixture.snapshot(other.url)
    let digest = LibraryDigest(restingSeconds: 0)
    let plain = try StudyLibrary(root: other.url, cache: LibraryCache(digest: digest))
    let states = plain.keepingDigest(of: "anna") {
      plain.studies.map { plain.entry(of: $0, reader: "anna").state }
    }
    #expect(states == [.waiting] && digest.news > 0)
    #expect(try LibraryFixture.snapshot(other.url) == before)
  }

  @Test("two sessions that write lose nothing of each other; what is gone from disk is dropped")
  func twoSessions() throws {
    let sessions = [try session(), try session()]
    for (library, study) in zip(sessions, sessions[0].studies) {
      _ = library.entry(of: study, reader: "anna")
    }
    for library in sessions { library.cache.digest.write(library: folder.url, reader: "anna") }
    #expect(try session().cache.digest.detections.count == 2)
    try FileManager.default.removeItem(at: folder(detection))
    try state(.c2c3, on: "02")
    let third = try session()
    _ = third.entry(of: third.studies[1], reader: "anna")
    third.cache.digest.write(library: folder.url, reader: "anna")
    #expect(try session().cache.digest.detections.count == 1)
    #expect(try session().cache.digest.journals.count == 2)
  }

  @Test("what is kept of journals is the reader's own, whoever else read the list in the session")
  func ownJournals() throws {
    let first = try session()
    _ = try first.append(
      ReviewDraft(action: .verdict, segment: .c4c5, verdict: .present), subject: "02",
      reader: "joanna")
    // Not that session's cache: what it has opened it reads itself.
    let library = try session()
    _ = library.keepingDigest(of: "joanna") {
      library.studies.map { library.entry(of: $0, reader: "joanna") }
    }
    #expect(read(library).map(\.state) == [.reading, .unread])
    #expect(library.cache.digest.journals.count == 2)
    for (reader, study) in [("anna", "01"), ("joanna", "02")] {
      let bytes = try Data(contentsOf: LibraryDigest.url(library: folder.url, reader: reader))
      let facts = try #require(DigestText.facts(Array(bytes)))
      #expect(
        Array(facts.journals.keys) == [
          "derivatives/cordscope/sub-\(study)/anat/sub-\(study)_T2w_reader-\(reader)_review.jsonl"
        ])
    }
  }

  @Test("sessions that write at once leave a whole file")
  func atOnce() throws {
    let library = try session()
    let root = folder.url
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      let digest = LibraryDigest(restingSeconds: 0)
      let own = try? StudyLibrary(root: root, cache: LibraryCache(digest: digest))
      for study in own?.studies ?? [] { _ = own?.entry(of: study, reader: "anna") }
      digest.write(library: root, reader: "anna")
    }
    #expect(library.studies.count == 2)
    #expect(try session().cache.digest.detections.count == 2)
  }

  @Test("what is on the screen is read first, whenever the screen changes; each study is read once")
  func screenFirst() {
    let wishes = ReadingWishes()
    let subjects = (0..<500).map(String.init)
    var run = WorklistRun(subjects: subjects + ["7"], wishes: wishes)
    run.team = ThreadTeam(threads: 1)
    let order = Mutex<[Int]>([])
    let told = Mutex<[[Int]]>([])
    wishes.wish(for: ["450", "451", "unknown", "450"])
    let lines = run.read { index -> Int in
      order.withLock { $0.append(index) }
      if index == 40 { wishes.wish(for: ["300", "3"]) }
      return index
    } tell: { lines, _ in
      told.withLock { $0.append(lines) }
    }
    #expect(lines == Array(0...500))
    let read = order.withLock { $0 }
    #expect(read.sorted() == lines && read.prefix(3) == [450, 451, 0])
    #expect(read.firstIndex(of: 300).map { $0 < 70 } == true)
    #expect(told.withLock { $0 }.first == [450, 451])
    #expect(told.withLock { $0 }.joined().sorted() == lines)
  }
}
