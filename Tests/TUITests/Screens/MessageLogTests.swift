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

  @Test("the same said again is counted, errors, too; keys dropped stand with their refusal")
  func once() {
    var log = MessageLog()
    let refusal = StatusMessage(kind: .refused, text: "not signed: no verdict yet on C2-3")
    let error = StatusMessage(kind: .error, text: "NOT SAVED: disk full")
    log.keep(error)
    log.keep(error)
    log.keep(refusal)
    for _ in 0..<14 { log.keepDropped(1, after: refusal) }
    #expect(
      log.messages.map(\.text) == [
        "NOT SAVED: disk full (2 times)",
        "14 keys typed ahead dropped; not signed: no verdict yet on C2-3",
      ])
    log.keep(refusal)
    log.keepDropped(2, after: refusal)
    #expect(log.messages.count == 2)
    #expect(log.messages[1].text.hasPrefix("16 keys typed ahead dropped; not signed"))
    #expect(log.messages[1].text.hasSuffix("(2 times)"))
    // Another message between them, and the same words as another kind, are lines of their own.
    log.keep(error)
    log.keepDropped(1, after: refusal)
    log.keep(StatusMessage(kind: .error, text: refusal.text))
    #expect(log.messages.map(\.message.kind) == [.error, .refused, .error, .refused, .error])
    let lines = log.lines(columns: 120)
    #expect(lines.contains("! NOT SAVED: disk full (2 times)"))
    #expect(lines.contains("× 1 key typed ahead dropped; \(refusal.text)"))
    // What goes on from a notice of dropped keys takes its place; from what was said twice it does not.
    var next = MessageLog()
    next.keep(refusal)
    next.keepDropped(1, after: refusal)
    next.keep(StatusMessage(kind: .refused, text: next.messages[0].text + "; more"))
    #expect(next.messages.count == 1 && next.messages[0].text.hasSuffix("C2-3; more"))
    next.keep(error)
    next.keep(error)
    next.keep(StatusMessage(kind: .error, text: error.text + " again"))
    #expect(next.messages.count == 3)
  }

  @Test("keys dropped after a refusal, and the seconds of an opening, are one line of the page")
  func pageOfDropped() {
    let session = Session(
      MemoryDriver.Step.open("001") + [
        .type("ZS1Pax uAd!q"), .enter, .type("cxaPq"), .enter, .idle, .type("\""),
      ], columns: 120, rows: 40, typesAhead: true)
    #expect(session.lines.filter { $0.contains("typed ahead dropped") }.count == 1)
    #expect(session.text.contains("× 17 keys typed ahead dropped; not signed: no verdict yet"))
    var state = AppState(
      title: "t", reader: "liu", size: TerminalSize(columns: 80, rows: 24),
      capabilities: TerminalCapabilities())
    _ = Workstation.update(&state, .message(.worklist(FixtureStudies.worklist(3))))
    state.worklist.selected = "001"
    _ = Workstation.update(&state, .key(KeyPress(.enter)))
    let kept = state.messageLog.messages.count
    for _ in 0..<60 { _ = Workstation.update(&state, .message(.tick)) }
    #expect(state.message?.text.contains(" s so far; Esc stays here") == true)
    #expect(state.messageLog.messages.count == kept)
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
