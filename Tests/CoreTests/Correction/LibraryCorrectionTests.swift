import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Corrections in a library")
struct LibraryCorrectionTests {
  private static let labels = "derivatives/labels/sub-01/anat"
  private static let cord = labels + "/sub-01_T2w_label-SC_seg"
  private static let grids = [CorrectionGrid(index: 2, grid: LibraryFixture.grid(slice: 2))]

  private func note(_ target: CorrectionTarget, _ change: String = "test") -> ReviewDraft {
    .correct(CorrectionNote(target, change: change))
  }

  /// A dot of 7 px beside the cord.
  private func drawn(
    _ target: CorrectionTarget = .cord, in library: StudyLibrary, tool: MaskEdit.Tool = .brush
  ) throws -> LabelCorrection {
    let basis = try library.correctionBasis(
      target, of: "01", grids: Self.grids, reader: "liu", isBlind: false)
    var edit = MaskEdit(basis.masks)
    let place: SIMD2<Double> = tool == .brush ? [100, 128] : [127, 128]
    try edit.draw(tool, size: 7, on: 0, from: place, to: place)
    return LabelCorrection(
      target: target, files: basis.files,
      content: .mask([
        MaskWriteBack.SliceChange(
          index: 2, grid: Self.grids[0].grid, before: edit.original[0], after: edit.masks[0])
      ]))
  }

  @Test(
    "a corrected mask has its author, the former file stays, and the journal says what became what")
  func mask() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let old = try Data(contentsOf: folder(Self.cord + ".nii.gz"))
    let before = try NIfTI.readLabels(folder(Self.cord + ".nii.gz"))
    let record = try library.correct(
      try drawn(in: library), note(.cord), subject: "01", reader: "liu")
    let correction = try #require(record.correction)
    #expect(record.action == .correct && record.reader == "liu")
    #expect(correction.before == SHA256.hexDigest(of: old))
    #expect(correction.after == (try SHA256.hexDigest(ofFile: folder(Self.cord + ".nii.gz"))))
    #expect(correction.file == "sub-01_T2w_label-SC_seg.nii.gz")
    let after = try NIfTI.readLabels(folder(Self.cord + ".nii.gz"))
    #expect(after.shape == before.shape && after.affine == before.affine)
    let added = after.voxels.indices.filter { after.voxels[$0] != before.voxels[$0] }
    #expect(!added.isEmpty && added.allSatisfy { after.voxels[$0] == 1 })
    #expect(added.allSatisfy { $0 / 6400 == 2 })
    // In voxels of the file, not in pixels of the grid that was drawn on.
    let change = "1 slice, \(added.count) voxels added, 0 removed"
    #expect(correction.change == change && added.count != 37)
    // The version bears the start of the hash.
    let version = folder(Self.cord + ".\(SHA256.hexDigest(of: old).prefix(16)).nii.gz")
    #expect(try Data(contentsOf: version) == old)
    let sidecar = try #require(try Provenance.read(folder(Self.cord + ".json")))
    let maker = try #require((sidecar["GeneratedBy"] as? [[String: String]])?.last)
    #expect(maker["Name"] == "Manual" && maker["Author"] == "liu" && maker["Date"]?.count == 19)
    #expect(sidecar["SpatialReference"] as? String == "orig")
    let study = try library.study("01")
    #expect(library.labelFiles(of: study)[.cord]?.url == folder(Self.cord + ".nii.gz"))
    // The journal can be read again by another session.
    let journal = try StudyLibrary(opening: folder.url).journal("01", reader: "liu")
    #expect(journal.records == [record])
    #expect(ReviewState(journal.records).corrections == [record])
    #expect(ReviewState(journal.records).nextUndo == record)
    // A second correction keeps both.
    _ = try library.correct(
      try drawn(in: library, tool: .eraser), note(.cord, "again"), subject: "01", reader: "liu")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder(Self.labels).path)
    #expect(names.count { $0.hasSuffix(".nii.gz") } == 3)
    let entries = try Provenance.read(folder(Self.cord + ".json"))?["GeneratedBy"] as? [Any]
    #expect(entries?.count == 2)
  }

  @Test("what is signed, held elsewhere, changed meanwhile or not for a guest is not written")
  func refused() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let correction = try drawn(in: library)
    _ = try library.correct(correction, note(.cord), subject: "01", reader: "liu")
    let files = try LibraryFixture.snapshot(folder(Self.labels))
    // Its basis is another by now.
    #expect(throws: EditRefusal.self) {
      try library.correct(correction, note(.cord), subject: "01", reader: "liu")
    }
    let second = try StudyLibrary(opening: folder.url)
    let fresh = try drawn(in: second, tool: .eraser)
    // The first session still has the study open.
    #expect(throws: JournalError.self) {
      try second.correct(fresh, note(.cord), subject: "01", reader: "liu")
    }
    library.leave()
    try ReaderTable.set(.guest, of: "gast", library: folder.url)
    #expect(throws: JournalError.self) {
      try second.correct(fresh, note(.cord), subject: "01", reader: "gast")
    }
    #expect(throws: JournalError.self) {
      try second.correct(fresh, ReviewDraft(action: .correct), subject: "01", reader: "liu")
    }
    let journal = try second.openJournal(second.study("01"), reader: "liu")
    _ = try journal.append(ReviewDraft(action: .verdict, segment: .c4c5, verdict: .absent))
    _ = try journal.append(.signOff(.reviewed, name: "Liu"))
    #expect(throws: JournalError.self) {
      try second.correct(fresh, note(.cord), subject: "01", reader: "liu")
    }
    #expect(try LibraryFixture.snapshot(folder(Self.labels)) == files)
    try ReaderTable.set(.annotator, of: "eva", library: folder.url)
    let record = try second.correct(fresh, note(.cord), subject: "01", reader: "eva")
    #expect(record.reader == "eva")
  }

  @Test("a mask is a person's once a reader has saved it, or somebody by hand")
  func persons() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    func isPersons(_ target: CorrectionTarget) throws -> Bool {
      try library.correctionBasis(
        target, of: "01", grids: Self.grids, reader: "liu", isBlind: false
      ).isSavedByPerson
    }
    #expect(try isPersons(.cord) == false)
    #expect(try isPersons(.lesion) == false)
    _ = try library.correct(
      try drawn(in: library), note(.cord), subject: "01", reader: "liu")
    _ = try library.correct(
      try drawn(.lesion, in: library), note(.lesion), subject: "01", reader: "liu")
    #expect(try isPersons(.cord))
    #expect(try isPersons(.lesion))
    // In the words of others' tools.
    let other = try TemporaryFolder()
    _ = try LibraryFixture.library(["01"], in: other)
    let sidecar = other(Self.cord + ".json")
    for (text, expected) in [
      (#"{"GeneratedBy": [{"Name": "sct_deepseg_sc"}]}"#, false),
      (#"{"GeneratedBy": [{"Name": "sct_deepseg_sc"}, {"Name": "Manual"}]}"#, true),
      ("no JSON", true),
    ] {
      try Data(text.utf8).write(to: sidecar)
      let file = LabelFiles.File(url: other(Self.cord + ".nii.gz"), role: .cord)
      #expect(file.isSavedByPerson == expected, "\(text)")
    }
  }

  @Test("a lesion mask is begun where there is none, and decides no detection")
  func lesion() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let record = try library.correct(
      try drawn(.lesion, in: library), note(.lesion), subject: "01", reader: "liu")
    #expect(
      record.correction?.before == nil && record.correction?.file.contains("label-lesion") == true)
    #expect(try library.load(library.study("01")).labelSHA256.keys.contains("lesion") == false)
    let basis = try library.correctionBasis(
      .lesion, of: "01", grids: Self.grids, reader: "liu", isBlind: false)
    #expect(basis.masks[0][128, 100] && !CorrectionTarget.lesion.decidesDetection)
  }

  @Test("corrected discs name the levels although vertebrae are labelled, until boundaries are")
  func levels() throws {
    let source = SyntheticStudy()
    let given = source.studyLabels
    let files = try PartialLibrary(
      source.image,
      [.cord: #require(given.cord), .canal: #require(given.canal), .spine: #require(given.spine)])
    let spine = files.folder(PartialLibrary.others + LabelRole.spine.ending + ".nii.gz")
    let untouched = try Data(contentsOf: spine)
    let library = try files.open().library
    func commit(_ target: CorrectionTarget, _ change: (inout LabelEdit) throws -> Void) throws {
      let basis = try library.correctionBasis(
        target, of: "01", grids: [], reader: "liu", isBlind: false)
      var edit = LabelEdit(target == .discs ? .discs : .boundaries, basis.points)
      try change(&edit)
      let correction = LabelCorrection(
        target: target, files: basis.files, content: .points(edit.points))
      _ = try library.correct(correction, note(target), subject: "01", reader: "liu")
    }
    #expect(try files.read().levelSource == .labelled)
    let first = try library.correctionBasis(
      .discs, of: "01", grids: [], reader: "liu", isBlind: false
    ).points
    #expect(Set(3...8).isSubset(of: first.keys.map(Int.init)))
    try commit(.discs) { try $0.move(5, by: [0, 0, -SagittalGrid.spacing]) }
    let moved = try library.correctionBasis(
      .discs, of: "01", grids: [], reader: "liu", isBlind: false
    ).points
    for (number, place) in first {
      let d = try #require(moved[number]) - place
      let wanted = number == 5 ? -SagittalGrid.spacing : 0
      #expect(abs(d.x) < 0.01 && abs(d.y) < 0.01 && abs(d.z - wanted) < 0.01)
    }
    #expect(try files.read().levelSource == .discs)
    // One level off: the reader's word holds, and that the vertebrae say otherwise is said.
    let c4 = try #require(try files.read().landmarks[.c4])
    try commit(.discs) { try $0.shift(by: 1) }
    let shifted = try files.read()
    #expect(shifted.landmarks[.c5] == c4)
    #expect(shifted.quality.names.contains("levels-contradicted"))
    try commit(.discs) { try $0.shift(by: -1) }
    // Boundaries are the middles of the vertebrae, and win from then on.
    let boundaries = try library.correctionBasis(
      .boundaries, of: "01", grids: [], reader: "liu", isBlind: false
    ).points
    #expect(boundaries[4].map { abs($0.z - c4.z) < 0.01 } == true)
    try commit(.boundaries) { try $0.move(4, by: [0, 0, 2 * SagittalGrid.spacing]) }
    let drawn = try #require(try files.read().landmarks[.c4])
    #expect(abs(drawn.z - c4.z - 2 * SagittalGrid.spacing) < SagittalGrid.spacing)
    // The latest word holds: the boundaries stay as a version.
    try commit(.discs) { try $0.move(6, by: [0, 0, SagittalGrid.spacing]) }
    #expect(try files.read().levelSource == .discs)
    let names = try FileManager.default.contentsOfDirectory(
      atPath: spine.deletingLastPathComponent().path)
    #expect(!names.contains("sub-01_T2w_label-levels_dlabel.nii.gz"))
    #expect(names.count { $0.contains("label-levels_dlabel.") && $0.hasSuffix(".nii.gz") } == 1)
    #expect(try Data(contentsOf: spine) == untouched)
  }

  @Test("points outside of the image, on one voxel, in disorder or none are refused")
  func malformed() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let basis = try library.correctionBasis(
      .discs, of: "01", grids: [], reader: "liu", isBlind: false)
    #expect(basis.points.isEmpty)
    let cases: [[UInt16: SIMD3<Double>]] = [
      [:], [3: [0, 500, 0]], [3: [-11, 0, 10], 4: [-11, 0, 9.9]],
      [3: [-11, 0, 0], 4: [-11, 0, 9]],
      [3: [.nan, 0, 0]],
    ]
    for points in cases {
      let correction = LabelCorrection(
        target: .discs, files: basis.files, content: .points(points))
      #expect(throws: EditRefusal.self, "\(points)") {
        try library.correct(correction, note(.discs), subject: "01", reader: "liu")
      }
    }
    let mixed = LabelCorrection(target: .cord, files: basis.files, content: .points([3: .zero]))
    #expect(throws: EditRefusal.self) {
      try library.correct(mixed, note(.cord), subject: "01", reader: "liu")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder(Self.labels).path)
    #expect(names == ["sub-01_T2w_label-SC_seg.nii.gz"])
    #expect(try library.journal("01", reader: "liu").records.isEmpty)
  }

  @Test("a correction answers complaints before it; levels that it skips are one")
  func lists() {
    var correction = SheetCase.record(2, .correct)
    correction.correction = CorrectionNote(.discs, change: "C4-5 moved 3.1 mm")
    let complaint = SheetCase.record(
      1, .verdict, .c2c3, .absent, reason: "peak of a neighbouring segment")
    func files(_ records: [ReviewRecord]) -> [String] {
      QualityLists([SheetCase.sheet(readers: [SheetCase.signed(records)])]).files(.labels)
    }
    #expect(files([complaint]) == ["sub-01_T2w.nii.gz"] && files([complaint, correction]) == [])
    correction.correction?.target = .cord
    #expect(files([complaint, correction]) == ["sub-01_T2w.nii.gz"])
    correction.correction = CorrectionNote(.discs, change: "C4-5 removed", skips: "C4-5 skipped")
    #expect(files([correction]) == ["sub-01_T2w.nii.gz"])
  }
}
