import Foundation
import TestSupport
import Testing

@testable import Core

@Suite("Adjudication: who sees what others signed, and what is taken over")
struct AdjudicationTests {
  private func state(
    _ verdicts: [SpinalSegment: Verdict], by reader: String, in library: StudyLibrary,
    signed meaning: SignatureMeaning? = .reviewed
  ) throws {
    let journal = try library.openJournal(library.study("01"), reader: reader)
    for (segment, verdict) in verdicts.sorted(by: { $0.key < $1.key }) {
      _ = try journal.append(ReviewDraft(action: .verdict, segment: segment, verdict: verdict))
    }
    if let meaning { _ = try journal.append(.signOff(meaning, name: reader.capitalized)) }
  }

  /// Anna and bob differ on C4-5.
  private func library(in folder: TemporaryFolder) throws -> StudyLibrary {
    let library = try LibraryFixture.library(["01"], in: folder)
    try state([.c4c5: .present, .c5c6: .absent], by: "anna", in: library)
    try state([.c4c5: .absent, .c5c6: .absent], by: "bob", in: library, signed: .secondReader)
    return library
  }

  private static let compare = ReviewDraft(action: .compare)

  @Test("A supervisor sees what others signed once the journal says so, and then signs above them")
  func supervisor() throws {
    let folder = try TemporaryFolder()
    let library = try library(in: folder)
    try ReaderTable.set(.supervisor, of: "liu", library: folder.url)
    let before = try library.access(to: "01", reader: "liu")
    #expect(before.others.isEmpty && before.signedByOthers == 2)
    _ = try library.append(Self.compare, subject: "01", reader: "liu")
    let others = try library.access(to: "01", reader: "liu").others
    #expect(others.map(\.reader) == ["anna", "bob"] && others.map(\.name) == ["Anna", "Bob"])
    #expect(others.allSatisfy { $0.time?.isEmpty == false && $0.isReading })
    try state([.c4c5: .present], by: "liu", in: library, signed: nil)
    let journal = try library.openJournal(library.study("01"), reader: "liu")
    #expect(throws: JournalError.self) { try journal.append(.signOff(.reviewed, name: "Liu")) }
    _ = try journal.append(.signOff(.adjudicated, name: "Liu"))
    #expect(SignedReading(journal.contents.records, reader: "liu") == nil)
    #expect(OtherReading(first: journal.contents.records, reader: "liu") == nil)
    #expect(
      LibraryVerification.findings(in: library).allSatisfy { $0.severity == .note },
      "the new acts are a journal's")
  }

  @Test("Where there is a supervisor nobody else compares; without one, none who has begun to read")
  func refused() throws {
    let folder = try TemporaryFolder()
    let library = try library(in: folder)
    func compare(_ reader: String) throws {
      _ = try library.append(Self.compare, subject: "01", reader: reader)
    }
    try state([.c4c5: .absent], by: "liu", in: library, signed: nil)
    #expect(throws: JournalError.self) { try compare("liu") }
    #expect(try library.access(to: "01", reader: "liu").signedByOthers == 0)
    // Who has signed may, also after opening again; and who has stated nothing.
    let journal = try library.openJournal(library.study("01"), reader: "liu")
    _ = try journal.append(.signOff(.reviewed, name: "Liu"))
    _ = try journal.append(ReviewDraft(action: .reopen, comment: "discussed"))
    #expect(try library.access(to: "01", reader: "liu").others.isEmpty)
    try compare("liu")
    #expect(try library.access(to: "01", reader: "liu").others.count == 2)
    let own = try #require(OtherReading(first: journal.contents.records, reader: "liu"))
    #expect(own.verdicts == [.c4c5: .absent])
    try compare("zoe")
    try ReaderTable.set(.supervisor, of: "max", library: folder.url)
    #expect(throws: JournalError.refused(StudyAccess.onlySupervisors)) { try compare("eva") }
    try ReaderTable.set(.annotator, of: "eva", library: folder.url)
    #expect(throws: JournalError.self) { try compare("eva") }
  }

  @Test("Nobody is second reader or adjudicator alone: it is said before the PIN is checked")
  func alone() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    // What is let through fails at the PIN, which is not set.
    func refusal(_ meaning: SignatureMeaning) throws -> String? {
      do {
        _ = try library.sign(
          .signOff(meaning, name: "Liu"), pin: PIN("2468"), subject: "01", reader: "liu")
      } catch is PINError {
        return nil
      } catch JournalError.refused(let why) {
        return why
      }
      return "signed"
    }
    try state([.c4c5: .absent], by: "liu", in: library, signed: nil)
    #expect(try library.access(to: "01", reader: "liu").otherSigners == 0)
    #expect(try refusal(.secondReader)?.contains("nobody else has signed") == true)
    #expect(try refusal(.adjudicated)?.contains("two others must have signed") == true)
    #expect(try refusal(.reviewed) == nil)
    #expect(try refusal(.supervised) == nil)
    // Who has not signed is no first reader.
    try state([.c4c5: .present], by: "anna", in: library, signed: nil)
    #expect(try refusal(.secondReader) != nil)
    try state([.c5c6: .absent], by: "anna", in: library)
    #expect(try library.access(to: "01", reader: "liu").otherSigners == 1)
    #expect(try refusal(.secondReader) == nil)
    #expect(try refusal(.adjudicated) != nil)
    // A signature opened again was one.
    let journal = try library.openJournal(library.study("01"), reader: "anna")
    _ = try journal.append(ReviewDraft(action: .reopen, comment: "slip"))
    #expect(try refusal(.secondReader) == nil)
    try state([.c4c5: .absent], by: "bob", in: library)
    #expect(try refusal(.adjudicated) == nil)
    // Nor is more than that they signed told.
    #expect(try library.access(to: "01", reader: "liu").others.isEmpty)
    #expect(SignatureMeaning.adjudicated.refusal(othersSigned: 1, hasCompared: true) == nil)
  }

  @Test("What is compared are first signatures; one that came after a reopening is shown as that")
  func signedAgain() throws {
    let folder = try TemporaryFolder()
    let library = try library(in: folder)
    let journal = try library.openJournal(library.study("01"), reader: "bob")
    _ = try journal.append(ReviewDraft(action: .reopen, comment: "discussed"))
    _ = try library.append(Self.compare, subject: "01", reader: "liu")
    func others() throws -> [OtherReading] { try library.access(to: "01", reader: "liu").others }
    // What is open again is compared as it was signed, and said to be.
    #expect(try others().map(\.label) == ["anna", "bob"])
    #expect(try others().map(\.isOpenSince) == [false, true])
    #expect(try others().map(\.openedBecause) == [nil, "discussed"])
    try state([.c4c5: .present], by: "bob", in: library, signed: .secondReader)
    #expect(try others().map(\.label) == ["anna", "bob", "bob again"])
    #expect(try others().map(\.isReading) == [true, true, false])
    #expect(try others().map(\.isOpenSince) == [false, false, false])
    #expect(try others().map(\.openedBecause) == [nil, nil, "discussed"])
    #expect(try others().map { $0.verdict(.c4c5) } == [.present, .absent, .present])
    let comparison = ReadingComparison(try others())
    #expect(comparison.readings.count == 2 && comparison.accord(.c4c5) == .differs)
    #expect(try library.access(to: "01", reader: "liu").signedByOthers == 2)
    // Who ruled without a reading is one column.
    try state([.c4c5: .present], by: "liu", in: library, signed: .adjudicated)
    _ = try library.append(Self.compare, subject: "01", reader: "max")
    let seen = try library.access(to: "01", reader: "max").others
    #expect(seen.map(\.label) == ["anna", "bob", "bob again", "liu"])
    #expect(seen.count { $0.isReading } == 2)
  }

  @Test("What is taken over is one act: it states each verdict, and undo takes all of them back")
  func adopting() throws {
    let disk = MemoryJournal()
    let journal = try ReviewJournal(storage: disk, reader: "liu")
    var state: ReviewState { ReviewState(journal.contents.records) }
    let agreed = [StatedVerdict(.c2c3, .absent), StatedVerdict(.c4c5, .present)]
    #expect(throws: JournalError.refused("what the readers signed was not looked at yet")) {
      try journal.append(.adopt(agreed, of: ["anna", "bob"]))
    }
    _ = try journal.append(Self.compare)
    for wrong in [[], [agreed[0], agreed[0]]] {
      #expect(throws: JournalError.self) {
        try journal.append(.adopt(wrong, of: ["anna", "bob"]))
      }
    }
    _ = try journal.append(ReviewDraft(action: .verdict, segment: .c2c3, verdict: .present))
    _ = try journal.append(.adopt(agreed, of: ["anna", "bob"]))
    #expect(state.standing == [.c2c3: .absent, .c4c5: .present])
    #expect(state.standing(.c4c5)?.reason == ReviewRecord.adoptedReason)
    #expect(
      state.history.last?.text
        == "took over the agreed verdicts (present on C4-5; absent on C2-3): anna, bob")
    let adopted = try #require(state.history.last?.record)
    for (room, name) in [
      (53, "the agreed verdicts (present on C4-5; absent on C2-3)"),
      (52, "the agreed verdicts (present on C4-5 and 1 more)"), (47, "2 agreed verdicts"),
    ] {
      #expect(adopted.name(within: room) == name)
    }
    #expect(state.conclusion(assessable: [.c2c3, .c4c5])?.verdict == .present)
    // Another session that has not seen it is told.
    var late = ReviewDraft(action: .verdict, segment: .c4c5, verdict: .absent)
    late.seen = 1
    #expect(throws: JournalError.self) { try journal.append(late) }
    late.segment = .c5c6
    _ = try journal.append(late)
    _ = try journal.append(try #require(state.undoDraft(blind: false, detectionSHA256: nil)))
    _ = try journal.append(try #require(state.undoDraft(blind: false, detectionSHA256: nil)))
    #expect(state.standing == [.c2c3: .present])
    _ = try journal.append(try #require(state.redoDraft(blind: false, detectionSHA256: nil)))
    #expect(state.standing == [.c2c3: .absent, .c4c5: .present])
    // A session that has seen all but these turns must see them before it speaks of the segments.
    var later = ReviewDraft(action: .verdict, segment: .c2c3, verdict: .absent)
    for seen in [state.history.count - 2, state.history.count - 1] {
      later.seen = seen
      for (segment, isOvertaken) in [(SpinalSegment.c2c3, true), (.c4c5, true), (.c6c7, false)] {
        later.segment = segment
        #expect((state.overtaking(later) != nil) == isOvertaken, "\(segment.name) after \(seen)")
      }
    }
    let again = try ReviewJournal(storage: disk, reader: "liu")
    #expect(again.contents.records == journal.contents.records)
    #expect(again.contents.records[2].verdicts == agreed)
  }

  @Test(
    "A journal that takes over an unknown segment, one twice or none is broken",
    arguments: [["C9-10"], ["C2-3", "C2-3"], [nil, nil], []] as [[String?]])
  func brokenAdoption(_ places: [String?]) throws {
    func bytes(_ places: [String?]) -> [UInt8] {
      var record = ReviewRecord(
        seq: 1, time: "2026-01-01T00:00:00.000Z", reader: "liu", action: .adopt, blind: true,
        detection: nil, previous: ReviewRecord.firstPrevious)
      record.verdicts = places.map { place in
        var stated = StatedVerdict(nil, .absent)
        stated.segment = place
        return stated
      }
      return record.sealedLine() + [0x0A]
    }
    #expect(throws: JournalError.self) { try JournalScan(bytes(places), file: "j") }
    #expect(try JournalScan(bytes(["C2-3", nil]), file: "j").records.count == 1)
  }

  @Test("Rows are agreed on, differ, are not told or not stated by all; rulings do not count")
  func accord() {
    var anna = OtherReading(reader: "anna")
    anna.verdicts = [.c2c3: .absent, .c3c4: .absent, .c4c5: .absent, .c5c6: .cannotTell]
    var bob = OtherReading(reader: "bob")
    bob.verdicts = [.c2c3: .absent, .c3c4: .present, .c4c5: .cannotTell, .c5c6: .cannotTell]
    bob.verdicts[.c6c7] = .present
    var ruling = anna
    (ruling.meaning, ruling.verdicts[.c2c3]) = (.adjudicated, .present)
    let comparison = ReadingComparison([anna, ruling, bob])
    #expect(comparison.readings.map(\.reader) == ["anna", "bob"])
    #expect(
      SpinalSegment.allCases.map { comparison.accord($0) } == [
        .agreed(.absent), .differs, .unsure, .agreed(.cannotTell), .partial, .silent,
      ])
    #expect(comparison.accord(nil) == .silent && comparison.isDisputed)
    #expect(ReadingComparison([anna]).accord(.c2c3) == .partial)
    // Who cannot be read may say otherwise.
    var broken = OtherReading(reader: "eva")
    broken.problem = "line 3 is torn"
    let incomplete = ReadingComparison([anna, bob, broken])
    #expect(
      SpinalSegment.allCases.map { incomplete.accord($0) } == [
        .partial, .differs, .unsure, .partial, .partial, .silent,
      ])
    #expect(incomplete.readings.count == 2 && incomplete.isDisputed)
    #expect(!ReadingComparison([anna, anna]).isDisputed && !ReadingComparison([anna]).isDisputed)
  }

  @Test("The worklist finds what awaits adjudication, for those who may know")
  func disputed() throws {
    let folder = try TemporaryFolder()
    let library = try library(in: folder)
    func isDisputed(_ reader: String) throws -> Bool {
      let entry = try library.entry(of: "01", reader: reader)
      #expect(WorklistQuery("state:disputed").matches(entry) == entry.isDisputed)
      return WorklistQuery("disputed").matches(entry)
    }
    func signatures(_ reader: String) throws -> Int? {
      let entry = try library.entry(of: "01", reader: reader)
      let count = entry.signatures
      #expect(WorklistQuery("signed>=2").matches(entry) == ((count ?? 0) >= 2))
      #expect(WorklistQuery("signed:2").matches(entry) == (count == 2))
      #expect(!WorklistQuery("signed>2").matches(entry))
      return count
    }
    // Without a supervisor: who has signed, not who is still to read.
    #expect(try isDisputed("anna"))
    #expect(try isDisputed("liu") == false)
    #expect(try signatures("anna") == nil)
    #expect(try signatures("liu") == nil)
    try ReaderTable.set(.supervisor, of: "liu", library: folder.url)
    // Before an own statement a supervisor is told how many signed, and not that they differ.
    #expect(try isDisputed("liu") == false)
    #expect(try signatures("liu") == 2)
    // Who has signed sees on the study that they differ, and so the list may say it, whoever adjudicates.
    #expect(try isDisputed("anna") && isDisputed("bob"))
    #expect(try library.access(to: "01", reader: "anna").others.map(\.reader) == ["bob"])
    #expect(try signatures("anna") == nil)
    #expect(WorklistQuery("state:disputed signed>=2").problems.isEmpty)
    #expect(!WorklistQuery("signed>=two").problems.isEmpty)
    _ = try library.append(Self.compare, subject: "01", reader: "liu")
    #expect(try isDisputed("liu"))
    #expect(try signatures("liu") == 2)
    try state([.c4c5: .present], by: "liu", in: library, signed: .adjudicated)
    #expect(try isDisputed("liu") == false)
    #expect(try isDisputed("anna") == false)
    #expect(try signatures("liu") == nil)
    // Nor does another supervisor find it any more.
    try ReaderTable.set(.supervisor, of: "max", library: folder.url)
    #expect(try signatures("max") == nil)
  }

  @Test("Under a supervisor the worklist tells readers no more of a dispute than the study does")
  func disputedUnderSupervisor() throws {
    let folder = try TemporaryFolder()
    let library = try library(in: folder)
    try ReaderTable.set(.supervisor, of: "max", library: folder.url)
    func isDisputed(_ reader: String) throws -> Bool {
      let isListed = try library.entry(of: "01", reader: reader).isDisputed
      let sees = try !library.access(to: "01", reader: reader).others.isEmpty
      #expect(!isListed || sees, "\(reader)")
      return isListed
    }
    // Carla has stated something, then signs, then opens it again.
    try state([.c4c5: .absent], by: "carla", in: library, signed: nil)
    #expect(try !isDisputed("carla"))
    let journal = try library.openJournal(library.study("01"), reader: "carla")
    _ = try journal.append(.signOff(.reviewed, name: "Carla"))
    #expect(try isDisputed("carla"))
    _ = try journal.append(ReviewDraft(action: .reopen, comment: "discussed"))
    #expect(try !isDisputed("carla"))
    // Others than readers, who have signed nothing.
    for role in [ReaderRole.guest, .annotator, .teacher] {
      try ReaderTable.set(role, of: "eva", library: folder.url)
      #expect(try !isDisputed("eva"), "\(role)")
    }
    // A guest now who signed as a reader sees what the others signed, and nothing is adjudicated by that.
    try ReaderTable.set(.guest, of: "bob", library: folder.url)
    #expect(try isDisputed("bob"))
    #expect(try library.entry(of: "01", reader: "bob").signatures == nil)
  }

  @Test("The worklist and its filter name other readers to nobody before the own signature")
  func namedReaders() throws {
    let folder = try TemporaryFolder()
    let library = try library(in: folder)
    try state([.c4c5: .absent], by: "carla", in: library, signed: nil)
    /// The names in the column, by which it is filtered and ordered, too.
    func names(_ reader: String) throws -> [String] {
      let entry = try library.entry(of: "01", reader: reader)
      #expect(entry.texts(.reader) == entry.readers)
      for name in ["anna", "bob", "carla"] {
        #expect(WorklistQuery("reader:\(name)").matches(entry) == entry.readers.contains(name))
        #expect(WorklistQuery("!reader:\(name)").matches(entry) != entry.readers.contains(name))
      }
      return entry.readers
    }
    let all = ["anna", "bob", "carla"]
    #expect(try names("anna") == all && names("bob") == all)
    // Who has begun has the own name alone, and who has stated nothing none.
    #expect(try names("carla") == ["carla"])
    #expect(try names("liu").isEmpty)
    // A supervisor is told how many signed, and who once the journal says that he looks.
    for role in [ReaderRole.supervisor, .teacher, .annotator, .guest] {
      try ReaderTable.set(role, of: "liu", library: folder.url)
      #expect(try names("liu").isEmpty, "\(role)")
    }
    try ReaderTable.set(.supervisor, of: "liu", library: folder.url)
    #expect(try library.entry(of: "01", reader: "liu").signatures == 2)
    _ = try library.append(Self.compare, subject: "01", reader: "liu")
    #expect(try names("liu") == all + ["liu"])
    // Opened again it is hidden again.
    let journal = try library.openJournal(library.study("01"), reader: "bob")
    _ = try journal.append(ReviewDraft(action: .reopen, comment: "discussed"))
    #expect(try names("bob") == ["bob"])
    // A table that cannot be read tells nothing of others.
    try folder.write("reader_id\trole\nliu\tboss\n", to: "readers.tsv")
    #expect(try names("anna") == ["anna"])
  }

  @Test("Agreement is that of the readers who are asked for")
  func chosenReaders() throws {
    let folder = try TemporaryFolder()
    let library = try library(in: folder)
    for readers in [["anna", "bob"], ["anna"]] {
      let error = #expect(throws: AgreementError.self) {
        try library.agreement(of: readers, for: "anna")
      }
      #expect(error == .tooFew(readers.count - 1))
    }
  }

  @Test("Unsaved edits of a lesion mask are saved before others are compared, on the screen, too")
  func keptDraft() throws {
    let folder = try TemporaryFolder()
    let library = try library(in: folder)
    let study = try library.study("01")
    try LibraryFixture.giveLesion("01", in: folder)
    try folder.write("reader_id\trole\nliu\treader\n", to: "readers.tsv")
    try LibraryFixture.keepLesion(library, "01", by: "liu")
    // Another's mask stands by now, and liu is shown none of it.
    try LibraryFixture.drawLesion(library, "01", by: "carla")
    func drafts(isBlind: Bool) throws -> DraftSearch {
      try library.drafts(
        of: "01", grids: LibraryFixture.lesionGrids, isBlind: isBlind, except: ["second"],
        reader: "liu")
    }
    // Begun with what no reader drew in sight, it waits while the AI is hidden.
    let waiting = try drafts(isBlind: true)
    #expect(waiting.found.isEmpty && waiting.refused.map(\.name) == [nil])
    do {
      _ = try library.append(Self.compare, subject: "01", reader: "liu")
      Issue.record("it was compared")
    } catch JournalError.refused(let why) {
      #expect(why.contains("unsaved edits of the lesion mask are kept: save them first"))
      let viewer = try #require(try ReadingViewer("liu", in: library, compares: true))
      #expect(library.othersTold(of: study, to: viewer) == .own(of: "liu", refusal: why))
    }
    #expect(try library.journal("01", reader: "liu").records.isEmpty)
    #expect(try library.access(to: "01", reader: "liu").others.isEmpty)
    // What was promised: it is back when the AI is shown.
    #expect(try drafts(isBlind: false).found.count == 1)
    try library.removeDraft(of: .lesion, from: ["first"], subject: "01", reader: "liu")
    _ = try library.append(Self.compare, subject: "01", reader: "liu")
    #expect(try library.access(to: "01", reader: "liu").others.count == 2)
  }
}
