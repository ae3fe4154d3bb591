import Core

@testable import TUI

extension AppState {
  /// Takes an event in and carries out at once what it asks for, as the loop and its workers do.
  mutating func play(_ event: TerminalEvent, on source: any ReviewSource) {
    let effects = Workstation.update(&self, event)
    carryOut(effects, on: source)
  }

  /// Carries effects out, and what their answers ask for; then the picture is the one wanted.
  mutating func carryOut(_ effects: [Effect], on source: any ReviewSource) {
    var waiting = effects
    while !waiting.isEmpty {
      guard let answer = Worker.answer(waiting.removeFirst(), source, reader) else { continue }
      waiting += Workstation.update(&self, .message(.reply(WorkerReply(value: answer))))
    }
    guard let study, let picture = study.picture,
      let view = StudyLayout(self).view(study, capabilities), study.shown?.view != view
    else { return }
    self.study?.shown = (view, view.draw(PictureSource(picture)))
  }
}
