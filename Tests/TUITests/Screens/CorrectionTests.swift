import Core
import Foundation
import Imaging
import Synchronization
import Testing

@testable import TUI

@Suite("Correcting labels and masks on the study screen")
struct CorrectionTests {
  private func session(
    _ script: [MemoryDriver.Step], library: FixtureLibrary? = nil, columns: Int = 120,
    rows: Int = 40, capabilities: TerminalCapabilities = TerminalCapabilities()
  ) -> Session {
    Session(
      MemoryDriver.Step.open("001") + script, columns: columns, rows: rows,
      capabilities: capabilities, library: library)
  }

  private func committed(_ session: Session) -> [LabelCorrection] {
    session.library.committed.withLock { $0 }
  }

  private func points(_ session: Session) throws -> [UInt16: SIMD3<Double>] {
    let correction = try #require(committed(session).last)
    guard case .points(let points) = correction.content else { return [:] }
    return points
  }

  @Test("e shows the points with names, numbers and places; their names stand beside the picture")
  func shown() {
    let text = session([.type("e")]).text
    #expect(text.contains("DISC LABELS") && text.contains("LABELS"))
    #expect(text.contains("▸ C2-3       3  z +60.0 mm  slice 6"))
    #expect(text.contains("  C7-T1      8  z -40.0 mm  slice 6"))
    #expect(text.contains("C2-3 ▸"))
    #expect(!session([]).text.contains("DISC LABELS"))
  }

  @Test("] and [ choose the next and the previous point, which is marked, and stop at the ends")
  func chosenByKeys() throws {
    let desk = EditorDesk("e")
    let numbers = try #require(desk.correction?.labels?.numbers)
    #expect(numbers == [3, 4, 5, 6, 7, 8] && desk.correction?.chosen == 3)
    for (key, chosen) in [("]", 4), ("]", 5), ("[", 4), ("[", 3), ("[", 3)] as [(String, UInt16)] {
      desk.press(key)
      #expect(desk.correction?.chosen == chosen, "\(key)")
    }
    #expect(desk.message.contains("highest point"))
    desk.press("]]]]]]")
    #expect(desk.correction?.chosen == 8 && desk.message.contains("lowest point"))
    // The list marks it alone.
    let marked = session([.type("e]")]).text
    #expect(marked.contains("▸ C3-4       4  z +40.0 mm"))
    #expect(marked.contains("  C2-3       3  z +60.0 mm") && !marked.contains("▸ C2-3"))
  }

  @Test(
    "nudging, shifting, deleting and inserting are saved as one act, and the study is detected again"
  )
  func saved() throws {
    // C3-4 down by 2 px and to posterior by 5.
    let session = session([.type("e]jjL"), .enter])
    let moved = try #require(try points(session)[4])
    #expect(abs(moved.z - (40 - 2 * SagittalGrid.spacing)) < 1e-9)
    #expect(abs(moved.y + 5 * SagittalGrid.spacing) < 1e-9)
    let records = session.library.records("001")
    #expect(records.map(\.action) == [.correct])
    #expect(records[0].correction?.change == "C3-4 moved 4.2 mm")
    #expect(session.worker.log.contains("detect 001"))
    #expect(session.message.contains("detected again on the corrected labels"))
    #expect(!session.text.contains("DISC LABELS"))
    let shifted = self.session([.type("e}"), .enter])
    #expect(try points(shifted).keys.sorted() == [4, 5, 6, 7, 8, 9])
    #expect(shifted.library.records("001")[0].correction?.change == "all shifted by +1")
    let removed = self.session([.type("e]]"), .key(KeyPress(.backspace)), .enter, .enter])
    #expect(try points(removed).keys.sorted() == [3, 4, 6, 7, 8])
    #expect(removed.library.records("001")[0].correction?.skips == "C4-5 skipped")
  }

  @Test("undo and redo name the edit; Esc leaves, and the edits are there again")
  func turns() {
    #expect(session([.type("ejju")]).message.contains("taken back: C2-3 moved"))
    #expect(
      session([.type("eju"), .key(.control("r"))]).message.contains("restored: C2-3 moved"))
    #expect(session([.type("eu")]).message.contains("nothing to take back"))
    let left = session([.type("ejj"), .escape])
    #expect(left.message.contains("not saved: C2-3 moved 1.6 mm; e goes on"))
    #expect(!left.text.contains("DISC LABELS") && committed(left).isEmpty)
    let again = session([.type("ejj"), .escape, .type("e")])
    #expect(again.message.contains("as you left them: C2-3 moved 1.6 mm"))
    #expect(again.text.contains("u takes back: C2-3 moved"))
    #expect(session([.type("e"), .escape]).message.contains("nothing was changed"))
    // Quitting would lose them.
    let quit = session([.type("ejQ")])
    #expect(quit.message.contains("Esc leaves the edits") && quit.text.contains("DISC LABELS"))
  }

  @Test("a renumbered point, a taken number, a wrong order and nothing at all")
  func rules() throws {
    let session = session([.type("e]]]]]n"), .type("T1-2"), .enter, .enter, .enter])
    #expect(try points(session).keys.sorted() == [3, 4, 5, 6, 7, 9])
    #expect(self.session([.type("en"), .type("4"), .enter]).message.contains("is there already"))
    #expect(self.session([.type("en"), .type("x"), .enter]).message.contains("is no number"))
    // C2-3 far below C3-4.
    let wrong = self.session([.type("eJJJJJJJ"), .enter])
    #expect(wrong.message.contains("nothing was saved: C3-4 is not below C2-3"))
    #expect(wrong.text.contains("CANNOT BE SAVED") && committed(wrong).isEmpty)
    #expect(self.session([.type("e"), .enter]).message.contains("nothing was changed"))
    let full = self.session([.type("ei")])
    #expect(full.message.contains("no number is free between"))
    #expect(full.message.contains("; I inserts it and renumbers below"))
  }

  @Test("I inserts a missed level and renumbers all below it: one edit, taken back at once")
  func missedLevel() throws {
    let saved = session([.type("eI"), .enter])
    let places = try points(saved)
    #expect(places.keys.sorted() == [3, 4, 5, 6, 7, 8, 9])
    let all = places.sorted { $0.key < $1.key }.map(\.value.z)
    #expect(all == all.sorted(by: >))
    let desk = EditorDesk("e")
    let before = try #require(desk.correction?.labels?.points)
    desk.press("I")
    let number = try #require(desk.correction?.chosen)
    #expect(desk.message.hasPrefix("\(LabelEdit.Kind.discs.name(number)) inserted, "))
    #expect(desk.message.contains("below it one level down"))
    let named = try #require(desk.correction?.labels?.undoName)
    #expect(saved.library.records("001").map(\.correction?.change) == [named])
    desk.press("u")
    #expect(desk.correction?.labels?.points == before && desk.correction?.isChanged == false)
  }

  @Test("what undo and redo bring back is chosen: the next key is for that point")
  func restoredChoice() {
    let desk = EditorDesk("e]]n12\n")
    #expect(desk.correction?.chosen == 12)
    desk.press("\u{1b}eu")
    #expect(desk.correction?.chosen == 5)
    desk.send(.key(KeyPress(.backspace)))
    #expect(desk.correction?.labels?.numbers == [3, 4, 6, 7, 8])
    desk.press("[[[u")
    #expect(desk.correction?.chosen == 5 && desk.message == "taken back: C4-5 deleted")
    desk.press("]]")
    desk.send(.key(.control("r")))
    #expect(desk.correction?.chosen == 6 && desk.message == "restored: C4-5 deleted")
  }

  @Test("the chosen point has its number in three tools; a shift that neighbours suggest is said")
  func numbering() {
    let wide = session([.type("e]]")], columns: 200, rows: 60)
    #expect(wide.text.contains("disc 5 = C4-C5 (SCT) / 65 (TotalSpineSeg) / 104 (SPINEPS)"))
    #expect(
      session([.type("eb]")], columns: 200, rows: 60).text.contains(
        "vertebra 4 = C4 (SCT) / 14 (TotalSpineSeg) / 4 (SPINEPS)"))
    #expect(!session([.type("E")], columns: 200, rows: 60).text.contains("(SCT)"))
    // C3-4 goes, and what is left above the gap takes its name.
    let shifted = session(
      [.type("e]"), .key(KeyPress(.backspace)), .type("[n"), .type("C3-4"), .enter], columns: 200,
      rows: 60)
    #expect(
      shifted.text.contains("C3-4 and C4-5 lie 2.0 times as far apart as their neighbours"))
    #expect(!wide.text.contains("as far apart"))
  }

  @Test("skipped levels are asked about before they are saved, and again after another key")
  func skips() {
    let skip: [MemoryDriver.Step] = [.type("e]]"), .key(KeyPress(.backspace))]
    let asked = session(skip + [.enter])
    #expect(asked.message.contains("not saved: C4-5 skipped; Enter again saves it so"))
    #expect(committed(asked).isEmpty && asked.text.contains("DISC LABELS (not saved)"))
    #expect(committed(session(skip + [.enter, .enter])).count == 1)
    #expect(committed(session(skip + [.enter, .type("["), .enter])).isEmpty)
    for stale in [[.type("?q")], [.type("9")], [.paste("x")]] as [[MemoryDriver.Step]] {
      #expect(committed(session(skip + [.enter] + stale + [.enter])).isEmpty, "\(stale)")
    }
    #expect(committed(session(skip + [.enter, .type("["), .enter, .enter])).count == 1)
    // Without a skip nothing is asked.
    #expect(committed(session([.type("e}"), .enter])).count == 1)
  }

  @Test("v puts the point at the crosshair, which arrows and the mouse move; b edits boundaries")
  func placed() throws {
    let up = MemoryDriver.Step.key(KeyPress(.up))
    // Both begin at the same place: one press of the arrow is one pixel.
    let first = session([.type("e]]v"), .enter])
    let second = session([.type("e]]"), up, .type("v"), .enter])
    let (a, b) = (try #require(try points(first)[5]), try #require(try points(second)[5]))
    #expect(abs(b.z - a.z - SagittalGrid.spacing) < 1e-9 && a.y == b.y)
    let boundaries = session([.type("eb"), .type("j"), .enter])
    #expect(committed(boundaries).map(\.target) == [.boundaries])
    #expect(boundaries.library.records("001")[0].correction?.change == "C3 moved 0.8 mm")
  }

  @Test("E draws with brush and eraser, fills, interpolates, and saves only the slices drawn on")
  func masks() throws {
    let session = session([.type("E HHHx]]"), .type("b "), .enter])
    let correction = try #require(committed(session).last)
    guard case .mask(let changes) = correction.content else {
      Issue.record("no mask")
      return
    }
    #expect(correction.target == .cord && changes.count == 1)
    let added = zip(changes[0].before.pixels, changes[0].after.pixels).count { !$0 && $1 }
    // A disc of 7 px, beside the cord.
    #expect(added == 37)
    #expect(
      session.library.records("001")[0].correction?.change
        == "1 slice, 22.6 mm² added, 0 mm² removed")
    let pen = self.session([.type("ExdHu")])
    #expect(pen.message.contains("taken back: eraser on slice"))
    #expect(pen.text.contains("this slice: 0 mm² added, 0 removed"))
    #expect(self.session([.type("Ef")]).message.contains("in the mask already"))
    #expect(self.session([.type("Ei")]).message.contains("draw on a slice on each side"))
    #expect(self.session([.type("EHHHHf")]).message.contains("not closed"))
  }

  @Test("i keeps what is drawn, fills what lies between, and says which slices and how much")
  func interpolation() {
    // Three slices beside each other, none between.
    let whole = EditorDesk("Em .llllllll .llllllll ,")
    let drawn = whole.correction?.mask?.masks
    whole.press("i")
    #expect(whole.correction?.mask?.masks == drawn && drawn != nil)
    #expect(whole.message.hasPrefix("nothing to fill: slices "))
    #expect(whole.message.hasSuffix(" are drawn or saved, and none lies between"))
    // The slice between is left out: the shapes, which share no pixel, move over it.
    let gap = EditorDesk("Em ..llllllll ,")
    let slice = gap.slice
    gap.press("i")
    let said = "slice \(slice + 1) filled between \(slice) and \(slice + 2): "
    #expect(gap.message.hasPrefix(said), "\(gap.message)")
    #expect(gap.message.hasSuffix("mm² drawn; shapes apart: moved from one to the other"))
    #expect(gap.correction?.mask?.difference(slice).added == 9)
    gap.press("u")
    #expect(gap.message.hasPrefix("taken back: interpolation between slices"))
    #expect(gap.correction?.mask?.difference(slice).added == 0)
  }

  @Test("what a person saved begins as drawn, a program's mask does not", arguments: [true, false])
  func savedBefore(_ isPersons: Bool) {
    var mask = MaskRaster(rows: 8, columns: 8, filledWith: false)
    let empty = mask
    mask[3, 3] = true
    let basis = CorrectionBasis(
      target: .lesion, masks: [empty, mask, empty], isSavedByPerson: isPersons)
    let mode = CorrectionMode(basis, grids: [], at: .zero)
    #expect(mode.mask?.drawnSlices == (isPersons ? [1] : []))
  }

  @Test("a study with edits that wait unsaved is not signed, and the keys are named")
  func unsavedIsNotSigned() {
    func ended(_ edits: [MemoryDriver.Step]) -> Session {
      let sign: [MemoryDriver.Step] = [
        .type("ZS1"), .enter, .type("2468"), .enter, .type("2468"), .enter,
      ]
      return Session(DecidingTests.read + edits + sign)
    }
    for (keys, words) in [
      ("EHHH]]b ", "cord mask (E)"), ("Em ", "lesion mask (E, then m)"), ("ej", "disc labels (e)"),
      ("EHHH]]b m ", "cord mask (E), lesion mask (E, then m)"),
    ] {
      let refused = Session(DecidingTests.read + [.type(keys), .escape, .type("ZS")])
      #expect(
        refused.message.contains("not signed: unsaved \(words): Enter there saves, u takes back"),
        "\(keys): \(refused.message)")
      let records = ended([.type(keys), .escape]).library.records("001")
      #expect(!records.contains { $0.action == .signOff }, "\(keys)")
    }
    // Taken back, nothing stands in the way.
    let takenBack = ended([.type("EHHH]]b "), .escape, .type("Eu"), .escape])
    #expect(takenBack.library.records("001").last?.action == .signOff)
  }

  @Test("a lesion mask is saved without another detection")
  func lesion() {
    let session = session([.type("Em "), .enter])
    #expect(committed(session).map(\.target) == [.lesion])
    #expect(!session.worker.log.contains("detect 001"))
  }

  @Test("saving one mask says that the other is still unsaved", arguments: [80, 200])
  func otherMask(_ columns: Int) {
    let lesion = session([.type("EHHH]]b m "), .enter], columns: columns, rows: 40)
    #expect(committed(lesion).map(\.target) == [.lesion])
    #expect(
      lesion.message.contains("lesion mask saved 10:42:07; cord mask still NOT SAVED: E"))
    // Nothing of it is lost.
    let goesOn = session(
      [.type("EHHH]]b m "), .enter, .type("E"), .enter], columns: columns, rows: 40)
    #expect(committed(goesOn).map(\.target) == [.lesion, .cord])
    let alone = session([.type("Em "), .enter], columns: columns, rows: 40)
    #expect(!alone.message.contains("NOT SAVED") && alone.message.contains("saved 10:42:07"))
  }

  @Test(
    "saving, leaving or taking back where nothing was changed names the other mask's edits",
    arguments: [80, 200])
  func otherMaskWaits(_ columns: Int) {
    func said(_ script: [MemoryDriver.Step]) -> String {
      session([.type("EHHH]]b m")] + script, columns: columns, rows: 40).message
    }
    let words = "lesion mask: nothing changed; cord mask: 1 slice NOT SAVED: "
    #expect(said([.enter]).contains(words + "m"))
    #expect(said([.type("u")]).contains("nothing to take back; cord mask: 1 slice NOT SAVED: m"))
    #expect(said([.escape]).contains(words + "E"))
    #expect(
      said([.type(" "), .escape]).contains(
        "NOT SAVED: lesion mask, 1 slice (E, then m); cord mask, 1 slice (E)"))
    // The other way round, and with nothing waiting.
    let lesion = session([.type("Em m"), .enter], columns: columns, rows: 40)
    #expect(lesion.message.contains("cord mask: nothing changed; lesion mask: 1 slice NOT SAVED"))
    let alone = session([.type("Em"), .enter], columns: columns, rows: 40)
    #expect(alone.message.contains("nothing was changed") && !alone.message.contains("NOT SAVED"))
    let left = session([.type("Em "), .escape], columns: columns, rows: 40)
    #expect(left.message.contains("E, then m goes on"))
  }

  @Test("the same of disc labels and segment boundaries", arguments: [80, 200])
  func otherPointsWait(_ columns: Int) {
    let entered = session([.type("ejjb"), .enter], columns: columns, rows: 40)
    #expect(
      entered.message.contains(
        "segment boundaries: nothing changed; disc labels: 1 point NOT SAVED: b"))
    let left = session([.type("ebjjb"), .escape], columns: columns, rows: 40)
    #expect(
      left.message.contains(
        "disc labels: nothing changed; segment boundaries: 1 point NOT SAVED: e, then b"))
  }

  @Test("stopping a detection stops those asked for before, and no later one")
  func orders() {
    let orders = WorkerOrders()
    let first = orders.isCancelledLater()
    #expect(!first())
    orders.cancel()
    let second = orders.isCancelledLater()
    #expect(first() && !second())
    let stopped = Worker.detect("001", FixtureLibrary(), "liu") { true }
    guard case .detected("001", .failure(let failure)) = stopped else {
      Issue.record("not stopped")
      return
    }
    #expect(failure.words == "it was stopped")
    #expect(session([.key(.control("x"))]).message.contains("nothing is being detected"))
  }

  @Test("what cannot be saved stays as it is drawn, and is said")
  func failing() {
    let library = FixtureLibrary { Session.time }
    library.failWrites("no space left on device")
    let session = session([.type("ej"), .enter], library: library)
    #expect(session.message.contains("NOT SAVED: no space left on device"))
    #expect(session.text.contains("DISC LABELS (not saved)") && committed(session).isEmpty)
    #expect(session.status == 3)
  }

  @Test("nothing is corrected on a signed study")
  func refused() {
    let session = Session(DecidingTests.signed + [.type("eE")])
    #expect(session.message.contains("the study is signed: nothing can be corrected"))
    #expect(!session.text.contains("DISC LABELS") && !session.text.contains("CORD MASK"))
    #expect(session.library.records("001").last?.action == .signOff)
  }

  @Test("the editors' screens", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    let name = "\(size.0)x\(size.1)"
    let labels = session([.type("e]jj")], columns: size.0, rows: size.1)
    try Snapshot.check(labels.text, "editor-labels-\(name)")
    let skipped = session(
      [.type("e]]"), .key(KeyPress(.backspace)), .enter], columns: size.0, rows: size.1)
    try Snapshot.check(skipped.text, "editor-skipped-\(name)")
    let mask = session([.type("EHH ")], columns: size.0, rows: size.1)
    try Snapshot.check(mask.text, "editor-mask-\(name)")
  }
}
