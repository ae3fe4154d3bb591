import Foundation
import Imaging
import TestSupport
import Testing

@testable import Core

@Suite("Masks that go on on slices that were cut anew")
struct MaskCarryingTests {
  private static let spacing = SagittalGrid.spacing

  /// The fixture's slices, their window moved by columns and rows to posterior and inferior.
  private static func grids(
    columns: Double = 0, rows: Double = 0, sidewaysMM: Double = 0
  ) -> [CorrectionGrid] {
    (0..<5).map { slice in
      let origin = LibraryFixture.grid(slice: slice).origin
      let step = SIMD3(sidewaysMM, -columns * spacing, -rows * spacing)
      return CorrectionGrid(index: slice, grid: SagittalGrid(origin: origin + step))
    }
  }

  private static let empty = (0..<5).map { _ in
    MaskRaster(rows: SagittalGrid.side, columns: SagittalGrid.side, filledWith: false)
  }

  /// A dot of 37 px on slice 3 and one on slice 4, of which a stroke was erased again and that taken back.
  private func drawn() throws -> MaskEdit {
    var edit = MaskEdit(Self.empty)
    try edit.draw(.brush, size: 7, on: 2, from: [100, 128], to: [100, 128])
    try edit.draw(.brush, size: 7, on: 3, from: [110, 120], to: [110, 120])
    try edit.draw(.eraser, size: 3, on: 3, from: [110, 120], to: [110, 120])
    _ = edit.undo()
    return edit
  }

  private func count(_ mask: MaskRaster) -> Int { mask.pixels.count { $0 } }

  @Test("by whole pixels every pixel and every step goes along")
  func wholePixels() throws {
    let (here, there) = (Self.grids(), Self.grids(columns: -3, rows: 2))
    let edit = try drawn()
    var carried = edit.carried(from: here, to: there, basis: Self.empty)
    for slice in 0..<5 {
      for row in 2..<256 {
        for column in 0..<253 {
          let isSame = carried.masks[slice][row - 2, column + 3] == edit.masks[slice][row, column]
          if !isSame { Issue.record("slice \(slice), row \(row), column \(column)") }
        }
      }
    }
    #expect(carried.changes == edit.changes && carried.changedSlices == [2, 3])
    #expect(carried.sliceChanges(on: there) == edit.sliceChanges(on: here))
    #expect(carried.redo() == "eraser on slice 4")
    #expect(count(carried.masks[3]) == 37 - 9)
    #expect(carried.sliceChanges(on: there) != edit.sliceChanges(on: here))
    #expect(carried.undo() == "eraser on slice 4" && carried.undo() == "brush on slice 4")
    #expect(carried.sliceChanges(on: there).map(\.index) == [2])
    #expect(carried.undo() == "brush on slice 3" && carried.undo() == nil)
    #expect(!carried.isChanged && carried.sliceChanges(on: there).isEmpty)
    #expect(carried.redo() == "brush on slice 3" && carried.redo() == "brush on slice 4")
    #expect(carried.sliceChanges(on: there) == edit.sliceChanges(on: here))
    // What follows ends what could be restored, on both grids.
    try carried.draw(.brush, size: 1, on: 0, from: [5, 5], to: [5, 5])
    #expect(carried.redo() == nil && carried.undo() == "brush on slice 1")
    #expect(carried.redo() == "brush on slice 1" && carried.redo() == nil)
    #expect(carried.sliceChanges(on: there).map(\.index) == [2, 3, 0])
  }

  @Test("grids that are the same but for rounding change nothing")
  func rounding() throws {
    let (here, there) = (Self.grids(), Self.grids(columns: 1e-9, rows: -1e-9))
    #expect(here != there)
    let edit = try drawn()
    let carried = edit.carried(from: here, to: there, basis: Self.empty)
    #expect(carried.masks == edit.masks && carried.original == edit.original)
    #expect(carried.undoName == edit.undoName && carried.redoName == edit.redoName)
  }

  @Test("between pixels what is written is what was drawn, and where more is drawn what is shown")
  func betweenPixels() throws {
    let (here, there) = (Self.grids(), Self.grids(columns: 0.4, rows: -0.3))
    let edit = try drawn()
    let former = edit.sliceChanges(on: here)
    var carried = edit.carried(from: here, to: there, basis: Self.empty)
    #expect(count(carried.masks[2]) == 37 && carried.sliceChanges(on: there) == former)
    try carried.draw(.brush, size: 1, on: 3, from: [10, 10], to: [10, 10])
    let changes = carried.sliceChanges(on: there)
    #expect(changes.map(\.index) == [2, 3] && changes.first == former.first)
    #expect(changes.last?.grid == there[3].grid && changes.last?.after == carried.masks[3])
    #expect(changes.last?.before == Self.empty[3])
    // Taken away by hand, nothing of it is left.
    let places: [(Int, SIMD2<Double>)] = [(2, [100, 128]), (3, [110, 120]), (3, [10, 10])]
    for (slice, place) in places {
      try carried.draw(.eraser, size: 15, on: slice, from: place, to: place)
    }
    #expect(!carried.isChanged && carried.sliceChanges(on: there).isEmpty)
  }

  @Test("a pixel gets the value that was drawn, whatever it had before")
  func values() throws {
    var basis = Self.empty
    basis[2][128, 100] = true
    let edit = try drawn()
    var carried = edit.carried(from: Self.grids(), to: Self.grids(), basis: basis)
    #expect(carried.masks[2] == edit.masks[2])
    _ = carried.undo()
    _ = carried.undo()
    #expect(carried.masks == basis)
  }

  @Test("what lies outside of the new window is kept, told and written, and can be taken back")
  func outside() throws {
    let (here, there) = (Self.grids(), Self.grids(rows: 124))
    let edit = try drawn()
    let former = edit.sliceChanges(on: here)
    var carried = edit.carried(from: here, to: there, basis: Self.empty)
    // The dot of slice 4 ends at row 123; of that of slice 3 the rows 125 ... 131 are shown.
    #expect(count(carried.masks[3]) == 0 && count(carried.masks[2]) == 37)
    #expect(
      carried.changes
        == "2 slices, \(MaskEdit.area(37)) mm² added, 0 mm² removed, \(MaskEdit.area(37)) mm² "
        + "outside of the pictures")
    #expect(carried.isChanged && carried.changedSliceCount == 2)
    #expect(carried.sliceChanges(on: there) == former)
    try carried.draw(.brush, size: 1, on: 3, from: [10, 10], to: [10, 10])
    let changes = carried.sliceChanges(on: there)
    #expect(changes.map(\.index) == [2, 3, 3] && Array(changes.prefix(2)) == former)
    #expect(changes.last.map { count($0.after) } == 1)
    #expect(carried.undo() == "brush on slice 4" && carried.undo() == "brush on slice 4")
    #expect(carried.sliceChanges(on: there) == Array(former.prefix(1)))
    #expect(!carried.changes.contains("outside"))
  }

  @Test("slices that lie in other planes, or are gone, show nothing, and nothing is lost")
  func otherPlanes() throws {
    let here = Self.grids()
    let edit = try drawn()
    for there in [Self.grids(sidewaysMM: 1), Array(Self.grids().prefix(2))] {
      let basis = Array(Self.empty.prefix(there.count))
      var carried = edit.carried(from: here, to: there, basis: basis)
      #expect(carried.masks == basis && carried.isChanged)
      #expect(carried.sliceChanges(on: there) == edit.sliceChanges(on: here))
      #expect(carried.changes.contains("\(MaskEdit.area(74)) mm² outside of the pictures"))
      #expect(carried.undo() == "brush on slice 4" && carried.undo() == "brush on slice 3")
      #expect(!carried.isChanged)
    }
  }

  @Test("there and back it is the same, with what was drawn in between")
  func again() throws {
    let (here, there) = (Self.grids(), Self.grids(columns: 2.4, rows: 7.7))
    let edit = try drawn()
    var carried = edit.carried(from: here, to: there, basis: Self.empty)
    let still = carried.carried(from: there, to: here, basis: Self.empty)
    #expect(still.masks == edit.masks)
    #expect(still.sliceChanges(on: here) == edit.sliceChanges(on: here))
    try carried.draw(.brush, size: 3, on: 0, from: [40, 40], to: [40, 40])
    var back = carried.carried(from: there, to: here, basis: Self.empty)
    #expect(back.sliceChanges(on: here) == carried.sliceChanges(on: there))
    #expect(back.undo() == "brush on slice 1" && back.masks == edit.masks)
    #expect(back.undo() == "brush on slice 4" && back.undo() == "brush on slice 3")
    #expect(!back.isChanged && back.undo() == nil)
    #expect(back.redo() == "brush on slice 3" && back.redo() == "brush on slice 4")
    #expect(back.redo() == "brush on slice 1" && back.redo() == nil)
    #expect(back.sliceChanges(on: here) == carried.sliceChanges(on: there))
  }

  @Test("in a library the voxels are those of a mask that was saved where it was drawn")
  func library() throws {
    func voxels(to other: [CorrectionGrid]?) throws -> [UInt16] {
      let folder = try TemporaryFolder()
      let library = try LibraryFixture.library(["01"], in: folder)
      let here = Self.grids()
      let basis = try library.correctionBasis(
        .lesion, of: "01", grids: here, reader: "liu", isBlind: false)
      var edit = MaskEdit(basis.masks)
      try edit.draw(.brush, size: 11, on: 2, from: [100, 128], to: [104, 140])
      try edit.draw(.brush, size: 7, on: 3, from: [110, 120], to: [110, 120])
      var changes = edit.sliceChanges(on: here)
      if let other {
        let anew = try library.correctionBasis(
          .lesion, of: "01", grids: other, reader: "liu", isBlind: false)
        #expect(anew.files == basis.files)
        changes = edit.carried(from: here, to: other, basis: anew.masks).sliceChanges(on: other)
      }
      let record = try library.correct(
        LabelCorrection(target: .lesion, files: basis.files, content: .mask(changes)),
        .correct(CorrectionNote(.lesion, change: "test")), subject: "01", reader: "liu")
      #expect(record.correction?.change.hasPrefix("2 slices, ") == true)
      let file = "derivatives/labels/sub-01/anat/sub-01_T2w_label-lesion_seg.nii.gz"
      return try NIfTI.readLabels(folder(file)).voxels
    }
    let straight = try voxels(to: nil)
    #expect(straight.contains(1))
    #expect(try voxels(to: Self.grids(columns: 1.5, rows: -20.3)) == straight)
    #expect(try voxels(to: Self.grids(rows: 124)) == straight)
  }
}
