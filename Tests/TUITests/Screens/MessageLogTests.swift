import Core
import Testing

@testable import TUI

@Suite("Messages that have no room: paths shortened, the whole text behind a key")
struct MessageLogTests {
  private static let path = "/srv/spine/derivatives/cordscope/private/readers/liu.macros.txt:"
  private static let words =
    "\(path) line 3: the words stand-here are neither a command nor state PLACE WHAT; "
    + "mend the line, or move the file away to begin anew"

  private static func state(_ columns: Int) -> AppState {
    AppState.opened(on: FixtureLibrary { Session.time }, columns: columns, rows: 24)
  }

  private static func screen(_ state: AppState) -> [String] {
    Renderer.render(state).dump().split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
  }

  @Test(
    "a path loses its middle where there is no room, the longest first, and nothing else does",
    arguments: [
      ("at /srv/a/b/liu.txt: full", 30, "at /srv/a/b/liu.txt: full"),
      ("at /srv/a/bcd/liu.txt: full", 26, "at /srv/.../liu.txt: full"),
      (
        "/srv/long/er/a.txt and /srv/even/longer/b.txt", 40, "/srv/long/er/a.txt and /srv/.../b.txt"
      ),
      ("x/y/z/w/long/v.txt", 10, "x/.../v.txt"),
      ("a/b or /c/d, 1/2/3 and /a/b/c", 5, "a/b or /c/d, 1/2/3 and /a/b/c"),
      ("no path at all", 5, "no path at all"), ("", 0, ""),
    ])
  func paths(_ text: String, _ cells: Int, _ wanted: String) {
    #expect(DisplayText.shortenPaths(text, cells) == wanted)
  }

  @Test("a message that is cut ends in the key that shows it, and the key shows all of it")
  func cut() {
    var state = Self.state(80)
    state.say(.error, "macro m NOT SAVED: \(Self.words)")
    let line = Self.screen(state)[22]
    #expect(line.hasPrefix(" ! macro m NOT SAVED: /srv/.../liu.macros.txt: line 3: the"))
    #expect(line.hasSuffix("… (\" all)"), "\(line)")
    _ = Workstation.update(&state, .key(.character("\"")))
    let shown = Self.screen(state)
    #expect(shown[1].contains(Notice.researchUse))
    let text = shown.prefix(22).joined(separator: " ").split(separator: " ").joined(separator: " ")
    #expect(text.contains("! macro m NOT SAVED: \(Self.words)"), "\(text)")
    // The same key, and Esc, close it.
    _ = Workstation.update(&state, .key(.character("\"")))
    #expect(state.popup == nil)
  }

  @Test("a message with room stands as it is, without a key")
  func whole() {
    var state = Self.state(200)
    state.say(.refused, "not saved: \(Self.path) line 3")
    #expect(Self.screen(state)[22].hasPrefix(" × not saved: \(Self.path) line 3"))
    #expect(!Self.screen(state)[22].contains("all)"))
  }

  @Test(
    "the latest messages are kept, the last first; one that goes on takes the place of its beginning"
  )
  func kept() {
    var log = MessageLog()
    for number in 0..<60 { log.keep(StatusMessage(kind: .note, text: "message \(number).")) }
    #expect(log.messages.count == MessageLog.most && log.messages.first?.text == "message 10.")
    log.keep(StatusMessage(kind: .done, text: "saved"))
    log.keep(StatusMessage(kind: .done, text: "saved; the journal was torn"))
    let lines = log.lines(columns: 80)
    #expect(lines[3] == "✓ saved; the journal was torn" && lines[5] == "message 59.")
    #expect(lines.first == "Messages, the latest first" && lines.last == Notice.researchUse)
    // What is longer than a line is broken, not cut.
    let long = "/" + String(repeating: "x", count: 200)
    log.keep(StatusMessage(kind: .error, text: long))
    let broken = log.lines(columns: 40)
    #expect(broken.allSatisfy { DisplayText.width($0) <= 39 })
    #expect(broken.joined().contains(long))
  }

  @Test("who hides the AI, or opens a study with it hidden, sees nothing that was said of it")
  func blind() {
    var state = Self.state(80)
    state.say(.note, "C4-5 flagged before, not now")
    _ = Workstation.update(&state, .key(.character("b")))
    #expect(state.study?.isBlind == true)
    #expect(!state.messageLog.messages.contains { $0.text.contains("flagged before") })
    _ = Workstation.update(&state, .key(.character("\"")))
    #expect(!Self.screen(state).joined().contains("flagged before"))
  }

  @Test("quitting asks for macros that were not saved, and they outlive another's being saved")
  func unsavedMacros() throws {
    let library = FixtureLibrary { Session.time }
    var state = AppState.opened(on: library, columns: 120, rows: 40)
    func type(_ text: String, _ state: inout AppState) {
      for character in text {
        let key = character == "\n" ? KeyPress(.enter) : .character(character)
        state.play(.key(key), on: library)
      }
    }
    library.failWrites(Self.words)
    type("*]*fourth\n", &state)
    #expect(state.message?.text.hasPrefix("macro fourth NOT SAVED: /srv") == true)
    library.failWrites(nil)
    type("*]*fifth\n", &state)
    #expect(state.macros.book.macros.map(\.name) == ["fifth", "fourth"])
    type("@", &state)
    #expect(Self.screen(state).joined().contains("fourth (NOT SAVED)"))
    type("qQ", &state)
    #expect(!state.isDone && state.message?.kind == .refused)
    #expect(state.message?.text == "Q again quits WITHOUT SAVING macro fourth")
    // Another key is no answer.
    type("jQ", &state)
    #expect(!state.isDone && state.unsavedEdits == ["macro fourth"])
    type("Q", &state)
    #expect(state.isDone && state.unsavedEdits.isEmpty)
    // Recorded again and saved, nothing is asked.
    var again = AppState.opened(on: library, columns: 120, rows: 40)
    library.failWrites("disk full")
    type("*]*fourth\n", &again)
    library.failWrites(nil)
    type("*]*fourth\n\n", &again)
    #expect(again.macros.unsaved.isEmpty)
    type("Q", &again)
    #expect(again.isDone)
  }

  @Test("screens", arguments: Snapshot.sizes)
  func screens(_ size: (Int, Int)) throws {
    var state = AppState.opened(
      on: FixtureLibrary { Session.time }, columns: size.0, rows: size.1)
    state.say(.error, "macro m NOT SAVED: \(Self.words)")
    let name = "\(size.0)x\(size.1)"
    try Snapshot.check(Renderer.render(state).dump(), "message-cut-\(name)")
    _ = Workstation.update(&state, .key(.character("\"")))
    try Snapshot.check(Renderer.render(state).dump(), "messages-\(name)")
  }
}
