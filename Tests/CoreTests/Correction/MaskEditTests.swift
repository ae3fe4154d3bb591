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
    #expect(edit.drawnNeighbours(of: 2) == nil)
    try edit.draw(.brush, size: 5, on: 4, from: [20, 20], to: [20, 20])
    let neighbours = try #require(edit.drawnNeighbours(of: 2))
    #expect(neighbours.below == 0 && neighbours.above == 4)
    try edit.interpolate(from: 0, to: 4)
    let counts = (0..<5).map { count(edit, $0) }
    #expect(counts == counts.sorted(by: >) && Set(counts).count == 5)
    #expect(edit.undo() == "interpolation between slices 1 and 5")
    #expect(count(edit, 2) == 0)
    try edit.copy(from: 0, to: 1)
    #expect(edit.masks[1] == edit.masks[0])
    #expect(throws: EditRefusal.self) { try edit.copy(from: 0, to: 1) }
    #expect(throws: EditRefusal.self) { try edit.copy(from: -1, to: 0) }
    #expect(throws: EditRefusal.self) { try edit.interpolate(from: 0, to: 1) }
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
