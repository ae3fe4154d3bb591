import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Presenting a session: one at a time, what views hold, pictures beside")
struct TeachingPresentingTests {
  private func library(_ folder: TemporaryFolder) throws -> StudyLibrary {
    for subject in ["zebra01", "yak02"] {
      try folder.write(
        #"{"class": "focal", "lesion": true, "segments": ["C4-5"]}"#,
        to: "derivatives/truth/sub-\(subject)/anat/sub-\(subject)_truth.json")
    }
    return try LibraryFixture.library(["zebra01", "yak02"], in: folder)
  }

  private func session(_ library: StudyLibrary) throws -> TeachingSession {
    try TeachingSession(
      making: "monday", of: library.studies, in: library, by: "anna", usesReadings: false)
  }

  private func room(
    _ session: TeachingSession, _ library: StudyLibrary, _ role: TeachingRole, _ reader: String
  ) throws -> TeachingSource {
    try TeachingSource(session, in: library, role: role, reader: reader)
  }

  @Test("A second presenter is refused by the first one's name, or takes over at that place")
  func oneAtATime() throws {
    let folder = try TemporaryFolder()
    let library = try library(folder)
    let session = try session(library)
    let anna = try room(session, library, .presenter, "anna")
    let sup = try room(session, library, .presenter, "sup")
    let follower = try room(session, library, .follower, "liu")
    #expect(try follower.presenterSign() == .unknown)
    try anna.beginPresenting("anna")
    #expect(anna.takenOver == nil && sup.takenOver == nil)
    _ = try anna.present(TeachingView(caseNumber: 2, slice: 1), reader: "anna")
    #expect(try follower.presenterSign() == .there("anna"))
    do {
      try sup.beginPresenting("sup")
      Issue.record("two present")
    } catch let error as TeachingError {
      let words = "\(error)"
      #expect(words.contains("monday is presented by anna at ") && words.contains("--take-over"))
    }
    #expect(try sup.renewPresence(reader: "sup") == nil, "who was refused gives no sign of life")
    try sup.beginPresenting("sup", takesOver: true)
    #expect(sup.takenOver?.view.caseNumber == 2 && sup.takenOver?.reader == "anna")
    #expect(try follower.presenterSign() == .there("sup"))
    var last = TeachingView(caseNumber: 1, slice: 0)
    _ = try sup.present(last, reader: "sup")
    last.hasLeft = true
    _ = try sup.present(last, reader: "sup")
    #expect(try follower.presenterSign() == .unknown, "who left is not missed")
    // After a presenter who left the next begins where he likes.
    let third = try room(session, library, .presenter, "anna")
    try third.beginPresenting("anna")
    #expect(third.takenOver == nil)
    third.endPresenting()
    #expect(
      !FileManager.default.fileExists(
        atPath: session.folder(library: folder.url).appendingPathComponent(".presenter.lock").path))
  }

  @Test("Who was replaced shows nothing more from that moment on, and sees who presents")
  func replaced() throws {
    let folder = try TemporaryFolder()
    let library = try library(folder)
    let session = try session(library)
    let anna = try room(session, library, .presenter, "anna")
    let sup = try room(session, library, .presenter, "sup")
    try anna.beginPresenting("anna")
    var view = TeachingView(caseNumber: 2, slice: 1)
    let seq = try anna.present(view, reader: "anna")
    try sup.beginPresenting("sup", takesOver: true)
    view.hasLeft = true
    #expect(throws: TeachingError.self) { try anna.present(view, reader: "anna") }
    let follower = try room(session, library, .follower, "liu")
    let shown = try #require(try follower.presented(after: 0))
    #expect(shown.seq == seq && shown.view.hasLeft == nil)
    #expect(try anna.presenterSign() == .there("sup"))
    sup.endPresenting()
    #expect(try anna.presenterSign() == .unknown)
    #expect(try room(session, library, .learner, "liu").presenterSign() == .unknown)
  }

  /// Gives the presenter's sign of life anew, as it is after some seconds.
  private func renewSign(_ session: TeachingSession, _ folder: TemporaryFolder) throws {
    let lock = session.folder(library: folder.url).appendingPathComponent(".presenter.lock")
    var owner = try JSONDecoder().decode(StudyOwner.self, from: try Data(contentsOf: lock))
    owner.heartbeat += 2
    try JSONEncoder().encode(owner).write(to: lock)
  }

  @Test("A view of before is stale until its presenter is seen to be there; a later one never is")
  func stale() throws {
    let folder = try TemporaryFolder()
    let library = try library(folder)
    let session = try session(library)
    let anna = try room(session, library, .presenter, "anna")
    try anna.beginPresenting("anna")
    var view = TeachingView(caseNumber: 1, slice: 2)
    view.isRevealed = true
    let seq = try anna.present(view, reader: "anna")
    let late = try room(session, library, .follower, "liu")
    let first = try #require(try late.presented(after: 0))
    #expect(first.isStale && first.isOld && first.seq == seq && first.showing != nil)
    try renewSign(session, folder)
    let live = try #require(try late.presented(after: 0))
    #expect(!live.isStale && live.isOld, "it was there before him all the same")
    let next = try anna.present(TeachingView(caseNumber: 2, slice: 1), reader: "anna")
    let fresh = try #require(try late.presented(after: seq))
    #expect(!fresh.isStale && !fresh.isOld)
    // A rehearsal that has ended, and one that another program presents by now.
    anna.endPresenting()
    let later = try room(session, library, .follower, "bob")
    #expect(try later.presented(after: 0)?.isStale == true)
    let sup = try room(session, library, .presenter, "sup")
    try sup.beginPresenting("sup")
    for _ in 0..<2 {
      #expect(try later.presented(after: 0)?.isStale == true)
      try renewSign(session, folder)
    }
    _ = try sup.present(TeachingView(caseNumber: 1, slice: 0), reader: "sup")
    #expect(try later.presented(after: next)?.isStale == false)
    // A line of an earlier version does not say whose showing it is of.
    _ = try sup.log.append(.view, reader: "sup") { record, _ in
      record.view = view
      return true
    }
    #expect(try later.presented(after: next)?.isStale == false, "it came while he looked")
    let last = try room(session, library, .follower, "eva")
    for _ in 0..<2 {
      #expect(try last.presented(after: 0)?.isStale == true)
      try renewSign(session, folder)
    }
    sup.endPresenting()
  }

  @Test(
    "A view holds what is pointed and measured with; a line of an earlier version has none of it")
  func views() throws {
    var view = TeachingView(caseNumber: 1, slice: 3)
    view.point = [100, 120]
    view.distance = TeachingView.Distance(slice: 3, from: [90, 100], to: [100, 120])
    (view.cursor, view.lowest) = (107, [0.75, 0.1])
    view.beside = TeachingView.Beside(title: "axial T2w", place: 1, slice: 4, alone: .beside)
    view.layout = TeachingView.Layout(curve: "under", glyphs: nil, width: -2, pane: "curve")
    let bytes = try JSONEncoder().encode(view)
    #expect(try JSONDecoder().decode(TeachingView.self, from: bytes) == view)
    let former = #"""
      {"case": 2, "slice": 5, "segment": "C4-5", "inverted": false, "zoom": 1, "pan": [0, 2],
       "overlay": "heat", "overlay_shown": true, "opacity": 0.6, "revealed": false, "sound": "on"}
      """#
    let read = try JSONDecoder().decode(TeachingView.self, from: Data(former.utf8))
    #expect(read.caseNumber == 2 && read.zoom == 1 && read.beside == nil && read.layout == nil)
    #expect(read.distance == nil && read.cursor == nil && read.lowest == nil)
    // What is not used is not written, as earlier versions expect it.
    let plain = String(
      decoding: try JSONEncoder().encode(TeachingView(caseNumber: 1, slice: 2)), as: UTF8.self)
    for word in ["distance", "cursor", "lowest", "beside", "layout", "left"] {
      #expect(!plain.contains(word), "\(word)")
    }
  }

  @Test("Beside a case stand its study's series and sessions, under names that tell neither")
  func beside() throws {
    let folder = try TemporaryFolder()
    let library = try library(folder)
    try LibraryFixture.write(
      LibraryFixture.image(seed: 3),
      to: folder("sub-zebra01/anat/sub-zebra01_acq-zebra01_T1w.nii.gz"))
    let again = try library.reopened()
    let session = try session(again)
    let room = try room(session, again, .follower, "liu")
    let first = try room.besideChoices("1")
    let number = first.contains { $0.title.contains("T1w") } ? 1 : 2
    let choices = try room.besideChoices("\(number)")
    #expect(choices.map(\.title).contains("REFORMATTED axial"))
    #expect(choices.contains { $0.title.contains("T1w") })
    for choice in choices { #expect(!"\(choice)".contains("zebra"), "\(choice)") }
    for choice in choices {
      guard case .volume(let volume) = try room.beside(choice, of: "\(number)", reader: "liu")
      else {
        Issue.record("no volume: \(choice.title)")
        continue
      }
      #expect(volume.volume.shape == [80, 80, 5])
    }
    do {
      _ = try room.beside(
        BesideChoice(.series(file: "9"), title: "gone"), of: "\(number)", reader: "liu")
      Issue.record("a series that is not there was loaded")
    } catch {
      #expect("\(error)".contains("case \(number)") && !"\(error)".contains("zebra"))
    }
    #expect(throws: TeachingError.self) { try room.besideChoices("3") }
  }

  @Test(
    "A session beside a case keeps its distance, and not its label, which may be a day",
    arguments: [
      ("zebra01_ses-20210304", "prior ses-20210304, 1 year before", "prior session, 1 year before"),
      ("zebra01", "later no session, interval unknown", "later no session, interval unknown"),
    ])
  func sessionTitle(subject: String, own: String, shown: String) {
    let choice = BesideChoice(.session(subject), title: own)
    #expect(TeachingSource.title(of: choice, participant: "zebra01") == shown)
    let series = BesideChoice(.series(file: "\(subject)_T1w.nii.gz"), title: own)
    #expect(TeachingSource.title(of: series, participant: "zebra01") == own)
  }

  @Test("Who looks at a truth that the presenter keeps hidden is named for who teaches, alone")
  func earlyLooks() throws {
    let folder = try TemporaryFolder()
    let library = try library(folder)
    let session = try session(library)
    let anna = try room(session, library, .presenter, "anna")
    let bob = try room(session, library, .follower, "bob")
    // Before the lesson, and of a case that is not presented, a look is a learner's own matter.
    _ = try bob.append(ReviewDraft(action: .reveal), subject: "2", reader: "liu")
    _ = try anna.present(TeachingView(caseNumber: 1, slice: 2), reader: "anna")
    _ = try bob.append(ReviewDraft(action: .reveal), subject: "1", reader: "bob")
    _ = try bob.append(ReviewDraft(action: .reveal), subject: "2", reader: "bob")
    let words = "bob looked at the truth before the presenter showed it: case 1"
    #expect(try anna.scores(reader: "anna").remarks == [words])
    #expect(try bob.scores(reader: "bob").remarks.isEmpty)
  }

  @Test(
    "An own look just before the presenter's is told by the journal's reason, and by the time of earlier versions",
    arguments: [
      (true, nil, 6.0, true), (true, nil, -6.0, false), (false, nil, 6.0, false),
      (false, nil, 14.0, true), (true, ReviewRecord.presentedReason, 60.0, false),
      (false, ReviewRecord.presentedReason, 60.0, false),
    ] as [(Bool, String?, Double, Bool)])
  func earlyLookReasons(
    isThisVersion: Bool, reason: String?, later: Double, isEarly: Bool
  ) throws {
    let folder = try TemporaryFolder()
    let library = try library(folder)
    let session = try session(library)
    let anna = try room(session, library, .presenter, "anna")
    let bob = try room(session, library, .follower, "bob")
    var view = TeachingView(caseNumber: 1, slice: 2)
    func show(_ seconds: Double) throws {
      _ = try anna.log.append(.view, reader: "anna", at: Date().addingTimeInterval(seconds)) {
        record, _ in
        record.view = view
        return true
      }
    }
    try show(-60)
    if isThisVersion {
      try bob.opened("1", reader: "bob")
    } else {
      _ = try bob.log.append(.opened, reader: "bob") { record, _ in
        (record.caseNumber, record.notesReasons) = (1, nil)
        return true
      }
    }
    _ = try bob.append(
      ReviewDraft(action: .reveal, reason: reason), subject: "1", reader: "bob")
    view.isRevealed = true
    try show(later)
    let words = "bob looked at the truth before the presenter showed it: case 1"
    #expect(try anna.scores(reader: "anna").remarks == (isEarly ? [words] : []))
  }

  @Test("A truth is hidden from its first view to the one that shows it, and not in a long silence")
  func spans() {
    var spans: [HiddenSpan] = []
    func time(_ minute: Int, _ second: Int = 0) -> String {
      UTCTime.text(Date(timeIntervalSince1970: 1_800_000_000 + Double(60 * minute + second)))
    }
    var view = TeachingView(caseNumber: 1, slice: 0)
    for minute in [0, 10, 20] { spans.take(view, at: time(minute)) }
    #expect(spans.hid(1, at: time(5)) && spans.hid(1, at: time(49)) && !spans.hid(2, at: time(5)))
    #expect(!spans.hid(1, at: time(51)) && !spans.hid(1, at: "yesterday"))
    view.isRevealed = true
    spans.take(view, at: time(22))
    #expect(spans.hid(1, at: time(21)) && !spans.hid(1, at: time(22, 1)))
    // Clocks differ: who reveals with the presenter is none.
    #expect(!spans.hid(1, at: time(21, 55)))
    view = TeachingView(caseNumber: 2, slice: 0)
    spans.take(view, at: time(30))
    // The program was killed; the next lesson is on another day.
    spans.take(view, at: time(2000))
    #expect(spans.count == 3 && !spans.hid(2, at: time(900)) && spans.hid(2, at: time(2001)))
    view.hasLeft = true
    spans.take(view, at: time(2010))
    #expect(spans.hid(2, at: time(2009)) && !spans.hid(2, at: time(2011)))
  }
}
