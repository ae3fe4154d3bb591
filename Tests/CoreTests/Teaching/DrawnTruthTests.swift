import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("A lesion mask that a reader drew is no truth of a case")
struct DrawnTruthTests {
  private static let labels = "derivatives/labels/sub-zebra01/anat/sub-zebra01_T2w_label-"
  private let folder: TemporaryFolder
  private let library: StudyLibrary
  private let study: LibraryStudy

  /// A study with C4, C5 and C6 as points.
  init() throws {
    folder = try TemporaryFolder()
    library = try LibraryFixture.library(["zebra01"], in: folder)
    study = try library.study("zebra01")
    var points = LibraryFixture.image().map { _ in UInt16(0) }
    for (level, j) in [(4, 52), (5, 42), (6, 32)] { points[40, j, 2] = UInt16(level) }
    try LibraryFixture.write(points, to: folder(Self.labels + "levels_dlabel.nii.gz"))
  }

  /// A session that anybody may make, and who learns in it.
  private func room(
    _ reader: String = "bob", named name: String = "monday", usesReadings: Bool = false
  ) throws -> TeachingSource {
    let known = TeachingSession.names(library: folder.url).contains(name)
    let session =
      known
      ? try TeachingSession(opening: name, library: folder.url)
      : try TeachingSession(
        making: name, of: [study], in: library, by: reader, usesReadings: usesReadings)
    return try TeachingSource(session, in: library, role: .learner, reader: reader)
  }

  /// The lesion that is drawn after the reveal, as pixels.
  private func lesion(_ room: TeachingSource) throws -> [Int] {
    let shown = try room.lesion(of: "1", on: LibraryFixture.lesionGrids.map(\.grid))
    return shown.flatMap { raster in raster.pixels.indices.filter { raster.pixels[$0] } }
  }

  private func acts(_ reader: String) throws -> [ReviewAction] {
    try library.openJournal(study, reader: reader).glance().map(\.action)
  }

  @Test("What another reader drew is neither truth nor outline, and its reveal tells nothing")
  func drawn() throws {
    try LibraryFixture.drawLesion(library, "zebra01", by: "anna")
    // It stands, and it is what an evaluation reads.
    #expect(
      try LibraryEvaluation.truth(of: study, in: library, folder: nil)?.hasLesion == true)
    let bob = try room()
    #expect(try bob.truth(of: "1") == nil && lesion(bob).isEmpty)
    #expect(try !bob.notesReveal(of: "1", reader: "bob"))
    _ = try bob.append(ReviewDraft(action: .reveal), subject: "1", reader: "bob")
    // He has seen nothing of hers: he still signs as a reader of his own.
    let journal = try library.openJournal(study, reader: "bob")
    _ = try journal.append(ReviewDraft(action: .verdict, segment: .c4c5, verdict: .absent))
    _ = try journal.append(.signOff(.reviewed, name: "Bob"))
    #expect(try acts("bob") == [.verdict, .signOff])
    // Who drew it is told no more: the truth is one for all of a session.
    #expect(try room("anna").truth(of: "1") == nil)
  }

  @Test("A study with such a mask alone is drawn for no session, and nothing of it is known")
  func selection() throws {
    try LibraryFixture.drawLesion(library, "zebra01", by: "anna")
    #expect(throws: TeachingError.self) {
      try TeachingSelection(drawing: 1, seed: 1, from: library, usesReadings: false)
    }
    try folder.write("zebra01\n", to: "list.txt")
    let listed = try TeachingSelection(
      list: folder("list.txt"), in: library, usesReadings: false)
    #expect(listed.unknown == [1] && !listed.needsReadings)
  }

  @Test("A reader's login evaluates on what the reader may see, any other on what stands")
  func evaluated() throws {
    try LibraryFixture.drawLesion(library, "zebra01", by: "anna")
    try folder.write("reader_id\trole\nbob\treader\n", to: "readers.tsv")
    func remarks(_ reader: String) throws -> [String] {
      let viewer = try ReadingViewer(reader, in: library)
      return try LibraryEvaluation.cohort(of: library, for: viewer).remarks
    }
    let withTruth = ["zebra01: no detection (run detect first)"]
    #expect(try remarks("root") == withTruth && remarks("anna") == withTruth)
    #expect(try remarks("bob") == ["zebra01: no truth"])
    let journal = try library.openJournal(study, reader: "bob")
    _ = try journal.append(ReviewDraft(action: .verdict, segment: .c4c5, verdict: .absent))
    _ = try journal.append(.signOff(.reviewed, name: "Bob"))
    #expect(try remarks("bob") == withTruth)
  }

  @Test("A mask whose sidecar cannot be read may be a reader's, and is no truth")
  func unreadable() throws {
    try LibraryFixture.giveLesion("zebra01", in: folder)
    #expect(try room().truth(of: "1")?.verdict(.c4c5) == .present)
    try folder.write("{", to: Self.labels + "lesion_seg.json")
    let again = try room()
    #expect(try again.truth(of: "1") == nil && lesion(again).isEmpty)
  }

  @Test("What no reader drew is truth as before, also below what a reader drew over it")
  func given() throws {
    try LibraryFixture.giveLesion("zebra01", in: folder)
    let before = try room()
    let known = try #require(try before.truth(of: "1"))
    let outline = try lesion(before)
    #expect(known.source == .library && known.verdicts == [.c4c5: .present, .c5c6: .absent])
    #expect(!outline.isEmpty)
    let name = folder(Self.labels + "lesion_seg.nii.gz")
    let hash = try SHA256.hexDigest(ofFile: name)
    try LibraryFixture.drawLesion(library, "zebra01", by: "anna")
    #expect(try SHA256.hexDigest(ofFile: name) != hash)
    let after = try room()
    #expect(try after.truth(of: "1") == known && lesion(after) == outline)
  }

  @Test("Beside a drawn mask, what readers signed is truth, and seeing it is noted as before")
  func readings() throws {
    try folder.write("reader_id\trole\nanna\tteacher\n", to: "readers.tsv")
    try LibraryFixture.drawLesion(library, "zebra01", by: "anna")
    let journal = try library.openJournal(study, reader: "anna")
    _ = try journal.append(ReviewDraft(action: .verdict, segment: .c5c6, verdict: .present))
    _ = try journal.append(.signOff(.reviewed, name: "Anna"))
    _ = try room("anna", named: "friday", usesReadings: true)
    let bob = try room(named: "friday")
    let truth = try #require(try bob.truth(of: "1"))
    #expect(truth.source == .readings(1) && truth.verdicts == [.c5c6: .present])
    #expect(try lesion(bob).isEmpty && bob.notesReveal(of: "1", reader: "bob"))
    _ = try bob.append(ReviewDraft(action: .reveal), subject: "1", reader: "bob")
    #expect(try acts("bob") == [.compare])
  }

  @Test("Unsaved edits of the lesion mask keep such a truth from being shown, and are not lost")
  func drafts() throws {
    try folder.write("reader_id\trole\nanna\tteacher\n", to: "readers.tsv")
    let journal = try library.openJournal(study, reader: "anna")
    _ = try journal.append(ReviewDraft(action: .verdict, segment: .c5c6, verdict: .present))
    _ = try journal.append(.signOff(.reviewed, name: "Anna"))
    _ = try room("anna", named: "friday", usesReadings: true)
    let bob = try room(named: "friday")
    try LibraryFixture.keepLesion(library, "zebra01", by: "bob")
    let reveal = ReviewDraft(action: .reveal)
    do {
      _ = try bob.append(reveal, subject: "1", reader: "bob")
      Issue.record("it was shown")
    } catch let error as TeachingError {
      #expect(error.description.contains("unsaved edits of the lesion mask are kept"))
      #expect(!error.description.contains("zebra01"))
    }
    #expect(try acts("bob").isEmpty && bob.journal("1", reader: "bob").records.isEmpty)
    try library.removeDraft(of: .lesion, from: ["first"], subject: "zebra01", reader: "bob")
    _ = try bob.append(reveal, subject: "1", reader: "bob")
    #expect(try acts("bob") == [.compare])
  }
}
