import Core
import Testing

@testable import TUI

@Suite("Blindness ends where the AI was seen, in whichever session")
struct SeenElsewhereTests {
  @Test("what another session of the reader revealed counts here, which the screen says")
  func revealedElsewhere() throws {
    let library = FixtureLibrary { Session.time }
    var state = AppState(
      title: "t", reader: "liu", size: TerminalSize(columns: 120, rows: 40),
      capabilities: TerminalCapabilities(), startsBlind: true)
    func play(_ event: TerminalEvent) { state.play(event, on: library) }
    play(.message(.worklist(FixtureStudies.worklist(12))))
    state.worklist.selected = "001"
    play(.key(KeyPress(.enter)))
    let blind = try #require(state.study)
    #expect(blind.readsBlind && blind.isHidden && !blind.isHiddenAfterSeen)
    #expect(!WhyLine.text(blind).contains("count as blind"))

    _ = try library.append(ReviewDraft(action: .reveal), subject: "001", reader: "liu")
    play(.message(.tick))
    #expect(
      state.message?.text.hasSuffix("; your answers do not count as blind any more") == true)
    let seen = try #require(state.study)
    // It is still hidden here, and says so in the same sentence.
    #expect(seen.detection == nil && seen.isHiddenAfterSeen)
    let words = "the AI is hidden; it was seen, so your answers do not count as blind; state "
    #expect(WhyLine.text(seen).contains(words))
    play(.key(.character("P")))
    #expect(library.records("001").last?.verdict == .present)
    #expect(library.records("001").last?.blind == false)
  }

  @Test("so it does where the reader hides what was on the screen")
  func hiddenAgain() throws {
    let library = FixtureLibrary { Session.time }
    var state = AppState.opened(on: library, columns: 120, rows: 40)
    let shown = try #require(state.study)
    #expect(!shown.isHiddenAfterSeen && !WhyLine.text(shown).contains("count as blind"))
    state.play(.key(.character("b")), on: library)
    let hidden = try #require(state.study)
    #expect(hidden.isHiddenAfterSeen)
    #expect(WhyLine.text(hidden).contains("so your answers do not count as blind; state "))
  }

  @Test("who else reads a study leaves its line while the reader has not signed")
  func othersInTheList() throws {
    let library = FixtureLibrary { Session.time }
    var state = AppState.opened(on: library, columns: 120, rows: 40)
    let index = try #require(state.worklist.entries.firstIndex(where: { $0.subject == "001" }))
    state.worklist.entries[index].readers = ["carla", "liu"]
    state.play(.key(.character("P")), on: library)
    #expect(library.records("001").last?.verdict == .present)
    #expect(state.worklist.entries[index].readers == ["liu"])
  }
}
