import Core
import Foundation
import Testing

@testable import TUI

@Suite("The head names every mode in full")
struct HeadModeTests {
  /// Keys that begin a mode, and its word.
  private static let modes = [
    ("X", "CROSSHAIR"), ("e", "LABELS"), ("E", "MASK"), ("w", "WINDOW"), ("*", "RECORDING"),
  ]

  @Test("on the smallest screen, too, beside slice and threshold", arguments: Snapshot.sizes)
  func whole(_ size: (Int, Int)) {
    // Unread, and with the longer words of one that is being read.
    for before in ["", "P", "f!"] {
      for (keys, word) in Self.modes {
        let session = Session(
          MemoryDriver.Step.open("001") + [.type(before + keys)], columns: size.0, rows: size.1)
        let head = session.lines[1]
        #expect(head.contains("  \(word)  "), "\(before) \(keys): \(head)")
        #expect(head.contains("slice 6"), "\(before) \(keys): \(head)")
        if before.count < 2, keys != "E" {
          #expect(head.contains("map"), "\(before) \(keys): \(head)")
        }
        #expect(head.contains("flagged"), "\(before) \(keys): \(head)")
      }
    }
  }

  @Test("the window that is being changed stays, with its numbers")
  func window() {
    let session = Session(MemoryDriver.Step.open("001") + [.type("wll")], columns: 80, rows: 24)
    #expect(session.lines[1].contains("W 520 L 238  map > 0.15  WINDOW"))
    let plain = Session(MemoryDriver.Step.open("001"), columns: 80, rows: 24)
    #expect(plain.lines[1].contains("W 472 L 238 auto  map > 0.15  "))
  }

  @Test("without a mode what has no room is left out whole")
  func wholeWords() throws {
    let stated = Session(MemoryDriver.Step.open("001") + [.type("Pf!")], columns: 80, rows: 24)
    let head = stated.lines[1]
    #expect(!head.contains("…") && head.contains(" slice 6 of 11  W 472 L 238  map>0.15  "))
    #expect(head.contains("  discuss  img Pass  ▲ 2 flagged  reading"), "\(head)")
    let desk = Desk(FixtureRoom(.learner), columns: 80, rows: 24)
    desk.press("\n")
    let study = try #require(desk.state.study)
    let whole = StudyScreen.pictureWords(study, wide: true).components(separatedBy: "  ")
    let numbers = GreyChoice.numbers(study.greyWindow)
    for room in whole[0].count...100 {
      let words = StudyScreen.pictureWords(study, wide: true, room: room)
      #expect(DisplayText.width(words) <= room, "\(room): \(words)")
      for word in words.components(separatedBy: "  ") {
        let isShort = word == numbers || word == "slice 6 of 11"
        #expect(whole.contains(word) || isShort, "\(room): \(words)")
      }
    }
  }

  @Test("the word of the study's state stands in whatever room there is")
  func state() throws {
    let library = FixtureLibrary(
      clock: { Session.time },
      change: { study in
        study.detection?.patient.flagged = false
        for index in study.detection?.segments.indices ?? 0..<0 {
          study.detection?.segments[index].flagged = false
        }
        study.detection?.segments[5].assessable = false
      })
    let state = AppState.opened(on: library, columns: 80, rows: 24)
    let study = try #require(state.study)
    func words(_ room: Int) -> String { StudyScreen.stateWords(study, state, room: room).text }
    #expect(words(39) == "none flagged, 1 not assessable   unread")
    #expect(words(38) == "none flagged, 1 not assessable  unread")
    #expect(words(37) == "none flagged, 1 n/a  unread")
    for room in 0...60 { #expect(words(room).hasSuffix("  unread"), "\(room): \(words(room))") }
  }

  @Test("whatever room there is, a mode is not cut while it has its own, and nothing is overrun")
  func anyRoom() throws {
    let desk = Desk(FixtureRoom(.learner), columns: 80, rows: 24)
    desk.press("\n" + TeachingTests.answers + "EX")
    let study = try #require(desk.state.study)
    #expect(study.crosshair != nil)
    for room in 9...100 {
      for macro in [nil, "RECORDING"] where room >= (macro == nil ? 9 : 20) {
        let words = StudyScreen.pictureWords(study, wide: room > 60, room: room, mode: macro)
        #expect(DisplayText.width(words) <= room, "\(room): \(words)")
        #expect(words.hasSuffix(macro.map { "CROSSHAIR  \($0)" } ?? "CROSSHAIR"), "\(words)")
      }
    }
    let narrow = StudyScreen.pictureWords(study, wide: false, room: 43)
    #expect(narrow == "slice 6 of 11 scored  map > 0.15  CROSSHAIR")
  }
}
