import Imaging
import Testing

@testable import Core

@Suite("Drawing in masks")
struct MaskEditTests {
  private static func empty(_ slices: Int = 5, side: Int = 40) -> MaskEdit {
    MaskEdit(
      (0..<slices).map { _ in MaskRaster(rows: side, columns: side, filledWith: false) })
  }

  private func count(_ edit: MaskEdit, _ slice: Int) -> Int {
    edit.masks[slice].pixels.count { $0 }
  }

  @Test("the tool is round and as wide as it says", arguments: MaskEdit.sizes)
  func sizes(_ size: Int) throws {
    var edit = Self.empty()
    try edit.draw(.brush, size: size, on: 1, from: [20, 20], to: [20, 20])
    let rows = Set(edit.masks[1].pixels.indices.filter { edit.masks[1].pixels[$0] }.map { $0 / 40 })
    #expect(rows.count == size)
    #expect(edit.changedSlices == [1])
    try edit.draw(.eraser, size: size, on: 1, from: [20, 20], to: [20, 20])
    #expect(!edit.isChanged)
  }

  @Test("a closed outline is filled, an open one is not")
  func fills() throws {
    var edit = Self.empty()
    let corners: [SIMD2<Double>] = [[10, 10], [20, 10], [20, 20], [10, 20], [10, 10]]
    for (from, to) in zip(corners, corners.dropFirst()) {
      try edit.draw(.brush, size: 1, on: 0, from: from, to: to, continues: from != corners[0])
    }
    #expect(count(edit, 0) == 40)
    try edit.fill(0, at: [15, 15])
    #expect(count(edit, 0) == 121)
    #expect(throws: EditRefusal.self) { try edit.fill(0, at: [15, 15]) }
    #expect(throws: EditRefusal("the outline around this place is not closed")) {
      try edit.fill(0, at: [30, 30])
    }
    #expect(throws: EditRefusal.self) { try edit.fill(0, at: [.nan, 3]) }
    #expect(throws: EditRefusal.self) { try edit.fill(9, at: [3, 3]) }
    #expect(edit.undo() == "fill on slice 1")
    // Strokes that go on are one edit.
    #expect(edit.undo() == "brush on slice 1")
    #expect(!edit.isChanged && edit.undo() == nil)
    #expect(edit.redo() == "brush on slice 1" && edit.redo() == "fill on slice 1")
    #expect(count(edit, 0) == 121)
  }

  @Test("a line that begins where nothing changes is an edit of its own")
  func lines() throws {
    var edit = Self.empty()
    try edit.draw(.brush, size: 3, on: 0, from: [10, 10], to: [10, 10])
    try edit.draw(.brush, size: 3, on: 0, from: [10, 10], to: [10, 10])
    try edit.draw(.brush, size: 3, on: 0, from: [10, 10], to: [20, 10], continues: true)
    try edit.draw(.brush, size: 3, on: 0, from: [20, 10], to: [20, 20], continues: true)
    #expect(edit.undo() == "brush on slice 1" && count(edit, 0) == 9)
    #expect(edit.undo() == "brush on slice 1" && !edit.isChanged && edit.undo() == nil)
    // What is taken back, or followed by another edit, does not go on.
    #expect(edit.redo() != nil)
    try edit.draw(.brush, size: 3, on: 0, from: [30, 10], to: [30, 10], continues: true)
    #expect(edit.undo() != nil && count(edit, 0) == 9)
    try edit.copy(from: 0, to: 1)
    try edit.draw(.brush, size: 3, on: 0, from: [30, 10], to: [30, 10], continues: true)
    #expect(edit.undo() == "brush on slice 1" && count(edit, 0) == 9 && count(edit, 1) == 9)
  }

  @Test("slices are copied, and those between two drawn ones follow their shapes")
  func between() throws {
    var edit = Self.empty()
    try edit.draw(.brush, size: 15, on: 0, from: [20, 20], to: [20, 20])
    #expect(throws: EditRefusal("draw on a slice on each side of this one first")) {
      try edit.interpolate(around: 2)
    }
    #expect(throws: EditRefusal.self) { try edit.interpolate(around: 0) }
    try edit.draw(.brush, size: 5, on: 4, from: [20, 20], to: [20, 20])
    #expect(edit.drawnSlices == [0, 4])
    let filling = try edit.interpolate(around: 2)
    let counts = (0..<5).map { count(edit, $0) }
    #expect(counts == counts.sorted(by: >) && Set(counts).count == 5)
    #expect(filling.slices == [1, 2, 3] && filling.between == [0, 4])
    #expect(filling.drawn == counts[1] + counts[2] + counts[3])
    #expect(filling.replaced == 0 && !filling.isMoved)
    let area = MaskEdit.area(filling.drawn)
    #expect(filling.words == "slices 2 to 4 filled between 1 and 5: \(area) mm² drawn")
    #expect(edit.undo() == "interpolation between slices 1 and 5")
    #expect(count(edit, 2) == 0)
    try edit.copy(from: 0, to: 1)
    #expect(edit.masks[1] == edit.masks[0])
    #expect(throws: EditRefusal.self) { try edit.copy(from: 0, to: 1) }
    #expect(throws: EditRefusal.self) { try edit.copy(from: -1, to: 0) }
  }

  @Test("a slice drawn on between two others is kept, and bounds what is filled")
  func keepsDrawn() throws {
    var edit = Self.empty(7)
    for (slice, size) in [(0, 15), (2, 3), (6, 15)] {
      try edit.draw(.brush, size: size, on: slice, from: [20, 20], to: [20, 20])
    }
    let drawn = edit.masks
    // From the slice between: both gaps, and itself as it is.
    let both = try edit.interpolate(around: 2)
    #expect(both.slices == [1, 3, 4, 5] && both.between == [0, 2, 6])
    #expect(both.words.hasPrefix("slices 2, 4, 5 and 6 filled between 1, 3 and 7: "))
    for slice in [0, 2, 6] { #expect(edit.masks[slice] == drawn[slice]) }
    #expect(edit.undo() == "interpolation between slices 1, 3 and 7" && edit.masks == drawn)
    // From an undrawn one: its own gap only.
    #expect(try edit.interpolate(around: 4).slices == [3, 4, 5])
    #expect(count(edit, 1) == 0)
    // The same again changes nothing and is no edit.
    #expect(throws: EditRefusal("slices 4 to 6: filled so already, nothing was changed")) {
      try edit.interpolate(around: 4)
    }
    #expect(edit.undoName == "interpolation between slices 3 and 7")
    // What is drawn on a filled slice is drawn from then on.
    try edit.draw(.brush, size: 15, on: 4, from: [20, 20], to: [20, 20])
    #expect(edit.drawnSlices == [0, 2, 4, 6])
    let before = edit.masks[4]
    #expect(try edit.interpolate(around: 3).slices == [3])
    #expect(edit.masks[4] == before && count(edit, 3) > 9)
  }

  @Test("neighbouring drawn slices have nothing between: that is said, and nothing changes")
  func nothingBetween() throws {
    var edit = Self.empty()
    for slice in 1...3 {
      try edit.draw(.brush, size: 5, on: slice, from: [20, 20], to: [20, 20])
    }
    let drawn = edit.masks
    let words = "nothing to fill: slices 2 to 4 are drawn or saved, and none lies between"
    #expect(throws: EditRefusal(words)) { try edit.interpolate(around: 2) }
    #expect(edit.masks == drawn && edit.undoName == "brush on slice 4")
    // One that was emptied is drawn no longer, and is filled.
    try edit.draw(.eraser, size: 15, on: 2, from: [20, 20], to: [20, 20])
    #expect(edit.drawnSlices == [1, 3])
    #expect(try edit.interpolate(around: 2).slices == [2])
    #expect(edit.masks[2] == drawn[2])
  }

  @Test("a mask that a person saved is kept, a program's is replaced, which is said")
  func keepsSaved() throws {
    var saved = Self.empty(5).masks
    for n in 0..<9 { saved[2][20 + n / 3, 20 + n % 3] = true }
    for isPersons in [true, false] {
      var edit = MaskEdit(saved, isSavedByPerson: isPersons)
      #expect(edit.drawnSlices == (isPersons ? [2] : []))
      for slice in [1, 3] {
        try edit.draw(.brush, size: 5, on: slice, from: [20, 20], to: [20, 20])
      }
      if isPersons {
        #expect(throws: EditRefusal.self) { try edit.interpolate(around: 2) }
        #expect(edit.masks[2] == saved[2] && edit.changedSlices == [1, 3])
      } else {
        let filling = try edit.interpolate(around: 2)
        #expect(filling.replaced == 9 && edit.masks[2] == edit.masks[1])
        let words = "; replaces \(MaskEdit.area(9)) mm² that no reader had drawn or saved"
        #expect(filling.words.hasSuffix(words))
      }
    }
  }

  @Test("shapes that share no pixel are moved from one to the other")
  func apart() throws {
    var edit = Self.empty()
    try edit.draw(.brush, size: 5, on: 0, from: [8, 10], to: [8, 10])
    try edit.draw(.brush, size: 5, on: 4, from: [28, 18], to: [28, 18])
    let filling = try edit.interpolate(around: 2)
    #expect(filling.isMoved)
    #expect(filling.words.hasSuffix("; shapes apart: moved from one to the other"))
    // The same disc a quarter, half and three quarters of the way.
    var expected = Self.empty()
    for (slice, place) in [(1, SIMD2(13.0, 12)), (2, SIMD2(18.0, 14)), (3, SIMD2(23.0, 16))] {
      try expected.draw(.brush, size: 5, on: slice, from: place, to: place)
      #expect(edit.masks[slice] == expected.masks[slice])
    }
  }

  @Test("where the shapes leave nothing on a slice, that is said and nothing changes")
  func nothingLeft() throws {
    // A single px, and two far on both sides of it: their middle is empty.
    var edit = Self.empty(3)
    try edit.draw(.brush, size: 1, on: 0, from: [20, 20], to: [20, 20])
    try edit.draw(.brush, size: 1, on: 2, from: [5, 20], to: [5, 20])
    try edit.draw(.brush, size: 1, on: 2, from: [35, 20], to: [35, 20])
    let drawn = edit.masks
    let words =
      "nothing was filled: slices 1 and 3 differ so much that no shape is left on slice 2; draw there"
    #expect(throws: EditRefusal(words)) { try edit.interpolate(around: 1) }
    #expect(edit.masks == drawn && edit.undoName == "brush on slice 3")
  }

  @Test("a shape that moves is half way in the middle; empty or other grids are refused")
  func shapes() throws {
    func box(_ columns: Range<Int>, side: Int = 40) -> MaskRaster {
      var mask = MaskRaster(rows: side, columns: side, filledWith: false)
      for row in 10..<30 { for column in columns { mask[row, column] = true } }
      return mask
    }
    let found = try MaskInterpolation.between(box(10..<18), box(14..<22), steps: 1)
    #expect((0..<40).filter { found[0][20, $0] } == Array(12..<20))
    let same = try MaskInterpolation.between(box(10..<18), box(10..<18), steps: 3)
    #expect(same == [box(10..<18), box(10..<18), box(10..<18)])
    #expect(throws: EditRefusal.self) {
      try MaskInterpolation.between(box(0..<0), box(10..<18), steps: 1)
    }
    #expect(throws: EditRefusal.self) {
      try MaskInterpolation.between(box(10..<18), box(10..<18, side: 44), steps: 1)
    }
  }

  @Test("places far outside are refused, those beside the raster draw what lies in it")
  func outside() throws {
    var edit = Self.empty()
    #expect(throws: EditRefusal.self) {
      try edit.draw(.brush, size: 3, on: 0, from: [1e300, 0], to: [1e300, 0])
    }
    try edit.draw(.brush, size: 3, on: 0, from: [-5, -5], to: [-5, -5])
    #expect(!edit.isChanged && edit.undoName == nil)
    try edit.draw(.brush, size: 3, on: 0, from: [0, 0], to: [0, 0])
    #expect(count(edit, 0) == 4)
  }
}
