import Core
import Testing

@testable import TUI

@Suite(
  "Screens of the editors: other points, other mask, names asked for, edits that would be lost")
struct EditingScreensTests {
  private static let opened = MemoryDriver.Step.open("001")

  /// Steps that lead to each of them.
  private static let shots: [Shot] = [
    Shot("editor-boundaries", "SEGMENT BOUNDARIES", after: opened, .type("eb]]")),
    Shot("editor-number", "becomes (number or name, C5-6): C7", after: opened, .type("e]nC7")),
    Shot("editor-number-taken", "is there already", after: opened, .type("en4"), .enter),
    Shot("editor-full", "I inserts it and renumbers below", after: opened, .type("ei")),
    Shot("editor-missed-level", "below it one level down", after: opened, .type("eI")),
    Shot("editor-wrong", "CANNOT BE SAVED", after: opened, .type("eJJJJJJJ"), .enter),
    Shot("editor-lesion", "LESION MASK (not saved)", after: opened, .type("Em ")),
    Shot("editor-pen", "PEN DOWN", after: opened, .type("EHd")),
    Shot("editor-zoomed", "DISC LABELS", after: opened, .type("e]++")),
    Shot("editor-quit", "Esc leaves the edits", after: opened, .type("ejjQ")),
    Shot(
      "editor-left", "not saved: C2-3 moved 1.6 mm; e goes on", after: opened, .type("ejj"),
      .escape),
    Shot(
      "quit-question", "Q again quits WITHOUT SAVING sub-001, disc labels", after: opened,
      .type("ejj"), .escape, .type("Q")),
    Shot(
      "quit-two", "Q again quits WITHOUT SAVING 2 edits", after: opened, .type("ejj"), .escape,
      .type("EHH "), .escape, .type("Q")),
    Shot(
      "editor-saved", "detected again on the corrected labels", after: opened, .type("ejj"),
      .enter),
  ]

  @Test("whole screens", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    for shot in Self.shots { try shot.check(size) }
  }

  @Test("head and feet are marked while points and masks are corrected", arguments: Snapshot.sizes)
  func ends(_ size: (Int, Int)) {
    for keys in ["", "e", "eb", "E"] {
      let session = Session(Self.opened + [.type(keys)], columns: size.0, rows: size.1)
      let layout = StudyLayout(
        size: session.driver.screen.size, isAligned: nil, capabilities: TerminalCapabilities())
      #expect(session.lines[layout.picture.row].hasPrefix("H"), "\(keys)")
      #expect(session.lines[layout.picture.rowEnd - 1].hasPrefix("F"), "\(keys)")
    }
  }

  @Test("edits that could not be written", arguments: Snapshot.sizes)
  func notSaved(_ size: (Int, Int)) throws {
    let library = FixtureLibrary { Session.time }
    library.failWrites("disk full")
    try Shot("editor-failed", "NOT SAVED: disk full", after: Self.opened, .type("ejj"), .enter)
      .check(size, library: library)
  }

  @Test(
    "a question on quitting is answered by the same key only, at every size",
    arguments: Snapshot.sizes)
  func answers(_ size: (Int, Int)) {
    func ends(_ keys: String) -> Bool {
      let library = FixtureLibrary { Session.time }
      var state = AppState.opened(on: library, columns: size.0, rows: size.1)
      for key in "ejj" { state.play(.key(.character(key)), on: library) }
      state.play(.key(KeyPress(.escape)), on: library)
      for key in keys { state.play(.key(.character(key)), on: library) }
      return state.isDone
    }
    #expect(!ends("Q") && !ends("QjQ") && ends("QQ"))
  }
}
