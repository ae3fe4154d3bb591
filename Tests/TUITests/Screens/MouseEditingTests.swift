import Core
import Imaging
import Synchronization
import Testing

@testable import TUI

@Suite("The mouse in the editors of labels and masks")
struct MouseEditingTests {
  @Test(
    "a drag draws one line without gaps, and is one edit", arguments: [false, true])
  func drawing(_ isSixel: Bool) throws {
    let desk = EditorDesk("E", capabilities: isSixel ? .sixelTerminal : TerminalCapabilities())
    // Behind the cord, where the mask is empty.
    desk.mouse(.press, [160, 80])
    let dot = try #require(desk.correction?.place)
    #expect(desk.correction?.mask?.changes == "1 slice, 5.5 mm² added, 0 mm² removed")
    // A fast mouse is reported in few cells only.
    desk.mouse(.drag, [160, 150])
    let end = try #require(desk.correction?.place)
    desk.mouse(.drag, [175, 150])
    desk.mouse(.release, [175, 150])
    #expect(end.y - dot.y > 50 && end.x == dot.x)
    let column = Int(dot.x)
    #expect((Int(dot.y)...Int(end.y)).allSatisfy { desk.isSet($0, column) })
    #expect(desk.correction?.mask?.undoName == "brush on slice 6")
    desk.press("u")
    #expect(desk.correction?.isChanged == false)
    desk.press("u")
    #expect(desk.message == "nothing to take back")
    // A press is an edit of its own.
    desk.mouse(.press, [160, 80])
    desk.mouse(.release, [160, 80])
    desk.mouse(.press, [160, 120])
    desk.mouse(.release, [160, 120])
    desk.press("u")
    #expect(desk.correction?.mask?.changes == "1 slice, 5.5 mm² added, 0 mm² removed")
  }

  @Test("the right button erases, and so does the left one with the eraser")
  func erasing() throws {
    let cases: [(String, MouseAct.Button)] = [("E", .right), ("Ex", .left), ("Ex", .right)]
    for (keys, button) in cases {
      let desk = EditorDesk(keys)
      let place = try #require(desk.correction?.place)
      #expect(desk.isSet(Int(place.y), Int(place.x)))
      desk.mouse(.press, place, button)
      desk.mouse(.drag, place + [0, 20], button)
      let (added, removed) = try #require(desk.correction?.mask?.difference(desk.slice))
      #expect(added == 0 && removed > 20, "\(keys)")
      // Another button's moves are not this one's.
      let before = desk.correction?.edit
      desk.mouse(.drag, place + [0, -20], button == .left ? .right : .left)
      #expect(desk.correction?.edit == before)
      desk.press("u")
      #expect(desk.correction?.isChanged == false)
    }
  }

  @Test("beside the picture nothing is drawn, and no line to where the mouse comes back")
  func outside() throws {
    let desk = EditorDesk("E")
    for kind in [MouseAct.Kind.press, .drag, .release] {
      desk.send(.mouse(MouseAct(kind, row: 1, column: 1)))
    }
    // Begun beside it, a drag is none of the picture's.
    desk.send(.mouse(MouseAct(.press, row: 1, column: 1)))
    desk.mouse(.drag, [160, 80])
    #expect(desk.correction?.isChanged == false && desk.correction?.stroke == nil)
    desk.mouse(.press, [160, 80])
    let first = try #require(desk.correction?.place)
    desk.send(.mouse(MouseAct(.drag, row: 0, column: 0)))
    desk.mouse(.drag, [160, 150])
    let last = try #require(desk.correction?.place)
    #expect(desk.isSet(Int(first.y), Int(first.x)) && desk.isSet(Int(last.y), Int(last.x)))
    #expect(!desk.isSet(Int(first.y + last.y) / 2, Int(first.x)))
    desk.mouse(.release, [160, 150])
    desk.press("u")
    #expect(desk.correction?.isChanged == false)
  }

  @Test("help over the picture keeps the mouse off it, and a release under it ends the drag")
  func popups() {
    let desk = EditorDesk("E")
    desk.mouse(.press, [160, 80])
    let drawn = desk.correction?.edit
    desk.press("?")
    desk.mouse(.drag, [160, 110])
    desk.mouse(.press, [160, 120])
    #expect(desk.correction?.edit == drawn && desk.correction?.stroke != nil)
    desk.mouse(.release, [160, 120])
    desk.press("?")
    #expect(desk.state.popup == nil && desk.correction?.stroke == nil)
    desk.mouse(.drag, [160, 150])
    #expect(desk.correction?.edit == drawn)
  }

  @Test("a press on a line of the list of points chooses it, and shows its slice")
  func listOfPoints() throws {
    for keys in ["e", "em"] {
      let desk = EditorDesk(keys)
      let numbers = try #require(desk.correction?.labels?.points.keys.sorted())
      let ladder = StudyLayout(desk.state).ladder
      for (index, number) in numbers.enumerated().reversed() {
        // From another slice.
        desk.send(.mouse(MouseAct(.wheelDown, row: 10, column: 20)))
        let act = MouseAct(.press, row: ladder.row + 1 + index, column: ladder.column + 5)
        desk.send(.mouse(act))
        desk.draw()
        #expect(desk.correction?.chosen == number && desk.slice == 5, "\(keys) \(number)")
        #expect(desk.correction?.stroke == nil && desk.correction?.isChanged == false)
      }
      let before = desk.correction
      // The title, under the last line, and the right button.
      for (row, button) in [
        (ladder.row, MouseAct.Button.left), (ladder.row + 1 + numbers.count, .left),
        (ladder.row + 1 + numbers.count - 1, .right),
      ] {
        desk.send(.mouse(MouseAct(.press, row: row, column: ladder.column + 5, button: button)))
        #expect(desk.correction == before, "\(row)")
      }
    }
    // A mask has no such list.
    let desk = EditorDesk("E")
    let ladder = StudyLayout(desk.state).ladder
    let before = desk.correction
    desk.send(.mouse(MouseAct(.press, row: ladder.row + 1, column: ladder.column + 5)))
    #expect(desk.correction == before)
  }

  @Test("after an editor, left or saved, the slice of before is shown again")
  func sliceAfterwards() {
    let down = TerminalEvent.mouse(MouseAct(.wheelDown, row: 10, column: 20))
    for (keys, isLesion) in [("E", false), ("Em", true)] {
      for end in ["\u{1b}", " \n"] {
        let desk = EditorDesk(keys)
        let before = desk.slice
        for _ in 0..<2 {
          desk.send(down)
          desk.draw()
        }
        #expect(desk.slice == before + 2)
        // From one mask to the other the slice stays.
        if isLesion {
          desk.press("mm")
          #expect(desk.slice == before + 2)
        }
        desk.press("HHH" + end)
        #expect(desk.correction == nil && desk.slice == before, "\(keys) \(desk.message)")
      }
    }
  }

  @Test("the wheel changes the slice and ends the drag; no slice is drawn on that is not shown")
  func slices() throws {
    let desk = EditorDesk("E")
    desk.mouse(.press, [160, 80])
    let drawn = desk.correction?.edit
    desk.mouse(.wheelDown, [160, 80])
    #expect(desk.slice == 6)
    desk.mouse(.drag, [160, 120])
    desk.mouse(.wheelUp, [160, 120])
    desk.mouse(.drag, [160, 150])
    #expect(desk.slice == 5 && desk.correction?.edit == drawn)
    desk.mouse(.release, [160, 150])
    // The picture of the next slice is still being drawn.
    let cell = try #require(desk.cell([160, 120]))
    desk.send(.mouse(MouseAct(.wheelDown, row: cell.row, column: cell.column)))
    desk.send(.mouse(MouseAct(.press, row: cell.row, column: cell.column)))
    #expect(desk.slice == 6 && desk.correction?.edit == drawn)
    #expect(desk.message == "slice 7 is not yet shown: nothing was changed")
    desk.draw()
    desk.mouse(.press, [160, 120])
    #expect(desk.correction?.mask?.changedSlices == [5, 6])
    // What is taken back is shown.
    desk.mouse(.release, [160, 120])
    desk.press("uu")
    #expect(desk.slice == 5 && desk.correction?.isChanged == false)
  }

  @Test("a key that moves the picture under the mouse ends the drag")
  func keys() throws {
    for key in [KeyPress.character("+"), .character("="), KeyPress(.left, .control)] {
      let desk = EditorDesk("E+")
      desk.mouse(.press, [160, 80])
      #expect(desk.correction?.stroke != nil)
      let drawn = desk.correction?.edit
      desk.send(.key(key))
      desk.draw()
      try #require(desk.cell([160, 90]) != nil)
      desk.mouse(.drag, [160, 90])
      #expect(desk.correction?.edit == drawn && desk.correction?.stroke == nil, "\(key.name)")
    }
  }

  @Test("a press chooses the nearest point and moves nothing; a drag moves it, as one edit")
  func labels() throws {
    let desk = EditorDesk("e")
    let before = try #require(desk.correction?.labels)
    let grid = try #require(desk.state.study?.picture?.grid)
    let ras = try #require(before.points[5])
    let pixel = grid.pixel(ras: ras)
    let place = SIMD2(pixel.column, pixel.row)
    desk.mouse(.press, place + [3, 0])
    #expect(desk.correction?.chosen == 5 && desk.message == "C4-5 chosen")
    #expect(desk.correction?.labels == before)
    let taken = try #require(desk.correction?.place)
    desk.mouse(.drag, place + [3, 8])
    desk.mouse(.drag, place + [12, 8])
    let point = try #require(desk.correction?.place)
    desk.mouse(.release, place + [12, 8])
    let moved = try #require(desk.correction?.labels?.points[5])
    let step = (point - taken) * SagittalGrid.spacing
    #expect(step.x > 0 && step.y > 0)
    #expect(moved.x == ras.x && abs(ras.y - moved.y - step.x) < 1e-9)
    #expect(abs(ras.z - moved.z - step.y) < 1e-9)
    desk.mouse(.press, place + [12, 8])
    desk.mouse(.drag, place + [12, 20])
    desk.mouse(.release, place + [12, 20])
    // Two drags are two edits; others of the points stay.
    desk.press("u")
    #expect(desk.message == "taken back: C4-5 dragged")
    #expect(desk.correction?.labels?.points[5] == moved)
    desk.press("u")
    #expect(desk.correction?.isChanged == false)
    // Far from all points only the crosshair moves, and the right button is not used.
    desk.mouse(.press, place + [40, 0])
    desk.mouse(.drag, place + [40, 20])
    #expect(desk.correction?.isChanged == false && desk.correction?.chosen == 5)
    let crosshair = desk.correction?.place
    desk.mouse(.press, place, .right)
    desk.mouse(.drag, place + [0, 20], .right)
    #expect(desk.correction?.isChanged == false && desk.correction?.place == crosshair)
  }

  @Test("outside of an edit, moves with the button down draw no screen and change nothing")
  func idle() {
    let study = MemoryDriver.Step.open("001")
    let drags = (5..<30).map { MemoryDriver.Step.mouse(MouseAct(.drag, row: $0, column: 20)) }
    for script in [[], study, study + [.type("X")]] {
      let session = Session(script + drags + [.mouse(MouseAct(.release, row: 9, column: 20))])
      let still = Session(script)
      #expect(session.driver.screens.count == still.driver.screens.count)
      #expect(session.text == still.text)
    }
    // The right button alone chooses nothing either.
    let press = MouseAct(.press, row: 10, column: 20, button: .right)
    let right = Session(study + [.type("X"), .mouse(press)])
    #expect(right.text == Session(study + [.type("X")]).text)
  }
}

@Suite("Edits that were left without saving")
struct LeftCorrectionsTests {
  @Test("they are there again after other studies; labels, which move the slices, wait for masks")
  func kept() {
    let desk = EditorDesk("ejj\u{1b}q/002\n\nq/001\n\ne")
    #expect(desk.message.contains("as you left them: C2-3 moved 1.6 mm"))
    let masks = MemoryDriver.Step.open("001") + [.type("EHH "), .escape, .type("ej"), .enter]
    let refused = Session(masks)
    #expect(refused.library.committed.withLock { $0.isEmpty })
    #expect(refused.message.contains("first save or take back cord mask: 1 slice"))
    let saved = Session(masks + [.escape, .type("E"), .enter])
    #expect(saved.library.committed.withLock { $0.map(\.target) } == [.cord])
  }

  @Test("Esc while what is corrected is still being read: no editor opens by itself")
  func cancelled() throws {
    let desk = EditorDesk("")
    var state = desk.state
    let effects = Workstation.update(&state, .key(.character("e")))
    #expect(state.study?.awaitedCorrection == .discs && !effects.isEmpty)
    _ = Workstation.update(&state, .key(KeyPress(.escape)))
    #expect(state.message?.text.contains("not corrected") == true && state.view == .study)
    state.carryOut(effects, on: desk.library)
    #expect(state.study?.correction == nil)
  }

  @Test("the selected segment stays when the study has been detected again")
  func selection() throws {
    let chosen = try #require(EditorDesk("]").state.study?.target)
    let session = Session(MemoryDriver.Step.open("001") + [.type("]ej"), .enter])
    #expect(session.message.contains("detected again"))
    #expect(session.text.contains("▸ \(chosen.name)"))
    #expect(EditorDesk("").state.study?.target != chosen)
  }

  @Test("quitting says once what is lost; what a signal ends is told on the way out")
  func quit() {
    let left = MemoryDriver.Step.open("001") + [.type("ejj"), .escape]
    let once = Session(left + [.type("Q"), .type("j")])
    #expect(once.status == 3)
    let told = Session(left + [.type("Q")])
    #expect(
      told.message.contains(
        "Q again quits WITHOUT SAVING sub-001, disc labels: C2-3 moved 1.6 mm"))
    let narrow = Session(left + [.type("Q")], columns: 80, rows: 24)
    #expect(narrow.message.contains("Q again quits WITHOUT SAVING sub-001, disc labels: C2-3"))
    let twice = Session(left + [.type("QQ"), .type("j")])
    #expect(twice.status == 0)
    // Edits on the screen, and none at all.
    #expect(Session(MemoryDriver.Step.open("001") + [.type("ej")]).status == 3)
    #expect(Session(MemoryDriver.Step.open("001") + [.type("e"), .escape]).status == 0)
  }

  @Test("the second key quits only if nothing came between; else it is asked anew")
  func staleQuit() {
    let left = MemoryDriver.Step.open("001") + [.type("ejj"), .escape, .type("Q")]
    let size = TerminalSize(columns: 100, rows: 30)
    let between: [[MemoryDriver.Step]] = [
      [.type("j")], [.type("9")], [.type("?q")], [.type("q")], [.escape], [.type(":"), .escape],
      [.paste("x")], [.resize(size)], [.type("e"), .escape],
    ]
    for keys in between {
      let asked = Session(left + keys + [.type("Q")])
      // The script ended, not the reader.
      #expect(asked.status == 3, "\(keys)")
      #expect(asked.message.contains(" again quits WITHOUT SAVING"), "\(keys)")
    }
    #expect(Session(left + [.type(":quit"), .enter, .type("j")]).status == 0)
    // From the worklist, with its own key, past its lists and its filter.
    let list = MemoryDriver.Step.open("001") + [.type("ejj"), .escape, .type("qq")]
    for keys in [[.type("jk")], [.type("/"), .escape]] as [[MemoryDriver.Step]] {
      let asked = Session(list + keys + [.type("q")])
      #expect(asked.status == 3 && asked.message.contains("q again quits"), "\(keys)")
    }
    #expect(Session(list + [.type("qj")]).status == 0)
  }

  @Test("on a screen too small, too, quitting says once what is lost")
  func quitTooSmall() {
    let small = MemoryDriver.Step.resize(TerminalSize(columns: 70, rows: 20))
    for left in [[MemoryDriver.Step.type("ejj")], [.type("ejj"), .escape]] {
      let edited = MemoryDriver.Step.open("001") + left + [small]
      let told = Session(edited + [.type("Qj")])
      #expect(told.text.contains("Q again quits WITHOUT SAVING sub-001") && told.status == 3)
      #expect(Session(edited + [.type("QQ")]).status == 0)
      // Nothing is lost by asking.
      let back = MemoryDriver.Step.resize(TerminalSize(columns: 120, rows: 40))
      let again = Session(edited + [.type("Q"), back, .type("e")])
      #expect(again.message.contains("as you left them: C2-3 moved 1.6 mm"))
    }
    #expect(Session(MemoryDriver.Step.open("001") + [small, .type("Q")]).status == 0)
  }
}
