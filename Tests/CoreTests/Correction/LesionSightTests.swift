import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Lesion masks of several readers, each unseen by the others until signed")
struct LesionSightTests {
  private static let labels = "derivatives/labels/sub-01/anat"
  private static let lesion = labels + "/sub-01_T2w_label-lesion_seg"
  private static let grids = [CorrectionGrid(index: 2, grid: LibraryFixture.grid(slice: 2))]

  private func basis(
    _ library: StudyLibrary, _ reader: String, isBlind: Bool = false
  ) throws -> CorrectionBasis {
    try library.correctionBasis(
      .lesion, of: "01", grids: Self.grids, reader: reader, isBlind: isBlind)
  }

  /// Which of the places that the tests draw at are in the mask that a reader's editor opens on.
  private func seen(
    _ library: StudyLibrary, _ reader: String, isBlind: Bool = false
  ) throws -> Set<Int> {
    let mask = try basis(library, reader, isBlind: isBlind).masks[0]
    return Set([60, 100, 140, 180].filter { mask[128, $0] })
  }

  /// Which of them are in the file that exports and reports of the library read.
  private func standing(_ library: StudyLibrary) throws -> Set<Int>? {
    let study = try library.study("01")
    guard let file = library.labelFiles(of: study)[.lesion] else { return nil }
    let mask = try NIfTI.readLabels(file.url).resampled(on: Self.grids[0].grid).raster
    return Set([60, 100, 140, 180].filter { mask[128, $0] != 0 })
  }

  private func correction(
    _ library: StudyLibrary, at column: Int, by reader: String, isBlind: Bool = false
  ) throws -> LabelCorrection {
    let basis = try basis(library, reader, isBlind: isBlind)
    var edit = MaskEdit(basis.masks)
    let place: SIMD2<Double> = [Double(column), 128]
    try edit.draw(.brush, size: 7, on: 0, from: place, to: place)
    let change = MaskWriteBack.SliceChange(
      index: 2, grid: Self.grids[0].grid, before: edit.original[0], after: edit.masks[0])
    return LabelCorrection(target: .lesion, files: basis.files, content: .mask([change]))
  }

  @discardableResult
  private func draw(
    _ library: StudyLibrary, at column: Int, by reader: String, isBlind: Bool = false
  ) throws -> ReviewRecord {
    try save(try correction(library, at: column, by: reader, isBlind: isBlind), library, reader)
  }

  @discardableResult
  private func save(
    _ correction: LabelCorrection, _ library: StudyLibrary, _ reader: String
  ) throws -> ReviewRecord {
    try library.correct(
      correction, .correct(CorrectionNote(.lesion, change: "dot")), subject: "01", reader: reader)
  }

  private func state(_ library: StudyLibrary, _ reader: String) throws -> ReviewState {
    ReviewState(try library.journal("01", reader: reader).records)
  }

  private func undo(_ library: StudyLibrary, by reader: String) throws {
    let draft = try state(library, reader).undoDraft(blind: false, detectionSHA256: nil)
    _ = try library.turnCorrection(try #require(draft), subject: "01", reader: reader)
  }

  private func redo(_ library: StudyLibrary, by reader: String) throws {
    let draft = try state(library, reader).redoDraft(blind: false, detectionSHA256: nil)
    _ = try library.turnCorrection(try #require(draft), subject: "01", reader: reader)
  }

  private func sign(_ library: StudyLibrary, _ reader: String) throws {
    let journal = try library.openJournal(library.study("01"), reader: reader)
    _ = try journal.append(ReviewDraft(action: .verdict, segment: .c4c5, verdict: .absent))
    _ = try journal.append(.signOff(.reviewed, name: reader))
  }

  /// A given mask, as another tool or an import leaves it: a dot at 180.
  private func give(_ folder: TemporaryFolder) throws -> String {
    let image = LibraryFixture.image()
    var mask = image.map { _ in UInt16(0) }
    let inverse = try #require(image.affine.inverse)
    let place = inverse(Self.grids[0].grid.ras(row: 128, column: 180))
    let (i, j) = (Int(place.x.rounded()), Int(place.y.rounded()))
    for a in (i - 2)...(i + 2) { for b in (j - 2)...(j + 2) { mask[a, b, 2] = 1 } }
    let url = folder(Self.lesion + ".nii.gz")
    try LibraryFixture.write(mask, to: url)
    return try SHA256.hexDigest(ofFile: url)
  }

  // MARK: What is shown

  @Test(
    "who has not signed is shown, named and measured no lesion that another drew; annotators are")
  func unseen() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    try ReaderTable.set(.guest, of: "gast", library: folder.url)
    try ReaderTable.set(.annotator, of: "eva", library: folder.url)
    let before = try library.sheet("01", reader: "carla")
    try draw(library, at: 100, by: "bob")
    func names(_ reader: String) throws -> [LabelOrigin] {
      let study = try library.loadStudy("01", reader: reader)
      return (study.ownLabels ?? study.labels).filter { $0.role == .lesion }
    }
    for reader in ["carla", "gast"] {
      #expect(try basis(library, reader).files.isEmpty && seen(library, reader).isEmpty)
      #expect(try names(reader).isEmpty)
      let sheet = try library.sheet("01", reader: reader)
      #expect(!sheet.labels.contains { $0.role == .lesion })
      #expect(sheet.measurements.lesions.isEmpty)
      #expect(sheet.measurements.quality == before.measurements.quality)
    }
    #expect(try seen(library, "bob") == [100] && names("bob").count == 1)
    #expect(try seen(library, "eva") == [100] && names("eva").count == 1)
    #expect(try standing(library) == [100])
  }

  @Test("a signature shows the mask that stands, opening again hides it, and comparing shows it")
  func signed() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    try draw(library, at: 100, by: "bob")
    try sign(library, "carla")
    #expect(try seen(library, "carla") == [100])
    // What is hidden again is known before the study is opened again.
    #expect(try library.loadStudy("01", reader: "carla").ownLabels != nil)
    let journal = try library.openJournal(library.study("01"), reader: "carla")
    _ = try journal.append(ReviewDraft(action: .reopen, comment: "again"))
    #expect(try seen(library, "carla").isEmpty)
    let other = try library.openJournal(library.study("01"), reader: "dora")
    _ = try other.append(ReviewDraft(action: .compare))
    #expect(try seen(library, "dora") == [100])
  }

  @Test("what no reader drew is everybody's, below others' masks, too, but with the AI hidden")
  func given() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let hash = try give(folder)
    #expect(try seen(library, "carla") == [180])
    try draw(library, at: 100, by: "bob")
    #expect(try seen(library, "bob") == [100, 180])
    #expect(try basis(library, "carla").files == ["lesion \(hash)"])
    #expect(try seen(library, "carla") == [180])
    #expect(try seen(library, "carla", isBlind: true).isEmpty)
    #expect(try basis(library, "carla", isBlind: true).files.isEmpty)
    // A version's name would tell that another mask stands.
    let labels = try #require(try library.loadStudy("01", reader: "carla").ownLabels)
    #expect(
      labels.first { $0.role == .lesion }?.file == "sub-01_T2w_label-lesion_seg.nii.gz")
    // Begun on nothing, saved once the AI is shown: only what was drawn.
    try draw(library, at: 60, by: "carla", isBlind: true)
    #expect(try seen(library, "carla") == [60] && seen(library, "carla", isBlind: true) == [60])
    #expect(try seen(library, "bob") == [100, 180])
  }

  @Test("a mask without an author is the only reader's, and nobody's else once there are two")
  func authorless() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    _ = try give(folder)
    try folder.write(#"{"Corrects": []}"#, to: Self.lesion + ".json")
    #expect(try seen(library, "liu") == [180])
    _ = try library.append(
      ReviewDraft(action: .verdict, segment: .c4c5, verdict: .absent), subject: "01",
      reader: "anna")
    #expect(try seen(library, "liu").isEmpty && seen(library, "anna") == [180])
    // One that names its author, whose journal a kill kept from knowing it.
    try folder.write(
      #"{"Corrects": [], "GeneratedBy": [{"Name": "Manual", "Author": "liu"}]}"#,
      to: Self.lesion + ".json")
    #expect(try seen(library, "liu") == [180] && seen(library, "anna").isEmpty)
    // A sidecar that cannot be read may be of a reader's mask.
    try folder.write("{", to: Self.lesion + ".json")
    #expect(
      try library.loadStudy("01", reader: "carla").ownLabels?.contains { $0.role == .lesion }
        == false)
  }

  // MARK: What is saved

  @Test("saving beside another's unseen mask is not refused, and both are kept with their authors")
  func saved() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let begun = try correction(library, at: 140, by: "carla")
    let bob = try draw(library, at: 100, by: "bob")
    // Somebody saved meanwhile: nothing tells it.
    let carla = try save(begun, library, "carla")
    #expect(try standing(library) == [140] && seen(library, "carla") == [140])
    #expect(try seen(library, "bob") == [100])
    #expect(carla.correction?.change.contains(" 0 removed") == true)
    #expect(carla.correction?.origin?.files == [])
    #expect(carla.correction?.isBesideAnother == true && bob.correction?.isBesideAnother == false)
    let label = VersionedLabel(url: folder(Self.lesion + ".nii.gz"))
    #expect(label.lastHand()?.author == "carla")
    let makers = try Provenance.read(label.json)?["GeneratedBy"] as? [Any]
    #expect(makers?.count == 1)
    let hash = try #require(bob.correction?.after)
    let kept = try #require(label.place(of: hash))
    #expect(VersionedLabel(url: kept).lastHand()?.author == "bob")
    // Each goes on with the own, and an own one that changed meanwhile is still refused.
    let stale = try correction(library, at: 60, by: "bob")
    try draw(library, at: 180, by: "bob")
    #expect(throws: EditRefusal.self) { try save(stale, library, "bob") }
    #expect(try seen(library, "bob") == [100, 180] && seen(library, "carla") == [140])
  }

  @Test("who draws the same as another, unseen, is not told so, and it is theirs")
  func same() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let begun = try correction(library, at: 100, by: "carla")
    let bob = try draw(library, at: 100, by: "bob")
    let carla = try save(begun, library, "carla")
    #expect(carla.correction?.after == bob.correction?.after)
    let label = VersionedLabel(url: folder(Self.lesion + ".nii.gz"))
    #expect(label.lastHand()?.author == "carla")
    try undo(library, by: "carla")
    #expect(try seen(library, "carla").isEmpty && seen(library, "bob") == [100])
    #expect(try standing(library) == [100] && label.lastHand()?.author == "bob")
  }

  // MARK: Kills

  /// What a kill between the sidecar and the mask of bob's saving leaves, beside what was prepared.
  private func killed(
    isBlind: Bool = false, _ prepare: (StudyLibrary, TemporaryFolder) throws -> Void
  ) throws -> (StudyLibrary, TemporaryFolder) {
    let (folder, whole) = (try TemporaryFolder(), try TemporaryFolder())
    let (library, other) = (
      try LibraryFixture.library(["01"], in: folder), try LibraryFixture.library(["01"], in: whole)
    )
    try prepare(library, folder)
    try prepare(other, whole)
    try draw(other, at: 140, by: "bob", isBlind: isBlind)
    let label = VersionedLabel(url: folder(Self.lesion + ".nii.gz"))
    try SharedFolder.make(folder(Self.labels))
    _ = try label.keepBeforeNew()
    try AtomicFile.write(try Data(contentsOf: whole(Self.lesion + ".json")), to: label.json)
    return (library, folder)
  }

  @Test("a kill while a mask takes another's place shows that one to its reader alone, as before")
  func killedOverAnother() throws {
    let (library, folder) = try killed { library, _ in try draw(library, at: 100, by: "anna") }
    let label = VersionedLabel(url: folder(Self.lesion + ".nii.gz"))
    #expect(label.lastHand()?.author == "anna")
    #expect(try seen(library, "anna") == [100])
    for reader in ["bob", "carla"] {
      #expect(try seen(library, reader).isEmpty && basis(library, reader).files.isEmpty)
    }
    // Saved again it is bob's alone.
    try draw(library, at: 140, by: "bob")
    #expect(try seen(library, "bob") == [140] && seen(library, "anna") == [100])
    let makers = try Provenance.read(label.json)?["GeneratedBy"] as? [[String: Any]]
    #expect(makers?.compactMap { $0["Author"] as? String } == ["bob"])
    #expect(try seen(library, "carla").isEmpty)
  }

  @Test("a kill while a mask takes a given one's place leaves that everybody's, but for the blind")
  func killedOverGiven() throws {
    let (library, folder) = try killed(isBlind: true) { _, folder in _ = try give(folder) }
    for reader in ["bob", "carla"] {
      #expect(try seen(library, reader) == [180])
      #expect(try seen(library, reader, isBlind: true).isEmpty)
    }
    try draw(library, at: 140, by: "bob", isBlind: true)
    #expect(try seen(library, "bob") == [140] && seen(library, "carla") == [180])
    // Taken back it is the given mask again, and nobody's.
    try undo(library, by: "bob")
    #expect(try seen(library, "bob") == [180] && seen(library, "carla") == [180])
    #expect(VersionedLabel(url: folder(Self.lesion + ".nii.gz")).lastHand() == nil)
  }

  @Test("a kill while a correction is restored shows it to nobody before the act is written")
  func killedRestoring() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    _ = try give(folder)
    try draw(library, at: 140, by: "bob")
    let json = try Data(contentsOf: folder(Self.lesion + ".json"))
    try undo(library, by: "bob")
    #expect(!FileManager.default.fileExists(atPath: folder(Self.lesion + ".json").path))
    // The sidecar comes first, as it names its mask; then nothing more.
    try AtomicFile.write(json, to: folder(Self.lesion + ".json"))
    #expect(try seen(library, "carla") == [180] && seen(library, "bob") == [180])
    try redo(library, by: "bob")
    #expect(try seen(library, "carla") == [180] && seen(library, "bob") == [140, 180])
  }

  @Test("a kill before the first mask leaves none, and nobody's name in the next one's sidecar")
  func killedFirst() throws {
    let (library, folder) = try killed { _, _ in }
    for reader in ["bob", "carla"] { #expect(try seen(library, reader).isEmpty) }
    try draw(library, at: 60, by: "carla")
    let label = VersionedLabel(url: folder(Self.lesion + ".nii.gz"))
    let makers = try Provenance.read(label.json)?["GeneratedBy"] as? [[String: Any]]
    #expect(makers?.compactMap { $0["Author"] as? String } == ["carla"])
    #expect(try seen(library, "carla") == [60] && seen(library, "bob").isEmpty)
  }

  @Test("what a correction notes of its sidecar is that of the one written, which names its file")
  func sidecar() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let record = try draw(library, at: 100, by: "bob")
    let json = folder(Self.lesion + ".json")
    #expect(record.correction?.origin?.newSidecar == (try SHA256.hexDigest(ofFile: json)))
    #expect(try Provenance.text(Sidecar.describes, in: json) == record.correction?.after)
  }

  // MARK: Undo and redo

  @Test(
    "undo and redo of the own mask show nothing of another's, on which it lies or that lies on it")
  func turns() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    try draw(library, at: 100, by: "bob")
    try draw(library, at: 140, by: "carla")
    // Carla's is the newest: bob's has the file again, and she does not see it.
    try undo(library, by: "carla")
    #expect(try standing(library) == [100] && seen(library, "carla").isEmpty)
    try redo(library, by: "carla")
    #expect(try standing(library) == [140] && seen(library, "carla") == [140])
    // Bob's lies below: the file stays carla's.
    try undo(library, by: "bob")
    #expect(try standing(library) == [140] && seen(library, "bob").isEmpty)
    #expect(try state(library, "bob").corrections.isEmpty)
    try redo(library, by: "bob")
    #expect(try standing(library) == [140] && seen(library, "bob") == [100])
    #expect(try seen(library, "carla") == [140])
  }

  @Test("a mask that its reader took back under another's does not come back with that one's undo")
  func takenBackBelow() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    try draw(library, at: 100, by: "bob")
    try draw(library, at: 140, by: "carla")
    try undo(library, by: "bob")
    try undo(library, by: "carla")
    #expect(try standing(library) == nil)
    try redo(library, by: "carla")
    #expect(try standing(library) == [140])
    try redo(library, by: "bob")
    #expect(try seen(library, "bob") == [100])
    try undo(library, by: "carla")
    #expect(try standing(library) == [100])
  }

  @Test("a version that was changed on the disk is not shown as the reader's, and not restored")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    let bob = try draw(library, at: 100, by: "bob")
    try draw(library, at: 140, by: "carla")
    try undo(library, by: "bob")
    let label = VersionedLabel(url: folder(Self.lesion + ".nii.gz"))
    let hash = try #require(bob.correction?.after)
    let kept = try #require(label.place(of: hash))
    try Data("changed".utf8).write(to: kept)
    #expect(throws: EditRefusal.self) { try redo(library, by: "bob") }
    #expect(try seen(library, "bob").isEmpty && standing(library) == [140])
  }
}
