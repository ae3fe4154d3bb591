import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Verdicts that were stated when the labels of levels were others")
struct LevelHistoryTests {
  /// Six segments of 18 mm, all moved downwards by so many mm; those left out have no place.
  static func detection(
    movedBy mm: Double = 0, without unknown: Set<SpinalSegment> = [], score: Double = 0.041
  ) -> Detection {
    var detection = LibraryFixture.detection(score: score)
    for segment in SpinalSegment.allCases where !unknown.contains(segment) {
      detection.segments[segment.rawValue].zFromMm = 60 - 18 * Double(segment.rawValue) - mm
      detection.segments[segment.rawValue].zToMm = 42 - 18 * Double(segment.rawValue) - mm
    }
    return detection
  }

  private static func places(
    movedBy mm: Double = 0, without unknown: Set<SpinalSegment> = []
  ) -> SegmentPlaces {
    SegmentPlaces(detection(movedBy: mm, without: unknown))
  }

  private static func verdict(
    on detection: String?, at time: String = "2026-11-20T10:00:00.000Z"
  ) -> ReviewRecord {
    ReviewRecord(
      seq: 1, time: time, reader: "bob", action: .verdict, segment: "C5-6", verdict: .present,
      blind: false, detection: detection, previous: "")
  }

  // MARK: Places

  @Test("a segment has moved where an end lies more than 4 mm elsewhere, upwards or downwards")
  func tolerance() {
    let now = Self.places()
    for (mm, isMoved) in [(0.0, false), (3.9, false), (-3.9, false), (4.1, true), (-18.0, true)] {
      #expect(now.hasMoved(.c5c6, since: Self.places(movedBy: mm)) == isMoved, "\(mm) mm")
    }
    // A boundary that was set anew moves the two segments beside it, and no other.
    var other = now
    other.ends[.c4c5]?.to += 6
    other.ends[.c5c6]?.from += 6
    let moved = SpinalSegment.allCases.filter { now.hasMoved($0, since: other) }
    #expect(moved == [.c4c5, .c5c6])
  }

  @Test("one without a place goes by the segments that have one in both")
  func unplaced() {
    let now = Self.places(without: [.c7t1])
    #expect(now.hasMoved(.c7t1, since: Self.places(movedBy: 18)))
    #expect(!now.hasMoved(.c7t1, since: Self.places()))
    #expect(Self.places().hasMoved(.c7t1, since: Self.places(movedBy: 18, without: [.c7t1])))
    #expect(!now.hasMoved(.c7t1, since: Self.places(movedBy: 18, without: [.c7t1])))
    #expect(!SegmentPlaces().hasMoved(.c5c6, since: Self.places(movedBy: 18)))
  }

  @Test("places are read back from a cell as they were written; anything else is refused")
  func cells() {
    for places in [Self.places(movedBy: 0.25), Self.places(without: [.c2c3]), SegmentPlaces()] {
      #expect(SegmentPlaces(cell: places.cell) == places)
    }
    for cell in ["", "-;-;-;-;-", "1;-;-;-;-;-", "1,x;-;-;-;-;-", "1,inf;-;-;-;-;-"] {
      #expect(SegmentPlaces(cell: cell) == nil, "\(cell)")
    }
  }

  // MARK: Verdicts

  @Test("where the former detection is gone, a correction of levels after the verdict decides")
  func withoutFormer() {
    let now = String(repeating: "ab", count: 32)
    let gone = String(repeating: "cd", count: 32)
    func isOld(_ detection: String?, correctedAt time: String?) -> Bool {
      LevelHistory(current: now, places: Self.places(), corrected: time)
        .isRelabelled(Self.verdict(on: detection))
    }
    for detection in [gone, "beef", "", nil] {
      #expect(!isOld(detection, correctedAt: nil))
      #expect(!isOld(detection, correctedAt: "2026-11-20T09:59:59.999Z"))
      #expect(isOld(detection, correctedAt: "2026-11-20T10:00:00.001Z"))
    }
    // What was stated on the detection that is shown never is; nor anything where none is shown.
    #expect(!isOld(now, correctedAt: "2026-11-21T00:00:00.000Z"))
    #expect(!LevelHistory().isRelabelled(Self.verdict(on: gone)))
    // Where it is there, places decide, whatever was corrected.
    let kept = LevelHistory(
      current: now, places: Self.places(), former: [gone: Self.places(movedBy: 2)],
      corrected: "2026-11-21T00:00:00.000Z")
    #expect(!kept.isRelabelled(Self.verdict(on: gone)))
  }

  @Test("on a detection that is outdated, a correction of levels after the verdict decides")
  func outdated() {
    let now = String(repeating: "ab", count: 32)
    let former = String(repeating: "cd", count: 32)
    func levels(correctedAt time: String?, isOutdated: Bool = true) -> LevelHistory {
      LevelHistory(
        current: now, places: Self.places(), former: [former: Self.places()], corrected: time,
        isOutdated: isOutdated)
    }
    let (before, after) = ("2026-11-20T09:59:59.999Z", "2026-11-20T10:00:00.001Z")
    for detection in [now, former] {
      let verdict = Self.verdict(on: detection)
      #expect(levels(correctedAt: after).isRelabelled(verdict))
      #expect(!levels(correctedAt: before).isRelabelled(verdict), "stated again since")
      #expect(!levels(correctedAt: nil).isRelabelled(verdict))
      #expect(!levels(correctedAt: after, isOutdated: false).isRelabelled(verdict))
    }
    let review = ReviewState([Self.verdict(on: now)])
    #expect(levels(correctedAt: after).relabelled(in: review) == [.c5c6])
  }

  @Test("a verdict that is taken over anew is on the detection on which it was taken over")
  func adopted() {
    let former = String(repeating: "cd", count: 32)
    var record = Self.verdict(on: former)
    (record.action, record.segment, record.verdict) = (.adopt, nil, nil)
    record.verdicts = [StatedVerdict(.c4c5, .present), StatedVerdict(nil, .present)]
    let levels = LevelHistory(
      current: String(repeating: "ab", count: 32), places: Self.places(),
      former: [former: Self.places(movedBy: 18)])
    #expect(levels.relabelled(in: ReviewState([record])) == [.c4c5])
  }

  @Test("a correction before the earliest verdict that stands is no reason to ask the acts")
  func correctedBefore() {
    let (early, late) = ("2026-11-20T10:00:00.000Z", "2026-11-20T10:00:00.001Z")
    var second = Self.verdict(on: nil, at: late)
    (second.seq, second.segment) = (2, "C6-7")
    let summary = ReviewSummary(ReviewState([Self.verdict(on: nil, at: early), second]))
    #expect(summary.firstStated == early && ReviewSummary(ReviewState([])).firstStated == nil)
    let now = String(repeating: "ab", count: 32)
    let levels = LevelHistory(current: now, places: Self.places(), corrected: late)
    #expect(levels.mayHaveRelabelled(since: early) && !levels.mayHaveRelabelled(since: late))
    #expect(levels.mayHaveRelabelled(since: nil))
    let moved = LevelHistory(
      current: now, places: Self.places(), former: ["c": Self.places(movedBy: 18)])
    #expect(moved.mayHaveRelabelled(since: late))
    #expect(!LevelHistory().mayHaveRelabelled(since: nil))
  }

  // MARK: In a library

  static let both: [SpinalSegment: Verdict] = [.c5c6: .absent, .c6c7: .present]

  func state(
    _ verdicts: [SpinalSegment: Verdict], by reader: String, on detection: String?,
    in library: StudyLibrary, signs: Bool = false
  ) throws {
    let journal = try library.openJournal(library.study("01"), reader: reader)
    for (segment, verdict) in verdicts.sorted(by: { $0.key < $1.key }) {
      _ = try journal.append(
        ReviewDraft(
          action: .verdict, segment: segment, verdict: verdict, detectionSHA256: detection))
    }
    if signs { _ = try journal.append(.signOff(.reviewed, name: reader)) }
  }

  func store(_ detection: Detection, in library: StudyLibrary) throws -> String {
    try DerivativeWriter(library: library.root).write(
      detection, maps: LibraryFixture.maps(), of: library.study("01"))
  }

  /// Why a reader could not sign; `nil` where only the PIN, which is not set, is in the way.
  private func refusal(_ library: StudyLibrary, _ reader: String) throws -> String? {
    do {
      _ = try library.sign(
        .signOff(.reviewed, name: reader), pin: PIN("2468"), subject: "01", reader: reader)
    } catch is PINError {
      return nil
    } catch JournalError.refused(let why) {
      return why
    }
    return "signed"
  }

  @Test("labels moved by a level: the signed reading is told to its reader, and to nobody else")
  func signed() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let first = try store(Self.detection(), in: library)
    try state(Self.both, by: "bob", on: first, in: library, signs: true)
    #expect(try library.entry(of: "01", reader: "bob").relabelled.isEmpty)
    #expect(library.verdicts(of: try library.study("01")).present == [.c6c7])
    _ = try store(Self.detection(movedBy: 18), in: library)

    let entry = try library.entry(of: "01", reader: "bob")
    #expect(entry.state == .signed && entry.relabelled == [.c5c6, .c6c7])
    #expect(WorklistQuery("relabelled").matches(entry))
    #expect(WorklistQuery("signed flag:relabelled").matches(entry))
    #expect(WorklistQuery("state:relabelled").matches(entry))
    let study = try library.loadStudy("01", reader: "bob")
    let review = ReviewState(try library.journal("01", reader: "bob").records)
    #expect(study.levels.relabelled(in: review) == [.c5c6, .c6c7])
    let text = SheetText.report(try library.sheet("01", reader: "bob"))
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("labels changed since: C5-6, C6-7"))
    #expect(words.contains("under other labels"))

    // What was seen elsewhere confirms no lesion here.
    let told = library.verdicts(of: try library.study("01"), reader: "bob")
    #expect(told.present.isEmpty)
    #expect(told.words[.c6c7] == ["bob: present (under other labels)"])

    let others = try library.entry(of: "01", reader: "liu")
    #expect(others.relabelled.isEmpty && !WorklistQuery("relabelled").matches(others))
    #expect(try library.access(to: "01", reader: "liu").others.isEmpty)
    // A list that another session kept says the same.
    let again = try StudyLibrary(opening: folder.url).entry(of: "01", reader: "bob")
    #expect(again.relabelled == [.c5c6, .c6c7])
  }

  @Test("new weights, or labels that came back to where they were, change nothing")
  func sameLevels() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let first = try store(Self.detection(), in: library)
    try state(Self.both, by: "bob", on: first, in: library)
    _ = try store(Self.detection(movedBy: 1.5, score: 0.02), in: library)
    #expect(try library.entry(of: "01", reader: "bob").relabelled.isEmpty)
    #expect(try refusal(library, "bob") == nil)
    _ = try store(Self.detection(movedBy: 18), in: library)
    #expect(try library.entry(of: "01", reader: "bob").relabelled == [.c5c6, .c6c7])
    _ = try store(Self.detection(score: 0.05), in: library)
    #expect(try library.entry(of: "01", reader: "bob").relabelled.isEmpty)
  }

  @Test("nothing is signed over them; stated again, also the same, they are of these labels")
  func signing() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let first = try store(Self.detection(), in: library)
    try state(Self.both, by: "bob", on: first, in: library)
    let second = try store(Self.detection(movedBy: 18), in: library)
    let why = try #require(try refusal(library, "bob"))
    #expect(why == "not signed: labels changed; state again C5-6, C6-7")
    try state([.c6c7: .present], by: "bob", on: second, in: library)
    #expect(try refusal(library, "bob")?.hasSuffix("state again C5-6") == true)
    try state([.c5c6: .absent], by: "bob", on: second, in: library)
    #expect(try refusal(library, "bob") == nil)
    #expect(try library.entry(of: "01", reader: "bob").relabelled.isEmpty)
    // Taken back, the former one stands again, which was of other labels.
    let journal = try library.openJournal(library.study("01"), reader: "bob")
    let review = ReviewState(journal.contents.records)
    _ = try journal.append(try #require(review.undoDraft(blind: false, detectionSHA256: second)))
    #expect(try library.entry(of: "01", reader: "bob").relabelled == [.c5c6])
  }

  @Test("before corrected labels are detected on nothing is signed but what is stated again")
  func undetected() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    var detection = Self.detection()
    detection.labelSha256 = ["cord": String(repeating: "0", count: 64)]
    let first = try store(detection, in: library)
    try state(Self.both, by: "bob", on: first, in: library)
    let mask = folder("derivatives/labels/sub-01/anat/sub-01_T2w_label-SC_seg.nii.gz")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: 60)], ofItemAtPath: mask.path)
    #expect(library.isOutdated(try library.study("01")))
    // Outdated by a mask of the cord alone: segments lie where they lay.
    #expect(try refusal(library, "bob") == nil)
    let journal = try library.openJournal(library.study("01"), reader: "anna")
    var note = CorrectionNote(.discs, change: "moved")
    (note.file, note.after) = ("a.nii.gz", String(repeating: "0", count: 64))
    // Times tell to the millisecond what came first.
    Thread.sleep(forTimeInterval: 0.01)
    _ = try journal.append(.correct(note))
    #expect(try refusal(library, "bob") == "not signed: labels changed; state again C5-6, C6-7")
    #expect(try library.entry(of: "01", reader: "bob").relabelled == [.c5c6, .c6c7])
    let shown = try library.loadStudy("01", reader: "bob").levels
    let review = ReviewState(try library.journal("01", reader: "bob").records)
    #expect(shown.relabelled(in: review) == [.c5c6, .c6c7])
    Thread.sleep(forTimeInterval: 0.01)
    try state(Self.both, by: "bob", on: first, in: library)
    #expect(try refusal(library, "bob") == nil)
    #expect(try library.entry(of: "01", reader: "bob").relabelled.isEmpty)
  }

  @Test("a former detection that was deleted is no reason to tell more, or to fail")
  func deleted() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let first = try store(Self.detection(), in: library)
    try state(Self.both, by: "bob", on: first, in: library)
    _ = try store(Self.detection(movedBy: 18), in: library)
    let former = "sub-01_T2w_detection.\(first.prefix(16)).json"
    let file = folder("derivatives/cordscope/sub-01/anat/\(former)")
    // Another file under its name says nothing of it.
    try Data("{}".utf8).write(to: file)
    let reopened = try StudyLibrary(opening: folder.url)
    #expect(try reopened.entry(of: "01", reader: "bob").relabelled.isEmpty)
    try FileManager.default.removeItem(at: file)
    #expect(try reopened.entry(of: "01", reader: "bob").relabelled.isEmpty)
    // Anybody's correction of levels after the verdicts is; one of the cord is not.
    let journal = try reopened.openJournal(reopened.study("01"), reader: "anna")
    func correct(_ target: CorrectionTarget) throws {
      var note = CorrectionNote(target, change: "moved")
      (note.file, note.after) = ("a.nii.gz", String(repeating: "0", count: 64))
      _ = try journal.append(.correct(note))
    }
    try correct(.cord)
    #expect(try reopened.entry(of: "01", reader: "bob").relabelled.isEmpty)
    try correct(.discs)
    #expect(try reopened.entry(of: "01", reader: "bob").relabelled == [.c5c6, .c6c7])
  }

  @Test("between readers such a verdict says nothing of the row, and cannot be taken over")
  func adjudication() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let first = try store(Self.detection(), in: library)
    try state(Self.both, by: "anna", on: first, in: library, signs: true)
    let second = try store(Self.detection(movedBy: 18), in: library)
    try state(Self.both, by: "bob", on: second, in: library, signs: true)
    try state(Self.both, by: "liu", on: second, in: library, signs: true)
    let others = try library.access(to: "01", reader: "liu").others
    #expect(others.map(\.reader) == ["anna", "bob"])
    #expect(others[0].relabelled == [.c5c6, .c6c7] && others[1].relabelled.isEmpty)
    #expect(others[0].verdict(.c6c7) == .present)
    let comparison = ReadingComparison(others)
    #expect(comparison.accord(.c6c7) == .partial && comparison.accord(.c4c5) == .silent)
    let alone = ReadingComparison([others[0]])
    #expect(alone.accord(.c6c7) == .partial)
  }
}
