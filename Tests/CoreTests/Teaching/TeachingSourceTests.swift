import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("A teaching session of a library")
struct TeachingSourceTests {
  private let subjects = ["zebra01", "yak02", "xerus03"]

  private func library(_ folder: TemporaryFolder) throws -> StudyLibrary {
    try folder.write(
      "participant_id\tage\tsex\tmJOA\nsub-zebra01\t61\tF\t12\n", to: "participants.tsv")
    for (index, subject) in subjects.enumerated() {
      try folder.write(
        #"{"class": "focal", "lesion": true, "segments": ["\#(index == 0 ? "C4-5" : "C5-6")"]}"#,
        to: "derivatives/truth/sub-\(subject)/anat/sub-\(subject)_truth.json")
    }
    return try LibraryFixture.library(subjects, in: folder)
  }

  private func session(
    _ library: StudyLibrary, _ order: [String]? = nil, usesReadings: Bool = false
  ) throws -> TeachingSession {
    let studies = try (order ?? subjects).map { try library.study($0) }
    return try TeachingSession(
      making: "monday", of: studies, in: library, by: "anna", usesReadings: usesReadings)
  }

  private func source(
    _ session: TeachingSession, _ library: StudyLibrary, _ role: TeachingRole = .learner,
    _ reader: String = "liu"
  ) throws -> TeachingSource {
    try TeachingSource(session, in: library, role: role, reader: reader)
  }

  @Test("A session is found again with its cases in order, and is not made twice")
  func reopened() throws {
    let folder = try TemporaryFolder()
    let library = try library(folder)
    let made = try session(library, ["yak02", "zebra01"])
    #expect(TeachingSession.names(library: folder.url) == ["monday"])
    let again = try TeachingSession(opening: "monday", library: folder.url)
    #expect(again == made && again.teacher == "anna")
    #expect(try again.studies(in: library).map(\.subject) == ["yak02", "zebra01"])
    #expect(throws: TeachingError.exists("monday")) { try session(library) }
    #expect(throws: TeachingError.noSession("friday", known: ["monday"])) {
      try TeachingSession(opening: "friday", library: folder.url)
    }
    for name in ["", "../up", "a b", "-x", "with-zebra01", String(repeating: "n", count: 41)] {
      #expect(throws: TeachingError.self, "\(name)") {
        try TeachingSession(
          making: name, of: library.studies, in: library, by: "anna", usesReadings: false)
      }
    }
    try FileManager.default.removeItem(at: folder("sub-zebra01"))
    #expect(throws: TeachingError.caseMissing(2, session: "monday")) {
      try source(again, library.reopened())
    }
  }

  @Test(
    "Nothing that names a study, its patient or their age is in what learners see or in any file")
  func pseudonymous() throws {
    let folder = try TemporaryFolder()
    let library = try library(folder)
    let session = try session(library)
    let room = try source(session, library)
    let teacher = try source(session, library, .presenter, "anna")
    try room.opened("1", reader: "liu")
    _ = try teacher.present(TeachingView(caseNumber: 1, slice: 2), reader: "anna")
    _ = try room.append(
      ReviewDraft(
        action: .verdict, segment: .c4c5, verdict: .present, detectionSHA256: "no-such-hash"),
      subject: "1", reader: "liu")
    _ = try room.append(
      ReviewDraft(action: .comment, comment: "is this sub-zebra01, or ZEBRA01?"), subject: "1",
      reader: "liu")
    _ = try room.append(ReviewDraft(action: .reveal), subject: "1", reader: "liu")
    let study = try room.loadStudy("1")
    #expect(study.subject == "1" && study.age == nil && study.sex == nil && study.mjoa == nil)
    #expect(study.labels.isEmpty && study.detectionSHA256 == nil && !study.pictures.isEmpty)
    var seen = "\(try room.worklist(reader: "liu")) \(room.title)"
    seen += try room.journal("1", reader: "liu").records.map { "\($0)" }.joined()
    seen += try teacher.scores(reader: "anna").text
    let files = try FileManager.default.subpathsOfDirectory(
      atPath: session.folder(library: folder.url).path)
    #expect(files.sorted() == ["learner-liu_case-1.jsonl", "session.jsonl"])
    for file in files {
      let url = session.folder(library: folder.url).appendingPathComponent(file)
      seen += file + (try String(contentsOf: url, encoding: .utf8))
    }
    for word in subjects + ["sub-", "_T2w", folder.url.lastPathComponent, "no-such-hash"] {
      #expect(!seen.lowercased().contains(word.lowercased()), "\(word)")
    }
    // Damage is told in the case's name.
    try folder.write("{", to: "derivatives/truth/sub-yak02/anat/sub-yak02_truth.json")
    do {
      _ = try room.truth(of: "2")
      Issue.record("a damaged truth file was taken")
    } catch {
      #expect("\(error)".contains("case 2 cannot be used"))
      #expect(!"\(error)".contains("yak02"))
    }
  }

  @Test("Answers stand once the truth is shown, and never reach the clinical journals")
  func answers() throws {
    let folder = try TemporaryFolder()
    let library = try library(folder)
    let session = try session(library)
    let room = try source(session, library)
    try room.opened("1", reader: "liu")
    for (segment, verdict) in [(SpinalSegment.c4c5, Verdict.present), (.c5c6, .present)] {
      _ = try room.append(
        ReviewDraft(action: .verdict, segment: segment, verdict: verdict), subject: "1",
        reader: "liu")
    }
    // Before the truth is shown the learner sees no score, the teacher does.
    #expect(try room.scores(reader: "liu").scores.isEmpty)
    let teacher = try source(session, library, .presenter, "anna")
    #expect(try teacher.scores(reader: "anna").scores.map(\.learner) == ["liu"])
    _ = try room.append(ReviewDraft(action: .reveal), subject: "1", reader: "liu")
    for action in [ReviewAction.verdict, .undo, .grade, .flag, .signOff, .reopen] {
      var draft = ReviewDraft(action: action, segment: .c4c5, verdict: .absent, reverts: 1)
      draft.grade = 1
      #expect(throws: JournalError.self) { try room.append(draft, subject: "1", reader: "liu") }
    }
    let own = try #require(room.scores(reader: "liu").scores.first)
    #expect(own.sensitivity == WilsonInterval(1, of: 1))
    #expect(own.specificity == WilsonInterval(0, of: 1) && own.unanswered == 4)
    #expect((own.cases[1]?.seconds ?? -1) >= 0)
    #expect(try library.journal("zebra01", reader: "liu").records.isEmpty)
    let list = try room.worklist(reader: "liu")
    #expect(list.map(\.state) == [.read, .unread, .unread])
    #expect(list.map(\.isRevealed) == [true, false, false])
    #expect(
      list[0].caseResult?.words()
        == "1/2 right, overcalled C5-6, unanswered C2-3 C3-4 C6-7 C7-T1")
    #expect(list[0].conclusion?.present == ["C4-5", "C5-6"])
    #expect(list[1].caseResult == nil && list[2].caseResult == nil)
    #expect(throws: TeachingError.self) { try room.sheet("1", reader: "liu") }
    #expect(throws: TeachingError.self) { try room.loadStudy("4") }
  }

  @Test("A comment is taken back and restored once the truth is shown, too; no answer is")
  func comments() throws {
    let folder = try TemporaryFolder()
    let library = try library(folder)
    let room = try source(try session(library), library)
    func append(_ draft: ReviewDraft) throws {
      _ = try room.append(draft, subject: "1", reader: "liu")
    }
    func comments() throws -> [String] {
      ReviewState(try room.journal("1", reader: "liu").records).comments(.c4c5)
    }
    try room.opened("1", reader: "liu")
    try append(ReviewDraft(action: .verdict, segment: .c4c5, verdict: .present))
    try append(ReviewDraft(action: .reveal))
    try append(ReviewDraft(action: .comment, segment: .c4c5, comment: "seen late"))
    try append(ReviewDraft(action: .undo, segment: .c4c5, reverts: 3))
    #expect(try comments().isEmpty)
    try append(ReviewDraft(action: .redo, segment: .c4c5, reverts: 4))
    #expect(try comments() == ["seen late"])
    #expect(throws: JournalError.refused("the truth is shown: answers stand as they were given")) {
      try append(ReviewDraft(action: .undo, segment: .c4c5, reverts: 1))
    }
    let own = try #require(room.scores(reader: "liu").scores.first)
    #expect(own.sensitivity == WilsonInterval(1, of: 1))
  }

  @Test("Nobody is told how right his answers are before he has seen the truth, by list or scores")
  func unseen() throws {
    let folder = try TemporaryFolder()
    let library = try library(folder)
    let session = try session(library)
    // Nobody is named a teacher: everybody may present, and look at the summary.
    let liu = try source(session, library)
    let presenting = try source(session, library, .presenter)
    for segment in SpinalSegment.allCases {
      _ = try liu.append(
        ReviewDraft(action: .verdict, segment: segment, verdict: .absent), subject: "2",
        reader: "liu")
    }
    #expect(try liu.worklist(reader: "liu")[1].caseResult == nil)
    #expect(try liu.worklist(reader: "liu")[1].state == .reading)
    for room in [liu, presenting] {
      let own = try room.scores(reader: "liu")
      #expect(own.scores.isEmpty && own.remarks == [TeachingSource.unseen])
    }
    #expect(try presenting.scores(reader: "anna").scores.map(\.learner) == ["liu"])
    _ = try liu.append(ReviewDraft(action: .reveal), subject: "2", reader: "liu")
    #expect(try liu.worklist(reader: "liu")[1].caseResult?.words() == "5/6 right, missed C5-6")
    let shown = try presenting.worklist(reader: "liu")[1]
    #expect(shown.caseResult == nil && shown.conclusion == nil && shown.isRevealed)
    #expect(try presenting.scores(reader: "liu").scores.first?.right == WilsonInterval(5, of: 6))
    // A truth that cannot be read is no truth that is not known.
    try folder.write("{", to: "derivatives/truth/sub-yak02/anat/sub-yak02_truth.json")
    let again = try source(session, library)
    guard case .problem(let words) = try again.worklist(reader: "liu")[1].state else {
      Issue.record("a damaged truth is not said")
      return
    }
    #expect(words.contains("case 2") && !words.contains("yak02"))
  }

  @Test("A case whose truth was seen is scored also without an answer; one only opened is not")
  func skipped() throws {
    let folder = try TemporaryFolder()
    let library = try library(folder)
    let session = try session(library)
    let liu = try source(session, library)
    _ = try liu.append(
      ReviewDraft(action: .verdict, segment: .c4c5, verdict: .present), subject: "1",
      reader: "liu")
    for subject in ["1", "2"] {
      try liu.opened(subject, reader: "liu")
      _ = try liu.append(ReviewDraft(action: .reveal), subject: subject, reader: "liu")
    }
    try liu.opened("3", reader: "liu")
    _ = try liu.append(
      ReviewDraft(action: .comment, comment: "later"), subject: "3", reader: "liu")
    let teacher = try source(session, library, .presenter, "anna")
    for summary in [try liu.scores(reader: "liu"), try teacher.scores(reader: "anna")] {
      let score = try #require(summary.scores.first)
      #expect(score.cases.keys.sorted() == [1, 2])
      #expect(score.answered == 1 && score.unanswered == 11)
      let truth = try #require(score.cases[2]?.truth)
      #expect(
        score.cases[2] == .init(right: 0, answered: 0, known: 6, seconds: nil, truth: truth))
      #expect(truth.source == .library && truth.verdicts.count == 6)
    }
  }

  @Test("Who presented the session is no learner: he is named apart, in no score and no count")
  func presenterApart() throws {
    let folder = try TemporaryFolder()
    let library = try library(folder)
    let session = try session(library)
    let teacher = try source(session, library, .presenter, "anna")
    _ = try teacher.present(TeachingView(caseNumber: 1, slice: 2), reader: "anna")
    _ = try teacher.append(ReviewDraft(action: .reveal), subject: "2", reader: "anna")
    for reader in ["anna", "liu"] {
      _ = try teacher.append(
        ReviewDraft(action: .verdict, segment: .c4c5, verdict: .absent), subject: "1",
        reader: reader)
    }
    let summary = try teacher.scores(reader: "anna")
    #expect(summary.scores.map(\.learner) == ["liu"] && summary.presenters == ["anna"])
    #expect(summary.remarks.isEmpty)
    #expect(summary.lines.first == "Teaching session monday: 3 cases, 1 learner")
    #expect(summary.lines.contains("presenter, not scored: anna"))
    #expect(!summary.csv.contains("anna") && summary.csv.contains("monday,liu,"))
    let json = try JSONSerialization.jsonObject(with: summary.json()) as? [String: Any]
    #expect(json?["presenters"] as? [String] == ["anna"])
    #expect((json?["learners"] as? [Any])?.count == 1)
    // A later look at the session's file knows it, too; who only presented is not named.
    let bob = try source(session, library, .presenter, "bob")
    _ = try bob.present(TeachingView(caseNumber: 2, slice: 1), reader: "bob")
    #expect(try source(session, library, .presenter, "bob").scores(reader: "bob") == summary)
  }

  @Test("The lesion of the truth lies on its slices; without a mask there is none")
  func lesions() throws {
    let folder = try TemporaryFolder()
    let library = try library(folder)
    let file = "sub-zebra01/anat/sub-zebra01_T2w_label-lesion_seg.nii.gz"
    var lesion = LibraryFixture.image().map { _ in UInt16(0) }
    for i in 39..<42 { for j in 44..<48 { lesion[i, j, 2] = 1 } }
    try LibraryFixture.write(lesion, to: folder("derivatives/truth/\(file)"))
    // A label beside a truth file is not the truth.
    let other = "sub-yak02/anat/sub-yak02_T2w_label-lesion_seg.nii.gz"
    try LibraryFixture.write(lesion, to: folder("derivatives/labels/\(other)"))
    let room = try source(session(library), library)
    let pictures = try room.loadStudy("1").pictures
    let grids = pictures.map(\.grid)
    let slice = try #require(pictures.firstIndex { $0.index == 2 })
    let masks = try room.lesion(of: "1", on: grids)
    #expect(masks.count == grids.count)
    #expect(masks.indices.filter { masks[$0].pixels.contains(true) } == [slice])
    let place = grids[slice].pixel(ras: lesion.affine([40, 46, 2]))
    #expect(masks[slice][Int(place.row.rounded()), Int(place.column.rounded())])
    #expect(try room.lesion(of: "2", on: grids).isEmpty && room.lesion(of: "3", on: grids).isEmpty)
    try folder.write("no volume", to: "derivatives/truth/\(file)")
    do {
      _ = try room.lesion(of: "1", on: grids)
      Issue.record("a damaged mask was taken")
    } catch {
      #expect("\(error)".contains("case 1 cannot be used") && !"\(error)".contains("zebra01"))
    }
    // Where the library has no truth file, the labelled lesion is it.
    try FileManager.default.removeItem(at: folder("derivatives/truth"))
    #expect(try room.lesion(of: "2", on: grids).contains { $0.pixels.contains(true) })
    #expect(try room.lesion(of: "1", on: grids).isEmpty)
  }

  @Test("Only who teaches makes and presents; a guest looks; a view of no case is not followed")
  func roles() throws {
    let folder = try TemporaryFolder()
    let library = try library(folder)
    try folder.write(
      "reader_id\trole\nanna\tteacher\nliu\treader\ngast\tguest\n", to: "readers.tsv")
    let session = try session(library)
    for reader in ["liu", "gast"] {
      #expect(throws: TeachingError.self) { try source(session, library, .presenter, reader) }
      #expect(
        throws: TeachingError.notAllowed(
          "only a teacher or supervisor of readers.tsv makes a session")
      ) {
        try TeachingSession(
          making: "tuesday", of: library.studies, in: library, by: reader, usesReadings: false)
      }
    }
    #expect(TeachingSession.names(library: folder.url) == ["monday"])
    let teacher = try source(session, library, .presenter, "anna")
    let guest = try source(session, library, .follower, "gast")
    #expect(try guest.presented(after: 0) == nil)
    let seq = try teacher.present(TeachingView(caseNumber: 2, slice: 1), reader: "anna")
    #expect(try guest.presented(after: 0)?.view.caseNumber == 2)
    #expect(try guest.presented(after: seq) == nil)
    var last = TeachingView(caseNumber: 2, slice: 1)
    #expect(!String(decoding: try JSONEncoder().encode(last), as: UTF8.self).contains("left"))
    last.hasLeft = true
    let end = try teacher.present(last, reader: "anna")
    #expect(try guest.presented(after: seq) == PresentedView(seq: end, view: last, reader: "anna"))
    // Nothing of a guest is kept, and nothing is scored; what he is shown is not less.
    try guest.opened("2", reader: "gast")
    for action in [ReviewAction.verdict, .comment, .reveal] {
      #expect(throws: JournalError.refused("a guest states nothing: nothing was saved")) {
        try guest.append(
          ReviewDraft(action: action, segment: .c2c3, verdict: .absent, comment: "seen"),
          subject: "2", reader: "gast")
      }
    }
    #expect(try guest.access(to: "2", reader: "gast").role == .guest)
    #expect(try guest.access(to: "2", reader: "liu") == StudyAccess())
    #expect(try guest.truth(of: "2")?.verdict(.c5c6) == .present)
    #expect(try guest.worklist(reader: "gast").map(\.state) == [.unread, .unread, .unread])
    let files = try FileManager.default.contentsOfDirectory(
      atPath: session.folder(library: folder.url).path)
    #expect(!files.contains { $0.hasPrefix("learner-") })
    #expect(try teacher.log.read().openings.isEmpty)
    _ = try teacher.present(TeachingView(caseNumber: 99, slice: 1), reader: "anna")
    #expect(try guest.presented(after: seq) == nil)
    #expect(throws: TeachingError.self) {
      try guest.present(TeachingView(caseNumber: 1, slice: 1), reader: "gast")
    }
    let nobody = try TemporaryFolder()
    let table = try ReaderTable(library: nobody.url)
    #expect(table.mayTeach("liu") && !table.mayTeachReadings("liu"))
    // Where nobody is named one, everybody teaches but a guest.
    #expect(throws: Never.self) { try table.checkTeaching("liu", "presents") }
    try nobody.write("reader_id\trole\ngast\tguest\n", to: "readers.tsv")
    let guests = try ReaderTable(library: nobody.url)
    #expect(throws: TeachingError.notAllowed("a guest neither makes nor presents a session")) {
      try guests.checkTeaching("gast", "presents")
    }
    #expect(throws: Never.self) { try guests.checkTeaching("liu", "presents") }
  }

  @Test("Signed readings are truth only where a session says so, and a replay needs a title")
  func readings() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["zebra01"], in: folder)
    let journal = try library.openJournal(library.study("zebra01"), reader: "bob")
    _ = try journal.append(ReviewDraft(action: .verdict, segment: .c4c5, verdict: .present))
    _ = try journal.append(ReviewDraft(action: .comment, comment: "zebra01 was seen before"))
    _ = try journal.append(.signOff(.reviewed, name: "Bob"))
    #expect(throws: TeachingError.self) {
      try TeachingSelection(drawing: 1, seed: 1, from: library, usesReadings: false)
    }
    let chosen = try TeachingSelection(drawing: 5, seed: 1, from: library, usesReadings: true)
    #expect(chosen.studies.count == 1 && chosen.needsReadings)
    #expect(chosen.unknown.isEmpty && chosen.undetected == 1)
    let room = try source(session(library, ["zebra01"], usesReadings: true), library)
    #expect(try room.truth(of: "1")?.source == .readings(1))
    #expect(try room.truth(of: "1")?.verdict(.c4c5) == .present)
    #expect(throws: TeachingError.self) {
      try JournalReplay(of: "bob", subject: "zebra01", in: library, for: "liu")
    }
    try folder.write("reader_id\trole\nanna\tteacher\n", to: "readers.tsv")
    let replay = try JournalReplay(
      of: "bob", subject: "zebra01", in: library, for: "anna", compares: true)
    let records = try replay.journal("1", reader: "anna").records
    #expect(records.map(\.action) == [.verdict, .comment, .signOff])
    #expect(records[1].comment == "case 1 was seen before")
    #expect(throws: TeachingError.self) {
      try replay.append(ReviewDraft(action: .flag), subject: "1", reader: "anna")
    }
    // A library's study has no truth to reveal; a case's replay has what its reveal showed.
    #expect(try replay.reveal(of: "1") == nil && replay.truth(of: "1") == nil)
    #expect(replay.replay == ReplayedReader(name: "bob", endsWithTruth: false))
    #expect(try replay.worklist(reader: "anna").map(\.state) == [.signed])
    _ = try room.append(ReviewDraft(action: .reveal), subject: "1", reader: "liu")
    #expect(try room.reveal(of: "1") == .truth)
    let case1 = try JournalReplay(
      of: "liu", case: 1, of: room.session, in: library, for: "anna")
    #expect(try case1.reveal(of: "1") == .truth)
    #expect(try case1.truth(of: "1") == room.truth(of: "1"))
    #expect(case1.replay == ReplayedReader(name: "liu", endsWithTruth: true))
  }

  @Test("Each opening of a case is noted until its truth was shown, and time counts from the last")
  func openings() throws {
    let folder = try TemporaryFolder()
    let library = try library(folder)
    let session = try session(library)
    for _ in 1...2 { try source(session, library).opened("1", reader: "liu") }
    let room = try source(session, library)
    try room.opened("2", reader: "liu")
    _ = try room.append(
      ReviewDraft(action: .verdict, segment: .c4c5, verdict: .present), subject: "1",
      reader: "liu")
    _ = try room.append(ReviewDraft(action: .reveal), subject: "1", reader: "liu")
    try room.opened("1", reader: "liu")
    #expect(try room.log.read().openings.map(\.caseNumber) == [1, 1, 2])
    let seconds = try #require(room.scores(reader: "liu").scores.first?.cases[1]?.seconds)
    #expect(seconds >= 0)
  }

  @Test("A replay has the truth where its reader saw it or a teacher looks, and the case's number")
  func replayedTruth() throws {
    let folder = try TemporaryFolder()
    let library = try library(folder)
    try folder.write("reader_id\trole\nanna\tteacher\n", to: "readers.tsv")
    let file = "sub-yak02/anat/sub-yak02_T2w_label-lesion_seg.nii.gz"
    var lesion = LibraryFixture.image().map { _ in UInt16(0) }
    for i in 39..<42 { for j in 44..<48 { lesion[i, j, 2] = 1 } }
    try LibraryFixture.write(lesion, to: folder("derivatives/truth/\(file)"))
    let session = try session(library)
    let room = try source(session, library)
    _ = try room.append(
      ReviewDraft(action: .verdict, segment: .c4c5, verdict: .present), subject: "2",
      reader: "liu")
    func replay(_ viewer: String) throws -> JournalReplay {
      try JournalReplay(of: "liu", case: 2, of: session, in: library.reopened(), for: viewer)
    }
    let grids = try room.loadStudy("2").pictures.map(\.grid)
    func showsLesion(_ replay: JournalReplay) throws -> Bool {
      try replay.lesion(of: "2", on: grids).contains { $0.pixels.contains(true) }
    }
    // Who has not seen the truth does not get it by looking at the own acts.
    let own = try replay("liu")
    #expect(try own.truth(of: "2") == nil && !showsLesion(own))
    #expect(own.replay == ReplayedReader(name: "liu", endsWithTruth: false))
    #expect(own.caseCount == 3)
    #expect(try own.worklist(reader: "liu").map(\.subject) == ["2"])
    #expect(try own.worklist(reader: "liu").map(\.state) == [.reading])
    #expect(try own.loadStudy("2").subject == "2")
    let teacher = try replay("anna")
    #expect(try teacher.truth(of: "2")?.verdict(.c5c6) == .present && showsLesion(teacher))
    #expect(teacher.replay?.endsWithTruth == true)
    _ = try room.append(ReviewDraft(action: .reveal), subject: "2", reader: "liu")
    let seen = try replay("liu")
    #expect(try seen.truth(of: "2")?.verdict(.c5c6) == .present && showsLesion(seen))
    #expect(seen.replay?.endsWithTruth == false)
    #expect(try seen.worklist(reader: "liu").map(\.state) == [.read])
    #expect(throws: TeachingError.self) { try replay("bob") }
  }

  @Test("Where adjudicators differ there is no truth, whoever's journal is read last")
  func differingAdjudicators() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["zebra01"], in: folder)
    let study = try library.study("zebra01")
    func sign(
      _ reader: String, _ verdicts: [(SpinalSegment, Verdict)], _ meaning: SignatureMeaning
    ) throws {
      let journal = try library.openJournal(study, reader: reader)
      for (segment, verdict) in verdicts {
        _ = try journal.append(ReviewDraft(action: .verdict, segment: segment, verdict: verdict))
      }
      _ = try journal.append(.signOff(meaning, name: reader))
    }
    func truth() throws -> CaseTruth? {
      try CaseTruth.of(study, in: library, usesReadings: true)
    }
    try sign("bob", [(.c4c5, .present), (.c6c7, .present)], .reviewed)
    try sign("max", [(.c4c5, .present)], .adjudicated)
    let decided = try #require(try truth())
    #expect(decided.source == .adjudicated && decided.verdicts == [.c4c5: .present])
    // Nothing is decided, and bob's word does not decide it.
    try sign("sup", [(.c4c5, .absent)], .adjudicated)
    #expect(try truth() == nil)
    try sign("zoe", [(.c4c5, .present), (.c5c6, .absent)], .adjudicated)
    #expect(try truth()?.verdicts == [.c5c6: .absent])
  }

  @Test("A replay tells a case without truth, and one whose truth cannot be read, from a known one")
  func replayedReveal() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["zebra01"], in: folder)
    let session = try session(library, ["zebra01"])
    let room = try source(session, library)
    _ = try room.append(ReviewDraft(action: .reveal), subject: "1", reader: "liu")
    func replay() throws -> JournalReplay {
      try JournalReplay(of: "liu", case: 1, of: session, in: library.reopened(), for: "liu")
    }
    #expect(try replay().reveal(of: "1") == .nothing)
    try folder.write(
      "{damaged", to: "derivatives/truth/sub-zebra01/anat/sub-zebra01_truth.json")
    #expect(try replay().reveal(of: "1") == .unread)
    #expect(try replay().journal("1", reader: "liu").records.map(\.action) == [.reveal])
  }

  @Test("A list names its line where it is wrong; drawing follows the seed")
  func selection() throws {
    let folder = try TemporaryFolder()
    let library = try library(folder)
    let list = try folder.write("# Monday\n\nsub-yak02\r\nzebra01\n", to: "list.txt")
    let chosen = try TeachingSelection(list: list, in: library, usesReadings: false)
    #expect(chosen.studies.map(\.subject) == ["yak02", "zebra01"] && !chosen.needsReadings)
    for text in ["yak02\nnobody\n", "yak02\nsub-yak02\n"] {
      let wrong = try folder.write(text, to: "wrong.txt")
      do {
        _ = try TeachingSelection(list: wrong, in: library, usesReadings: false)
        Issue.record("a wrong list was taken")
      } catch { #expect("\(error)".contains("line 2")) }
    }
    func drawn(_ seed: UInt64) throws -> [String] {
      try TeachingSelection(drawing: 2, seed: seed, from: library, usesReadings: false)
        .studies.map(\.subject)
    }
    #expect(try drawn(1).count == 2)
    #expect(try drawn(1) == drawn(1))
    #expect(try Set((1...20).map { try drawn($0) }).count > 1)
  }

  @Test("Where fewer studies can be cases than are wanted it is said which were left out and why")
  func leftOut() throws {
    let folder = try TemporaryFolder()
    // Of six studies two have truth, one only that there is a lesion, one nothing, one a damaged file;
    // one has no image that can be read.
    for subject in ["01", "02"] {
      try folder.write(
        #"{"class": "focal", "lesion": true, "segments": ["C4-5"]}"#,
        to: "derivatives/truth/sub-\(subject)/anat/sub-\(subject)_truth.json")
    }
    try folder.write(
      #"{"class": "focal", "lesion": true, "segments": [], "assessable_segments": []}"#,
      to: "derivatives/truth/sub-03/anat/sub-03_truth.json")
    try folder.write("{", to: "derivatives/truth/sub-05/anat/sub-05_truth.json")
    try folder.write("no volume", to: "sub-06/anat/notes.txt")
    let library = try LibraryFixture.library(["01", "02", "03", "04", "05"], in: folder)
    let problems = library.studies.filter { $0.problem != nil }.map(\.subject)
    let chosen = try TeachingSelection(drawing: 12, seed: 1, from: library, usesReadings: false)
    #expect(Set(chosen.studies.map(\.subject)) == ["01", "02"] && chosen.unknown.isEmpty)
    #expect(chosen.leftOut.withoutTruth == ["04"] && chosen.leftOut.withoutSegments == ["03"])
    #expect(chosen.leftOut.unusable.keys.sorted() == ["05"] + problems)
    #expect(chosen.leftOut.unusable["05"]?.contains("sub-05_truth.json") == true)
    #expect(throws: Never.self) { try chosen.require(2) }
    do {
      try chosen.require(3)
      Issue.record("three cases of two studies")
    } catch {
      let words = "\(error)"
      #expect(words.contains("3 cases were asked for, and the library has 2 with truth"))
      for reason in ["no truth: 04", "levels are not known: 03", "05: "] {
        #expect(words.contains(reason), "\(reason) in \(words)")
      }
      #expect(words.contains("--cases 2"))
    }
    // As many as are wanted are drawn, and no more.
    let one = try TeachingSelection(drawing: 1, seed: 1, from: library, usesReadings: false)
    #expect(one.studies.count == 1)
    // A list takes what is not known, and says which case that is.
    let list = try folder.write("04\n01\n03\n", to: "list.txt")
    let listed = try TeachingSelection(list: list, in: library, usesReadings: false)
    #expect(listed.unknown == [1, 3] && listed.leftOut == LeftOutStudies())
    let many = (1...20).map { "\($0)" }
    var left = LeftOutStudies()
    left.withoutTruth = many.reversed()
    #expect(left.lines == ["no truth: \(many.prefix(12).joined(separator: ", ")) and 8 more"])
  }
}
