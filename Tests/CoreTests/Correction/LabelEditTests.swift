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

  @Test("a number is said with its level and with the numbers of other tools")
  func toolNumbers() {
    let discs = LabelEdit.Kind.discs
    #expect(discs.toolNumbers(5) == "disc 5 = C4-C5 (SCT) / 65 (TotalSpineSeg) / 104 (SPINEPS)")
    #expect(discs.toolNumbers(8) == "disc 8 = C7-T1 (SCT) / 71 (TotalSpineSeg) / 107 (SPINEPS)")
    // No disc lies above C2, and what lies below T3 has no name of ours.
    #expect(discs.toolNumbers(1) == "disc 1 = top of C1 (SCT)")
    #expect(discs.toolNumbers(20) == "disc 20 = T12-L1 (SCT)")
    #expect(
      LabelEdit.Kind.boundaries.toolNumbers(8)
        == "vertebra 8 = T1 (SCT) / 21 (TotalSpineSeg) / 8 (SPINEPS)")
    for number: UInt16 in [0, 26, 49, 60, 77] { #expect(discs.toolNumbers(number) == nil) }
  }

  @Test("the distances of neighbours tell where names are off by one level, and only there")
  func shifts() throws {
    #expect(Self.discs.shiftDoubt == nil)
    // A disc that is not marked, with and without its name.
    var edit = Self.discs
    try edit.delete(5)
    #expect(edit.shiftDoubt == nil && edit.skips == "C4-5 skipped")
    try edit.renumber(6, to: 5)
    #expect(edit.shiftDoubt?.contains("C3-4 and C4-5 lie 2.0 times as far apart") == true)
    #expect(edit.shiftDoubt?.contains("one level too high") == true)
    // Every name from C5-6 on one level too low.
    edit = Self.discs
    for number: UInt16 in [8, 7, 6] { try edit.renumber(number, to: number + 1) }
    #expect(edit.skips == "C5-6 skipped")
    #expect(
      edit.shiftDoubt
        == "C4-5 and C6-7 lie as close as neighbours: from C6-7 on the names may be one level too low"
    )
    // One disc with two names.
    edit = Self.discs
    try edit.place(6, at: [0, 0, -78])
    #expect(edit.shiftDoubt == "C4-5 and C5-6 may be one: they lie closer than their neighbours")
    // The whole shifted has the same distances; the dens and two gaps are no measure.
    edit = Self.discs
    try edit.shift(by: 1)
    #expect(edit.shiftDoubt == nil)
    edit = LabelEdit(.discs, [1: [0, 0, 60], 2: [0, 0, 30], 3: .zero, 4: [0, 0, -40]])
    #expect(edit.shiftDoubt == nil && LabelEdit(.discs, [:]).shiftDoubt == nil)
  }

  @Test("usual necks, whose vertebrae grow downwards, are not doubted")
  func usualNecks() {
    var z = 0.0
    var points: [UInt16: SIMD3<Double>] = [3: .zero]
    for (index, height) in NeckProportions.heightsMM.enumerated() {
      z -= height + NeckProportions.discsMM[min(index, NeckProportions.discsMM.count - 1)]
      points[UInt16(4 + index)] = [0, 0.2 * z, z]
    }
    #expect(LabelEdit(.discs, points).shiftDoubt == nil)
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

  @Test("a missed level is inserted with all below it one level down, as one edit")
  func missedLevel() throws {
    var edit = LabelEdit(.discs, Self.discs.points.merging([60: [0, 0, -400]]) { $1 })
    #expect(throws: EditRefusal("no number is free between C4-5 and C5-6")) {
      try edit.insert(at: [0, 0, -80])
    }
    #expect(try edit.insertShifting(at: [0, 0, -80]) == 6)
    #expect(edit.numbers == [3, 4, 5, 6, 7, 8, 9] && edit.points[60] == [0, 0, -400])
    #expect(edit.points[5] == [0, 0, -75] && edit.points[6] == [0, 0, -80])
    #expect(edit.points[7] == [0, 0, -90] && edit.points[9] == [0, 0, -120])
    #expect(edit.undoName == "C5-6 inserted, 3 below it one level down" && edit.fault == nil)
    let shifted = edit.points
    #expect(edit.undo() != nil && !edit.isChanged && edit.undo() == nil)
    #expect(edit.redo() != nil && edit.points == shifted)
    // Where a number is free nothing else moves; a level skipped further down stays skipped.
    try edit.delete(8)
    #expect(try edit.insertShifting(at: [0, 0, -104]) == 8)
    #expect(edit.undoName == "C7-T1 inserted")
    var gap = Self.discs
    try gap.delete(7)
    try gap.insertShifting(at: [0, 0, -65])
    #expect(gap.numbers == [3, 4, 5, 6, 7, 9] && gap.points[9] == [0, 0, -120])
    // Above the first, where no number is left above.
    var top = LabelEdit(.discs, [1: .zero, 2: [0, 0, -15]])
    #expect(try top.insertShifting(at: [0, 0, 10]) == 1)
    #expect(top.numbers == [1, 2, 3] && top.points[3] == [0, 0, -15])
  }

  @Test("an inserted level is said as one, with what was changed besides")
  func insertionWords() throws {
    var edit = Self.discs
    try edit.insertShifting(at: [0, 0, -80])
    let one = "C5-6 inserted, 3 below it one level down"
    #expect(edit.changes == one)
    // Where it was put is no move of it.
    try edit.move(6, by: [0, 0, -2])
    #expect(edit.changes == one)
    try edit.move(8, by: [0, 3, 0])
    #expect(edit.changes == "\(one), C7-T1 moved 3.0 mm")
    try edit.delete(9)
    #expect(edit.changes == "\(one), C7-T1 moved 3.0 mm, T1-2 removed")
    while edit.undo() != nil {}
    #expect(edit.changes.isEmpty)
    // A second one further down, and one right below the first.
    _ = edit.redo()
    try edit.insertShifting(at: [0, 0, -100])
    #expect(
      edit.changes == "\(one), C7-T1 inserted, 2 below it one level down")
    _ = edit.undo()
    try edit.insertShifting(at: [0, 0, -85])
    #expect(edit.changes == "C5-6 and C6-7 inserted, 3 below them 2 levels down")
    // At the lowest: the last point alone moves on.
    edit = Self.discs
    try edit.insertShifting(at: [0, 0, -110])
    #expect(edit.changes == "C7-T1 inserted, 1 below it one level down")
    // Marks that are no level's stay, and skipped levels stay skipped.
    edit = LabelEdit(.discs, [3: .zero, 4: [0, 0, -15], 6: [0, 0, -45], 50: [0, 0, 30]])
    try edit.insertShifting(at: [0, 0, -5])
    #expect(edit.changes == "C3-4 inserted, 2 below it one level down")
  }

  @Test("points that were moved, added or renumbered one by one are no inserted level")
  func noInsertion() throws {
    var edit = Self.discs
    try edit.move(7, by: [0, 0, 4])
    #expect(edit.changes == "C6-7 moved 4.0 mm")
    try edit.move(8, by: [0, 0, 4])
    try edit.insert(at: [0, 0, -135])
    #expect(edit.changes == "C6-7 moved 4.0 mm, C7-T1 moved 4.0 mm, T1-2 added")
    // Every point is elsewhere: nothing tells that one was put between them.
    edit = Self.discs
    for number: UInt16 in 3...8 { try edit.move(number, by: [0, 0, -7]) }
    try edit.insert(at: [0, 0, 0])
    #expect(!edit.changes.contains("inserted"))
    // One below the inserted level is renumbered once more.
    edit = Self.discs
    try edit.insertShifting(at: [0, 0, -80])
    try edit.renumber(9, to: 12)
    #expect(!edit.changes.contains("inserted") && edit.changes.hasSuffix("T4-5 added"))
  }

  @Test("no level is inserted below the last number, out of order or at no place")
  func noRoom() throws {
    var full = LabelEdit(.discs, [24: .zero, 25: [0, 0, -15]])
    #expect(throws: EditRefusal.self) { try full.insertShifting(at: [0, 0, -5]) }
    #expect(throws: EditRefusal.self) { try full.insertShifting(at: [0, 0, -25]) }
    #expect(throws: EditRefusal.self) { try full.insertShifting(at: [0, .nan, -5]) }
    #expect(!full.isChanged)
    var crossed = LabelEdit(.discs, [3: .zero, 4: [0, 0, -30], 5: [0, 0, -15]])
    #expect(throws: EditRefusal("put right first: C4-5 is not below C3-4")) {
      try crossed.insertShifting(at: [0, 0, -20])
    }
    #expect(!crossed.isChanged)
  }

  @Test("after undo and redo the point is chosen that came back or was changed")
  func choices() throws {
    func undone(
      _ chosen: UInt16?, _ change: (inout LabelEdit) throws -> Void
    ) throws -> [UInt16?] {
      var edit = Self.discs
      try change(&edit)
      let changed = edit.points
      _ = edit.undo()
      let undo = edit.choice(after: changed, chosen: chosen)
      let before = edit.points
      _ = edit.redo()
      return [undo, edit.choice(after: before, chosen: undo)]
    }
    let renumbered = try undone(12) { try $0.renumber(5, to: 12) }
    #expect(renumbered == [5, 12])
    let deleted = try undone(6) { try $0.delete(5) }
    #expect(deleted == [5, 6])
    let lowest = try undone(7) { try $0.delete(8) }
    #expect(lowest == [8, 7])
    let moved = try undone(3) { try $0.move(5, by: [0, 0, 1]) }
    #expect(moved == [5, 5])
    let inserted = try undone(9) { try $0.insert(at: [0, 0, -140]) }
    #expect(inserted == [8, 9])
    // All are changed: the one that was chosen stays chosen under its other number.
    let shifted = try undone(7) { try $0.shift(by: 1) }
    #expect(shifted == [6, 7])
    let level = try undone(6) { try $0.insertShifting(at: [0, 0, -80]) }
    #expect(level == [6, 6])
    #expect(LabelEdit(.discs, [:]).choice(after: [3: .zero], chosen: 3) == nil)
  }

  @Test("a shift of all levels is said as one, and only where nothing else differs")
  func shiftWords() throws {
    var edit = Self.discs
    try edit.shift(by: 1)
    #expect(edit.changes == "all shifted by +1")
    try edit.shift(by: 1)
    #expect(edit.changes == "all shifted by +2")
    for _ in 0..<3 { try edit.shift(by: -1) }
    #expect(edit.changes == "all shifted by -1")
    try edit.shift(by: 1)
    #expect(edit.changes.isEmpty && !edit.isChanged)
    // Marks that are no level's stay, and do not speak against it.
    edit = LabelEdit(.discs, Self.discs.points.merging([50: [0, 0, 30]]) { $1 })
    try edit.shift(by: 1)
    #expect(edit.changes == "all shifted by +1")
    // The same by hand is the same.
    edit = Self.discs
    for number: UInt16 in [8, 7, 6, 5, 4, 3] { try edit.renumber(number, to: number + 1) }
    #expect(edit.changes == "all shifted by +1")
    // A point moved, taken away or inserted besides: every point by its name.
    let others: [(inout LabelEdit) throws -> Void] = [
      { try $0.move(5, by: [0, 0, 1]) }, { try $0.delete(6) },
      { try $0.insert(at: [0, 0, -140]) },
    ]
    for other in others {
      edit = Self.discs
      try edit.shift(by: 1)
      try other(&edit)
      #expect(!edit.changes.contains("shifted"))
      #expect(edit.changes.hasPrefix("C2-3 removed, C3-4 moved"))
    }
    // Of one point that is another name alone.
    edit = LabelEdit(.discs, [3: .zero])
    try edit.shift(by: 1)
    #expect(edit.changes == "C2-3 removed, C3-4 added")
    edit = LabelEdit(.discs, [:])
    #expect(edit.changes.isEmpty)
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
