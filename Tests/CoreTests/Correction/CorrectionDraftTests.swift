import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Drafts of corrections in a library")
struct CorrectionDraftTests {
  private static let readers = "derivatives/cordscope/readers"
  private static let labels = "derivatives/labels/sub-01/anat"
  private static let grids = [
    CorrectionGrid(index: 1, grid: LibraryFixture.grid(slice: 1)),
    CorrectionGrid(index: 2, grid: LibraryFixture.grid(slice: 2)),
  ]
  private let folder: TemporaryFolder
  private let library: StudyLibrary

  init() throws {
    folder = try TemporaryFolder()
    library = try LibraryFixture.library(["01"], in: folder)
  }

  /// A dot of 7 px on the second slice.
  private func drawn(
    _ target: CorrectionTarget = .cord, at column: Double = 100, session: String = "first"
  ) throws -> CorrectionDraft {
    let basis = try library.correctionBasis(
      target, of: "01", grids: Self.grids, reader: "liu", isBlind: false)
    var edit = MaskEdit(basis.masks)
    try edit.draw(.brush, size: 7, on: 1, from: [column, 128], to: [column, 128])
    let change = MaskWriteBack.SliceChange(
      index: 2, grid: Self.grids[1].grid, before: edit.original[1], after: edit.masks[1])
    return CorrectionDraft(
      LabelCorrection(target: target, files: basis.files, content: .mask([change])),
      session: session)
  }

  private func points(session: String = "first") throws -> CorrectionDraft {
    let basis = try library.correctionBasis(
      .discs, of: "01", grids: [], reader: "liu", isBlind: false)
    let now: [UInt16: SIMD3<Double>] = [3: [-11.4, 0.1, 20], 4: [-11.4, 1.0 / 3, 5]]
    return CorrectionDraft(
      LabelCorrection(target: .discs, files: basis.files, content: .points(now)),
      original: basis.points, session: session)
  }

  @discardableResult
  private func keep(_ draft: CorrectionDraft, reader: String = "liu") throws -> String? {
    try library.keepDraft(draft, over: [draft.session], subject: "01", reader: reader)
  }

  private func search(
    reader: String = "liu", grids: [CorrectionGrid] = CorrectionDraftTests.grids,
    isBlind: Bool = false, except: [String] = ["second"]
  ) throws -> DraftSearch {
    try library.drafts(
      of: "01", grids: grids, isBlind: isBlind, except: except, reader: reader)
  }

  private func url(_ target: CorrectionTarget = .cord, reader: String = "liu") -> URL {
    folder("\(Self.readers)/\(reader).sub-01_T2w_\(target.rawValue).draft.json")
  }

  private var names: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: folder(Self.readers).path).sorted()
    }
  }

  @Test("masks and points come back to the bit, on what they began from")
  func roundTrip() throws {
    let (mask, points) = (try drawn(), try self.points())
    #expect(try keep(mask) == nil)
    #expect(try keep(points) == nil)
    let found = try search()
    #expect(found.refused.isEmpty)
    #expect(found.found.map(\.correction) == [points.correction, mask.correction])
    #expect(found.found.map(\.session) == ["first", "first"])
    let masks = try library.correctionBasis(
      .cord, of: "01", grids: Self.grids, reader: "liu", isBlind: false
    ).masks
    #expect(found.found.last?.basis.masks == masks)
    #expect(UTCTime.date(found.found[0].time) != nil)
    // Nothing of the library's labels or journals was touched.
    #expect(try library.journal("01", reader: "liu").records.isEmpty)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder(Self.labels).path).count == 1)
  }

  @Test("it is the reader's own file: private, one a target, and of no other reader")
  func readers() throws {
    try keep(try drawn(.lesion))
    try keep(try drawn(.cord))
    let attributes = try FileManager.default.attributesOfItem(atPath: url(.lesion).path)
    #expect((attributes[.posixPermissions] as? Int) == 0o600)
    #expect(try search(reader: "eva").isEmpty)
    try keep(try drawn(.lesion, at: 90), reader: "eva")
    let own = try search().found.map(\.correction)
    let (cord, lesion) = (try drawn(.cord).correction, try drawn(.lesion).correction)
    #expect(own == [cord, lesion])
    let others = try search(reader: "eva").found.map(\.correction)
    let drawnByEva = try drawn(.lesion, at: 90).correction
    #expect(others == [drawnByEva])
    // Nobody's report or check of the library stumbles over it.
    #expect(
      LibraryVerification.findings(in: library).allSatisfy { !$0.path.contains("draft") })
  }

  @Test("a session passes over drafts that it knows, and replaces and removes those alone")
  func sessions() throws {
    try keep(try drawn())
    #expect(try search(except: ["first"]).isEmpty)
    // Drawn on in the same session: one file.
    try keep(try drawn(at: 90))
    #expect(try search().found.map(\.correction) == [try drawn(at: 90).correction])
    try library.removeDraft(of: .cord, from: ["third"], subject: "01", reader: "liu")
    #expect(FileManager.default.fileExists(atPath: url().path))
    // Another session that does not know it does not cover it.
    #expect(try keep(try drawn(session: "third")) == "liu.sub-01_T2w_cord.draft-aside-1.json")
    #expect(try search().found.map(\.session) == ["third"])
    try library.removeDraft(of: .cord, from: ["third"], subject: "01", reader: "liu")
    #expect(try search().isEmpty)
    #expect(try names == ["liu.sub-01_T2w_cord.draft-aside-1.json"])
    try keep(try drawn())
    try library.removeDraft(of: .cord, from: ["first"], subject: "01", reader: "liu")
    #expect(try names.count == 1)
  }

  @Test("taken over by another session a draft keeps its time, and the image of its first edit")
  func takenOver() throws {
    try keep(try drawn())
    let found = try #require(try search().found.first)
    var draft = try drawn(session: "second")
    draft.time = found.time
    #expect(
      try library.keepDraft(draft, over: ["second", "first"], subject: "01", reader: "liu") == nil)
    #expect(try search().isEmpty)
    let again = try #require(try search(except: []).found.first)
    #expect(again.time == found.time && again.session == "second")
    #expect(again.correction == found.correction)
    // The session that it was taken from does not remove it.
    try library.removeDraft(of: .cord, from: ["first"], subject: "01", reader: "liu")
    #expect(try search(except: []).found.count == 1)
  }

  private func refusal() throws -> DraftSearch.Refused {
    let search = try self.search()
    #expect(search.found.isEmpty && search.refused.count == 1)
    let refused = try #require(search.refused.first)
    // Kept under a name that says so, and said once.
    let name = try #require(refused.name)
    #expect(try name.contains(".draft-aside-") && names.contains(name))
    #expect(!FileManager.default.fileExists(atPath: url().path))
    #expect(try self.search().isEmpty)
    return refused
  }

  @Test("on slices that were cut anew since they go on, shown or not, and save what was drawn")
  func carried() throws {
    let draft = try drawn()
    try keep(draft)
    let moved = Self.grids.map { CorrectionGrid(index: $0.index, grid: $0.grid.cut(fromRow: 1)) }
    for grids in [moved, [Self.grids[0]]] {
      let found = try #require(try search(grids: grids).found.first)
      #expect(found.correction == draft.correction && found.basis.masks.count == grids.count)
      guard case .mask(let changes) = found.correction.content else { return }
      var edit = try MaskEdit(found.basis.masks).restored(changes, on: grids, named: "kept")
      #expect(edit.undoName == "kept")
      #expect(edit.sliceChanges(on: grids) == changes)
      #expect(edit.undo() == "kept" && !edit.isChanged)
    }
  }

  @Test("what was drawn on a slice before and after it was cut anew comes back whole")
  func drawnOnAgain() throws {
    let moved = Self.grids.map { CorrectionGrid(index: $0.index, grid: $0.grid.cut(fromRow: 140)) }
    let basis = try library.correctionBasis(
      .cord, of: "01", grids: moved, reader: "liu", isBlind: false)
    let first = try drawn()
    guard case .mask(let before) = first.correction.content else { return }
    var edit = try MaskEdit(basis.masks).restored(before, on: moved, named: "kept")
    try edit.draw(.brush, size: 5, on: 1, from: [60, 40], to: [60, 40])
    let changes = edit.sliceChanges(on: moved)
    #expect(changes.map(\.index) == [2, 2])
    try keep(
      CorrectionDraft(
        LabelCorrection(target: .cord, files: basis.files, content: .mask(changes)),
        session: "first"))
    let found = try #require(try search(grids: moved).found.first)
    guard case .mask(let back) = found.correction.content else { return }
    #expect(back == changes)
    let again = try MaskEdit(found.basis.masks).restored(back, on: moved, named: "kept")
    #expect(again.masks == edit.masks && again.sliceChanges(on: moved) == changes)
  }

  @Test("carried to other slices and back, all of it is on the screen again, and is saved")
  func carriedBack() throws {
    let (here, there) = (
      Self.grids,
      Self.grids.map { CorrectionGrid(index: $0.index, grid: $0.grid.cut(fromRow: 140)) }
    )
    func basis(_ grids: [CorrectionGrid]) throws -> [MaskRaster] {
      try library.correctionBasis(
        .cord, of: "01", grids: grids, reader: "liu", isBlind: false
      ).masks
    }
    var edit = MaskEdit(try basis(here))
    try edit.draw(.brush, size: 7, on: 1, from: [100, 128], to: [100, 128])
    let drawn = edit.masks
    var carried = edit.carried(from: here, to: there, basis: try basis(there))
    #expect(carried.masks == carried.original && carried.isChanged)
    try carried.draw(.brush, size: 5, on: 1, from: [60, 40], to: [60, 40])
    var back = carried.carried(from: there, to: here, basis: try basis(here))
    for n in drawn[1].pixels.indices where drawn[1].pixels[n] != edit.original[1].pixels[n] {
      #expect(back.masks[1].pixels[n] == drawn[1].pixels[n])
    }
    #expect(back.masks[1][180, 60] != back.original[1][180, 60])
    // Drawn on again and kept, nothing of either is lost.
    try back.draw(.brush, size: 3, on: 1, from: [20, 20], to: [20, 20])
    let changes = back.sliceChanges(on: here)
    let again = try MaskEdit(try basis(here)).restored(changes, on: here, named: "kept")
    #expect(again.masks == back.masks)
  }

  @Test("a slice of as many rows as before, and of fewer, is in a draft as two")
  func rows() throws {
    let cut = Self.grids[1].grid
    let short = SagittalGrid(
      origin: cut.origin, columnDirection: cut.columnDirection, rowDirection: cut.rowDirection,
      rows: 200)
    let grids = [Self.grids[1], CorrectionGrid(index: 2, grid: short)]
    let basis = try library.correctionBasis(
      .cord, of: "01", grids: grids, reader: "liu", isBlind: false)
    var edit = MaskEdit(basis.masks)
    for slice in 0..<2 {
      let at: SIMD2<Double> = [Double(60 + 20 * slice), 50]
      try edit.draw(.brush, size: 5, on: slice, from: at, to: at)
    }
    let draft = CorrectionDraft(
      LabelCorrection(
        target: .cord, files: basis.files, content: .mask(edit.sliceChanges(on: grids))),
      session: "first")
    try keep(draft)
    #expect(try search().found.map(\.correction) == [draft.correction])
  }

  @Test("a lesion mask begun with the AI in sight waits while it is hidden")
  func sight() throws {
    let given = folder("\(Self.labels)/sub-01_T2w_label-lesion_seg.nii.gz")
    let cord = try NIfTI.readLabels(folder("\(Self.labels)/sub-01_T2w_label-SC_seg.nii.gz"))
    try LibraryFixture.write(cord, to: given)
    let draft = try drawn(.lesion)
    #expect(!draft.correction.files.isEmpty)
    try keep(draft)
    let hidden = try search(isBlind: true)
    #expect(hidden.found.isEmpty && hidden.refused.map(\.name) == [nil])
    #expect(hidden.refused.first?.reason.contains("with the AI in sight") == true)
    let found = try #require(try search().found.first)
    #expect(found.correction == draft.correction && !found.basis.isBlind)
  }

  @Test("what is kept as it was kept keeps its time")
  func same() throws {
    try keep(try drawn())
    let before = try Data(contentsOf: url())
    try keep(try drawn())
    #expect(try Data(contentsOf: url()) == before)
  }

  @Test("labels or an image that are others now: said with the reason, and kept aside")
  func stale() throws {
    // Another reader has saved a version.
    try keep(try drawn())
    _ = try library.correct(
      try drawn(at: 90).correction, .correct(CorrectionNote(.cord, change: "dot")), subject: "01",
      reader: "eva")
    let refused = try refusal()
    #expect(refused.reason == "the cord mask was changed since" && refused.target == .cord)
    #expect(refused.time.flatMap(UTCTime.date) != nil)
    // The study was replaced by another.
    try keep(try drawn(.cord, at: 80))
    try LibraryFixture.write(
      LibraryFixture.image(seed: 9), to: folder("sub-01/anat/sub-01_T2w.nii.gz"))
    #expect(try refusal().reason == "the image is another now")
  }

  @Test("the image is that of the first edit: one that is replaced while drawing is found out")
  func replacedMeanwhile() throws {
    try keep(try drawn())
    try LibraryFixture.write(
      LibraryFixture.image(seed: 9), to: folder("sub-01/anat/sub-01_T2w.nii.gz"))
    try keep(try drawn(at: 90))
    #expect(try refusal().reason == "the image is another now")
  }

  private func save(_ draft: CorrectionDraft) throws {
    let note = CorrectionNote(draft.correction.target, change: "dot")
    _ = try library.correct(draft.correction, .correct(note), subject: "01", reader: "liu")
  }

  @Test(
    "a kill between saving and removing leaves a draft of what is saved: it is passed over",
    arguments: [CorrectionTarget.cord, .lesion])
  func killAfterSaving(_ target: CorrectionTarget) throws {
    let draft = try drawn(target)
    try keep(draft)
    try save(draft)
    #expect(try search().isEmpty)
    #expect(try names.allSatisfy { !$0.contains("draft") })
  }

  @Test("other edits from the same beginning that were saved since are no proof: it is kept aside")
  func savedOthers() throws {
    try keep(try drawn())
    // Another session took it over, drew more and hung up; this one saves what it had.
    _ = try library.keepDraft(
      try drawn(at: 90, session: "third"), over: ["third", "first"], subject: "01", reader: "liu")
    let more = try Data(contentsOf: url())
    try save(try drawn())
    let refused = try refusal()
    #expect(refused.reason == "the cord mask was changed since")
    let name = try #require(refused.name)
    #expect(try Data(contentsOf: folder("\(Self.readers)/\(name)")) == more)
  }

  @Test("a sidecar that is not the one the journal names proves nothing")
  func noProof() throws {
    let draft = try drawn()
    try keep(draft)
    try save(draft)
    let label = VersionedLabel(
      url: folder("\(Self.labels)/sub-01_T2w_label-SC_seg.nii.gz"))
    try Data("{}".utf8).write(to: label.json)
    #expect(try refusal().reason == "the cord mask was changed since")
  }

  @Test("what cannot be read now waits where it lies, and is neither replaced nor removed")
  func unreadable() throws {
    try keep(try drawn())
    let before = try Data(contentsOf: url())
    let draft = try drawn(at: 90)
    let broken = CorrectionDraftPlace.Disk { url, _ in
      throw ReadError(path: url.path, problem: "Input/output error")
    }
    try CorrectionDraftPlace.$disk.withValue(broken) {
      let search = try self.search()
      #expect(search.found.isEmpty && search.refused.count == CorrectionTarget.allCases.count)
      #expect(search.refused.allSatisfy { $0.name == nil && $0.reason.contains("Input/output") })
      #expect(throws: ReadError.self) { try keep(draft) }
      #expect(throws: ReadError.self) {
        try library.removeDraft(of: .cord, from: ["first"], subject: "01", reader: "liu")
      }
    }
    #expect(try Data(contentsOf: url()) == before)
    #expect(try names == [url().lastPathComponent])
    #expect(try search().found.map(\.correction) == [try drawn().correction])
  }

  @Test("a session that ends leaves what another put in the place of its own, which is kept aside")
  func last() throws {
    try keep(try drawn())
    _ = try library.keepDraft(
      try drawn(at: 90, session: "third"), over: ["third", "first"], subject: "01", reader: "liu")
    let more = try Data(contentsOf: url())
    var own = try drawn()
    own.isLast = true
    let aside = "liu.sub-01_T2w_cord.draft-aside-1.json"
    #expect(try keep(own) == aside)
    #expect(try Data(contentsOf: url()) == more)
    let bytes = [UInt8](try Data(contentsOf: folder("\(Self.readers)/\(aside)")))
    let kept = try CorrectionDraftFile(bytes, path: aside)
    #expect(try kept.editsSHA256 == CorrectionDraftFile.editsSHA256(of: own.correction))
    let attributes = try FileManager.default.attributesOfItem(
      atPath: folder("\(Self.readers)/\(aside)").path)
    #expect((attributes[.posixPermissions] as? Int) == 0o600)
    // A second signal keeps it once.
    #expect(try keep(own) == aside)
    #expect(try names.count == 2)
    // One that goes on has its reader there, who is told what gave way.
    #expect(try keep(try drawn()) == "liu.sub-01_T2w_cord.draft-aside-2.json")
    #expect(try search().found.map(\.session) == ["first"])
  }

  @Test("what another session took over as it was is kept once")
  func lastAndSame() throws {
    try keep(try drawn())
    _ = try library.keepDraft(
      try drawn(session: "third"), over: ["third", "first"], subject: "01", reader: "liu")
    var own = try drawn()
    own.isLast = true
    #expect(try keep(own) == nil)
    #expect(try search().found.map(\.session) == ["third"])
    #expect(try names == [url().lastPathComponent])
  }

  @Test("a kill while a draft is being written leaves the one before")
  func killWhileWriting() throws {
    try keep(try drawn())
    let whole = try Data(contentsOf: url())
    // What such a kill leaves: a part under a hidden name, and the former file.
    try whole.prefix(whole.count / 2).write(to: folder("\(Self.readers)/.cordscope-1-z.tmp"))
    #expect(try search().found.map(\.correction) == [try drawn().correction])
    #expect(Leftovers.find(in: folder.url).count == 1)
  }

  /// Changes of a draft's text after which it is none, and what is then said.
  static let damages: [(String, String, String)] = [
    (#""format":1"#, #""format":2"#, "format"),
    (#""target":"cord""#, #""target":"spleen""#, "target"),
    (#""session":"first""#, #""session":"""#, "session"),
    (#""time":"2"#, #""time":"x"#, "time"),
    (#""image":""#, #""image":"../"#, "image"),
    (#""before":""#, #""before":"z"#, "slices.0.before"),
    (#""index":2"#, #""index":-2"#, "slices.0.index"),
    (#""rows":256"#, #""rows":9000000000000000000"#, "slices.0.rows"),
    (#""rows":256"#, #""rows":1"#, "slices.0.turned"),
    (#""turned":["#, #""turned":[9223372036854775807,1,"#, "slices.0.turned"),
    (#""turned":["#, #""turned":[0,9223372036854775807,"#, "slices.0.turned"),
    (#""turned":["#, #""turned":[7,"#, "slices.0.turned"),
    (#""turned":["#, #""turned":[-7,3,"#, "slices.0.turned"),
    (#""origin":["#, #""origin":[1,"#, "slices.0.origin"),
    (#""origin":["#, #""origin":[1e400,"#, "the file"),
    (#""slices":["#, #""slices":7,"x":["#, "slices"),
    (#""slices":["#, #""points":[],"slices":["#, "points"),
    (#""slices":"#, #""others":"#, "slices"),
    ("{", "", "the file"),
  ]

  @Test("a damaged draft is named with its field, and kept aside", arguments: damages)
  func damaged(_ damage: (String, String, String)) throws {
    try keep(try drawn())
    let text = try String(contentsOf: url(), encoding: .utf8)
    let range = try #require(text.range(of: damage.0))
    let wrong = text.replacingCharacters(in: range, with: damage.1)
    try wrong.write(to: url(), atomically: false, encoding: .utf8)
    let refused = try refusal()
    #expect(refused.reason.contains("liu.sub-01_T2w_cord.draft.json"))
    #expect(refused.reason.contains(damage.2), "\(refused.reason)")
    let name = try #require(refused.name)
    let aside = folder("\(Self.readers)/\(name)")
    #expect(try String(contentsOf: aside, encoding: .utf8) == wrong)
  }

  @Test("damaged points are named with their field")
  func damagedPoints() throws {
    for (was, wrong, field) in [
      (#""number":4"#, #""number":3"#, "points"), (#""place":["#, #""place":[1,"#, "points"),
      (#""points_before":"#, #""others":"#, "points_before"),
      (#""number":4"#, #""number":70000"#, "the file"),
    ] {
      try keep(try points())
      let text = try String(contentsOf: url(.discs), encoding: .utf8)
      let range = try #require(text.range(of: was))
      try text.replacingCharacters(in: range, with: wrong)
        .write(to: url(.discs), atomically: false, encoding: .utf8)
      let refused = try #require(try search().refused.first)
      #expect(refused.reason.contains(field) && refused.name != nil, "\(refused.reason)")
    }
  }

  @Test("one that is cut, too large or a link is not read, and not written over")
  func planted() throws {
    try keep(try drawn())
    let whole = try Data(contentsOf: url())
    try whole.dropLast(9).write(to: url())
    #expect(try refusal().name == "liu.sub-01_T2w_cord.draft-aside-1.json")
    try Data(count: CorrectionDraftFile.largest + 1).write(to: url())
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url().path)
    #expect(try refusal().reason.contains("more than the limit"))
    try Data("elsewhere".utf8).write(to: folder("elsewhere"))
    try FileManager.default.createSymbolicLink(
      at: url(), withDestinationURL: folder("elsewhere"))
    #expect(try keep(try drawn())?.hasPrefix("liu.sub-01_T2w_cord.draft-aside-") == true)
    #expect(try String(contentsOf: folder("elsewhere"), encoding: .utf8) == "elsewhere")
    #expect(try search().found.count == 1)
  }

  @Test("a draft of another study under this one's name is none of it")
  func foreign() throws {
    let other = try LibraryFixture.library(["01", "02"], in: folder)
    try keep(try drawn())
    try FileManager.default.moveItem(
      at: url(), to: folder("\(Self.readers)/liu.sub-02_T2w_cord.draft.json"))
    let search = try other.drafts(
      of: "02", grids: Self.grids, isBlind: false, except: [], reader: "liu")
    #expect(search.found.isEmpty)
    #expect(search.refused.map(\.reason) == ["they are of another study or reader"])
  }

  @Test("what comes back is one edit that undo takes back to the beginning")
  func undo() throws {
    let masks = [MaskRaster(rows: 4, columns: 4, filledWith: false)]
    var kept = masks[0]
    kept[1, 2] = true
    var edit = MaskEdit(masks)
    try edit.restore([0: kept], named: "kept")
    #expect(edit.masks == [kept] && edit.undoName == "kept")
    #expect(edit.undo() == "kept" && edit.masks == masks)
    #expect(edit.redo() == "kept" && edit.masks == [kept])
    #expect(throws: EditRefusal.self) { try edit.restore([1: kept], named: "kept") }
    #expect(throws: EditRefusal.self) {
      try edit.restore([0: MaskRaster(rows: 2, columns: 4, filledWith: true)], named: "kept")
    }
    var labels = LabelEdit(.discs, [3: [0, 0, 9]])
    try labels.restore([3: [0, 0, 8], 4: [0, 0, 1]], named: "kept")
    #expect(labels.undoName == "kept" && labels.points.count == 2)
    #expect(labels.undo() == "kept" && !labels.isChanged)
    #expect(throws: EditRefusal.self) { try labels.restore([3: [0, .nan, 8]], named: "kept") }
    try labels.restore([3: [0, 0, 9]], named: "nothing")
    #expect(labels.undoName == nil)
  }
}
