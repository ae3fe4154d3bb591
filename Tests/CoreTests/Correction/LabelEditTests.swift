import Testing

@testable import Core

@Suite("Editing the points of discs and segment boundaries")
struct LabelEditTests {
  /// C2-3 ... C7-T1 every 15 mm downwards.
  private static let discs = LabelEdit(
    .discs,
    Dictionary(
      uniqueKeysWithValues: (3...8).map { (UInt16($0), SIMD3<Double>(0, 0, -15 * Double($0))) }))

  @Test("names are the clinical ones, and are understood again")
  func names() {
    let discs = LabelEdit.Kind.discs
    #expect(
      [1, 2, 3, 8, 9, 20, 25].map { discs.name($0) } == [
        "top of C1", "C1-2", "C2-3", "C7-T1", "T1-2", "T12-L1", "L5-S1",
      ])
    #expect([49, 50, 60, 77].map { discs.name($0) } == ["PMG", "PMJ", "conus", "label 77"])
    #expect(LabelEdit.Kind.boundaries.name(8) == "T1")
    #expect(discs.number("c4-5") == 5 && discs.number("5") == 5 && discs.number("C7-T1") == 8)
    #expect(discs.number("0") == nil && discs.number("26") == nil && discs.number("") == nil)
    #expect(LabelEdit.Kind.boundaries.number("11") == nil)
  }

  @Test("every edit can be taken back and restored by its name, until another follows")
  func turns() throws {
    var edit = Self.discs
    try edit.move(5, by: [0, 0, 1])
    try edit.move(5, by: [0, 0, 1])
    try edit.delete(8)
    try edit.shift(by: 1)
    try edit.renumber(4, to: 3)
    try edit.place(6, at: [1, 2, -80])
    let last = edit
    let names = [
      "C5-6 placed", "C3-4 renumbered C2-3", "all shifted by +1", "C7-T1 deleted", "C4-5 moved",
    ]
    for name in names { #expect(edit.undo() == name) }
    #expect(edit.points == Self.discs.points && edit.undo() == nil && !edit.isChanged)
    for name in names.reversed() { #expect(edit.redo() == name) }
    #expect(edit.points == last.points && edit.redo() == nil)
    _ = edit.undo()
    try edit.delete(3)
    #expect(edit.redoName == nil && edit.undoName == "C2-3 deleted")
  }

  @Test("one movement by hand is one edit, and the next another")
  func drags() throws {
    var edit = Self.discs
    try edit.drag(5, to: [0, 0, -76], continues: false)
    try edit.drag(5, to: [0, 2, -77], continues: true)
    try edit.drag(5, to: [0, 2, -78], continues: false)
    #expect(edit.points[5] == [0, 2, -78] && edit.undoName == "C4-5 dragged")
    #expect(edit.undo() != nil && edit.points[5] == [0, 2, -77])
    #expect(edit.undo() != nil && !edit.isChanged && edit.undo() == nil)
    // What was taken back is not gone on with, nor is another point's movement.
    #expect(edit.redo() != nil && edit.redo() != nil && edit.undo() != nil)
    try edit.drag(5, to: [0, 0, -70], continues: true)
    try edit.drag(4, to: [0, 0, -61], continues: true)
    #expect(edit.undo() == "C3-4 dragged" && edit.undo() == "C4-5 dragged")
    #expect(edit.points[5] == [0, 2, -77])
    #expect(throws: EditRefusal.self) { try edit.drag(20, to: [0, 0, 0], continues: false) }
    #expect(throws: EditRefusal.self) { try edit.drag(5, to: [.nan, 0, 0], continues: true) }
  }

  @Test("a missing point is inserted where it belongs; where none is missing this is said")
  func inserts() throws {
    var edit = Self.discs
    try edit.delete(5)
    #expect(edit.skips == "C4-5 skipped" && edit.fault == nil)
    #expect(try edit.insert(at: [0, 0, -74]) == 5)
    #expect(edit.skips == nil && edit.changes == "C4-5 moved 1.0 mm")
    #expect(throws: EditRefusal.self) { try edit.insert(at: [0, 0, -80]) }
    #expect(try edit.insert(at: [0, 0, 0]) == 2)
    #expect(try edit.insert(at: [0, 0, -140]) == 9)
    var empty = LabelEdit(.boundaries, [:])
    #expect(empty.fault == "no point is left")
    #expect(try empty.insert(at: .zero) == 2)
    #expect(throws: EditRefusal.self) { try empty.insert(at: [.nan, 0, 0]) }
    #expect(empty.points.count == 1)
  }

  @Test("duplicates and numbers beyond the spine are refused, and change nothing")
  func refusals() throws {
    var edit = Self.discs
    #expect(throws: EditRefusal("C5-6 is there already: delete or renumber that first")) {
      try edit.renumber(5, to: 6)
    }
    #expect(throws: EditRefusal.self) { try edit.renumber(5, to: 26) }
    #expect(throws: EditRefusal.self) { try edit.move(12, by: [0, 0, 1]) }
    #expect(throws: EditRefusal.self) { try edit.place(5, at: [.infinity, 0, 0]) }
    #expect(throws: EditRefusal.self) { try edit.shift(by: -3) }
    #expect(edit == Self.discs)
    try edit.shift(by: -2)
    #expect(edit.numbers == [1, 2, 3, 4, 5, 6])
  }

  @Test("a lower name above an upper one is a fault; landmarks that are no levels stay")
  func order() throws {
    var edit = LabelEdit(.discs, Self.discs.points.merging([50: [0, 0, 30]]) { $1 })
    try edit.place(5, at: [0, 0, -10])
    #expect(edit.fault == "C4-5 is not below C3-4")
    _ = edit.undo()
    #expect(edit.fault == nil)
    try edit.shift(by: 1)
    #expect(edit.points[50] == [0, 0, 30] && edit.numbers == [4, 5, 6, 7, 8, 9])
    #expect(throws: EditRefusal.self) { try edit.renumber(50, to: 3) }
  }
}
