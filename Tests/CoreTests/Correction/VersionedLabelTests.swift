import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Versions of a label file")
struct VersionedLabelTests {
  private static let name = "sub-01_T2w_label-SC_seg"

  private func label(in folder: TemporaryFolder) -> VersionedLabel {
    VersionedLabel(url: folder(Self.name + ".nii.gz"))
  }

  /// What has the name: a file, a sidecar, both or none.
  struct Given: Sendable, CustomTestStringConvertible {
    var file: String?
    var sidecar: String?
    var testDescription: String { "\(file ?? "no file"), \(sidecar ?? "no sidecar")" }

    static let all: [Given] = [
      Given(file: "old", sidecar: "{}"), Given(file: "old"), Given(sidecar: "{}"), Given(),
    ]
  }

  private func write(_ given: Given, in folder: TemporaryFolder) throws {
    if let file = given.file { try folder.write(file, to: Self.name + ".nii.gz") }
    if let sidecar = given.sidecar { try folder.write(sidecar, to: Self.name + ".json") }
  }

  @Test(
    "A new file that fails at any step leaves what was there, its versions, and nothing of itself",
    arguments: Given.all, 0...2)
  func restored(_ given: Given, _ step: Int) throws {
    let folder = try TemporaryFolder()
    try write(given, in: folder)
    let label = label(in: folder)
    let former = try label.keepBeforeNew()
    let kept = try LibraryFixture.snapshot(folder.url)
    #expect(former.contents?.file == given.file.map { SHA256.hexDigest(of: Array($0.utf8)) })
    // As a correction writes: the sidecar, which names the file, then the file.
    if step >= 1 { try AtomicFile.write(#"{"Name": "new"}"#, to: label.json) }
    if step >= 2 { try AtomicFile.write("new", to: label.url) }
    label.restore(former)
    #expect(try LibraryFixture.snapshot(folder.url) == kept)
    #expect((try? Data(contentsOf: label.url)) == given.file.map { Data($0.utf8) })
    #expect((try? Data(contentsOf: label.json)) == given.sidecar.map { Data($0.utf8) })
    // What was kept is one more file for each that was there, and gives the name back once more.
    let count = [given.file, given.sidecar].compactMap(\.self).count
    #expect(kept.count == 2 * count)
    try AtomicFile.write("later", to: label.url)
    if given.file != nil {
      try label.put(former.contents)
      #expect(try label.contents() == former.contents)
    }
  }

  @Test("What was set aside comes back with its sidecar and leaves no second one", arguments: 0...2)
  func setAside(_ step: Int) throws {
    let folder = try TemporaryFolder()
    try write(Given(file: "old", sidecar: "{}"), in: folder)
    let label = label(in: folder)
    let former = try label.keepBeforeNew()
    let kept = try LibraryFixture.snapshot(folder.url)
    // The file goes first; then its sidecar, which may fail.
    if step >= 1 { try FileManager.default.removeItem(at: label.url) }
    if step >= 2 { try FileManager.default.removeItem(at: label.json) }
    label.restore(former)
    #expect(try LibraryFixture.snapshot(folder.url) == kept)
  }

  @Test("What a killed program left under the second name does not keep a file from coming back")
  func leftName() throws {
    let folder = try TemporaryFolder()
    try write(Given(file: "old"), in: folder)
    let label = label(in: folder)
    let former = try label.keepBeforeNew()
    try folder.write("left", to: ".\(Self.name).nii.gz.\(getpid())")
    try AtomicFile.write("new", to: label.url)
    label.restore(former)
    #expect(try Data(contentsOf: label.url) == Data("old".utf8))
    #expect(try LibraryFixture.snapshot(folder.url).count == 2)
  }

  @Test("A sidecar of a file that a kill kept from coming tells nothing of the one that is there")
  func ofAnother() throws {
    let folder = try TemporaryFolder()
    func sidecar(_ author: String, of file: String) -> String {
      let hash = SHA256.hexDigest(of: file)
      return """
        {"LabelSHA256": "\(hash)", "GeneratedBy": [{"Name": "Manual", "Author": "\(author)"}]}
        """
    }
    try write(Given(file: "old", sidecar: sidecar("anna", of: "old")), in: folder)
    let label = label(in: folder)
    #expect(label.telling == label.json && label.lastHand()?.author == "anna")
    // Edited by another program: no version of it is kept, and its sidecar goes on.
    try folder.write("edited", to: Self.name + ".nii.gz")
    #expect(label.telling == label.json)
    try folder.write("old", to: Self.name + ".nii.gz")
    let former = try #require(try label.keep())
    try AtomicFile.write(sidecar("bob", of: "new"), to: label.json)
    #expect(label.telling != label.json && label.lastHand()?.author == "anna")
    try AtomicFile.write("new", to: label.url)
    #expect(label.telling == label.json && label.lastHand()?.author == "bob")
    // Given back half-way, in the order in which that is done: sidecar first, as it names its file.
    let new = try #require(try label.keep())
    try AtomicFile.write(sidecar("anna", of: "old"), to: label.json)
    #expect(label.lastHand()?.author == "bob")
    try label.put(former)
    #expect(try label.contents() == former && label.lastHand()?.author == "anna")
    try label.put(new)
    #expect(try label.contents() == new && label.lastHand()?.author == "bob")
    // A mask without a sidecar has none, although another's lies there.
    try FileManager.default.removeItem(at: label.json)
    try folder.write("given", to: Self.name + ".nii.gz")
    try label.keep()
    try AtomicFile.write(sidecar("bob", of: "new"), to: label.json)
    #expect(label.lastHand() == nil)
    #expect(try !LabelFiles.File(url: label.url, role: .cord).isReadersWord)
  }

  @Test("A version of which another file has the name is not written over, and nothing begins")
  func taken() throws {
    let folder = try TemporaryFolder()
    try write(Given(file: "old", sidecar: "{}"), in: folder)
    let hash = SHA256.hexDigest(of: Array("old".utf8)).prefix(16)
    try folder.write("another's", to: "\(Self.name).\(hash).nii.gz")
    let before = try LibraryFixture.snapshot(folder.url)
    #expect(throws: LibraryError.self) { try label(in: folder).keepBeforeNew() }
    #expect(try LibraryFixture.snapshot(folder.url) == before)
  }

  @Test("A correction whose sidecar cannot be read is not written, and the sidecar stays as it is")
  func damagedSidecar() throws {
    let folder = try TemporaryFolder()
    let library = try LibraryFixture.library(["01"], in: folder)
    // Who draws on what stands: a reader who does not is given no sidecar of another's.
    try ReaderTable.set(.annotator, of: "liu", library: folder.url)
    let place = "derivatives/labels/sub-01/anat"
    let grid = LibraryFixture.grid(slice: 2)
    let basis = try library.correctionBasis(
      .lesion, of: "01", grids: [CorrectionGrid(index: 2, grid: grid)], reader: "liu",
      isBlind: false)
    var edit = MaskEdit(basis.masks)
    try edit.draw(.brush, size: 7, on: 0, from: [100, 128], to: [100, 128])
    let change = MaskWriteBack.SliceChange(
      index: 2, grid: grid, before: edit.original[0], after: edit.masks[0])
    // A sidecar without a file, as a kill may leave it, and cut short.
    let name = "sub-01_T2w_label-lesion_seg"
    try folder.write(#"{"Name": "#, to: "\(place)/\(name).json")
    let before = try LibraryFixture.snapshot(folder(place))
    #expect(throws: ReadError.self) {
      try library.correct(
        LabelCorrection(target: .lesion, files: basis.files, content: .mask([change])),
        .correct(CorrectionNote(.lesion, change: "dot")), subject: "01", reader: "liu")
    }
    let after = try LibraryFixture.snapshot(folder(place))
    for (file, data) in before { #expect(after[file] == data, "\(file)") }
    #expect(after["\(name).nii.gz"] == nil)
    // The only new file is the sidecar's own version.
    #expect(Set(after.keys).subtracting(before.keys).allSatisfy { $0.hasPrefix("\(name).") })
    #expect(Set(after.values) == Set(before.values))
    #expect(try library.journal("01", reader: "liu").records.isEmpty)
  }
}
