import Core
import Foundation

@testable import TUI

extension AppState {
  /// A reader's workstation with study 001 of the fixture library open.
  static func opened(on source: any ReviewSource, columns: Int, rows: Int) -> AppState {
    var state = AppState(
      title: "t", reader: "liu", size: TerminalSize(columns: columns, rows: rows),
      capabilities: TerminalCapabilities(), timeZone: .gmt)
    state.play(.message(.worklist(FixtureStudies.worklist(12))), on: source)
    state.worklist.selected = "001"
    state.play(.key(KeyPress(.enter)), on: source)
    return state
  }

  /// Takes an event in and carries out at once what it asks for, as the loop and its workers do; then
  /// the picture wanted is there.
  mutating func play(_ event: TerminalEvent, on source: any ReviewSource) {
    let effects = Workstation.update(&self, event)
    carryOut(effects, on: source)
    drawPicture()
  }

  /// Carries effects out, and what their answers ask for; pictures are not drawn.
  mutating func carryOut(_ effects: [Effect], on source: any ReviewSource) {
    var waiting = effects
    while !waiting.isEmpty {
      guard let answer = Worker.answer(waiting.removeFirst(), source, reader) else { continue }
      waiting += Workstation.update(&self, .message(.reply(WorkerReply(value: answer))))
    }
  }

  /// Draws the picture that is wanted now.
  mutating func drawPicture() {
    guard let study, let picture = study.picture,
      let view = StudyLayout(self).view(study, capabilities), study.shown?.view != view
    else { return }
    self.study?.shown = (view, view.draw(PictureSource(picture)))
  }
}
