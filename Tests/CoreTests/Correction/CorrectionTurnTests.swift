import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Taking corrections of labels back and restoring them")
struct CorrectionTurnTests {
  private static let labels = "derivatives/labels/sub-01/anat"
  private static let cord = labels + "/sub-01_T2w_label-SC_seg"
  private static let grids = [CorrectionGrid(index: 2, grid: LibraryFixture.grid(slice: 2))]

  /// A dot of 7 px at a column, on the slice of the cord.
  @discardableResult
  private func draw(
    _ library: StudyLibrary, _ target: CorrectionTarget = .cord, at column: Double = 100,
    by reader: String = "liu"
  ) throws -> ReviewRecord {
    let basis = try library.correctionBasis(
      target, of: "01", grids: Self.grids, reader: reader, isBlind: false)
    var edit = MaskEdit(basis.masks)
    try edit.draw(.brush, size: 7, on: 0, from: [column, 128], to: [column, 128])
    let change = MaskWriteBack.SliceChange(
      index: 2, grid: Self.grids[0].grid, before: edit.original[0], after: edit.masks[0])
    return try library.correct(
      LabelCorrection(target: target, files: basis.files, content: .mask([change])),
      .correct(CorrectionNote(target, change: "dot at \(Int(column))")), subject: "01",
      reader: reader)
  }

  /// Moves points.
  private func move(
    _ library: StudyLibrary, _ target: CorrectionTarget, by reader: String = "liu",
    _ change: (inout LabelEdit) throws -> Void
  ) throws {
    let basis = try library.correctionBasis(
      target, of: "01", grids: [], reader: reader, isBlind: false)
    var edit = LabelEdit(target == .discs ? .discs : .boundaries, basis.points)
    try change(&edit)
    _ = try library.correct(
      LabelCorrection(target: target, files: basis.files, content: .points(edit.points)),
      .correct(CorrectionNote(target, change: "moved")), subject: "01", reader: reader)
  }

  private func state(_ library: StudyLibrary, _ reader: String = "liu") throws -> ReviewState {
    ReviewState(try library.journal("01", reader: reader).records)
  }

  @discardableResult
  private func undo(_ library: StudyLibrary, by reader: String = "liu") throws -> ReviewRecord {
    let draft = try state(library, reader).undoDraft(blind: false, detectionSHA256: nil)
    return try library.turnCorrection(try #require(draft), subject: "01", reader: reader)
  }

  @discardableResult
  private func redo(_ library: StudyLibrary, by reader: String = "liu") throws -> ReviewRecord {
    let draft = try state(library, reader).redoDraft(blind: false, detectionSHA256: nil)
    return try library.turnCorrection(try #require(draft), subject: "01", reader: reader)
  }

  /// Everything that has no version's name.
  private func standing(_ folder: TemporaryFolder) throws -> [String: Data] {
    try LibraryFixture.snapshot(folder(Self.labels)).filter { name, _ in
      !name.split(separator: ".").contains { $0.count == 16 && $0.allSatisfy(\.isHexDigit) }
    }
  }

  /// Two readers who do not have the study open at the same time.
  private func other(_ library: StudyLibrary, _ folder: TemporaryFolder) throws -> StudyLibrary {
    library.leave()
    return try StudyLibrary(opening: folder.url)
  }

  // MARK: Round trips

  @Test("undo gives file and sidecar back byte for byte, redo the correction, and nothing is lost")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    try folder.write(#"{"Name": "as it came", "Odd":1}"#, to: Self.cord + ".json")
    let given = try standing(folder)
    let first = try draw(library)
    let corrected = try standing(folder)
    let second = try draw(library, at: 140)
    let again = try standing(folder)
    #expect(given != corrected && corrected != again)
    let back = try undo(library)
    #expect(try standing(folder) == corrected)
    #expect(back.action == .undo && back.reverts == second.seq)
    #expect(back.correction?.before == second.correction?.after)
    #expect(back.correction?.after == second.correction?.before)
    #expect(back.correction?.origin == nil && back.correction?.target == .cord)
    try undo(library)
    #expect(try standing(folder) == given)
    #expect(try state(library).corrections.isEmpty)
    let restored = try redo(library)
    #expect(try standing(folder) == corrected)
    #expect(restored.correction?.after == first.correction?.after)
    try redo(library)
    #expect(try standing(folder) == again)
    #expect(try state(library).corrections == [first, second])
    #expect(try state(library).redoDraft(blind: false, detectionSHA256: nil) == nil)
    // All three versions are there, each with its sidecar.
    let all = Set(try LibraryFixture.snapshot(folder(Self.labels)).values)
    for version in [given, corrected, again] { #expect(all.isSuperset(of: version.values)) }
    // Another session reads the same, and the journal's lines are sealed as they were written.
    library.leave()
    let journal = try StudyLibrary(opening: folder.url).journal("01", reader: "liu").records
    #expect(journal.map(\.action) == [.correct, .correct, .undo, .undo, .redo, .redo])
    for record in journal {
      var sealed = record
      let digest = record.digest
      _ = sealed.sealedLine()
      #expect(sealed.digest == digest)
    }
  }

  @Test("the first correction goes back to no file at all, and another session can do it")
  func firstOfAll() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let before = try standing(folder)
    let lesion = try draw(library, .lesion)
    let corrected = try standing(folder)
    let later = try other(library, folder)
    let back = try undo(later)
    #expect(try standing(folder) == before)
    #expect(back.correction?.after == "")
    #expect(try later.labelFiles(of: later.study("01"))[.lesion] == nil)
    // The corrected file is a version, with its sidecar.
    let hash = try #require(lesion.correction?.after.prefix(16))
    let name = "sub-01_T2w_label-lesion_seg"
    for ending in ["nii.gz", "json"] {
      let kept = try Data(contentsOf: folder("\(Self.labels)/\(name).\(hash).\(ending)"))
      #expect(kept == corrected["\(name).\(ending)"], "\(ending)")
    }
    try redo(later)
    #expect(try standing(folder) == corrected)
  }

  @Test("the label found elsewhere is used again, and a detection on the correction is outdated")
  func found() throws {
    let source = SyntheticStudy()
    let files = try PartialLibrary(source.image, [:])
    try files.find(try #require(source.studyLabels.cord), as: .cord)
    let library = try files.open().library
    let own = PartialLibrary.own + LabelRole.cord.ending + ".nii.gz"
    let study = try library.study("01")
    let grids = [CorrectionGrid(index: 2, grid: SagittalGrid(centre: [0, 0, 0]))]
    let basis = try library.correctionBasis(
      .cord, of: "01", grids: grids, reader: "liu", isBlind: false)
    #expect(basis.files.count == 1)
    var edit = MaskEdit(basis.masks)
    try edit.draw(.brush, size: 9, on: 0, from: [60, 60], to: [60, 60])
    let change = MaskWriteBack.SliceChange(
      index: 2, grid: grids[0].grid, before: edit.original[0], after: edit.masks[0])
    let record = try library.correct(
      LabelCorrection(target: .cord, files: basis.files, content: .mask([change])),
      .correct(CorrectionNote(.cord, change: "dot")), subject: "01", reader: "liu")
    #expect(record.correction?.origin?.isVersionKept == false)
    #expect(record.correction?.before == (try SHA256.hexDigest(ofFile: files.folder(own))))
    let back = try undo(library)
    #expect(library.labelFiles(of: study)[.cord]?.url.path == files.folder(own).path)
    #expect(back.correction?.after == record.correction?.before)
    // Made anew meanwhile, it is not what the correction began from.
    try redo(library)
    var another = try #require(source.studyLabels.cord)
    another.voxels[0] = 1
    try files.find(another, as: .cord)
    let before = try standing(files.folder)
    #expect(throws: EditRefusal.self) { try undo(library) }
    #expect(try standing(files.folder) == before)
    #expect(try state(library).nextUndo?.seq == record.seq)
  }

  @Test("boundaries that corrected discs set aside come back with their sidecar, and go again")
  func boundaries() throws {
    let source = SyntheticStudy()
    let given = source.studyLabels
    let files = try PartialLibrary(
      source.image,
      [.cord: #require(given.cord), .canal: #require(given.canal), .spine: #require(given.spine)])
    let library = try files.open().library
    try move(library, .discs) { try $0.move(5, by: [0, 0, -SagittalGrid.spacing]) }
    let withDiscs = try standing(files.folder)
    try move(library, .boundaries) { try $0.move(4, by: [0, 0, 2 * SagittalGrid.spacing]) }
    let withBoundaries = try standing(files.folder)
    let points = try library.correctionBasis(
      .boundaries, of: "01", grids: [], reader: "liu", isBlind: false
    ).points
    try move(library, .discs) { try $0.move(6, by: [0, 0, SagittalGrid.spacing]) }
    let last = try standing(files.folder)
    #expect(last["sub-01_T2w_label-levels_dlabel.nii.gz"] == nil)
    try undo(library)
    #expect(try standing(files.folder) == withBoundaries)
    #expect(
      try library.correctionBasis(.boundaries, of: "01", grids: [], reader: "liu", isBlind: false)
        .points == points)
    try redo(library)
    #expect(try standing(files.folder) == last)
    try undo(library)
    try undo(library)
    #expect(try standing(files.folder) == withDiscs)
    try undo(library)
    #expect(try files.read().levelSource == .labelled)
    #expect(try standing(files.folder).keys.allSatisfy { !$0.contains("dlabel") })
  }

  // MARK: Others, and the journal

  @Test("what another reader corrected since is not taken back, and who it was is said")
  func foreign() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    try draw(library)
    let second = try other(library, folder)
    try draw(second, at: 140, by: "eva")
    second.leave()
    let files = try LibraryFixture.snapshot(folder(Self.labels))
    let refusal = #expect(throws: EditRefusal.self) { try undo(library) }
    #expect(refusal?.description.hasPrefix("eva corrected the cord mask since, on ") == true)
    #expect(try LibraryFixture.snapshot(folder(Self.labels)) == files)
    #expect(try state(library).history.count == 1)
    // Once eva has taken hers back, it is the reader's again.
    library.leave()
    try undo(second, by: "eva")
    second.leave()
    try undo(library)
    #expect(try state(library).corrections.isEmpty)
    // What eva drew stood on the reader's dot, which is gone.
    let redone = try other(library, folder)
    #expect(throws: EditRefusal.self) { try redo(redone, by: "eva") }
  }

  @Test("another reader's drawing back to the same voxels is theirs all the same")
  func sameBytes() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    try draw(library)
    let wanted = try library.correctionBasis(
      .cord, of: "01", grids: Self.grids, reader: "liu", isBlind: false
    ).masks[0]
    let mine = try draw(library, at: 140)
    let second = try other(library, folder)
    let basis = try second.correctionBasis(
      .cord, of: "01", grids: Self.grids, reader: "liu", isBlind: false)
    let change = MaskWriteBack.SliceChange(
      index: 2, grid: Self.grids[0].grid, before: basis.masks[0], after: wanted)
    let theirs = try second.correct(
      LabelCorrection(target: .cord, files: basis.files, content: .mask([change])),
      .correct(CorrectionNote(.cord, change: "dot erased")), subject: "01", reader: "eva")
    #expect(theirs.correction?.after == mine.correction?.before)
    second.leave()
    let refusal = #expect(throws: EditRefusal.self) { try undo(library) }
    #expect(refusal?.description.hasPrefix("eva corrected the cord mask since") == true)
  }

  @Test("boundaries that another reader corrected since keep discs from being taken back")
  func foreignBoundaries() throws {
    let source = SyntheticStudy()
    let given = source.studyLabels
    let files = try PartialLibrary(
      source.image,
      [.cord: #require(given.cord), .canal: #require(given.canal), .spine: #require(given.spine)])
    let library = try files.open().library
    try move(library, .discs) { try $0.move(5, by: [0, 0, -SagittalGrid.spacing]) }
    let second = try other(library, files.folder)
    try move(second, .boundaries, by: "eva") { try $0.move(4, by: [0, 0, SagittalGrid.spacing]) }
    second.leave()
    let before = try standing(files.folder)
    let refusal = #expect(throws: EditRefusal.self) { try undo(library) }
    #expect(
      refusal?.description == "beside it the segment boundaries are not those that it began from")
    #expect(try standing(files.folder) == before)
  }

  @Test("signed, open elsewhere, for a guest, without the files and without a note it is refused")
  func refused() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let record = try draw(library)
    let files = try LibraryFixture.snapshot(folder(Self.labels))
    let draft = try #require(
      try state(library).undoDraft(blind: false, detectionSHA256: nil))
    // The journal alone does not take it, with or without the words.
    #expect(throws: JournalError.self) {
      try library.append(draft, subject: "01", reader: "liu")
    }
    var told = draft
    told.correction = record.correction
    #expect(throws: JournalError.self) { try library.append(told, subject: "01", reader: "liu") }
    // Held by the first session.
    let second = try StudyLibrary(opening: folder.url)
    #expect(throws: JournalError.self) {
      try second.turnCorrection(draft, subject: "01", reader: "liu")
    }
    try ReaderTable.set(.guest, of: "gast", library: folder.url)
    #expect(throws: JournalError.self) {
      try library.turnCorrection(draft, subject: "01", reader: "gast")
    }
    _ = try library.append(
      ReviewDraft(action: .verdict, segment: .c4c5, verdict: .absent), subject: "01", reader: "liu")
    let journal = try library.openJournal(library.study("01"), reader: "liu")
    _ = try journal.append(.signOff(.reviewed, name: "Liu"))
    #expect(throws: JournalError.refused("the study is signed: reopen it first")) {
      try library.turnCorrection(draft, subject: "01", reader: "liu")
    }
    #expect(try LibraryFixture.snapshot(folder(Self.labels)) == files)
    _ = try journal.append(ReviewDraft(action: .reopen, comment: "again"))
    // A version that is gone or was altered cannot be restored.
    let hash = try #require(record.correction?.before?.prefix(16))
    let version = folder("\(Self.cord).\(hash).nii.gz")
    let kept = try Data(contentsOf: version)
    try Data("x".utf8).write(to: version)
    #expect(throws: EditRefusal.self) {
      try library.turnCorrection(draft, subject: "01", reader: "liu")
    }
    #expect(try SHA256.hexDigest(ofFile: folder(Self.cord + ".nii.gz")) == record.correction?.after)
    try kept.write(to: version)
    _ = try library.turnCorrection(draft, subject: "01", reader: "liu")
    #expect(try state(library).standing == [.c4c5: .absent])
  }

  @Test("a former version's correction stays, a journal's words never name other files")
  func notes() throws {
    let former = SheetCase.record(1, .correct)
    var note = CorrectionNote(.cord, change: "1 slice")
    var record = former
    record.correction = note
    #expect(ReviewState([record]).nextUndo == nil && ReviewState([record]).corrections == [record])
    let hash = String(repeating: "ab", count: 32)
    let folder = URL(fileURLWithPath: "/nowhere")
    (note.before, note.after) = (hash, hash)
    func origin(_ sidecar: String) -> CorrectionOrigin {
      CorrectionOrigin(files: [], isVersionKept: true, sidecar: nil, newSidecar: sidecar)
    }
    #expect(throws: EditRefusal.self) {
      try CorrectionTurn(note, isUndo: true, in: folder, stem: "sub-01_T2w")
    }
    for bad in ["", "../../../etc/passwd", String(repeating: "/", count: 64), hash + "0"] {
      note.origin = origin(bad)
      #expect(throws: EditRefusal.self, "\(bad)") {
        try CorrectionTurn(note, isUndo: true, in: folder, stem: "sub-01_T2w")
      }
    }
    note.origin = origin(hash)
    _ = try CorrectionTurn(note, isUndo: true, in: folder, stem: "sub-01_T2w")
    note.before = "../" + String(repeating: "a", count: 61)
    #expect(throws: EditRefusal.self) {
      try CorrectionTurn(note, isUndo: true, in: folder, stem: "sub-01_T2w")
    }
  }

  @Test("corrections leave the redo of verdicts and the state that is signed as they were")
  func beside() {
    var verdict = SheetCase.record(1, .verdict, .c4c5, .present)
    verdict.digest = "1"
    var undo = SheetCase.record(2, .undo)
    undo.reverts = 1
    var correct = SheetCase.record(3, .correct)
    correct.correction = CorrectionNote(.cord, change: "1 slice")
    correct.correction?.origin = CorrectionOrigin(
      files: [], isVersionKept: false, sidecar: nil, newSidecar: "")
    let state = ReviewState([verdict, undo, correct])
    #expect(state.nextUndo?.seq == 3 && state.nextRedo?.seq == 1)
    #expect(state.digest(head: "x") == ReviewState([verdict, undo]).digest(head: "x"))
    #expect(state.undoDraft(blind: false, detectionSHA256: nil, skipping: [3]) == nil)
    #expect(state.redoDraft(blind: false, detectionSHA256: nil, skipping: [1]) == nil)
    var back = SheetCase.record(4, .undo)
    back.reverts = 3
    let taken = ReviewState([verdict, undo, correct, back])
    #expect(taken.corrections.isEmpty && taken.nextRedo?.seq == 3)
    #expect(taken.history.last?.text == "took back cord mask corrected: 1 slice")
    // Another correction ends the redo of the first, and not that of the verdict.
    var next = correct
    next.seq = 5
    let after = ReviewState([verdict, undo, correct, back, next])
    #expect(after.nextRedo?.seq == 1 && after.nextUndo?.seq == 5)
  }

  // MARK: Kills

  @Test("a kill after any step leaves what the next undo brings to an end", arguments: 0..<4)
  func killed(_ step: Int) throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    try folder.write(#"{"Name": "as it came"}"#, to: Self.cord + ".json")
    let given = try standing(folder)
    try draw(library)
    let corrected = try standing(folder)
    let label = VersionedLabel(url: folder(Self.cord + ".nii.gz"))
    // The steps of undo, and then nothing more.
    if step >= 1 { try label.keep() }
    if step >= 2 {
      try AtomicFile.write(try #require(given["sub-01_T2w_label-SC_seg.nii.gz"]), to: label.url)
    }
    if step >= 3 {
      try AtomicFile.write(try #require(given["sub-01_T2w_label-SC_seg.json"]), to: label.json)
    }
    let later = try other(library, folder)
    #expect(try state(later).corrections.count == 1)
    try undo(later)
    #expect(try standing(folder) == given)
    #expect(try state(later).corrections.isEmpty)
    try redo(later)
    #expect(try standing(folder) == corrected)
  }

  @Test("a kill while the first correction goes leaves no sidecar for good", arguments: 0..<3)
  func killedFirst(_ step: Int) throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let before = try standing(folder)
    try draw(library, .lesion)
    let corrected = try standing(folder)
    let label = VersionedLabel(
      url: folder(Self.labels + "/sub-01_T2w_label-lesion_seg.nii.gz"))
    if step >= 1 {
      try label.keep()
      try FileManager.default.removeItem(at: label.url)
    }
    if step >= 2 { try FileManager.default.removeItem(at: label.json) }
    try undo(library)
    #expect(try standing(folder) == before)
    try redo(library)
    #expect(try standing(folder) == corrected)
  }

  @Test("a correction begun on what a kill left half-way loses neither sidecar")
  func continued() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    try folder.write(#"{"Name": "as it came"}"#, to: Self.cord + ".json")
    let given = try standing(folder)
    try draw(library)
    // Killed between the file and its sidecar.
    let label = VersionedLabel(url: folder(Self.cord + ".nii.gz"))
    try label.keep()
    try AtomicFile.write(try #require(given["sub-01_T2w_label-SC_seg.nii.gz"]), to: label.url)
    let mixed = try standing(folder)
    try draw(library, at: 140)
    try undo(library)
    #expect(try standing(folder) == mixed)
    try undo(library)
    #expect(try standing(folder) == given)
  }

  @Test("what another session of the reader wrote first is seen first, and the files stay")
  func overtaken() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    try draw(library)
    let before = try standing(folder)
    var draft = try #require(try state(library).undoDraft(blind: false, detectionSHA256: nil))
    _ = try library.append(.quality(.pass), subject: "01", reader: "liu")
    draft.seen = 1
    #expect(throws: JournalError.self) {
      try library.turnCorrection(draft, subject: "01", reader: "liu")
    }
    #expect(try standing(folder) == before)
  }

  @Test("a detection on a correction that gave way to an older file is outdated")
  func outdated() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let study = try library.study("01")
    let given = folder(Self.cord + ".nii.gz")
    // The mask lies beside the image, and is older than any detection.
    let beside = folder("sub-01/anat/sub-01_T2w_seg.nii.gz")
    try FileManager.default.moveItem(at: given, to: beside)
    try draw(library)
    var detection = LibraryFixture.detection()
    detection.labelSha256 = try library.load(study).labelSHA256
    _ = try DerivativeWriter(library: folder.url).write(
      detection, maps: LibraryFixture.maps(), of: study)
    // All of it before the detection, by more than a tick of the clock of files.
    let stored = try #require(study.derivative("_detection.json", library: folder.url))
    func age(_ url: URL, _ seconds: Double) throws {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -seconds)], ofItemAtPath: url.path)
    }
    for url in [beside, folder("sub-01/anat/sub-01_T2w.nii.gz"), given, folder(Self.labels)] {
      try age(url, 200)
    }
    try age(stored, 100)
    #expect(!library.isOutdated(study))
    try undo(library)
    #expect(library.labelFiles(of: study)[.cord]?.url.path == beside.path)
    #expect(library.isOutdated(study))
    try redo(library)
    #expect(!library.isOutdated(study))
  }
}
