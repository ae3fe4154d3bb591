import Core
import Testing

@testable import TUI

@Suite("A segment is judged where it is seen")
struct InViewTests {
  /// Whether the picture on the screen shows something of the selected segment.
  private func isSeen(_ desk: EditorDesk) throws -> Bool {
    let study = try #require(desk.state.study)
    let crop = try #require(study.shown?.view.crop)
    return study.shows(study.target, in: crop)
  }

  /// Study 001, near, with the picture moved until nothing of the selected segment is on it.
  private func moved(_ key: KeyPress.Key) throws -> EditorDesk {
    let desk = EditorDesk("++++")
    let isSeenFirst = try isSeen(desk)
    try #require(isSeenFirst)
    for _ in 0..<30 {
      desk.send(.key(KeyPress(key, .control)))
      desk.draw()
      if try !isSeen(desk) { return desk }
    }
    Issue.record("the segment is still on the picture")
    return desk
  }

  @Test(
    "off the picture nothing is stated: the key brings it into view, and states it when pressed again",
    arguments: [KeyPress.Key.up, .left], ["x", "P", "A", "a", "d"])
  func offThePicture(_ way: KeyPress.Key, _ key: String) throws {
    let desk = try moved(way)
    let target = try #require(desk.state.study?.target)
    let before = desk.library.records("001").count
    desk.press(key)
    #expect(desk.state.message?.kind == .refused)
    #expect(
      desk.message == "no verdict: \(target.name) was not on the picture, which is moved to it")
    #expect(desk.library.records("001").count == before && desk.state.popup == nil)
    #expect(try isSeen(desk) && desk.state.study?.zoom == 4)
    #expect(desk.state.study?.target == target)
    desk.press(key)
    if key == "d" {
      #expect(desk.state.popup != nil)
    } else {
      #expect(desk.library.records("001").count == before + 1)
    }
  }

  @Test("what is pressed before the picture has followed states nothing either")
  func notDrawnYet() throws {
    let desk = try moved(.up)
    let before = desk.library.records("001").count
    desk.send(.key(.character("x")))
    desk.send(.key(.character("x")))
    #expect(desk.message.hasPrefix("no verdict: the picture does not show "))
    #expect(desk.library.records("001").count == before)
    desk.draw()
    desk.press("x")
    #expect(desk.library.records("001").count == before + 1)
  }

  @Test("grade and confidence wait for it, too; remarks and the flag do not")
  func besideVerdicts() throws {
    for command in [Command.cycleGrade, .cycleConfidence] {
      let desk = try moved(.up)
      var state = desk.state
      let study = try #require(state.study)
      #expect(Workstation.refusesOutOfView(command, study, &state), "\(command)")
      #expect(state.study?.pan == SIMD2(0, 0))
    }
    for command in [Command.comment, .flag, .cycleQuality, .addFinding, .undo] {
      let desk = try moved(.up)
      var state = desk.state
      let study = try #require(state.study)
      #expect(!Workstation.refusesOutOfView(command, study, &state), "\(command)")
      #expect(state.study?.pan == study.pan)
    }
  }

  @Test("the picture follows to a segment chosen by its keys and by the curve's cursor")
  func follows() throws {
    for key: Character in ["[", "]"] {
      let desk = try moved(.up)
      let before = desk.state.study?.target
      desk.press(String(key))
      #expect(desk.state.study?.target != before)
      #expect(try isSeen(desk))
    }
    let desk = try moved(.up)
    let start = desk.state.study?.target
    for _ in 0..<40 where desk.state.study?.target == start { desk.press("l") }
    #expect(desk.state.study?.target != start)
    #expect(try isSeen(desk))
  }

  @Test("a segment that is nowhere known to lie can be stated wherever the picture stands")
  func nowhere() throws {
    let desk = try moved(.up)
    let study = try #require(desk.state.study)
    let crop = try #require(study.shown?.view.crop)
    #expect(study.shows(.study, in: crop))
    var loaded = study
    loaded.target = .study
    var state = desk.state
    #expect(!Workstation.refusesOutOfView(.statePresent, loaded, &state))
  }
}
