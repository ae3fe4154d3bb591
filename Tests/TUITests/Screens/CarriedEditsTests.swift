import Core
import Foundation
import Imaging
import Synchronization
import TestSupport
import Testing

@testable import TUI

@Suite("Edits that waited while what they rest on changed")
struct CarriedEditsTests {
  /// A reader of a library on disk with one small study; what is asked of workers is done at once.
  private final class Desk {
    private let folder: TemporaryFolder
    private let library: StudyLibrary
    private(set) var state: AppState

    /// Opens the study and presses keys in it.
    ///
    /// - Parameter hasDiscs: whether C2-3 ... C7-T1 are marked.
    init(_ keys: String, hasDiscs: Bool = false) throws {
      folder = try TemporaryFolder()
      try folder.write(#"{"Name": "test", "BIDSVersion": "1.9.0"}"#, to: "dataset_description.json")
      // i to posterior, j to superior, k to the right.
      let affine = Affine(
        i: [0, -1.5, 0], j: [0, 0, 1.5], k: [3.3, 0, 0], origin: [-6.6, 60, -60])
      var image = ImageVolume(
        shape: [80, 80, 5], voxels: [Float](repeating: 100, count: 80 * 80 * 5), affine: affine)
      var cord = image.map { _ in UInt16(0) }
      for j in 5..<75 {
        for i in 38..<42 { (cord[i, j, 2], image[i, j, 2]) = (1, 200) }
      }
      var discs = cord.map { _ in UInt16(0) }
      for number in 3...8 { discs[36, 70 - 8 * (number - 3), 2] = UInt16(number) }
      try Desk.makeFolders(for: "sub-01/anat/sub-01_T2w.nii.gz", in: folder)
      try NIfTI.write(image, to: folder("sub-01/anat/sub-01_T2w.nii.gz"))
      try Desk.makeFolders(for: Desk.file(.cord), in: folder)
      try NIfTI.write(cord, to: folder(Desk.file(.cord)))
      if hasDiscs { try NIfTI.write(discs, to: folder(Desk.file(.discs))) }
      library = try StudyLibrary(opening: folder.url)
      state = AppState(
        title: library.title, reader: "liu", size: TerminalSize(columns: 120, rows: 40),
        capabilities: TerminalCapabilities(), timeZone: .gmt)
      state.carryOut(Workstation.start(&state), on: library)
      press("\n" + keys)
    }

    private static func file(_ role: LabelRole) -> String {
      "derivatives/labels/sub-01/anat/sub-01_T2w\(role.ending).nii.gz"
    }

    private static func makeFolders(for path: String, in folder: TemporaryFolder) throws {
      try FileManager.default.createDirectory(
        at: folder(path).deletingLastPathComponent(), withIntermediateDirectories: true)
    }

    func press(_ keys: String) {
      for key in keys {
        switch key {
        case "\n": send(KeyPress(.enter))
        case "\u{1b}": send(KeyPress(.escape))
        default: send(.character(key))
        }
      }
    }

    func send(_ key: KeyPress) {
      state.carryOut(Workstation.update(&state, .key(key)), on: library)
      state.drawPicture()
    }

    /// The voxels of a label file.
    func voxels(_ role: LabelRole) throws -> [UInt16] {
      try NIfTI.readLabels(folder(Desk.file(role))).voxels
    }

    /// What was corrected, oldest first.
    func corrected() throws -> [CorrectionTarget] {
      try library.journal("01", reader: "liu").records.compactMap(\.correction?.target)
    }

    var correction: CorrectionMode? { state.study?.correction }
    var message: String { state.message?.text ?? "" }
  }

  @Test("a lesion mask goes on with its history after a saved cord mask has moved the window")
  func lesionAfterCord() throws {
    let straight = try Desk("Em \n")
    let wanted = try straight.voxels(.lesion)
    #expect(wanted.contains(1))
    let desk = try Desk("Em ")
    let drawn = try #require(desk.correction)
    // A large dot at the cord's anterior edge.
    desk.press("m]]]]HHb \n")
    #expect(desk.message.contains("lesion mask still NOT SAVED: E, then m"))
    #expect(try desk.corrected() == [.cord])
    // Read again, as after the detection.
    desk.press("q\nEm")
    let carried = try #require(desk.correction)
    #expect(carried.grids != drawn.grids && carried.target == .lesion)
    #expect(desk.message.hasPrefix("the lesion mask as you left it: \(drawn.changes)"))
    #expect(carried.turns.undo == drawn.turns.undo && carried.changes == drawn.changes)
    desk.press("u")
    #expect(desk.message.hasPrefix("taken back: brush") && desk.correction?.isChanged == false)
    desk.send(.control("r"))
    #expect(desk.correction?.isChanged == true)
    // It waits again as it went on.
    desk.press("\u{1b}Em\n")
    #expect(try desk.corrected() == [.cord, .lesion])
    #expect(try desk.voxels(.lesion) == wanted)
    #expect(desk.state.leftCorrections.isEmpty)
  }

  @Test("boundaries go on after the disc labels under them were saved, and are saved, too")
  func boundariesAfterDiscs() throws {
    let desk = try Desk("eb]kk", hasDiscs: true)
    let moved = try #require(desk.correction)
    let number = try #require(moved.chosen)
    let place = try #require(moved.labels?.points[number])
    desk.press("b]]jj\n")
    #expect(desk.message.contains("segment boundaries still NOT SAVED: e, then b"))
    #expect(try desk.corrected() == [.discs])
    desk.press("eb")
    #expect(desk.message.hasPrefix("the segment boundaries as you left them: "))
    let followed = try #require(desk.correction?.labels)
    #expect(desk.correction?.chosen == number && followed.points[number] == place)
    #expect(followed.original != moved.labels?.original && followed.changeCount == 1)
    #expect(followed.undoName == moved.turns.undo)
    desk.press("\n")
    let corrected = try desk.corrected()
    #expect(corrected == [.discs, .boundaries], "\(desk.message)")
    // C2, half a level above the first disc, lies beyond the image's edge now: it has no voxel.
    let saved = try desk.voxels(.levels)
    #expect(saved.contains(number) && !saved.contains(2) && desk.state.leftCorrections.isEmpty)
  }

  @Test("boundaries saved before discs that wait, and discs under other names, are refused first")
  func refused() {
    let boundaries = EditorDesk("ejbj\n")
    #expect(
      boundaries.message.hasPrefix(
        "first save or take back disc labels: C2-3 moved 0.8 mm (b): saved later"))
    #expect(boundaries.correction?.target == .boundaries)
    let renumbered = EditorDesk("ebjb}\n")
    #expect(
      renumbered.message.hasPrefix("first take back segment boundaries: C3 moved 0.8 mm (b)"))
    for desk in [boundaries, renumbered] {
      #expect(desk.library.committed.withLock { $0.isEmpty })
    }
    // Taken back there, they no longer stand in the way.
    renumbered.press("bub\n")
    #expect(renumbered.library.committed.withLock { $0.map(\.target) } == [.discs])
    // Moved discs may be saved first.
    let moved = EditorDesk("ebjbj\n")
    #expect(moved.library.committed.withLock { $0.map(\.target) } == [.discs])
  }

  @Test("boundaries under labels that others changed, too, stay as they were left")
  func changedByOthers() {
    // The fixture never names the disc labels saved: they are not this reader's.
    let desk = EditorDesk("ebjbj\neb")
    #expect(desk.message.hasPrefix("the segment boundaries as you left them: C3 moved 0.8 mm"))
    #expect(desk.correction?.files == ["spine 00"] && desk.correction?.savedDiscs != nil)
  }

  @Test("where the window has moved by whole pixels the drawing and the crosshair go along")
  func moved() throws {
    let isMoved = Flag()
    let library = FixtureLibrary(clock: { Session.time }) { study in
      guard isMoved.value.withLock({ $0 }) else { return }
      for index in study.pictures.indices {
        study.pictures[index].grid = study.pictures[index].grid.cut(fromRow: 8)
      }
    }
    let desk = EditorDesk("EmHH ", library: library)
    let before = try #require(desk.correction)
    let place = before.place
    desk.press("\u{1b}q")
    isMoved.value.withLock { $0 = true }
    desk.press("/001\n\nEm")
    let after = try #require(desk.correction)
    #expect(after.changes == before.changes && after.grids != before.grids)
    #expect(desk.isSet(Int(place.y) - 8, Int(place.x)))
    #expect(after.correction.content == before.correction.content)
    desk.press("u")
    #expect(desk.correction?.isChanged == false)
  }

  @Test("what lies on none of the slices now is told, and can be saved")
  func otherSlices() throws {
    let isMoved = Flag()
    let library = FixtureLibrary(clock: { Session.time }) { study in
      guard isMoved.value.withLock({ $0 }) else { return }
      for index in study.pictures.indices {
        study.pictures[index].grid = study.pictures[index].grid.moved(byMM: 1)
      }
    }
    let desk = EditorDesk("EmHH \u{1b}q", library: library)
    isMoved.value.withLock { $0 = true }
    desk.press("/001\n\nEm")
    #expect(
      desk.message.hasPrefix(
        "the lesion mask as you left it: 1 slice, 0 mm² added, 0 mm² removed, 5.5 mm² outside of "
          + "the pictures"))
    #expect(desk.correction?.isChanged == true)
    desk.press("\n")
    let committed = library.committed.withLock { $0 }
    #expect(committed.map(\.target) == [.lesion])
    guard case .mask(let changes) = try #require(committed.first).content else {
      Issue.record("no mask")
      return
    }
    #expect(changes.count == 1 && changes[0].after.pixels.count { $0 } == 9)
  }

  /// Turned by a test while a library is in use.
  private final class Flag: Sendable {
    let value = Mutex(false)
  }
}
